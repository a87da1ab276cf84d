"""Reading the orders of a customer for the index, with nobody waiting: only what may have changed.

Pages of a hundred, one after the other, and what was read is kept before the next one is asked for: a read
that was broken off goes on where it was. Nothing is shown to anybody here; who may see what is asked there.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from orders.domain.errors import NotFound, UpstreamError
from orders.domain.orders import Order
from orders.domain.queries import PageRequest
from orders.domain.urgency import Urgency
from orders.index import write_now
from orders.index.entries import Entry, Seen, entries_of
from orders.index.refresh_models import RefreshRun
from orders.index.refresh_state import (
    LastSeen,
    Reading,
    changed_since,
    created_since,
    last_seen,
    read_from,
    state_of,
)
from orders.infrastructure.jobs import stopping
from orders.ledger import Action, record
from orders.upstreams import catalogue, registry

_PAGE = 100
# Before every order there is; without a date Adobe answers with the current term alone.
_EVER = "2000-01-01"
# They change the order that they name.
_CHANGING = frozenset({"RETURN", "SWITCH", "REVERT_SWITCH"})


# Of a customer whom somebody asks about: more orders than these nobody has.
_MOST_PAGES = 200


class NotAll(Exception):
    """The upstream says that there are more orders than it sent."""


def read(reading: Reading, due_after: timedelta) -> None:
    """Read this customer, and write down how that ended; raises `LeaseLost`, or what the database does."""
    row = reading.row
    try:
        if catalogue.describe(row.source).pages_upstream:
            is_over = _read_pages(reading)
        else:
            is_over = _read_list(reading)
    except UpstreamError as error:
        note_end(reading.failed(error.cause))
    except NotAll:
        note_end(reading.failed("incomplete"))
    else:
        if is_over:
            note_end(reading.done(due_after))
        else:
            reading.give_back()


def note_end(run: RefreshRun | None) -> None:
    """The run's row in the ledger, written by whoever ended it."""
    if run is None:
        return
    record(
        Action.REFRESH,
        username=run.by,
        outcome="partial" if run.failed else "ok",
        row_count=run.orders,
        details={"customers": run.customers, "failed": run.failed},
    )


def _read_list(reading: Reading) -> bool:
    """An upstream that always sends everything: one call."""
    row, now = reading.row, timezone.now()
    reading.started(is_whole=True, reads_from="", reads_to=now)
    source = registry.connect(row.source)
    query = catalogue.describe(row.source).query()
    page = source.list_orders(row.customer_id, query, PageRequest(), urgency=Urgency.REFRESH).page
    write_now(
        row.source, row.customer_id, page.orders, seen_at=timezone.now(), is_impersonal=page.is_impersonal
    )
    reading.page_written(page.received, len(page.orders))
    if page.lost or (page.total_count is not None and page.received < page.total_count):
        raise NotAll
    return True


def _read_pages(reading: Reading) -> bool:
    """Whether all was read; not where the worker has to end before."""
    row = reading.row
    if row.reads_to is None:
        since = read_from(row)
        text = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if since else _EVER
        reading.started(is_whole=since is None, reads_from=text, reads_to=timezone.now())
    assert row.reads_to is not None
    # The end is fixed, so that new orders can't push others from page to page.
    query_type: Any = catalogue.describe(row.source).query
    query = query_type(
        created_from=row.reads_from, created_to=row.reads_to.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    source, is_lossless = registry.connect(row.source), True
    while not stopping.is_set():
        asked = PageRequest(row.next_offset, _PAGE)
        page = source.list_orders(row.customer_id, query, asked, urgency=Urgency.REFRESH).page
        seen_at = timezone.now()
        changed = [] if row.is_whole else _changed(reading, page.orders)
        for orders in (changed, page.orders):
            write_now(
                row.source,
                row.customer_id,
                orders,
                seen_at=seen_at,
                is_impersonal=page.is_impersonal and orders is page.orders,
            )
        reading.page_written(row.next_offset + page.received, len(page.orders) + len(changed))
        is_lossless = is_lossless and not page.lost
        if not page.received:
            if page.total_count is not None and row.next_offset < page.total_count:
                raise NotAll
            break
        is_last = page.received < _PAGE if page.total_count is None else row.next_offset >= page.total_count
        if is_last:
            break
    else:
        return False
    if not is_lossless:
        raise NotAll
    return True


def look(source: str, customer_id: str) -> None:
    """Read what may be new of a customer, for somebody who looks for a number: no run has to do with it.

    Raises an `UpstreamError`, or `NotAll`.
    """
    description = catalogue.describe(source)
    row = state_of(source, customer_id)
    since = changed_since(row) if row is not None and description.pages_upstream else None
    query_type: Any = description.query
    query = query_type()
    if description.pages_upstream:
        text = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if since else _EVER
        query = query_type(created_from=text)
    offset, upstream = 0, registry.connect(source)
    for _ in range(_MOST_PAGES):
        asked = PageRequest(offset, _PAGE) if description.pages_upstream else PageRequest()
        page = upstream.list_orders(customer_id, query, asked, urgency=Urgency.REFRESH).page
        write_now(source, customer_id, page.orders, seen_at=timezone.now(), is_impersonal=page.is_impersonal)
        offset += page.received
        if page.total_count is not None:
            is_more = offset < page.total_count
        else:
            is_more = description.pages_upstream and page.received == _PAGE
        if page.lost or (is_more and not (page.received and description.pages_upstream)):
            break
        if not is_more:
            return
    raise NotAll


def _changed(reading: Reading, orders: Sequence[Order]) -> list[Order]:
    """The orders before this time that returns, switches and reversals among these have changed, read again.

    Those that were seen since their return came, or was last seen to change, have been read since: by whom
    it was seen says nothing, for a page shows the return and not what it names.
    """
    row = reading.row
    candidates = [each for each in orders if each.order_type.code in _CHANGING and each.reference_order_id]
    if not candidates:
        return []
    ids = {name for each in candidates for name in (each.order_id, each.reference_order_id)}
    known = last_seen(row.source, row.customer_id, ids)
    entries = entries_of(
        Seen(source=row.source, customer_id=row.customer_id, orders=candidates, seen_at=timezone.now())
    )
    moved = {each.order_id for each in entries if _is_news(each, known)}
    here = {each.order_id for each in orders}
    named = dict.fromkeys(
        each.reference_order_id
        for each in candidates
        if each.order_id in moved and each.reference_order_id not in here
    )
    wanted = _before(row.source, row.customer_id, row.reads_from, named)
    return list(_one_by_one(row.source, row.customer_id, wanted))


def _is_news(entry: Entry, known: Mapping[str, LastSeen]) -> bool:
    """Whether the order that this one names may have changed since it was last seen."""
    before, named = known.get(entry.order_id), known.get(entry.reference_order_id)
    if before is None or (before.status, before.line_statuses) != (
        entry.status or "",
        entry.line_statuses or "",
    ):
        return True
    # One of which nothing is known is what somebody wrote into the reference, or was forgotten.
    return named is not None and named.last_seen < before.changed_at


def _before(source: str, customer_id: str, reads_from: str, order_ids: Iterable[str]) -> list[str]:
    """Without those that this read comes to anyway."""
    since = datetime.fromisoformat(reads_from)
    wanted = list(order_ids)
    coming = created_since(source, customer_id, wanted, since)
    return [each for each in wanted if each not in coming]


def _one_by_one(source: str, customer_id: str, order_ids: Iterable[str]) -> Iterable[Order]:
    for order_id in order_ids:
        try:
            fetched = registry.connect(source).get_order(customer_id, order_id, urgency=Urgency.REFRESH)
        except NotFound:
            continue  # the reference is what somebody wrote into it
        yield fetched.parsed.order
