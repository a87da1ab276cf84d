"""An upstream's last hour as pictures: every bar stands on the ground and says its numbers."""

from datetime import UTC, datetime, timedelta

from orders.domain.call_history import Slot
from orders.presentation.hour_picture import hour_picture, times_picture
from tests.pages import Element, parse

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SLOTS = [
    Slot(began=START, answers=30, failures=10, median=0.1, p95=4.0),
    Slot(began=START + timedelta(minutes=5), answers=0, failures=0, median=None, p95=None),
]


def titles(picture: Element) -> list[str]:
    return [title.text for title in picture.all("title")]


def bars(picture: Element) -> list[tuple[str, str, str]]:
    """Kind, upper edge and height of each."""
    return [(bar["class"], bar["y"], bar["height"]) for bar in picture.all("rect")]


def test_failures_stand_upon_answers() -> None:
    picture = parse(hour_picture(SLOTS, "fabric"))

    assert picture.one("svg")["aria-label"] == "Calls to fabric in the last hour"
    assert titles(picture) == ["12:00: 30 answers, 10 failures", "12:05: 0 answers, 0 failures"]
    assert bars(picture) == [
        ("none", "47", "1"),
        ("good", "12.0", "36.0"),
        ("bad", "0.0", "12.0"),
        ("none", "47", "1"),
        ("good", "48.0", "0.0"),
        ("bad", "48.0", "0.0"),
    ]


def test_median_and_95_percent_are_drawn_to_one_scale() -> None:
    picture = parse(times_picture(SLOTS, "<fabric>"))

    assert picture.one("svg")["aria-label"] == "How long answers of <fabric> took in the last hour"
    assert titles(picture) == ["12:00: half within 0.1 s, 19 of 20 within 4 s", "12:05: no answer"]
    assert bars(picture) == [
        ("none", "47", "1"),
        ("most", "0.0", "48.0"),
        ("half", "46.8", "1.2"),
        ("none", "47", "1"),
    ]
