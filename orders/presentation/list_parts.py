"""The parts of a list by date: what needs somebody, what is to come, and what was, parted by today."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext

from orders.domain.results import OrderRow, ResultPage
from orders.domain.selection import ATTENTION_FIRST, needs_somebody
from orders.presentation.dates import day_words


def part_names(page: ResultPage) -> Callable[[OrderRow], str] | None:
    """Names the part that a row stands in; None where rows have no such order or all have been."""
    if page.ordering not in {ATTENTION_FIRST, "-scheduledDate"}:
        return None
    today = timezone.localdate(page.fetched_at)
    needing, coming = gettext("Needs attention"), gettext("Coming")
    been = gettext("Today, %(day)s, and before") % {"day": day_words(page.fetched_at)}

    def part(row: OrderRow) -> str:
        if page.ordering == ATTENTION_FIRST and needs_somebody(row):
            return needing
        return coming if _day(row.order.scheduled_at, today) > today else been

    return None if all(part(row) == been for row in page.rows) else part


def _day(moment: datetime | None, otherwise: date) -> date:
    return timezone.localdate(moment) if moment else otherwise
