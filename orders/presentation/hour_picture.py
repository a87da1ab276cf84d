"""The last hour of an upstream as two pictures, with a bar for each five minutes.

How many: answers below, failures on top. How long: the wider bar is what 19 of 20 answers came within, the
narrower one before it what half of them did.
"""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.domain.call_history import Slot
from orders.presentation.bars import bar, picture, rect
from orders.presentation.dates import time_words

_WIDTH, _HEIGHT, _GAP = 12, 48, 3  # of a bar, in the picture's own units


def hour_picture(slots: Sequence[Slot], label: str) -> SafeString:
    """How many calls, as an SVG with a name. The same numbers stand beside it as a table."""
    most = max((slot.answers + slot.failures for slot in slots), default=0) or 1
    return _picture(
        [_counts(slot, left, most) for slot, left in _placed(slots)],
        gettext("Calls to %(label)s in the last hour") % {"label": label},
    )


def times_picture(slots: Sequence[Slot], label: str) -> SafeString:
    """How long answers took, likewise."""
    longest = max((slot.p95 for slot in slots if slot.p95 is not None), default=1.0)
    return _picture(
        [_times(slot, left, longest) for slot, left in _placed(slots)],
        gettext("How long answers of %(label)s took in the last hour") % {"label": label},
    )


def _placed(slots: Sequence[Slot]) -> list[tuple[Slot, int]]:
    return [(slot, place * (_WIDTH + _GAP)) for place, slot in enumerate(slots)]


def _picture(bars: Sequence[SafeString], name: str) -> SafeString:
    return picture("hour", name, (len(bars) * (_WIDTH + _GAP) - _GAP, _HEIGHT), bars, stretches=True)


def _counts(slot: Slot, left: int, most: int) -> SafeString:
    answers = round(slot.answers / most * _HEIGHT, 1)
    failures = round(slot.failures / most * _HEIGHT, 1)
    words = gettext("%(time)s: %(answers)s answers, %(failures)s failures") % {
        "time": time_words(slot.began),
        "answers": slot.answers,
        "failures": slot.failures,
    }
    return bar(
        words,
        _rect("none", left, _WIDTH, 1, 0),
        _rect("good", left, _WIDTH, answers, 0),
        _rect("bad", left, _WIDTH, failures, answers),
    )


def _times(slot: Slot, left: int, longest: float) -> SafeString:
    if slot.median is None or slot.p95 is None:
        words = gettext("%(time)s: no answer") % {"time": time_words(slot.began)}
        return bar(words, _rect("none", left, _WIDTH, 1, 0))
    words = gettext("%(time)s: half within %(median)s s, 19 of 20 within %(p95)s s") % {
        "time": time_words(slot.began),
        "median": f"{slot.median:g}",
        "p95": f"{slot.p95:g}",
    }
    narrow = _WIDTH // 2
    return bar(
        words,
        _rect("none", left, _WIDTH, 1, 0),
        _rect("most", left, _WIDTH, round(slot.p95 / longest * _HEIGHT, 1), 0),
        _rect("half", left + (_WIDTH - narrow) // 2, narrow, round(slot.median / longest * _HEIGHT, 1), 0),
    )


def _rect(kind: str, left: int, width: int, height: float, above: float) -> SafeString:
    """`above` is how far from the ground it begins."""
    return rect(kind, left, _HEIGHT - above - height, width, height)
