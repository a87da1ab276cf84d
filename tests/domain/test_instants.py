"""Time stamps as upstreams write them, and as we do."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.instants import parse_instant, zulu


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-05-02T22:49:54Z", datetime(2019, 5, 2, 22, 49, 54, tzinfo=UTC)),
        ("2021-10-14T10:24:36.468Z", datetime(2021, 10, 14, 10, 24, 36, 468000, UTC)),
        ("2025-06-10T16:22:08.000+00:00", datetime(2025, 6, 10, 16, 22, 8, tzinfo=UTC)),
        ("2025-06-10T18:22:08+02:00", datetime(2025, 6, 10, 16, 22, 8, tzinfo=UTC)),
        ("2026-03-07T10:16Z", datetime(2026, 3, 7, 10, 16, tzinfo=UTC)),
        ("2026-03-07T10:16:00", datetime(2026, 3, 7, 10, 16, tzinfo=UTC)),
        (" 2026-03-07 ", datetime(2026, 3, 7, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("2026-13-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("<string>", None),
        (None, None),
        (1760437476, None),
        ([], None),
    ],
)
def test_stamps_are_read_leniently(text: object, moment: datetime | None) -> None:
    read = parse_instant(text)
    assert read == moment
    assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), "2026-01-31T23:59:59Z"),
        (datetime(2026, 1, 31, 23, 59, 59, 120000, UTC), "2026-01-31T23:59:59.120Z"),
        (
            datetime(2026, 2, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))),
            "2026-01-31T23:00:00Z",
        ),
    ],
)
def test_stamps_are_written_as_zulu(moment: datetime, text: str) -> None:
    assert zulu(moment) == text


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_what_is_written_is_read(moment: datetime) -> None:
    assert parse_instant(zulu(moment)) == moment


@given(st.text() | st.from_regex(r"[0-9T:.+Z -]{4,30}", fullmatch=True))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    read = parse_instant(text)
    assert read is None or read.tzinfo is UTC
