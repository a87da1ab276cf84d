"""The door for whoever has seen orders: a page, a panel, a file, a refresh."""

from collections.abc import Sequence
from datetime import UTC, datetime

from orders.domain.orders import Order
from orders.index.entries import Seen, entries_of
from orders.index.queue import line
from orders.index.writing import write


def remember(
    source: str,
    customer_id: str,
    orders: Sequence[Order],
    *,
    seen_at: datetime | None = None,
    is_impersonal: bool = False,
) -> None:
    """Put what an upstream sent in line to be remembered. Costs a page next to nothing, and never fails.

    `orders` are as they were parsed, personal data and all: they are masked before anything is written.
    """
    line.put(_seen(source, customer_id, orders, seen_at, is_impersonal))


def write_now(
    source: str,
    customer_id: str,
    orders: Sequence[Order],
    *,
    seen_at: datetime | None = None,
    is_impersonal: bool = False,
) -> int:
    """As `remember`, for a job whose work this is: written when it returns. Raises what the database does."""
    return write(entries_of(_seen(source, customer_id, orders, seen_at, is_impersonal)))


def _seen(
    source: str, customer_id: str, orders: Sequence[Order], seen_at: datetime | None, is_impersonal: bool
) -> Seen:
    return Seen(
        source=source,
        customer_id=customer_id,
        orders=orders,
        seen_at=seen_at or datetime.now(UTC),
        is_impersonal=is_impersonal,
    )
