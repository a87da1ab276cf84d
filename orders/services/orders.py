"""The one door to orders: asks the upstream, and does what the upstream can't do itself.

Here it is decided who may see what, and here personal data is masked, once, right after parsing: lists,
details, look-ups, files and background runs all come through. `actor` is the person who asks, or for
whom a run was started; each call decides anew, or by the `rights` that a request asked for at its beginning.

Every function may raise an `orders.domain.errors.UpstreamError`; nothing else about an upstream's
behaviour reaches the caller as an exception. Without the right to something it raises `access.Refused`;
where the ledger can't be written, `ledger.LedgerUnavailable`.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import msgspec

from orders.domain.call_history import Slot
from orders.domain.descriptions import Description
from orders.domain.errors import OutOfRange, UpstreamError
from orders.domain.freshness import Takes
from orders.domain.granted_rights import Right, Rights
from orders.domain.masking import Masker, mask_addresses, mask_error, mask_raw
from orders.domain.queries import OrderQuery, PageRequest
from orders.domain.redaction import process_redactor
from orders.domain.result_pages import given_fields, order_row, page_of_complete_list, page_of_upstream
from orders.domain.results import OrderDetails, ResultPage
from orders.domain.urgency import Urgency
from orders.index import remember
from orders.ledger import Action, record
from orders.people import limits
from orders.people.permissions import Person, scope_of
from orders.services import saved_answers
from orders.services.guard import Target, admit, guarded, name_customers
from orders.services.saved_answers import Wish
from orders.upstreams import catalogue, registry
from orders.upstreams.http.circuit_breaker import Health


def sources() -> list[Description]:
    """Every upstream of this portal, configured or not."""
    return catalogue.descriptions()


def describe(source: str) -> Description:
    """What an upstream is called, what it can do and which columns it has. KeyError for none such."""
    return catalogue.describe(source)


def list_orders(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    query: OrderQuery,
    page_request: PageRequest,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
    rights: Rights | None = None,
    as_listed: bool = False,
) -> ResultPage:
    """One page of a customer's order history. A page behind the last one raises `OutOfRange`.

    Rows come in the order that the query names, else in the upstream's; `as_listed` in that of a list.

    `correlation_id` is given only when a person repeats a call that got no answer; then the upstream is
    asked. `takes` says what may be shown instead of what it says now: nothing, unless a page says more.
    """
    target = Target(
        source, customer_id, details={**given_fields(query), "window": msgspec.to_builtins(page_request)}
    )
    if as_listed:
        query = _as_listed(query, describe(source))
    with guarded(Action.VIEW_LIST, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        wish = _wish(actor, look.rights, takes, is_retry=bool(correlation_id))
        fetch = partial(_fetch, correlation_id=correlation_id, wish=wish, counts_months=as_listed)
        page = fetch(look.rights, source, customer_id, query, page_request)
        look.exchange, look.row_count, look.freshness = page.exchange, len(page.rows), page.freshness
    return page


def _as_listed(query: OrderQuery, description: Description) -> OrderQuery:
    """In the order that a list has for whoever has not chosen another one; its file has the same."""
    if not description.list_ordering or given_fields(query).get("ordering"):
        return query
    return msgspec.structs.replace(query, ordering=description.list_ordering)


def export_admitted(*, actor: Person, source: str, customer_id: str, is_revealed: bool = False) -> Rights:
    """The rights for an export's next pages; a refusal is written down and raised.

    Asked for again and again while an export runs: it ends when its owner loses the right, or, where it
    `is_revealed`, the one to see personal data.
    """
    target = Target(source, customer_id)
    return admit(Action.EXPORT_START, *_for_file(is_revealed), actor=actor, target=target)


def _for_file(is_revealed: bool) -> tuple[Right, ...]:
    return (Right.VIEW, Right.EXPORT, Right.REVEAL) if is_revealed else (Right.VIEW, Right.EXPORT)


def page_for_file(
    *,
    rights: Rights,
    source: str,
    customer_id: str,
    query: OrderQuery,
    page_request: PageRequest,
    is_revealed: bool = False,
    urgency: Urgency = Urgency.FILE,
) -> ResultPage:
    """One page for an export, whose start, end and download have entries of their own.

    `rights` are those of `export_admitted` of a moment ago: many threads ask for pages, and the database
    need not be asked by each of them.
    """
    query = _as_listed(query, describe(source))
    try:
        return _fetch(
            rights, source, customer_id, query, page_request, is_revealed=is_revealed, urgency=urgency
        )
    except UpstreamError as error:
        mask_error(error, customer_id)
        raise


def export_started(
    *, actor: Person, source: str, customer_id: str, query: OrderQuery, reason: str = "", rows: str = "orders"
) -> Rights:
    """Admit an export and write down that it starts; `rows` is `orders` or `lines`.

    With a `reason` it holds personal data in the clear, if this person may see that.
    """
    target = Target(source, customer_id, details={**given_fields(query), "rows": rows})
    with guarded(
        Action.EXPORT_START, Right.VIEW, Right.EXPORT, actor=actor, target=target, reason=reason
    ) as look:
        pass
    return look.rights


def export_ended(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    row_count: int,
    file_sha256: str = "",
    outcome: str = "ok",
) -> None:
    """Write down what became of an export; `outcome` is `ok`, `partial`, `upstream-…` or our own."""
    record(
        Action.EXPORT_END,
        actor=actor,
        source=source,
        customer_id=customer_id,
        outcome=outcome,
        row_count=row_count,
        file_sha256=file_sha256,
    )


def export_downloaded(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    row_count: int,
    file_sha256: str,
    is_revealed: bool = False,
) -> None:
    """Admit the download of a finished file and write it down, before the file is sent.

    One that `is_revealed` is for whoever may see personal data now, not only when it was made.
    """
    target = Target(source, customer_id)
    admit(Action.EXPORT_DOWNLOAD, *_for_file(is_revealed), actor=actor, target=target)
    record(
        Action.EXPORT_DOWNLOAD,
        actor=actor,
        source=source,
        customer_id=customer_id,
        row_count=row_count,
        file_sha256=file_sha256,
    )


def _fetch(
    rights: Rights,
    source: str,
    customer_id: str,
    query: OrderQuery,
    page_request: PageRequest,
    *,
    correlation_id: str = "",
    is_revealed: bool = False,
    urgency: Urgency = Urgency.PAGE,
    wish: Wish | None = None,
    counts_months: bool = False,
) -> ResultPage:
    """Files have no wish: they are asked for, and nothing of them is saved."""
    if getattr(query, "with_prices", False) and not rights.may_see_prices:
        query = msgspec.structs.replace(query, with_prices=False)
    description = describe(source)
    answered = saved_answers.pages.answer(
        source,
        _question(description, customer_id, query, page_request),
        wish,
        lambda: registry.connect(source).list_orders(
            customer_id, query, page_request, urgency=urgency, correlation_id=correlation_id
        ),
        is_worth_keeping=lambda fetched: description.pages_upstream or fetched.page.is_whole,
    )
    fetched, answer = answered.fetched, answered.fetched.page
    if answered.freshness.is_live:
        remember(source, customer_id, answer.orders, is_impersonal=answer.is_impersonal)
    make = page_of_upstream if description.pages_upstream else page_of_complete_list
    asked = (customer_id, fetched, query, page_request, rights, is_revealed)
    page = make(description, *asked, now=answered.at, counts_months=counts_months)
    page = msgspec.structs.replace(page, freshness=answered.freshness)
    is_behind = page.offset > 0 and page.offset != page.total_count
    if is_behind and not page.rows and not page.lost:
        error = OutOfRange(source=source, exchange=page.exchange, status=200)
        # Nothing came from here on, so a total that claims more would only lead back here.
        error.claimed_count = page.total_count
        error.total_count = None if page.total_count is None else min(page.total_count, page.offset)
        raise error
    return page


def _wish(actor: Person, rights: Rights, takes: Takes, *, is_retry: bool) -> Wish:
    return Wish(
        rights=rights,
        scope=scope_of(actor, rights),
        may_be_saved=takes is not Takes.LIVE and not is_retry,
        may_be_stale=takes is not Takes.LIVE,
        is_for_copy=takes is Takes.COPY,
    )


def _question(
    description: Description, customer_id: str, query: OrderQuery, page_request: PageRequest
) -> tuple[str, ...]:
    """What makes a difference to the answer: an upstream that sends everything is asked for a customer."""
    if not description.pages_upstream:
        return (customer_id,)
    return customer_id, msgspec.json.encode(query).decode(), msgspec.json.encode(page_request).decode()


def get_order(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    order_id: str,
    with_prices: bool = False,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
    rights: Rights | None = None,
) -> OrderDetails:
    """One order of one customer, masked, with its JSON cleared of secrets.

    `with_prices` asks an upstream that sends prices only on demand for them, if this person may see them.
    `correlation_id` and `takes` are as for `list_orders`.
    """
    target = Target(source, customer_id, order_id)
    with guarded(Action.VIEW_ORDER, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        wish = _wish(actor, look.rights, takes, is_retry=bool(correlation_id))
        details = _fetch_order(target, look.rights, with_prices, correlation_id, wish=wish)
        look.exchange, look.row_count, look.freshness = details.exchange, 1, details.freshness
    return details


def reveal_order(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    order_id: str,
    reason: str,
    with_prices: bool = False,
    rights: Rights | None = None,
) -> OrderDetails:
    """The same order with its personal data in the clear, for a reason that goes into the ledger."""
    target = Target(source, customer_id, order_id)
    needed = (Right.VIEW, Right.REVEAL)
    with guarded(Action.REVEAL, *needed, actor=actor, target=target, reason=reason, rights=rights) as look:
        details = _fetch_order(target, look.rights, with_prices, is_revealed=True)
        look.exchange, look.row_count = details.exchange, 1
    return details


def look_up(
    *,
    actor: Person,
    source: str = "",
    customer_id: str = "",
    order_id: str = "",
    choices: int = 0,
    account: int | None = None,
    has_numbers: bool = False,
    customers: Collection[tuple[str, str]] = (),
    rights: Rights | None = None,
) -> Rights:
    """Admit and write down a look-up: what was understood of the pasted text, never the text itself.

    `choices` is how many readings it has; the IDs are those that all of them share. `customers` are those
    (source, ID) who are found beside or in place of one, `account` the number of the one that
    was named. Where it only `has_numbers`, a list of them is kept.
    """
    rights = admit(Action.LOOK_UP, Right.VIEW, actor=actor, target=Target(), rights=rights)
    limits.take(actor, "lookups")
    details: dict[str, Any] = {"choices": choices} if choices > 1 else {}
    if account is not None:
        details["account"] = account
    if set(customers) - {(source, customer_id)}:
        name_customers(customers, details)
    is_read = choices or customer_id or has_numbers or account is not None
    record(
        Action.LOOK_UP,
        actor=actor,
        source=source,
        customer_id=customer_id,
        order_id=order_id,
        details=details,
        outcome="ok" if is_read else "unreadable",
    )
    return rights


def _fetch_order(
    target: Target,
    rights: Rights,
    with_prices: bool,
    correlation_id: str = "",
    *,
    is_revealed: bool = False,
    wish: Wish | None = None,
) -> OrderDetails:
    """What is revealed has no wish: it is asked for, and nothing of it is saved."""
    with_prices = with_prices and rights.may_see_prices
    answered = saved_answers.orders.answer(
        target.source,
        (target.customer_id, target.order_id, "with prices" if with_prices else ""),
        wish,
        lambda: registry.connect(target.source).get_order(
            target.customer_id, target.order_id, with_prices=with_prices, correlation_id=correlation_id
        ),
    )
    fetched, now = answered.fetched, answered.at
    masker = Masker(rights, is_revealed=is_revealed)
    if answered.freshness.is_live:
        remember(target.source, target.customer_id, (fetched.parsed.order,), seen_at=now)
    return OrderDetails(
        row=order_row(target.source, target.customer_id, fetched.parsed.order, now, masker),
        raw=mask_raw(process_redactor().clean_json(fetched.parsed.raw), rights, is_revealed=is_revealed),
        exchange=fetched.exchange,
        fetched_at=now,
        freshness=answered.freshness,
        unreadable=tuple(map(mask_addresses, fetched.parsed.unreadable)),
        rights=rights,
        is_revealed=is_revealed,
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


def last_hour(source: str) -> Sequence[Slot]:
    """How the upstream's calls ended in the last hour, the oldest five minutes first. Nothing is asked."""
    return registry.last_hour(source)


def check_upstream(source: str) -> None:
    """Ask whether the upstream answers and accepts our credentials; UpstreamError if it doesn't."""
    registry.connect(source).check()
