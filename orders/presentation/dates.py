"""One form of dates on every page: `Sat 21 Nov, 11:32`, with the year where it is not this one.

In the reader's zone, which is Django's current one; the exact instant stands beside it, in UTC, on hover.
"""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from orders.domain.instants import zulu
from orders.presentation.markup import markup
from orders.presentation.texts.cell_texts import reader_language


def moment_words(moment: datetime) -> str:
    """`Sat 21 Nov, 11:32`."""
    zone = timezone.get_current_timezone()
    return _words(moment, zone, datetime.now(UTC).astimezone(zone).year, reader_language())


def day_words(moment: datetime) -> str:
    """`Sat 21 Nov`."""
    return moment_words(moment).rpartition(", ")[0]


def time_words(moment: datetime) -> str:
    """`11:32`."""
    return moment_words(moment).rpartition(", ")[2]


def drawn_moment(moment: datetime) -> SafeString:
    """The same for a page, with the instant for machines and on hover."""
    exact = zulu(moment)
    return markup('<time datetime="{}" title="{}">{}</time>', exact, exact, moment_words(moment))


def zone_name() -> str:
    """What the reader's zone is called: `UTC`, `Europe/Berlin`."""
    return timezone.get_current_timezone_name()


@lru_cache(maxsize=8192)
def _words(moment: datetime, zone: tzinfo, year: int, language: str) -> str:
    """`language` and `year` are here for the cache."""
    local = moment.astimezone(zone)
    form = (
        pgettext("date format", "D j M, H:i")
        if local.year == year
        else pgettext("date format", "D j M Y, H:i")
    )
    return format_date(local, form)
