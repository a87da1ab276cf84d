"""Filtering, sorting and paging of a complete list, for upstreams that can't do it themselves.

Nothing here may ever run over one page of a longer result: half a result sorted looks whole and isn't.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from orders.domain.results import OrderRow

# One test per query field: does the row match the (non-empty) value asked for?
MATCHES: dict[str, Callable[[OrderRow, Any], bool]] = {
    "statuses": lambda row, wanted: row.order.status.code.upper() in wanted,
    "order_types": lambda row, wanted: row.order.order_type.code in wanted,
    "attention": lambda row, wanted: row.attention.state.code in wanted,
    "retry_types": lambda row, wanted: (
        row.order.retry is not None and row.order.retry.kind.word.lower() in wanted
    ),
    "error_codes": lambda row, wanted: row.order.failure is not None and row.order.failure.code in wanted,
    "scheduled_from": lambda row, start: (
        row.order.scheduled_at is not None and row.order.scheduled_at >= start
    ),
    "scheduled_to": lambda row, end: row.order.scheduled_at is not None and row.order.scheduled_at <= end,
    "text": lambda row, text: text.casefold() in searchable_text(row),
}

# What a complete list can be sorted by, under the columns' names.
SORT_KEYS: dict[str, Callable[[OrderRow], Any]] = {
    "orderId": lambda row: row.order.order_id,
    "scheduledDate": lambda row: row.order.scheduled_at,
    "status": lambda row: row.order.status.code or None,
    "attention": lambda row: row.attention.state.word or None,
    "retryCount": lambda row: row.order.retry.used if row.order.retry else None,
    "nextAttempt": lambda row: row.attention.next_attempt,
    "errorCode": lambda row: row.order.failure.code if row.order.failure else None,
    "totalAmount": lambda row: row.order.totals.amount if row.order.totals else None,
    "lineItemCount": lambda row: len(row.order.lines),
}


def searchable_text(row: OrderRow) -> str:
    """IDs, SKUs, titles and error texts of an order, folded; no personal data is searched."""
    order = row.order
    parts = [order.order_id, order.order_number, order.external_reference_id]
    for line in order.lines:
        parts += [line.sku, line.title, line.subscription_id, line.line_id, line.plan.plan_id]
        parts += [offer.offer_id for offer in line.offers]
    if order.failure:
        parts.append(order.failure.message)
    return "\n".join(parts).casefold()


def select(rows: Iterable[OrderRow], wanted: dict[str, Any]) -> list[OrderRow]:
    """The rows that match every field of `wanted`; a field with no test here is a mistake of ours."""
    tests = [(MATCHES[field], value) for field, value in wanted.items()]
    return [row for row in rows if all(matches(row, value) for matches, value in tests)]


def sort(rows: Sequence[OrderRow], ordering: str) -> list[OrderRow]:
    """Sorted by a name of `SORT_KEYS`, descending with a leading `-`; rows without a value come last."""
    key = SORT_KEYS[ordering.removeprefix("-")]
    valued = [row for row in rows if key(row) is not None]
    blank = [row for row in rows if key(row) is None]
    return sorted(valued, key=key, reverse=ordering.startswith("-")) + blank
