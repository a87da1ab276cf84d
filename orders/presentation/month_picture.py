"""Orders by month as a picture: what was completed below, what is open and what failed on top."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.presentation.bars import bar, label, picture, rect

_WIDTH, _HEIGHT, _GAP = 24, 96, 12  # of a bar, in the picture's own units
_SMALL_WIDTH, _SMALL_HEIGHT, _SMALL_GAP = 6, 20, 2


def month_picture(months: Sequence[tuple[date, tuple[int, int, int, int]]]) -> SafeString:
    """`months` are (first day, (completed, open, failed, other)). The numbers stand beside it as a table."""
    most = max((sum(counts) for _, counts in months), default=0) or 1
    said = gettext("%(month)s: %(completed)s completed, %(open)s open, %(failed)s failed, %(other)s other")
    return picture(
        "months",
        gettext("Orders by month"),
        (len(months) * (_WIDTH + _GAP) - _GAP, _HEIGHT + 14),
        [_bar(*month, place * (_WIDTH + _GAP), most, said) for place, month in enumerate(months)],
    )


def small_month_picture(totals: Sequence[int], name: str) -> SafeString:
    """One account's orders by month, as high as a row; the last one is this month."""
    most = max(totals, default=0) or 1
    bars = []
    for place, total in enumerate(totals):
        height = max(total / most * _SMALL_HEIGHT, 1 if total else 0)
        is_last = place == len(totals) - 1
        left = place * (_SMALL_WIDTH + _SMALL_GAP)
        bars.append(
            bar(
                str(total),
                rect("none", left, _SMALL_HEIGHT - 1, _SMALL_WIDTH, 1),
                rect("now" if is_last else "then", left, _SMALL_HEIGHT - height, _SMALL_WIDTH, height),
            )
        )
    size = (len(totals) * (_SMALL_WIDTH + _SMALL_GAP) - _SMALL_GAP, _SMALL_HEIGHT)
    return picture("small-months", name, size, bars)


def _bar(first_day: date, counts: tuple[int, int, int, int], left: int, most: int, said: str) -> SafeString:
    completed, is_open, failed, other = counts
    words = said % {
        "month": first_day.strftime("%Y-%m"),
        "completed": completed,
        "open": is_open,
        "failed": failed,
        "other": other,
    }
    parts, top = [rect("none", left, _HEIGHT - 1, _WIDTH, 1)], float(_HEIGHT)
    for kind, number in (("good", completed), ("off", other), ("busy", is_open), ("bad", failed)):
        height = number / most * _HEIGHT
        top -= height
        if number:
            parts.append(rect(kind, left, top, _WIDTH, height))
    name = "%Y" if first_day.month == 1 else "%m"  # where a year begins, it is named
    return bar(words, *parts, label(left + _WIDTH // 2, _HEIGHT + 12, f"{first_day:{name}}"))
