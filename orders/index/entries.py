"""What of an order is remembered: numbers, codes and instants, and nothing that could name anybody.

An upstream's texts are open: a status may be a word nobody knows, a reference what its author wrote into it.
So a text is kept only where it has the form of what it should be. A code is known, or made of capitals and
digits; an ID has a digit, and no signs but an ID's own. All else is left out, as what people are known by.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from orders.domain.granted_rights import Rights
from orders.domain.identifiers import is_identifier, without_unseen
from orders.domain.masking import Masker
from orders.domain.month_counts import month_of
from orders.domain.orders import Line, Order
from orders.domain.standing import standing
from orders.domain.terms import Term
from orders.index.models import IndexedReference

Kind = IndexedReference.Kind

# An unknown code: one word of capitals and digits. Names are not written like this, nor are sentences.
_CODE = re.compile(r"[A-Z0-9_]{1,32}")
_CURRENCY = re.compile(r"[A-Z]{3,4}")
_LONGEST_COUNTS = 200
_LARGEST_AMOUNT = Decimal(10) ** 15
_LARGEST_COUNT = 2**31 - 1
_MOST_NUMBERS = 2000
_NOBODY = Rights()


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Orders of one customer as an upstream sent them, all at one moment."""

    source: str
    customer_id: str
    orders: Sequence[Order]
    seen_at: datetime
    is_impersonal: bool = False  # as `ParsedPage.is_impersonal`


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One order as it is written. The fields are the columns of `IndexedOrder`; see there.

    `line_statuses` and `status` are None where they could not be read: then what was known stays.
    `references` are (kind, value).
    """

    source: str
    customer_id: str
    order_id: str
    order_type: str
    status: str | None
    line_statuses: str | None
    external_reference: str
    reference_order_id: str
    numbers: str
    line_count: int | None
    total_quantity: int | None
    total_amount: Decimal | None
    total_tax: Decimal | None
    total_discount: Decimal | None
    currency: str
    promotion_results: str
    created_at: datetime | None
    updated_at: datetime | None
    status_updated_at: datetime | None
    scheduled_at: datetime | None
    is_deleted: bool
    retry_kind: str
    retry_used: int | None
    retry_allowed: int | None
    retry_days: int | None
    error_code: str
    trouble: str
    open_since: datetime | None
    next_attempt: datetime | None
    is_estimated: bool
    promotion_refused: bool
    is_unsettled: bool
    is_alert: bool
    outcome: int
    month: int
    changed_at: datetime
    seen_at: datetime
    references: tuple[tuple[int, str], ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.customer_id, self.order_id


def entries_of(seen: Seen) -> Iterator[Entry]:
    """An entry for each order that can be named and is the customer's own; the others are left out."""
    masker = Masker(_NOBODY, is_impersonal=seen.is_impersonal)
    for order in seen.orders:
        if is_identifier(order.order_id) and _is_theirs(order, seen.customer_id):
            yield _entry(seen, order, masker.mask(order))


def _is_theirs(order: Order, customer_id: str) -> bool:
    """The adapters refuse a foreign answer whole. This is for what is handed on past them."""
    person = order.customer
    named = {order.customer_id, person.customer_id if person else ""} - {""}
    if not named:
        return True
    named |= {order.external_reference_id, person.reference_id if person else ""}
    return customer_id.casefold() in {each.strip().casefold() for each in named}


def _entry(seen: Seen, order: Order, masked: Order) -> Entry:
    """`masked` is the order as people without rights see it: texts are from there, facts from the order."""
    stands, retry, totals = standing(order), order.retry, order.totals
    references = tuple(dict.fromkeys(_references(masked)))[:_MOST_NUMBERS]
    created_at = _instant(order.created_at)
    is_busy_without_date = stands.open_since is None and stands.outcome == 2 and stands.is_unsettled
    return Entry(
        source=seen.source,
        customer_id=seen.customer_id,
        order_id=order.order_id,
        order_type=_code(order.order_type),
        status=_code(order.status) or None,
        line_statuses=_line_statuses(order),
        external_reference=_number(masked.external_reference_id),
        reference_order_id=_number(masked.reference_order_id),
        numbers=" ".join([f"{kind}:{value}" for kind, value in references]),
        line_count=order.line_count,
        total_quantity=_count(order.total_quantity),
        total_amount=_amount(totals.amount) if totals else None,
        total_tax=_amount(totals.tax) if totals else None,
        total_discount=_amount(totals.discount) if totals else None,
        currency=_currency(totals.currency if totals else "") or _currency(order.currency_code),
        promotion_results=_counts(_code(each.result) for each in order.promotions),
        created_at=created_at,
        updated_at=_instant(order.updated_at),
        status_updated_at=_instant(order.status_updated_at),
        scheduled_at=_instant(order.scheduled_at),
        is_deleted=order.is_deleted,
        retry_kind=_code(retry.kind) if retry else "",
        retry_used=_count(retry.used) if retry else None,
        retry_allowed=_count(retry.allowed) if retry else None,
        retry_days=_count(retry.days_between) if retry else None,
        error_code=_plain_code(order.failure.code) if order.failure else "",
        trouble=stands.trouble,
        # Open, and nobody says since when: at least since now.
        open_since=seen.seen_at if is_busy_without_date else _instant(stands.open_since),
        next_attempt=_instant(stands.next_attempt),
        is_estimated=stands.is_estimated,
        promotion_refused=stands.promotion_refused,
        is_unsettled=stands.is_unsettled,
        is_alert=stands.needs_a_look or is_busy_without_date,
        outcome=int(stands.outcome),
        month=month_of(created_at),
        changed_at=_instant(stands.changed_at) or seen.seen_at,
        seen_at=seen.seen_at,
        references=references,
    )


def _references(order: Order) -> Iterator[tuple[int, str]]:
    if reference := _number(order.external_reference_id):
        yield Kind.REFERENCE, reference
    if order.customer is not None and (reference := _number(order.customer.reference_id)):
        yield Kind.REFERENCE, reference
    if reference := _number(order.reference_order_id):
        yield Kind.ORDER, reference
    for line in (*order.lines, *order.cancelling_lines):
        if subscription := _number(line.subscription_id):
            yield Kind.SUBSCRIPTION, subscription
        for offer in _offers(line):
            yield Kind.OFFER, offer


def _offers(line: Line) -> Iterator[str]:
    for offer_id in (line.offer_id, *(offer.offer_id for offer in line.offers)):
        if offer := _number(offer_id):
            yield offer


def _number(text: str) -> str:
    """An ID as it was meant, or nothing where it has not the form of one."""
    plain = text if text.isascii() else without_unseen(text)
    plain = plain.strip()
    return plain if is_identifier(plain) and any(map(str.isdigit, plain)) else ""


def _code(term: Term) -> str:
    if term.known and term.code:
        return _known_code(term.code)
    return _plain_code(term.code)


def _known_code(code: str) -> str:
    """A code of a vocabulary; its spelling is the upstream's, but it holds nothing but the code."""
    return " ".join(code.upper().split())[:32]


def _plain_code(code: str) -> str:
    return code if _CODE.fullmatch(code) else ""


def _line_statuses(order: Order) -> str | None:
    if order.has_lost_lines:
        return None
    return _counts(_code(line.status) for line in order.lines)


def _counts(codes: Iterable[str]) -> str:
    """`1000*2 1002*1`, in the order of the codes; what has no code is not counted."""
    counts = Counter(filter(None, codes))
    text = " ".join([f"{code}*{count}" for code, count in sorted(counts.items())])
    return text[:_LONGEST_COUNTS]


def _instant(moment: datetime | None) -> datetime | None:
    """In UTC, and within what every database takes."""
    if moment is None or not 1 < moment.year < 9999:
        return None
    return moment.astimezone(UTC)


def _amount(amount: Decimal | None) -> Decimal | None:
    if amount is None or not amount.is_finite() or abs(amount) >= _LARGEST_AMOUNT:
        return None
    try:
        return round(amount, 4)
    except InvalidOperation:
        return None


def _count(count: int | None) -> int | None:
    return count if count is not None and abs(count) <= _LARGEST_COUNT else None


def _currency(code: str) -> str:
    return code if _CURRENCY.fullmatch(code) else ""
