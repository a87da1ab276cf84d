"""The JSON object an order was read from, without what is personal in it and without partner prices.

Here the upstream's own names decide: those of personal fields stand with their declarations
(`orders.domain.personal_data`), those of harmless ones on a list, and everything else is hidden.
"""

from typing import Any

import msgspec

from orders.domain import harmless_fields
from orders.domain.email_addresses import HIDDEN, mask_addresses
from orders.domain.free_text import mask_name, mask_reference, mask_text
from orders.domain.granted_rights import Rights
from orders.domain.known_people import KnownPeople
from orders.domain.personal_data import Elsewhere, phone
from orders.domain.personal_fields import PERSONAL_KEYS

_OPEN_MAP = "customattributes"
_KNOWN_NAMES = frozenset(
    {*PERSONAL_KEYS, *harmless_fields.CODES, *harmless_fields.REFERENCES, *harmless_fields.TEXTS}
    | {*harmless_fields.CONTAINERS, _OPEN_MAP, "number"}
)


def mask_raw(raw: dict[str, Any], rights: Rights, *, is_revealed: bool = False) -> dict[str, Any]:
    """The object as a person with `rights` may see it. Nobody sees personal data without a reveal."""
    if is_revealed:
        return raw if rights.may_see_prices else _without_prices(raw)
    walk = _Walk(known=_people_in(raw), keep=_ids_of(raw), hides_prices=not rights.may_see_prices)
    return walk.object(raw, _Place(is_open=True))


def _people_in(raw: dict[str, Any]) -> KnownPeople:
    found: dict[Elsewhere, list[str]] = {how: [] for how in Elsewhere}
    waiting: list[tuple[str, Any]] = [("", raw)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [("phone" if key == "phone" else name.lower(), item) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [(key, item) for item in value]
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            mark = PERSONAL_KEYS.get(key)
            if mark is not None and mark.elsewhere is not None:
                found[mark.elsewhere].append(str(value))
    return KnownPeople(found[Elsewhere.NAME], found[Elsewhere.WHOLE], found[Elsewhere.NUMBER])


def _ids_of(raw: dict[str, Any]) -> frozenset[str]:
    """The order's own numbers, which a message about it may name."""
    customer = raw.get("customer")
    inner = customer.get("id") if isinstance(customer, dict) else None
    given = (*(raw.get(name) for name in ("id", "orderId", "customerId", "orderNumber")), inner)
    return frozenset(str(each) for each in given if isinstance(each, str | int))


class _Place(msgspec.Struct, frozen=True):
    """Where in the order a value stands. `is_open` says that the fields here have names we know."""

    is_open: bool = False
    is_about_a_person: bool = False
    is_price: bool = False
    name: str = ""

    def below(self, name: str) -> "_Place":
        return _Place(
            is_open=self.is_open and name in harmless_fields.CONTAINERS,
            is_about_a_person=self.is_about_a_person or name in harmless_fields.ABOUT_A_PERSON,
            is_price=self.is_price or name in harmless_fields.PRICES,
            name=name,
        )


class _Walk(msgspec.Struct, frozen=True):
    """A way through a JSON value that hides what is not known to be harmless."""

    known: KnownPeople
    keep: frozenset[str]
    hides_prices: bool

    def object(self, value: dict[str, Any], place: _Place) -> dict[str, Any]:
        masked: dict[str, Any] = {}
        for name, item in value.items():
            shown = self._name(name)
            if shown in masked:  # two names with as many dots
                shown = f"{shown} ({len(masked) + 1})"
            masked[shown] = self._item(name.lower(), item, place)
        return masked

    def _name(self, name: str) -> str:
        """A field's name, which in an open map may be somebody's."""
        return name if name.lower() in _KNOWN_NAMES else mask_name(name, self.known)

    def _item(self, name: str, item: Any, place: _Place) -> Any:
        if self.hides_prices and name in harmless_fields.PRICES:
            return _hide_figures(item)
        if isinstance(item, dict):
            return self.object(item, place.below(name))
        if isinstance(item, list):
            return [self._item(name, each, place) for each in item]
        if item is None or item == "":
            return item
        if isinstance(item, bool):
            # `communicationPreference.email` is no address.
            return (
                item if place.is_open and (name in harmless_fields.CODES or name in PERSONAL_KEYS) else HIDDEN
            )
        text = str(item)
        masked = self._text(name, text, place)
        if place.is_price and place.is_open and masked == HIDDEN and not isinstance(item, str):
            return item  # prices have names of their own
        return item if masked == text else masked

    def _text(self, name: str, text: str, place: _Place) -> str:
        mark = PERSONAL_KEYS.get(name)
        if mark is not None:
            return mark.mask(text)
        if name == "number" and place.name == "phone":
            return phone(text)
        if place.name == _OPEN_MAP and harmless_fields.is_harmless_attribute(name):
            return mask_reference(text, self.known)
        if not place.is_open:
            return HIDDEN
        if name in harmless_fields.CODES:
            return mask_addresses(text)
        if name in harmless_fields.REFERENCES:
            return mask_reference(text, self.known)
        if name in harmless_fields.TEXTS and not place.is_about_a_person:
            return mask_text(text, self.known, keep=self.keep)
        return HIDDEN


def _without_prices(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _hide_figures(item) if name.lower() in harmless_fields.PRICES else _without_prices(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_without_prices(item) for item in value]
    return value


def _hide_figures(value: Any) -> Any:
    """A price object with its currency, but without any figure."""
    if isinstance(value, dict):
        return {
            name: item if name.lower() == "currencycode" else _hide_figures(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_hide_figures(item) for item in value]
    return value if value is None else HIDDEN
