"""The retries of the coming days as a picture: a bar for each day, its number in a title."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.presentation.bars import bar, label, picture, rect

_WIDTH, _HEIGHT, _GAP = 20, 64, 6  # of a bar, in the picture's own units


def retry_picture(days: Sequence[tuple[date, int]]) -> SafeString:
    """An SVG with a name. The same numbers stand beside it as a table."""
    most = max((number for _, number in days), default=0) or 1
    return picture(
        "retries",
        gettext("Retries in the coming 14 days"),
        (len(days) * (_WIDTH + _GAP) - _GAP, _HEIGHT + 14),
        [_bar(*day, place * (_WIDTH + _GAP), most) for place, day in enumerate(days)],
    )


def _bar(day: date, number: int, left: int, most: int) -> SafeString:
    height = number / most * _HEIGHT
    return bar(
        gettext("%(day)s: %(number)s") % {"day": day.isoformat(), "number": number},
        rect("none", left, _HEIGHT - 1, _WIDTH, 1),
        rect("wait", left, _HEIGHT - height, _WIDTH, height),
        label(left + _WIDTH // 2, _HEIGHT + 12, day.day),
    )
