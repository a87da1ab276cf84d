"""A turn comes once on each of its days, whatever the clock does on it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.recurrence import Every, Recurrence

BERLIN = ZoneInfo("Europe/Berlin")
# Put forward and back at different times of the day, over midnight, by half an hour, and never.
ZONES = [
    BERLIN,
    *map(
        ZoneInfo,
        ("America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"),
    ),
]


def turns(recurrence, zone, start, days):
    found, moment, end = [], start, start + timedelta(days=days)
    while (moment := recurrence.next_after(moment, zone)) < end:
        found.append(moment)
    return found


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    start=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)
def test_daily_is_once_a_day(zone, at, start):
    begin = datetime.combine(start, time(12), zone).astimezone(UTC)
    recurrence = Recurrence(every=Every.DAY, at=at)

    found = turns(recurrence, zone, begin, 120)

    assert 119 <= len(found) <= 121
    gaps = {later - earlier for earlier, later in pairwise(found)}
    assert min(gaps) >= timedelta(hours=22)
    assert max(gaps) <= timedelta(hours=26)
    shown = [moment.astimezone(zone) for moment in found]
    moved = [each for each in shown if each.time() != at]
    assert len(moved) <= 1  # in the hour that there isn't


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        # 02:30 there isn't; 02:30 there is twice.
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        (date(2026, 3, 30), time(2, 30), "2026-03-30T00:30"),
    ],
)
def test_where_the_clock_is_changed(day, at, expected):
    before = datetime.combine(day, time(0), BERLIN)
    turn = Recurrence(every=Every.DAY, at=at).next_after(before, BERLIN)

    assert f"{turn:%Y-%m-%dT%H:%M}" == expected
    assert turn.tzinfo is UTC
    assert Recurrence(every=Every.DAY, at=at).next_after(turn, BERLIN).astimezone(BERLIN).date() > day


def test_weekly_and_monthly_are_days_of_the_calendar():
    start = datetime(2027, 1, 15, tzinfo=UTC)
    weekly = turns(Recurrence(every=Every.WEEK, at=time(0, 15), weekday=0), BERLIN, start, 30)
    monthly = turns(Recurrence(every=Every.MONTH, at=time(7), day=31), BERLIN, start, 120)

    assert [each.astimezone(BERLIN).weekday() for each in weekly] == [0] * 4
    assert [f"{each:%m-%d}" for each in monthly] == ["01-31", "02-28", "03-31", "04-30"]
