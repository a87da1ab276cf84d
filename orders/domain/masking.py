"""An order without what is personal in it, and without partner prices: as most people may see it.

What is personal is declared at the fields (`orders.domain.personal_data`); here one walk does what they say,
for tables, pages and files alike. City, state and country stay: they are needed to talk about a delivery, and
name nobody. A postal code does not stay: in many countries it is a handful of houses.
"""

import operator
from typing import Any

import msgspec

from orders.domain.customers import Customer, Subscription
from orders.domain.email_addresses import HIDDEN, mask_addresses, may_hold_address
from orders.domain.errors import UpstreamError
from orders.domain.free_text import is_harmless, mask_name, mask_reference, mask_text
from orders.domain.granted_rights import Rights
from orders.domain.harmless_fields import is_harmless_attribute
from orders.domain.known_people import NOBODY, KnownPeople, folded
from orders.domain.orders import Address, Attribute, Money, Order, Payment, Person, Price
from orders.domain.personal_data import Elsewhere
from orders.domain.personal_fields import PERSONAL_KEYS, Texts, collect, personal_values, plan_of
from orders.domain.raw_masking import mask_raw
from orders.domain.resellers import ListedCustomer

__all__ = [
    "HIDDEN",
    "Masker",
    "mask_addresses",
    "mask_customer",
    "mask_error",
    "mask_listed_customer",
    "mask_order",
    "mask_raw",
    "mask_subscription",
    "mask_text",
]

Block = Person | Address | Payment | None


def mask_order(order: Order, rights: Rights, *, is_revealed: bool = False) -> Order:
    """The order as a person with `rights` may see it. Nobody sees personal data without a reveal."""
    return Masker(rights, is_revealed=is_revealed).mask(order)


class Masker:
    """Masks the orders of one page; those of one customer mostly name the same people.

    `is_impersonal` is what the adapter says of the page (`ParsedPage.is_impersonal`).
    """

    def __init__(self, rights: Rights, *, is_revealed: bool = False, is_impersonal: bool = False) -> None:
        self._rights = rights
        self._is_revealed = is_revealed
        self._is_impersonal = is_impersonal
        self._people: dict[tuple[Block, ...], _People] = {}

    def mask(self, order: Order) -> Order:
        # Nothing to hide from anybody is the usual case at Adobe, and there are millions.
        if self._is_impersonal and _holds_nothing(order):
            return order
        if not self._is_revealed:
            order = self._without_people(order)
        return order if self._rights.may_see_prices else _without_prices(order)

    def _without_people(self, order: Order) -> Order:
        blocks = (order.customer, order.ship_to, order.bill_to, order.payment)
        people = self._people.get(blocks)
        if people is None:
            people = self._people[blocks] = _people_of(blocks)
        known, texts = people.known, Texts()
        written = collect(order, texts)
        if people.is_plain and _is_plain(texts, known, written, people.lower):
            changes = dict(people.masked)
            _Walk(known, frozenset(), is_plain=True).change(order, changes)
            return msgspec.structs.replace(order, **changes) if changes else order
        keep = frozenset((order.order_id, order.customer_id, order.order_number))
        masked: Order = _Walk(known.with_texts(written), keep, is_plain=False).mask(order)
        return masked


def mask_customer(customer: Customer) -> Customer:
    """The customer without what is personal: admins and address, and their names in any other text."""
    found: dict[Elsewhere, list[str]] = {how: [] for how in Elsewhere}
    for block in (customer.address, *customer.admins):
        if block is not None:
            personal_values(block, found)
    known = KnownPeople(found[Elsewhere.NAME], found[Elsewhere.WHOLE], found[Elsewhere.NUMBER])
    keep = frozenset((customer.customer_id, customer.reseller_id))
    masked: Customer = _Walk(known, keep, is_plain=False).mask(customer)
    return masked


def mask_subscription(subscription: Subscription) -> Subscription:
    """It names nobody by its documentation; an e-mail address in any of its codes is hidden all the same."""
    masked: Subscription = _Walk(NOBODY, frozenset(), is_plain=False).mask(subscription)
    return masked


def mask_listed_customer(listed: ListedCustomer) -> ListedCustomer:
    """As a reseller's list has them. Nothing is known of their people there, so that the company's name is
    looked through like any text.
    """
    masked: ListedCustomer = _Walk(NOBODY, frozenset(), is_plain=False).mask(listed)
    name = mask_text(listed.company_name, keep=(listed.customer_id,))
    return msgspec.structs.replace(masked, company_name=name)


def mask_error(error: UpstreamError, *ids: str) -> None:
    """What an upstream said of a failure, without people; it may name the `ids` that were asked for."""
    error.vendor_message = mask_text(error.vendor_message, keep=ids)
    error.vendor_code = mask_addresses(error.vendor_code)
    error.parameter = mask_addresses(error.parameter)


def _holds_nothing(order: Order) -> bool:
    """Of an order on an impersonal page."""
    reference, origin = order.external_reference_id, order.origin
    return (
        not order.links
        and (not origin or origin.isalpha())
        and not ("[" in reference or "{" in reference or "<" in reference or " " in reference)
    )


def _is_plain(texts: Texts, known: KnownPeople, written: list[str], further: str = "") -> bool:
    """Whether none of an order's texts, references and codes holds anything to hide.

    `written` are personal texts that are known beside the people; `further` is looked through for them too.
    """
    if may_hold_address("\n".join(texts.codes + texts.references)):
        return False
    lower = _lower(texts)
    if known.may_stand_in(lower) or known.may_hold_number(lower):
        return False
    if written and KnownPeople(others=written).may_stand_in(f"{lower}\n{further}"):
        return False
    return all(map(is_harmless, texts.free))


def _lower(texts: Texts) -> str:
    """All texts and references in lower case, with single spaces, to look for what is known."""
    lower = folded("\n".join(texts.free + texts.references))
    return " ".join(lower.split()) if "  " in lower else lower


class _People(msgspec.Struct, frozen=True):
    """Who stands in an order: what is known of them, and their blocks, masked, by the order's fields.

    `is_plain` says that the blocks' other texts, which are `lower`, hold nothing to hide.
    """

    known: KnownPeople
    masked: dict[str, Any]
    is_plain: bool
    lower: str


def _people_of(blocks: tuple[Block, ...]) -> _People:
    found: dict[Elsewhere, list[str]] = {how: [] for how in Elsewhere}
    texts = Texts()
    for block in filter(None, blocks):
        personal_values(block, found)
        collect(block, texts)
    known = KnownPeople(found[Elsewhere.NAME], found[Elsewhere.WHOLE], found[Elsewhere.NUMBER])
    is_plain = _is_plain(texts, known, [])
    walk = _Walk(known, frozenset(), is_plain=is_plain)
    names = ("customer", "ship_to", "bill_to", "payment")
    masked = {name: walk.mask(block) for name, block in zip(names, blocks, strict=True) if block is not None}
    return _People(known, masked, is_plain, _lower(texts))


class _Walk(msgspec.Struct, frozen=True):
    """A way through an order that hides what its types declare.

    `keep` are IDs that a text may name. `is_plain` says that only what is declared to be personal needs a
    look, because no text, reference or code holds anything to hide.
    """

    known: KnownPeople
    keep: frozenset[str]
    is_plain: bool

    def mask(self, value: Any) -> Any:
        if type(value) is Attribute:
            return self._attribute(value)
        changes: dict[str, Any] = {}
        self.change(value, changes)
        return msgspec.structs.replace(value, **changes) if changes else value

    def change(self, value: Any, changes: dict[str, Any]) -> None:
        """Add to `changes` what is to be changed in a struct, but for what stands there already."""
        kind: type[msgspec.Struct] = type(value)
        plan = plan_of(kind)
        for name, mark, is_list in plan.personal:
            given = getattr(value, name)
            if given:
                changes[name] = tuple(map(mark.mask, given)) if is_list else mark.mask(given)
        if not self.is_plain:
            self._change_texts(value, changes)
        for name in plan.of_people if self.is_plain else plan.parts:
            if name not in changes:
                self._change_part(name, getattr(value, name), changes)

    def _change_part(self, name: str, part: Any, changes: dict[str, Any]) -> None:
        if not part:
            return
        if not isinstance(part, tuple):
            masked = self.mask(part)
            if masked is not part:
                changes[name] = masked
            return
        masked_parts = tuple([self.mask(each) for each in part])
        if any(map(operator.is_not, masked_parts, part)):
            changes[name] = masked_parts

    def _change_texts(self, value: Any, changes: dict[str, Any]) -> None:
        kind: type[msgspec.Struct] = type(value)
        plan = plan_of(kind)
        for name, is_list in plan.texts:
            given = getattr(value, name)
            changes[name] = tuple(map(self._text, given)) if is_list else self._text(given)
        for name in plan.references:
            changes[name] = mask_reference(getattr(value, name), self.known)
        for name, is_list in plan.codes:
            given = getattr(value, name)
            changes[name] = tuple(map(mask_addresses, given)) if is_list else mask_addresses(given)
        for name in plan.terms:
            term = getattr(value, name)
            if not term.known:
                code, word = mask_addresses(term.code), mask_addresses(term.word)
                changes[name] = msgspec.structs.replace(term, code=code, word=word)

    def _text(self, text: str) -> str:
        return mask_text(text, self.known, keep=self.keep)

    def _attribute(self, attribute: Attribute) -> Attribute:
        """One entry of an open map: what isn't known to be harmless is hidden, whatever it is called."""
        name, value = attribute.name, attribute.value
        mark = PERSONAL_KEYS.get(name.lower())
        if mark is not None:
            value = mark.mask(value)
        elif not is_harmless_attribute(name):
            value = HIDDEN
        elif not self.is_plain:
            value = mask_reference(value, self.known)
        if not self.is_plain or not name.isidentifier():
            name = mask_name(name, self.known)
        return Attribute(name=name, value=value)


# --- prices ---


def _without_prices(order: Order) -> Order:
    changes: dict[str, Any] = {}
    if order.summaries:
        changes["summaries"] = tuple(map(_mask_price, order.summaries))
    for name in ("lines", "cancelling_lines"):
        lines = getattr(order, name)
        if any(line.prices for line in lines):
            changes[name] = tuple(
                msgspec.structs.replace(line, prices=tuple(map(_mask_price, line.prices))) for line in lines
            )
    return msgspec.structs.replace(order, **changes) if changes else order


def _mask_price(price: Price) -> Price:
    return Price(name=price.name, money=Money(currency=price.money.currency, is_masked=True))
