"""What an upstream sent, as a page of rows: masked for whoever asked, and filtered, sorted and cut where
the upstream can't do that itself.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import msgspec

from orders.domain.attention import attention
from orders.domain.masking import mask_order, mask_text
from orders.domain.orders import Order
from orders.domain.queries import FetchedPage, Window
from orders.domain.results import OrderRow, ResultPage
from orders.domain.rights import Rights
from orders.domain.selection import select, sort
from orders.upstreams import registry


def given_fields(query: Any) -> dict[str, Any]:
    """The filters in force, without blanks, as the ledger keeps them."""
    return {name: value for name, value in msgspec.structs.asdict(query).items() if value}


def order_row(
    source: str,
    customer_id: str,
    order: Order,
    now: datetime,
    rights: Rights,
    is_revealed: bool = False,
) -> OrderRow:
    """What the rest of the portal gets of an order. The retry clock still sees all of it."""
    return OrderRow(
        source=source,
        customer_id=customer_id,
        order=mask_order(order, rights, is_revealed=is_revealed),
        attention=attention(order, now=now),
    )


def page_of_upstream(
    source: str, customer_id: str, fetched: FetchedPage, query: Any, window: Window, rights: Rights
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
        rows=tuple(order_row(source, customer_id, order, now, rights) for order in page.orders),
        total_count=total,
        offset=offset,
        limit=limit,
        has_next=has_next,
        exchange=fetched.exchange,
        fetched_at=now,
        ordering=registry.describe(source).ordering,
        searched_from=page.searched_from or getattr(query, "created_from", ""),
        searched_to=page.searched_to or getattr(query, "created_to", ""),
        unreadable=page.unreadable,
        lost=page.lost,
        notices=tuple(map(mask_text, page.notices)),
    )


def page_of_complete_list(
    source: str, customer_id: str, fetched: FetchedPage, query: Any, window: Window, rights: Rights
) -> ResultPage:
    """What the upstream sent whole; filtered, sorted and paged here."""
    page, now = fetched.page, datetime.now(UTC)
    everything = [order_row(source, customer_id, order, now, rights) for order in page.orders]
    given = given_fields(query)
    ordering = given.pop("ordering", "") or registry.describe(source).ordering
    supports = registry.describe(source).supports
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
        notices=tuple(map(mask_text, page.notices)),
    )
