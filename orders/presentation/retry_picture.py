"""The retries of the coming days as a picture: a bar for each day, its number in a title."""

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from orders.presentation.markup import markup, markup_join

_WIDTH, _HEIGHT, _GAP = 20, 64, 6  # of a bar, in the picture's own units


def retry_picture(days: Sequence[tuple[date, int]]) -> SafeString:
    """An SVG with a name. The same numbers stand beside it as a table."""
    most = max((number for _, number in days), default=0) or 1
    bars = markup_join(
        "",
        "{}",
        ((_bar(*day, place * (_WIDTH + _GAP), most),) for place, day in enumerate(days)),
    )
    return markup(
        '<svg class="retries" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        len(days) * (_WIDTH + _GAP) - _GAP,
        _HEIGHT + 14,
        gettext("Retries in the coming 14 days"),
        bars,
    )


def _bar(day: date, number: int, left: int, most: int) -> SafeString:
    height = round(number / most * _HEIGHT, 1)
    return markup(
        '<g><title>{}</title><rect class="none" x="{}" y="{}" width="{}" height="1"/>'
        '<rect class="wait" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
        '<text x="{}" y="{}">{}</text></g>',
        gettext("%(day)s: %(number)s") % {"day": day.isoformat(), "number": number},
        *(left, _HEIGHT - 1, _WIDTH),
        *(left, round(_HEIGHT - height, 1), _WIDTH, height),
        *(left + _WIDTH // 2, _HEIGHT + 12, day.day),
    )
