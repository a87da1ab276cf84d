"""Filtering, sorting and paging of a complete list, for upstreams that can't do it themselves.

Nothing here may ever run over one page of a longer result: half a result sorted looks whole and isn't.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from orders.domain.identifiers import without_unseen
from orders.domain.line_agreement import lines_disagree
from orders.domain.queries import OrderQuery
from orders.domain.results import OrderRow
from orders.domain.retry_status import retry_family


class FabricOrderQuery(OrderQuery, frozen=True, kw_only=True):
    """Filters that fabric does not have: the service applies them to the complete list.

    `scheduled_from` and `scheduled_to` are inclusive instants.
    """

    statuses: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    retry_types: tuple[str, ...] = ()
    error_codes: tuple[str, ...] = ()
    scheduled_from: datetime | None = None
    scheduled_to: datetime | None = None
    text: str = ""
    ordering: str = ""


# One test for each field of a query that we evaluate: does the row match the (non-empty) value asked for?
MATCHES: dict[str, Callable[[OrderRow, Any], bool]] = {
    "statuses": lambda row, wanted: row.order.status.code.upper() in wanted,
    "order_types": lambda row, wanted: row.order.order_type.code in wanted,
    "attention": lambda row, wanted: row.retry_status.state.code in wanted,
    "retry_types": lambda row, wanted: retry_family(row.order) in wanted,
    "error_codes": lambda row, wanted: row.order.failure is not None and row.order.failure.code in wanted,
    "scheduled_from": lambda row, start: (
        row.order.scheduled_at is not None and row.order.scheduled_at >= start
    ),
    "scheduled_to": lambda row, end: row.order.scheduled_at is not None and row.order.scheduled_at <= end,
    "text": lambda row, text: without_unseen(text).casefold() in searchable_text(row),
    "order_ids": lambda row, wanted: row.order.order_id in wanted,
    "lines_mixed": lambda row, _: lines_disagree(row.order),
}

# What a complete list can be sorted by, under the columns' names.
SORT_KEYS: dict[str, Callable[[OrderRow], Any]] = {
    "orderId": lambda row: row.order.order_id,
    "scheduledDate": lambda row: row.order.scheduled_at,
    "status": lambda row: row.order.status.code or None,
    "attention": lambda row: row.retry_status.state.code or None,
    "retryCount": lambda row: row.order.retry.used if row.order.retry else None,
    "nextAttempt": lambda row: row.retry_status.next_attempt,
    "errorCode": lambda row: row.order.failure.code if row.order.failure else None,
    "totalAmount": lambda row: row.order.totals.amount if row.order.totals else None,
    "lineItemCount": lambda row: len(row.order.lines),
}


# The ordering that puts what needs somebody before everything else, and its states, the gravest first.
ATTENTION_FIRST = "attention-first"
NEEDS_SOMEBODY = ("retries-exhausted", "failed-no-retry", "overdue", "will-retry")


def searchable_text(row: OrderRow) -> str:
    """IDs, SKUs, titles and error texts of an order, folded; no personal data is searched."""
    order = row.order
    parts = [order.order_id, order.order_number, order.external_reference_id]
    for line in order.lines:
        parts += [line.sku, line.title, line.subscription_id, line.line_id, line.plan.plan_id]
        parts += [offer.offer_id for offer in line.offers]
    if order.failure:
        parts.append(order.failure.message)
    return without_unseen("\n".join(parts)).casefold()


def select(rows: Iterable[OrderRow], wanted: dict[str, Any]) -> list[OrderRow]:
    """The rows that match every field of `wanted`; a field with no test here is a mistake of ours."""
    tests = [(MATCHES[field], value) for field, value in wanted.items()]
    return [row for row in rows if all(matches(row, value) for matches, value in tests)]


def sort(rows: Sequence[OrderRow], ordering: str) -> list[OrderRow]:
    """Sorted by a name of `SORT_KEYS`, descending with a leading `-`; rows without a value come last.

    By `ATTENTION_FIRST`: what needs somebody, the gravest first, then all else; newest first within each.
    """
    if ordering == ATTENTION_FIRST:
        return _attention_first(sort(rows, "-scheduledDate"))
    key = SORT_KEYS[ordering.removeprefix("-")]
    valued = [row for row in rows if key(row) is not None]
    blank = [row for row in rows if key(row) is None]
    return sorted(valued, key=key, reverse=ordering.startswith("-")) + blank


def needs_somebody(row: OrderRow) -> bool:
    return row.retry_status.state.code in NEEDS_SOMEBODY


def _attention_first(rows: Sequence[OrderRow]) -> list[OrderRow]:
    waiting = [row for row in rows if needs_somebody(row)]
    waiting.sort(key=lambda row: NEEDS_SOMEBODY.index(row.retry_status.state.code))
    return waiting + [row for row in rows if not needs_somebody(row)]
