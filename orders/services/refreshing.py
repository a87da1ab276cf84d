"""Reading the orders of a customer for the index, with nobody waiting: only what may have changed.

Pages of a hundred, one after the other, and what was read is kept before the next one is asked for: a read
that was broken off goes on where it was. Nothing is shown to anybody here; who may see what is asked there.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from orders.domain.errors import NotFound, UpstreamError
from orders.domain.orders import Order
from orders.domain.queries import PageRequest
from orders.domain.urgency import Urgency
from orders.index import write_now
from orders.index.entries import Seen, entries_of
from orders.index.refresh_models import RefreshRun
from orders.index.refresh_state import Reading, created_since, read_from, states_of
from orders.infrastructure.jobs import stopping
from orders.ledger import Action, record
from orders.upstreams import catalogue, registry

_PAGE = 100
# Before every order there is; without a date Adobe answers with the current term alone.
_EVER = "2000-01-01"
# They change the order that they name.
_CHANGING = frozenset({"RETURN", "SWITCH", "REVERT_SWITCH"})


class _NotAll(Exception):
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
    except _NotAll:
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
        raise _NotAll
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
                raise _NotAll
            break
        is_last = page.received < _PAGE if page.total_count is None else row.next_offset >= page.total_count
        if is_last:
            break
    else:
        return False
    if not is_lossless:
        raise _NotAll
    return True


def _changed(reading: Reading, orders: Sequence[Order]) -> list[Order]:
    """The orders before this time that returns, switches and reversals among these have changed, read again.

    Those whose return stands as it did when it was last seen have been read since.
    """
    row = reading.row
    candidates = [each for each in orders if each.order_type.code in _CHANGING and each.reference_order_id]
    if not candidates:
        return []
    known = states_of(row.source, row.customer_id, [each.order_id for each in candidates])
    entries = entries_of(
        Seen(source=row.source, customer_id=row.customer_id, orders=candidates, seen_at=timezone.now())
    )
    moved = {
        each.order_id
        for each in entries
        if known.get(each.order_id) != (each.status or "", each.line_statuses or "")
    }
    here = {each.order_id for each in orders}
    named = dict.fromkeys(
        each.reference_order_id
        for each in candidates
        if each.order_id in moved and each.reference_order_id not in here
    )
    wanted = _before(row.source, row.customer_id, row.reads_from, named)
    return list(_one_by_one(row.source, row.customer_id, wanted))


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
