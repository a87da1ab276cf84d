"""Which fields are hidden, and how what is left looks."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain import personal_data
from orders.domain.granted_rights import EVERYTHING, Right, Rights
from orders.domain.masking import mask_order, mask_raw, mask_text
from orders.domain.orders import (
    Address,
    Attribute,
    Failure,
    Line,
    Money,
    Order,
    Payment,
    Person,
    Price,
    Shipping,
)
from orders.domain.personal_fields import plan_of

NOBODY = Rights()
AGENT = Rights(held=frozenset({Right.VIEW}), sees_all=True)

PERSON = Person(
    customer_id="C1",
    reference_id="R1",
    first_name="Pat",
    middle_name="J",
    last_name="Kowalska",
    email="cora@example.com",
    phone="+1 555 010 1234",
    status="ACTIVE",
    attributes=(Attribute(name="locale", value="en_US"), Attribute(name="nickname", value="Patty")),
)
ADDRESS = Address(
    first_name="Pat",
    last_name="Kowalska",
    company="Harbour Design Ltd",
    street=("1 Sample Street", "Apt. 2"),
    city="Boston",
    state="MA",
    postal_code="02127",
    country="US",
    email="cora@example.com",
    phone="555 0100",
    phone_kind="mobile",
)
ORDER = Order(
    order_id="O1",
    customer_id="C1",
    external_reference_id="for cora@example.com",
    customer=PERSON,
    ship_to=ADDRESS,
    bill_to=ADDRESS,
    payment=Payment(method="credit_card", kind="Visa", card_ending="4242", expiry="09/30"),
    failure=Failure(code="140", message="Declined for cora@example.com"),
    lines=(
        Line(
            number="1",
            title="Tea",
            shipping=Shipping(carrier="UPS", instructions="Ring at Kowalska"),
            attributes=(Attribute(name="storeId", value="101"), Attribute(name="email", value="cora@x.org")),
            prices=(Price(name="partnerPrice", money=Money(amount=None, currency="USD")),),
        ),
    ),
    summaries=(Price(name="total", money=Money(currency="USD")),),
)


def test_a_masked_order_still_tells_where_it_goes() -> None:
    masked = mask_order(ORDER, AGENT)

    assert masked.customer == Person(
        customer_id="C1",
        reference_id="R1",
        first_name="P••",
        middle_name="•••",
        last_name="K•••",
        email="c•••@example.com",
        phone="•••1234",
        status="ACTIVE",
        attributes=(Attribute(name="locale", value="en_US"), Attribute(name="nickname", value="•••")),
    )
    assert (
        masked.ship_to
        == masked.bill_to
        == Address(
            first_name="P••",
            last_name="K•••",
            company="Harbour Design Ltd",
            street=("•••", "•••"),
            city="Boston",
            state="MA",
            postal_code="•••",
            country="US",
            email="c•••@example.com",
            phone="•••0100",
            phone_kind="mobile",
        )
    )
    assert masked.payment == Payment(method="credit_card", kind="Visa", card_ending="•••", expiry="•••")
    assert masked.failure == Failure(code="140", message="Declined for c•••@example.com")
    assert masked.external_reference_id == "for c•••@example.com"
    assert masked.lines[0].shipping == Shipping(carrier="UPS", instructions="•••")
    assert [each.value for each in masked.lines[0].attributes] == ["101", "c•••@x.org"]


def test_nobody_is_unmasked_by_a_right_alone() -> None:
    assert mask_order(ORDER, EVERYTHING).customer == mask_order(ORDER, NOBODY).customer


def test_a_reveal_shows_people_as_they_came() -> None:
    revealed = mask_order(ORDER, EVERYTHING, is_revealed=True)

    assert revealed == ORDER


@pytest.mark.parametrize(("rights", "is_masked"), [(AGENT, True), (EVERYTHING, False)])
def test_partner_prices_need_a_right_but_no_reveal(rights: Rights, is_masked: bool) -> None:
    masked = mask_order(ORDER, rights)

    assert [price.money.is_masked for price in masked.lines[0].prices] == [is_masked]
    assert [price.money for price in masked.summaries] == [Money(currency="USD", is_masked=is_masked)]


def test_every_text_about_a_person_is_declared_to_be_personal_or_a_code() -> None:
    """A field that somebody adds to these types is free text until it is declared."""
    free = {kind.__name__: plan_of(kind).texts for kind in (Person, Address, Payment)}

    assert free == {"Person": (), "Address": (("company", False),), "Payment": ()}


RAW: dict[str, Any] = {
    "id": "O1",
    "totalAmount": 100,
    "customer": {
        "email": "cora@example.com",
        "firstName": "Pat",
        "fullName": "Pat J Kowalska",
        "contactNumber": 15550101234,
        "employeeId": "E-7",
        "communicationPreference": {"email": True, "SMS": False},
        "status": "ACTIVE",
        "somethingNew": {"deep": ["Kowalska", 7, None]},
    },
    "shipTo": {
        "name": {"firstName": "Pat", "lastName": "Kowalska"},
        "streetAddress": {"street1": "1 Sample Street", "street2": ""},
        "city": "Boston",
        "zipCode": 2127,
        "phone": {"number": "555 0100", "kind": "mobile"},
    },
    "paymentDetails": {"paymentIdentifier": {"cardIdentifier": "4242", "expiryDate": "09/30"}},
    "lineItems": [
        {"note": "ask cora@example.com", "pricing": {"partnerPrice": 365.0, "currencyCode": "USD"}}
    ],
    "pricingSummary": [{"totalLineItemPartnerPrice": 1660.68, "currencyCode": "USD"}],
}


def test_raw_json_is_masked_by_the_same_declaration() -> None:
    assert mask_raw(RAW, AGENT) == {
        "id": "O1",
        "totalAmount": 100,
        "customer": {
            "email": "c•••@example.com",
            "firstName": "P••",
            "fullName": "P•• K•••",
            "contactNumber": "•••1234",
            "employeeId": "•••",
            "communicationPreference": {"email": True, "SMS": False},
            "status": "ACTIVE",
            "somethingNew": {"deep": ["•••", "•••", None]},
        },
        "shipTo": {
            "name": {"firstName": "P••", "lastName": "K•••"},
            "streetAddress": {"street1": "•••", "street2": ""},
            "city": "Boston",
            "zipCode": "•••",
            "phone": {"number": "•••0100", "kind": "mobile"},
        },
        "paymentDetails": {"paymentIdentifier": {"cardIdentifier": "•••", "expiryDate": "•••"}},
        "lineItems": [{"note": "•••", "pricing": {"partnerPrice": "•••", "currencyCode": "USD"}}],
        "pricingSummary": [{"totalLineItemPartnerPrice": "•••", "currencyCode": "USD"}],
    }


def test_revealed_raw_json_is_what_came() -> None:
    assert mask_raw(RAW, EVERYTHING, is_revealed=True) == RAW


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (personal_data.given_name, "", ""),
        (personal_data.given_name, "J", "•••"),
        (personal_data.given_name, "<b>", "•••"),
        (personal_data.family_name, "Ó Briain", "Ó•••"),
        (personal_data.full_name, "Pat", "P••"),
        (personal_data.email, "no address", "•••"),
        (personal_data.email, "a@b@example.com", "•••"),
        (personal_data.phone, "0123", "•••"),
        (personal_data.phone, "call me", "•••"),
        (mask_text, "a%40example.com", "•••@example.com"),
        (mask_text, "/orders?mail=cora%40example.com&x=1", "/orders?mail=c•••@example.com&x=1"),
        (mask_text, "o'brien@exämple.ie", "o•••@exämple.ie"),
        (mask_text, "cora@localhost", "c•••@localhost"),
        (mask_text, "mail <cora.k+x@sub.example.com>, now", "mail <c•••@sub.example.com>, now"),
        (mask_text, "@ 5 pm", "@ 5 pm"),
        (mask_text, "=@example.com", "•••@example.com"),
        (mask_text, "/x?to=&@example.com", "/x?t•••@example.com"),
    ],
)
def test_odd_values_are_hidden_rather_than_shown(mask: Any, text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.emails())
def test_no_address_survives_in_free_text(address: str) -> None:
    for text in (address, f"sent to {address}.", f'"{address}"'):
        assert address not in mask_text(text)


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_name_never_survives_masking(first: str, last: str) -> None:
    masked = mask_order(Order(order_id="O", customer=Person(first_name=first, last_name=last)), EVERYTHING)

    assert masked.customer is not None
    assert first not in masked.customer.first_name.removesuffix("••")[1:] or len(first) < 2
    assert len(masked.customer.last_name) <= 4


def test_masking_does_not_touch_the_order_it_was_given() -> None:
    before = msgspec.json.encode(ORDER)
    mask_order(ORDER, NOBODY)
    mask_raw(RAW, NOBODY)

    assert msgspec.json.encode(ORDER) == before
    assert RAW["customer"]["email"] == "cora@example.com"
