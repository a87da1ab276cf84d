"""What the types declare is what is masked: every text of an order, whichever adapter read it."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orders.domain.granted_rights import EVERYTHING, Rights
from orders.domain.masking import Masker, mask_order, mask_raw
from orders.domain.orders import Attribute, Line, Money, Order, Person
from orders.domain.personal_fields import plan_of
from orders.domain.terms import Term
from orders.upstreams.adobe_vip_marketplace import parse as adobe
from orders.upstreams.fabric_subscriptions import parse as fabric
from tests.upstreams.sampled import grafted, loaded, names, places

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def full(kind: Any, texts: Iterator[str]) -> Any:
    """A value of a type with the next text in every place for one."""
    if kind is Term:
        code = next(texts)
        return Term(code, word=code, known=False)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind, include_extras=False)
        return kind(**{name: full(hint, texts) for name, hint in hints.items()})
    inner = [each for each in get_args(kind) if each is not type(None)]
    if inner and inner[-1] is Ellipsis:
        return (full(inner[0], texts), full(inner[0], texts))
    if inner:
        return full(inner[0], texts)
    return {str: lambda: next(texts), int: lambda: 1, bool: lambda: False}.get(
        kind, {Decimal: lambda: Decimal(1), datetime: lambda: NOW}.get(kind, lambda: None)
    )()


def written(order: Order) -> str:
    return msgspec.json.encode(order).decode()


def every_type(kind: Any = Order) -> Iterator[type[msgspec.Struct]]:
    yield kind
    for hint in get_type_hints(kind).values():
        for each in (hint, *get_args(hint)):
            if isinstance(each, type) and issubclass(each, msgspec.Struct) and each is not Term:
                yield from every_type(each)


@given(st.emails())
@example("=@A.AC")
def test_an_address_in_any_text_of_an_order_is_hidden(address: str) -> None:
    order = full(Order, itertools.repeat(address))

    assert address in written(order).replace("\\\\", "\\") or "\\" in written(order)
    assert msgspec.json.encode(address)[1:-1].decode() not in written(mask_order(order, EVERYTHING))


@pytest.mark.parametrize("kind", sorted(set(every_type()), key=lambda kind: str(kind)))
def test_every_text_of_a_type_is_declared_or_free(kind: type[msgspec.Struct]) -> None:
    hints = get_type_hints(kind)
    texts = {name for name, hint in hints.items() if hint is str or get_args(hint)[:1] == (str,)}

    assert {name for name, _ in plan_of(kind).text_fields} == texts


def leaves(value: Any) -> Iterator[tuple[Any, ...]]:
    """Where in a JSON value something stands that is neither an object nor a list."""
    for path in places(value):
        inner = value
        for step in path:
            inner = inner[step]
        if path and not isinstance(inner, dict | list):
            yield path


Place = tuple[str, tuple[Any, ...]]
ADOBE = [(name, path) for name in names("adobe") for path in leaves(loaded(name))]
FABRIC = [(name, path) for name in names("fabric") for path in leaves(loaded(name))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ADOBE), st.emails())
def test_an_address_in_any_field_of_adobes_is_hidden(
    place: tuple[str, tuple[Any, ...]], address: str
) -> None:
    name, path = place
    sent = grafted(loaded(name), path, address)
    body = json.dumps(sent).encode()
    spelled = json.dumps(address, ensure_ascii=False)[1:-1]

    if "items" in sent:
        page = adobe.parse_page(body)
        masker = Masker(EVERYTHING, is_impersonal=page.is_impersonal)
        assert all(spelled not in written(masker.mask(order)) for order in page.orders)
    else:
        parsed = adobe.parse_order(body)
        assert spelled not in written(mask_order(parsed.order, EVERYTHING))
        assert spelled not in json.dumps(mask_raw(parsed.raw, EVERYTHING), ensure_ascii=False)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FABRIC), st.emails())
def test_an_address_in_any_field_of_fabrics_is_hidden(
    place: tuple[str, tuple[Any, ...]], address: str
) -> None:
    name, path = place
    if path[-1] in ("responseStatus", "message"):
        return
    body = json.dumps(grafted(loaded(name), path, address)).encode()
    spelled = json.dumps(address, ensure_ascii=False)[1:-1]
    masker = Masker(EVERYTHING)

    for order in fabric.parse_page(body).orders:
        assert spelled not in written(masker.mask(order))
        found = fabric.find_order(body, order.order_id)
        assert found is None or spelled not in json.dumps(mask_raw(found.raw, EVERYTHING), ensure_ascii=False)


PERSONAL = {
    "firstName": "Zenobia",
    "lastName": "Quartermain",
    "email": "zen@quarter.example",
    "contactNumber": "+1 555 867 5309",
}
STREETS = {"street1": "77 Larkspur Mews", "street2": "Suite Obsidian"}
VALUES = [*PERSONAL.values(), *STREETS.values(), "94117", "8567", "11/31", "Leave it with Aloysius"]


def planted(text: str) -> dict[str, Any]:
    """fabric's order with a text in every free text and in fields that nobody knows."""
    address = {
        "name": {"firstName": "Zenobia", "lastName": "Quartermain"},
        "streetAddress": STREETS,
        "postalCode": "94117",
        "city": "Boston",
        "phone": {"number": "+1 555 867 5309", "kind": "home"},
    }
    return {
        "id": "65f000000000000000000001",
        "status": "FAILED",
        "customer": {**PERSONAL, "nickname": text, "title": text},
        "shipTo": {**address, "company": text},
        "billTo": address,
        "paymentDetails": {
            "paymentMethod": "credit_card",
            "paymentIdentifier": {"cardIdentifier": "8567", "expiryDate": "11/31"},
            "holder": text,
        },
        "customerReferenceId": text,
        "error": {"errorCode": "140", "errorMessage": f"Declined: {text}.", "detail": text},
        "lineItems": [
            {
                "lineItemId": 1,
                "subscription": {"id": "S1", "plan": {"id": "p", "frequency": 30, "frequencyType": text}},
                "item": {"title": f"Tea for {text}", "description": text, "weightUnit": text},
                "shipping": {
                    "shipmentInstructions": "Leave it with Aloysius",
                    "shipmentCarrier": text,
                    "shipmentMethod": text,
                },
                "offer": {"id": "o", "source": text},
                "customAttributes": {
                    "note": text,
                    text: "x",
                    "storeId": text,
                    "trackingUrl": f"https://x/?{text}",
                },
                "engraving": text,
            }
        ],
        "customAttributes": {"gift message": text, "deep": {"er": [text]}},
        "recipientName": text,
        "giftMessage": {"from": text, "lines": [text, {"id": text}]},
        text: {"status": text},
    }


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "spell", [str, str.upper, str.lower, lambda text: f"({text})", lambda text: f"x {text}, y"]
)
def test_what_is_personal_in_an_order_is_hidden_in_all_its_texts(value: str, spell: Any) -> None:
    body = json.dumps({"responseStatus": "OK", "data": {"orders": [planted(spell(value))]}}).encode()
    found = fabric.find_order(body, "65f000000000000000000001")
    assert found is not None
    (listed,) = fabric.parse_page(body).orders

    for text in (
        written(mask_order(found.order, EVERYTHING)),
        written(Masker(EVERYTHING).mask(listed)),
        json.dumps(mask_raw(found.raw, EVERYTHING), ensure_ascii=False),
    ):
        assert value.casefold() not in text.casefold()


KEYS = """
    recipientName iban giftMessage dateOfBirth bic accountHolder
    passportNumber taxId vatId ssn nationalId driverLicense
    birthday gender maritalStatus nickname alias salutation
    suffix prefix maidenName contactPerson attentionTo careOf
    deliveryNote doorCode gateCode buildingName apartment floor
    landmark geo latitude longitude ipAddress deviceId
    userAgent fingerprint twitterHandle linkedin website faxNumber
    secondaryEmail workPhone userName login password loyaltyNumber
"""


@pytest.mark.parametrize("key", KEYS.split())
def test_a_field_that_nobody_knows_is_hidden_wherever_it_stands(key: str) -> None:
    spelled = {key: "Zenobia 7", key.upper(): 77, f"{key}s": [{"id": "Zenobia"}, True, 7.5, None]}
    raw: dict[str, Any] = {
        "id": "1",
        **spelled,
        "customer": spelled,
        "lineItems": [{**spelled, "item": spelled, "customAttributes": spelled}],
        "customAttributes": spelled,
    }

    masked = json.dumps(mask_raw(raw, EVERYTHING), ensure_ascii=False)

    assert "Zenobia" not in masked
    assert "7" not in masked
    assert "true" not in masked
    assert mask_raw(raw, EVERYTHING, is_revealed=True) == raw


def test_two_names_of_an_open_map_that_are_hidden_alike_both_stay() -> None:
    raw = {"customer": {"lastName": "Kowalska"}, "customAttributes": {"Kowalska": 1, "kowalska": 2}}

    assert mask_raw(raw, EVERYTHING)["customAttributes"] == {"•••": "•••", "••• (2)": "•••"}


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_impersonal_page_hides_as_much_as_any_other(reference: str, source: str) -> None:
    row = {"orderId": "1", "externalReferenceId": reference, "source": source, "lineItems": []}
    page = adobe.parse_page(json.dumps({"items": [row]}, ensure_ascii=False).encode(errors="replace"))

    quick = [Masker(Rights(), is_impersonal=page.is_impersonal).mask(order) for order in page.orders]

    assert quick == [mask_order(order, Rights()) for order in page.orders]


def test_an_order_looked_at_in_brief_is_masked_like_any_other() -> None:
    """The quick way, for orders in whose texts nothing stands, gives what the long way gives."""
    person = Person(first_name="Zenobia", attributes=(Attribute(name="locale", value="en"),))
    line = Line(title="Tea", price=Money(currency="USD"), attributes=(Attribute(name="x", value="y"),))
    masker = Masker(EVERYTHING)

    plain = masker.mask(Order(order_id="1", customer=person, lines=(line, line)))
    other = masker.mask(Order(order_id="1", customer=person, lines=(line, line), origin="for Zenobia"))

    assert msgspec.structs.replace(other, origin="") == plain
    assert other.origin == "for •••"
    assert plain.lines[0].attributes == (Attribute(name="x", value="•••"),)
