"""What an upstream sent, as a page of rows: masked for whoever asked, and filtered, sorted and cut where
the upstream can't do that itself.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from orders.domain.descriptions import Description
from orders.domain.granted_rights import Rights
from orders.domain.masking import Masker, mask_addresses, mask_text
from orders.domain.month_counts import MonthCounts, counted_by_month
from orders.domain.orders import Order
from orders.domain.queries import FetchedPage, OrderQuery, PageRequest
from orders.domain.results import OrderRow, ResultPage
from orders.domain.retry_status import retry_status
from orders.domain.selection import select, sort


def given_fields(query: OrderQuery) -> dict[str, Any]:
    """The filters in force, without blanks, as the ledger keeps them."""
    return {name: value for name, value in msgspec.structs.asdict(query).items() if value}


def wanted_here(query: OrderQuery, description: Description) -> dict[str, Any]:
    """The filters in force that the upstream can't apply; how rows are ordered is none."""
    known = {*description.supports, "ordering"}
    return {name: value for name, value in given_fields(query).items() if name not in known}


def order_row(
    source: str,
    customer_id: str,
    order: Order,
    now: datetime,
    masker: Masker,
) -> OrderRow:
    """What the rest of the portal gets of an order. The retry clock still sees all of it."""
    return OrderRow(
        source=source,
        customer_id=customer_id,
        order=masker.mask(order),
        retry_status=retry_status(order, now=now),
    )


def page_of_upstream(
    description: Description,
    customer_id: str,
    fetched: FetchedPage,
    query: OrderQuery,
    page_request: PageRequest,
    rights: Rights,
    is_revealed: bool = False,
    *,
    now: datetime,
    counts_months: bool = False,
) -> ResultPage:
    """What the upstream filtered and paged; its echo of what was asked for wins where it makes sense.

    `now` is the instant of its answer, by which retries are early or late.
    """
    page = fetched.page
    masker = Masker(rights, is_revealed=is_revealed, is_impersonal=page.is_impersonal)
    offset = page_request.offset if page.offset is None else page.offset
    limit = page_request.limit if not page.limit else page.limit
    total = page.total_count
    if total is not None and total < offset + page.received:
        total = offset + page.received if page.received else total  # it counts fewer than it sent
    # Without a total, the upstream's own link is the only hint.
    more_by_count = page.received > 0 and total is not None and offset + page.received < total
    has_next = bool(page.has_next) if total is None else more_by_count
    rows = [order_row(description.name, customer_id, order, now, masker) for order in page.orders]
    wanted = wanted_here(query, description)
    is_whole = offset == 0 and not has_next
    selected = select(rows, wanted) if wanted and is_whole else rows
    return ResultPage(
        rows=tuple(selected),
        total_count=len(selected) if wanted and is_whole else total,
        unfiltered_count=len(rows) if wanted and is_whole else None,
        applied_here=tuple(wanted) if is_whole else (),
        not_applied=() if is_whole else tuple(wanted),
        stated_count=page.stated_count if page.stated_count != page.received else None,
        stated_total=page.total_count if page.total_count != total else None,
        offset=offset,
        limit=limit,
        has_next=has_next,
        exchange=fetched.exchange,
        fetched_at=now,
        ordering=description.ordering,
        months=_months(selected, description) if counts_months and is_whole and not page.lost else None,
        searched_from=page.searched_from or getattr(query, "created_from", ""),
        searched_to=page.searched_to or getattr(query, "created_to", ""),
        unreadable=tuple(map(mask_addresses, page.unreadable)),
        lost=page.lost,
        notices=tuple([mask_text(notice, keep=(customer_id,)) for notice in page.notices]),
    )


def page_of_complete_list(
    description: Description,
    customer_id: str,
    fetched: FetchedPage,
    query: OrderQuery,
    page_request: PageRequest,
    rights: Rights,
    is_revealed: bool = False,
    *,
    now: datetime,
    counts_months: bool = False,
) -> ResultPage:
    """What the upstream sent whole; filtered, sorted and paged here."""
    page = fetched.page
    masker = Masker(rights, is_revealed=is_revealed, is_impersonal=page.is_impersonal)
    everything = [order_row(description.name, customer_id, order, now, masker) for order in page.orders]
    ordering = given_fields(query).get("ordering", "") or description.ordering
    wanted = wanted_here(query, description)
    matching = select(everything, wanted)
    ordered = sort(matching, ordering) if ordering else matching
    shown = ordered[page_request.offset : page_request.offset + page_request.limit]
    is_complete = page.total_count is None or page.received >= page.total_count
    counts = Counter(row.retry_status.state.code for row in everything if row.retry_status.state.code)
    return ResultPage(
        rows=tuple(shown),
        total_count=len(matching),
        offset=page_request.offset,
        limit=page_request.limit,
        has_next=page_request.offset + len(shown) < len(matching),
        exchange=fetched.exchange,
        fetched_at=now,
        is_complete=is_complete,
        unfiltered_count=len(everything),
        known_total=page.total_count,
        applied_here=tuple(wanted),
        ordering=ordering,
        months=_months(matching, description) if counts_months and is_complete and not page.lost else None,
        retry_status_counts=tuple(sorted(counts.items())),
        unreadable=tuple(map(mask_addresses, page.unreadable)),
        lost=page.lost,
        notices=tuple([mask_text(notice, keep=(customer_id,)) for notice in page.notices]),
    )


def _months(rows: Iterable[OrderRow], description: Description) -> Mapping[int, MonthCounts]:
    """By the date that the upstream sorts by."""
    by_schedule = description.ordering.removeprefix("-") == "scheduledDate"
    return counted_by_month((row.order for row in rows), by_schedule=by_schedule)
