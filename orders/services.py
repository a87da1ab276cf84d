"""The one door to orders: asks the upstream, and does what the upstream can't do itself.

Here it is decided who may see what, and here personal data is masked, once, right after parsing: lists,
details, look-ups, files and background runs all come through. `actor` is the person who asks, or for
whom a run was started; each call decides anew.

Every function may raise an `orders.domain.errors.UpstreamError`; nothing else about an upstream's
behaviour reaches the caller as an exception. Without the right to something it raises `access.Refused`;
where the ledger can't be written, `ledger.LedgerUnavailable`.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from orders.domain.descriptions import Description
from orders.domain.errors import OutOfRange, UpstreamError
from orders.domain.masking import mask_raw, mask_text
from orders.domain.queries import Window
from orders.domain.redaction import process_redactor
from orders.domain.results import OrderDetails, ResultPage
from orders.domain.rights import Right, Rights
from orders.ledger import Action, record
from orders.paging import given_fields, order_row, page_of_complete_list, page_of_upstream
from orders.upstreams import registry
from orders.upstreams.breaker import Health
from orders.visits import Subject, admit, visit


def sources() -> list[Description]:
    """Every upstream of this portal, configured or not."""
    return [registry.describe(name) for name in registry.names()]


def describe(source: str) -> Description:
    """What an upstream is called, what it can do and which columns it has. KeyError for none such."""
    return registry.describe(source)


def list_orders(
    *,
    actor: Any,
    source: str,
    customer_id: str,
    query: Any,
    window: Window,
    correlation_id: str = "",
) -> ResultPage:
    """One page of a customer's order history. A page behind the last one raises `OutOfRange`.

    `correlation_id` is given only when a person repeats a call that got no answer.
    """
    subject = Subject(
        source, customer_id, details={**given_fields(query), "window": msgspec.to_builtins(window)}
    )
    with visit(Action.VIEW_LIST, Right.VIEW, actor=actor, subject=subject) as look:
        page = _fetch(look.rights, source, customer_id, query, window, correlation_id)
        look.exchange, look.row_count = page.exchange, len(page.rows)
    return page


def export_admitted(*, actor: Any, source: str, customer_id: str) -> Rights:
    """The rights for an export's next pages; a refusal is written down and raised.

    Asked for again and again while an export runs: it ends when its owner loses the right.
    """
    return admit(
        Action.EXPORT_START, Right.VIEW, Right.EXPORT, actor=actor, subject=Subject(source, customer_id)
    )


def page_for_file(*, rights: Rights, source: str, customer_id: str, query: Any, window: Window) -> ResultPage:
    """One page for an export, whose start, end and download have entries of their own.

    `rights` are those of `export_admitted` of a moment ago: many threads ask for pages, and the database
    need not be asked by each of them.
    """
    try:
        return _fetch(rights, source, customer_id, query, window, "")
    except UpstreamError as error:
        error.vendor_message = mask_text(error.vendor_message)
        raise


def export_started(
    *, actor: Any, source: str, customer_id: str, query: Any, reason: str = "", rows: str = "orders"
) -> Rights:
    """Admit an export and write down that it starts; `rows` is `orders` or `lines`."""
    subject = Subject(source, customer_id, details={**given_fields(query), "rows": rows})
    with visit(
        Action.EXPORT_START, Right.VIEW, Right.EXPORT, actor=actor, subject=subject, reason=reason
    ) as look:
        pass
    return look.rights


def export_ended(
    *, actor: Any, source: str, customer_id: str, row_count: int, file_sha256: str = "", outcome: str = "ok"
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


def export_downloaded(*, actor: Any, source: str, customer_id: str, row_count: int, file_sha256: str) -> None:
    """Admit the download of a finished file and write it down, before the file is sent."""
    subject = Subject(source, customer_id)
    admit(Action.EXPORT_DOWNLOAD, Right.VIEW, Right.EXPORT, actor=actor, subject=subject)
    record(
        Action.EXPORT_DOWNLOAD,
        actor=actor,
        source=source,
        customer_id=customer_id,
        row_count=row_count,
        file_sha256=file_sha256,
    )


def _fetch(
    rights: Rights, source: str, customer_id: str, query: Any, window: Window, correlation_id: str
) -> ResultPage:
    fetched = registry.connect(source).list_orders(customer_id, query, window, correlation_id=correlation_id)
    if describe(source).pages_upstream:
        page = page_of_upstream(source, customer_id, fetched, query, window, rights)
    else:
        page = page_of_complete_list(source, customer_id, fetched, query, window, rights)
    if not page.rows and not page.lost and page.offset > 0:
        error = OutOfRange(source=source, exchange=page.exchange, status=200)
        # Nothing came from here on, so a total that claims more would only lead back here.
        error.claimed_count = page.total_count
        error.total_count = None if page.total_count is None else min(page.total_count, page.offset)
        raise error
    return page


def get_order(
    *,
    actor: Any,
    source: str,
    customer_id: str,
    order_id: str,
    with_prices: bool = False,
    correlation_id: str = "",
) -> OrderDetails:
    """One order of one customer, masked, with its JSON cleared of secrets.

    `with_prices` asks an upstream that sends prices only on demand for them, if this person may see them.
    """
    subject = Subject(source, customer_id, order_id)
    with visit(Action.VIEW_ORDER, Right.VIEW, actor=actor, subject=subject) as look:
        details = _fetch_order(subject, look.rights, with_prices, correlation_id)
        look.exchange, look.row_count = details.exchange, 1
    return details


def reveal_order(
    *,
    actor: Any,
    source: str,
    customer_id: str,
    order_id: str,
    reason: str,
    with_prices: bool = False,
) -> OrderDetails:
    """The same order with its personal data in the clear, for a reason that goes into the ledger."""
    subject = Subject(source, customer_id, order_id)
    with visit(Action.REVEAL, Right.VIEW, Right.REVEAL, actor=actor, subject=subject, reason=reason) as look:
        details = _fetch_order(subject, look.rights, with_prices, is_revealed=True)
        look.exchange, look.row_count = details.exchange, 1
    return details


def look_up(*, actor: Any, source: str = "", customer_id: str = "", order_id: str = "") -> Rights:
    """Admit and write down a look-up: what was understood of the pasted text, never the text itself."""
    rights = admit(Action.LOOK_UP, Right.VIEW, actor=actor, subject=Subject())
    record(
        Action.LOOK_UP,
        actor=actor,
        source=source,
        customer_id=customer_id,
        order_id=order_id,
        outcome="ok" if customer_id else "unreadable",
    )
    return rights


def _fetch_order(
    subject: Subject,
    rights: Rights,
    with_prices: bool,
    correlation_id: str = "",
    *,
    is_revealed: bool = False,
) -> OrderDetails:
    fetched = registry.connect(subject.source).get_order(
        subject.customer_id,
        subject.order_id,
        with_prices=with_prices and rights.may_see_prices,
        correlation_id=correlation_id,
    )
    now = datetime.now(UTC)
    return OrderDetails(
        row=order_row(subject.source, subject.customer_id, fetched.parsed.order, now, rights, is_revealed),
        raw=mask_raw(process_redactor().clean_json(fetched.parsed.raw), rights, is_revealed=is_revealed),
        exchange=fetched.exchange,
        fetched_at=now,
        unreadable=fetched.parsed.unreadable,
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


def check_upstream(source: str) -> None:
    """Ask whether the upstream answers and accepts our credentials; UpstreamError if it doesn't."""
    registry.connect(source).check()
