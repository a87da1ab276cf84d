"""Hides personal data and partner prices: which fields those are is declared here, once.

The same declaration serves an `Order` (and with it tables, pages and files) and the upstream's raw JSON.
City, state and country stay: they are needed to talk about a delivery, and name nobody. A postal code
does not stay: in many countries it is a handful of houses.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from orders.domain.orders import Address, Attribute, Line, Money, Order, Payment, Person, Price
from orders.domain.rights import Rights

HIDDEN = "•••"

# Wider than any mail server would accept: what is hidden by mistake can be revealed, not the reverse.
_EMAIL = re.compile(r"([^\s@<>\"(),:;]{1,254})(?:@|%40)([\w-]{1,63}(?:\.[\w-]{1,63}){0,10})")
# In an address of a page the name begins after these.
_BEFORE_NAME = re.compile(r".*[=&/?]")
_ENOUGH_DIGITS = 7


def hidden(text: str) -> str:
    return HIDDEN if text else ""


def given_name(text: str) -> str:
    """`Pat` becomes `P••`; the number of dots never tells the name's length."""
    return f"{text[0]}••" if len(text) > 1 and text[0].isalpha() else hidden(text)


def family_name(text: str) -> str:
    return f"{text[0]}•••" if len(text) > 1 and text[0].isalpha() else hidden(text)


def full_name(text: str) -> str:
    first, *more = text.split() or [""]
    return " ".join([given_name(first), *(family_name(more[-1]) for _ in more[:1])]).strip()


def email(text: str) -> str:
    """`cora@example.com` becomes `c•••@example.com`."""
    whole = _EMAIL.fullmatch(text)
    return _hide_name(whole) if whole else hidden(text)


def _hide_name(found: re.Match[str]) -> str:
    before = _BEFORE_NAME.match(found[1])
    kept = before[0] if before else ""
    name = found[1].removeprefix(kept)
    first = name[0] if len(name) > 1 and name[0].isalnum() else ""
    return f"{kept}{first}•••@{found[2]}"


def phone(text: str) -> str:
    """`+1 555 0100 1234` becomes `•••1234`."""
    digits = [letter for letter in text if letter.isdigit()]
    return HIDDEN + "".join(digits[-4:]) if len(digits) >= _ENOUGH_DIGITS else hidden(text)


def mask_text(text: str) -> str:
    """Free text (an upstream's message, a reason) without the e-mail addresses in it."""
    if "@" not in text and "%40" not in text:
        return text
    return _EMAIL.sub(_hide_name, text)


class Personal(NamedTuple):
    """One kind of personal data: our field's name, and the upstreams' keys for it, in lower case."""

    field: str
    keys: tuple[str, ...]
    mask: Callable[[str], str]


PERSONAL = (
    Personal("first_name", ("firstname",), given_name),
    Personal("middle_name", ("middlename",), given_name),
    Personal("last_name", ("lastname",), family_name),
    Personal("full_name", ("fullname",), full_name),
    Personal("email", ("email", "emailaddress", "customeremail"), email),
    Personal("phone", ("phone", "contactnumber", "phonenumber", "mobile"), phone),
    Personal("street", ("street1", "street2", "streetaddress", "street"), hidden),
    Personal("postal_code", ("postalcode", "zipcode", "zip"), hidden),
    Personal("card_ending", ("cardidentifier",), hidden),
    Personal("expiry", ("expirydate",), hidden),
    Personal("instructions", ("shipmentinstructions",), hidden),
)
_MASKS = {each.field: each.mask for each in PERSONAL}
_KEYS = {key: each.mask for each in PERSONAL for key in each.keys}

# Within these objects of the raw JSON everything is hidden but what is named below: an upstream may add
# a field about a person at any time, and must not have to tell us first.
_ABOUT_A_PERSON = frozenset({"customer", "shipto", "billto", "paymentdetails"})
# fmt: off
_HARMLESS = frozenset({
    "id", "customerid", "customerreferenceid", "status", "locale", "segment", "segments",
    "isdeleted", "deletedat", "createdat", "updatedat", "hasactivesubscriptions",
    "city", "state", "country", "kind", "paymentmethod", "paymentkind",
    "communicationpreference.email", "communicationpreference.sms",
})
# fmt: on
_PRICES = frozenset({"pricing", "pricingsummary"})


def mask_order(order: Order, rights: Rights, *, is_revealed: bool = False) -> Order:
    """The order as a person with `rights` may see it. Nobody sees personal data without a reveal."""
    if _is_bare(order):
        return order
    if not is_revealed:
        order = _without_people(order)
    return order if rights.may_see_prices else _without_prices(order)


def mask_raw(raw: dict[str, Any], rights: Rights, *, is_revealed: bool = False) -> dict[str, Any]:
    """The same for the JSON object an order was read from."""
    masked: dict[str, Any] = _Walk(not is_revealed, not rights.may_see_prices).mask(raw)
    return masked


_NO_SHIPPING = Line().shipping


def _is_bare(order: Order) -> bool:
    """Whether there is nothing to hide from anybody: the usual case at Adobe, and there are millions.

    A field that is not looked at here must be one that is never masked.
    """
    if order.customer or order.ship_to or order.bill_to or order.payment or order.failure:
        return False
    reference = order.external_reference_id
    if (
        order.attributes
        or order.summaries
        or order.cancelling_lines
        or "@" in reference
        or "%40" in reference
    ):
        return False
    for line in order.lines:
        # A loop, because a generator costs more than what it would look at.
        if line.attributes or line.prices or line.shipping is not _NO_SHIPPING:
            return False
    return True


def _without_people(order: Order) -> Order:
    changes: dict[str, Any] = {}
    for name in ("customer", "ship_to", "bill_to", "payment"):
        block: Person | Address | Payment | None = getattr(order, name)
        if block is not None:
            changes[name] = _mask_block(block)
    if order.failure is not None and mask_text(order.failure.message) != order.failure.message:
        changes["failure"] = msgspec.structs.replace(order.failure, message=mask_text(order.failure.message))
    if order.attributes:
        changes["attributes"] = tuple(_mask_attribute(each) for each in order.attributes)
    if mask_text(order.external_reference_id) != order.external_reference_id:
        changes["external_reference_id"] = mask_text(order.external_reference_id)
    for name in ("lines", "cancelling_lines"):
        lines: tuple[Line, ...] = getattr(order, name)
        if any(line.attributes or line.shipping.instructions for line in lines):
            changes[name] = tuple(_mask_line(line) for line in lines)
    return msgspec.structs.replace(order, **changes) if changes else order


def _mask_block(block: Person | Address | Payment) -> Person | Address | Payment:
    changes: dict[str, Any] = {}
    for name, value in msgspec.structs.asdict(block).items():
        mask = _MASKS.get(name)
        if mask is not None and value:
            changes[name] = tuple(map(mask, value)) if isinstance(value, tuple) else mask(value)
    if isinstance(block, Person) and block.attributes:
        changes["attributes"] = tuple(
            _mask_attribute(each, is_about_a_person=True) for each in block.attributes
        )
    return msgspec.structs.replace(block, **changes)


def _mask_attribute(attribute: Attribute, *, is_about_a_person: bool = False) -> Attribute:
    value = _mask_value(attribute.value, attribute.name.lower(), is_about_a_person)
    return attribute if value == attribute.value else Attribute(name=attribute.name, value=value)


def _mask_line(line: Line) -> Line:
    return msgspec.structs.replace(
        line,
        shipping=msgspec.structs.replace(line.shipping, instructions=hidden(line.shipping.instructions)),
        attributes=tuple(_mask_attribute(each) for each in line.attributes),
    )


def _without_prices(order: Order) -> Order:
    changes: dict[str, Any] = {}
    if order.summaries:
        changes["summaries"] = tuple(map(_mask_price, order.summaries))
    for name in ("lines", "cancelling_lines"):
        lines: tuple[Line, ...] = getattr(order, name)
        if any(line.prices for line in lines):
            changes[name] = tuple(
                msgspec.structs.replace(line, prices=tuple(map(_mask_price, line.prices))) for line in lines
            )
    return msgspec.structs.replace(order, **changes) if changes else order


def _mask_price(price: Price) -> Price:
    return Price(name=price.name, money=Money(currency=price.money.currency, is_masked=True))


class _Walk(NamedTuple):
    """A way through a JSON value that hides what is to be hidden."""

    hides_people: bool
    hides_prices: bool

    def mask(self, value: Any, key: str = "", *, is_about_a_person: bool = False) -> Any:
        if isinstance(value, dict):
            return {name: self._mask_item(name, item, is_about_a_person) for name, item in value.items()}
        if isinstance(value, list):
            return [self.mask(item, key, is_about_a_person=is_about_a_person) for item in value]
        if not self.hides_people or value is None or isinstance(value, bool):
            return value
        masked = _mask_value(str(value), key, is_about_a_person)
        return value if masked == str(value) else masked

    def _mask_item(self, name: str, item: Any, is_about_a_person: bool) -> Any:
        key = name.lower()
        if self.hides_prices and key in _PRICES:
            return _hide_prices(item)
        return self.mask(item, key, is_about_a_person=is_about_a_person or key in _ABOUT_A_PERSON)


def _hide_prices(value: Any) -> Any:
    """A price object with its currency, but without any figure."""
    if isinstance(value, dict):
        return {
            name: item if name.lower() == "currencycode" else _hide_prices(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_hide_prices(item) for item in value]
    return value if value is None else HIDDEN


def _mask_value(text: str, key: str, is_about_a_person: bool) -> str:
    """One value by its key: personal, harmless, or, about a person, hidden because it isn't known."""
    if key in _HARMLESS:
        return mask_text(text)
    mask = _KEYS.get(key)
    if mask is not None:
        return mask(text)
    if is_about_a_person:
        return phone(text) if key == "number" else hidden(text)
    return mask_text(text)
