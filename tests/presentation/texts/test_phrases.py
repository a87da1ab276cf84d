"""Days, distances, quotations and clauses, as sentences need them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orders.presentation.texts.phrases import brief_day, clauses, day_of, distance, on_day, shortened

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_days_are_read_out_the_same_everywhere() -> None:
    assert brief_day(date(2025, 11, 3)) == "3 Nov 2025"
    assert day_of(datetime(2025, 11, 3, tzinfo=UTC), NOW) == "3 November 2025"
    assert day_of(datetime(2026, 11, 3, tzinfo=UTC), NOW) == "3 November"


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(), "today, Friday 27 November"),
        (timedelta(hours=12), "tomorrow, Saturday 28 November"),
        (timedelta(hours=-13), "yesterday, Thursday 26 November"),
        (timedelta(days=2), "on Sunday 29 November, in 2 days"),
        (timedelta(days=-2), "on Wednesday 25 November, 2 days ago"),
        (timedelta(days=400), "on Saturday 1 January 2028, in 400 days"),
        (timedelta(days=401), "on Sunday 2 January 2028"),
        (timedelta(days=2_912_000), "on Friday 10 September 9999"),
    ],
)
def test_a_day_on_which_something_happens(away: timedelta, said: str) -> None:
    assert on_day(NOW + away, NOW) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=-5), "5 minutes ago"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(days=-12), "12 days ago"),
        (timedelta(days=401), ""),
        (timedelta(days=-2_000), ""),
        (timedelta(days=2_900_000), ""),
    ],
)
def test_a_distance_means_something_or_is_left_out(away: timedelta, said: str) -> None:
    assert distance(NOW + away, NOW) == said


def test_an_upstreams_words_fit_into_a_sentence() -> None:
    assert shortened(" Customer  Not\nfound. ") == "Customer Not found"
    assert shortened("x" * 161) == "x" * 159 + "…"


def test_clauses_are_one() -> None:
    assert clauses(["a"]) == "a"
    assert clauses(["a", "b"]) == "a and b"
    assert clauses(["a", "b", "c", "d"]) == "a, b, c and d"
