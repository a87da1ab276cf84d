"""Orders by month and by how they stand; never of one page of a longer result, which looks like the whole."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from orders.domain.orders import Order
from orders.domain.standing import Outcome, standing


class MonthCounts(NamedTuple):
    """How many orders of one month came to which end."""

    completed: int = 0
    open: int = 0
    failed: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return sum(self)


_PLACES = {Outcome.COMPLETED: 0, Outcome.OPEN: 1, Outcome.FAILED: 2, Outcome.OTHER: 3}


def month_of(moment: datetime | None) -> int:
    """Months since the year 0, in UTC; 0 for an order without a date."""
    if moment is None:
        return 0
    moment = moment.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def counted_by_month(orders: Iterable[Order], *, by_schedule: bool) -> Mapping[int, MonthCounts]:
    """By the month in which each was created or, `by_schedule`, is planned to be placed."""
    found: dict[int, list[int]] = {}
    for order in orders:
        month = month_of(order.scheduled_at if by_schedule else order.created_at)
        found.setdefault(month, [0, 0, 0, 0])[_PLACES[standing(order).outcome]] += 1
    return {month: MonthCounts(*counts) for month, counts in sorted(found.items())}
