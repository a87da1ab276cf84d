"""The one door to orders: asks the upstream, and does what the upstream can't do itself.

Every function may raise an `orders.domain.errors.UpstreamError`; nothing else about an upstream's
behaviour reaches the caller as an exception.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec

from orders.domain.attention import attention
from orders.domain.descriptions import Description
from orders.domain.errors import OutOfRange
from orders.domain.orders import Order
from orders.domain.queries import FetchedPage, Window
from orders.domain.redaction import process_redactor
from orders.domain.results import OrderDetails, OrderRow, ResultPage
from orders.domain.selection import select, sort
from orders.upstreams import registry
from orders.upstreams.breaker import Health


def sources() -> list[Description]:
    """Every upstream of this portal, configured or not."""
    return [registry.describe(name) for name in registry.names()]


def describe(source: str) -> Description:
    """What an upstream is called, what it can do and which columns it has. KeyError for none such."""
    return registry.describe(source)


def list_orders(
    *, source: str, customer_id: str, query: Any, window: Window, correlation_id: str = ""
) -> ResultPage:
    """One page of a customer's order history. A page behind the last one raises `OutOfRange`.

    `correlation_id` is given only when a person repeats a call that got no answer.
    """
    fetched = registry.connect(source).list_orders(customer_id, query, window, correlation_id=correlation_id)
    if describe(source).pages_upstream:
        page = _page_of_upstream(source, customer_id, fetched, query, window)
    else:
        page = _page_of_complete_list(source, customer_id, fetched, query, window)
    if not page.rows and not page.lost and page.offset > 0:
        error = OutOfRange(source=source, exchange=page.exchange, status=200)
        # Nothing came from here on, so a total that claims more would only lead back here.
        error.total_count = None if page.total_count is None else min(page.total_count, page.offset)
        raise error
    return page


def get_order(
    *,
    source: str,
    customer_id: str,
    order_id: str,
    with_prices: bool = False,
    correlation_id: str = "",
) -> OrderDetails:
    """One order of one customer, with its JSON cleared of secrets.

    `with_prices` asks an upstream that sends prices only on demand for them.
    """
    fetched = registry.connect(source).get_order(
        customer_id, order_id, with_prices=with_prices, correlation_id=correlation_id
    )
    now = datetime.now(UTC)
    return OrderDetails(
        row=_row(source, customer_id, fetched.parsed.order, now),
        raw=process_redactor().clean_json(fetched.parsed.raw),
        exchange=fetched.exchange,
        fetched_at=now,
        unreadable=fetched.parsed.unreadable,
    )


def _row(source: str, customer_id: str, order: Order, now: datetime) -> OrderRow:
    return OrderRow(
        source=source,
        customer_id=customer_id,
        order=order,
        attention=attention(order, now=now),
    )


def _page_of_upstream(
    source: str, customer_id: str, fetched: FetchedPage, query: Any, window: Window
) -> ResultPage:
    """What the upstream filtered and paged; its echo of the window wins where it makes sense."""
    page, now = fetched.page, datetime.now(UTC)
    offset = window.offset if page.offset is None else page.offset
    limit = window.limit if not page.limit else page.limit
    total = page.total_count
    if total is not None and total < offset + page.received:
        total = offset + page.received if page.received else total  # it counts fewer than it sent
    # Without a total, the upstream's own link is the only hint.
    more_by_count = page.received > 0 and total is not None and offset + page.received < total
    has_next = bool(page.has_next) if total is None else more_by_count
    return ResultPage(
        rows=tuple(_row(source, customer_id, order, now) for order in page.orders),
        total_count=total,
        offset=offset,
        limit=limit,
        has_next=has_next,
        exchange=fetched.exchange,
        fetched_at=now,
        ordering=describe(source).ordering,
        searched_from=page.searched_from or getattr(query, "created_from", ""),
        searched_to=page.searched_to or getattr(query, "created_to", ""),
        unreadable=page.unreadable,
        lost=page.lost,
        notices=page.notices,
    )


def _page_of_complete_list(
    source: str, customer_id: str, fetched: FetchedPage, query: Any, window: Window
) -> ResultPage:
    """What the upstream sent whole; filtered, sorted and paged here."""
    page, now = fetched.page, datetime.now(UTC)
    everything = [_row(source, customer_id, order, now) for order in page.orders]
    given = {name: value for name, value in msgspec.structs.asdict(query).items() if value}
    ordering = given.pop("ordering", "") or describe(source).ordering
    supports = describe(source).supports
    wanted = {name: value for name, value in given.items() if name not in supports}
    matching = select(everything, wanted)
    ordered = sort(matching, ordering) if ordering else matching
    shown = ordered[window.offset : window.offset + window.limit]
    counts = Counter(row.attention.state.code for row in everything if row.attention.state.code)
    return ResultPage(
        rows=tuple(shown),
        total_count=len(matching),
        offset=window.offset,
        limit=window.limit,
        has_next=window.offset + len(shown) < len(matching),
        exchange=fetched.exchange,
        fetched_at=now,
        is_complete=page.total_count is None or page.received >= page.total_count,
        unfiltered_count=len(everything),
        known_total=page.total_count,
        applied_here=tuple(wanted),
        ordering=ordering,
        attention_counts=tuple(sorted(counts.items())),
        unreadable=page.unreadable,
        lost=page.lost,
        notices=page.notices,
    )


class UpstreamState(msgspec.Struct, frozen=True, kw_only=True):
    """How an upstream is, from what earlier calls have shown. Nothing is asked to find out."""

    name: str
    label: str
    is_configured: bool
    health: Health


def upstream_states() -> list[UpstreamState]:
    return [
        UpstreamState(
            name=description.name,
            label=description.label,
            is_configured=registry.is_configured(description.name),
            health=registry.health(description.name),
        )
        for description in sources()
    ]


def check_upstream(source: str) -> None:
    """Ask whether the upstream answers and accepts our credentials; UpstreamError if it doesn't."""
    registry.connect(source).check()
