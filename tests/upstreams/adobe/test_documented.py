"""The short way of reading a page gives what the long way gives, and usual pages take it."""

import json
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orders.upstreams.adobe_vip_marketplace import parse
from orders.upstreams.reading.decoding import decode
from tests.upstreams.sampled import sample

TEXTS = st.one_of(st.text(max_size=5), st.none(), st.integers(), st.booleans())
NUMBERS = st.one_of(st.integers(), st.none(), st.integers(10**50, 10**60), st.just("5"), st.just(5.5))
CODES = st.sampled_from(["1000", "1008", "9999", "", "SUCCESS", "NEW", None, 1000])
DISCOUNTS = st.one_of(
    st.none(),
    st.lists(
        st.fixed_dictionaries({"code": TEXTS, "result": CODES}, optional={"id": TEXTS, "other": TEXTS}),
        max_size=2,
    ),
)
LINES = st.fixed_dictionaries(
    {"extLineItemNumber": NUMBERS, "offerId": TEXTS, "quantity": NUMBERS},
    optional={
        "remainingQuantity": NUMBERS,
        "subscriptionId": TEXTS,
        "status": CODES,
        "currencyCode": TEXTS,
        "deploymentId": TEXTS,
        "discountCode": TEXTS,
        "proratedDays": NUMBERS,
        "isDealRegistered": st.one_of(st.booleans(), st.none(), st.just("true")),
        "referenceLineItemNumber": NUMBERS,
        "promotions": DISCOUNTS,
        "flexDiscounts": DISCOUNTS,
        "flexDiscountCodes": st.one_of(st.none(), st.just("A"), st.lists(TEXTS, max_size=2)),
        "pricing": st.sampled_from([None, {"partnerPrice": 1.5, "currencyCode": "EUR"}]),
    },
)
INSTANTS = st.sampled_from(["2026-11-03T08:15:42Z", "2026-11-03T08:15:42.123+02:00", "soon", "", None, 5])
ORDERS = st.fixed_dictionaries(
    {},
    optional={
        "orderId": TEXTS,
        "customerId": TEXTS,
        "externalReferenceId": TEXTS,
        "orderType": CODES,
        "referenceOrderId": TEXTS,
        "referencedOrderId": TEXTS,
        "currencyCode": TEXTS,
        "creationDate": INSTANTS,
        "lastModifiedDate": INSTANTS,
        "status": CODES,
        "source": TEXTS,
        "lineItems": st.one_of(st.none(), st.lists(LINES, max_size=2)),
        "cancellingItems": st.one_of(st.none(), st.lists(LINES, max_size=1)),
        "links": st.sampled_from([None, {}, {"self": {"uri": "/v3/x", "method": "GET"}}, [], "?"]),
        "pricingSummary": st.sampled_from([None, [{"totalPrice": 3, "currencyCode": "EUR"}]]),
    },
)
USUAL_LINE = {
    "extLineItemNumber": 1,
    "offerId": "65304479CA01A12",
    "quantity": 5,
    "subscriptionId": "4f1d8e22NA",
    "status": "1000",
    "currencyCode": "EUR",
}
USUAL = {
    "orderId": "5120008001",
    "customerId": "P1005053489",
    "orderType": "RETURN",
    "referenceOrderId": "5120007999",
    "creationDate": "2026-11-03T08:15:42Z",
    "lineItems": [
        USUAL_LINE,
        {
            **USUAL_LINE,
            "remainingQuantity": 3,
            "discountCode": "LEVEL_2",
            "proratedDays": 17,
            "promotions": [{"code": "A", "result": "SUCCESS"}, {"code": "B", "result": "FAILURE"}],
            "flexDiscounts": [{"id": "1", "code": "A", "result": "SUCCESS"}],
            "flexDiscountCodes": ["A", "", "C"],
        },
    ],
    "cancellingItems": [USUAL_LINE],
    "links": {"self": {"uri": "/v3/customers/P1005053489/orders/5120008001", "method": "GET"}},
}


def body_of(*orders):
    return json.dumps({"totalCount": len(orders), "offset": 0, "limit": 25, "items": orders}).encode()


def long_way(body):
    def decode_other(body, decoder):
        return None if decoder is parse.PAGES else decode(body, decoder)

    with patch.object(parse, "decode", decode_other):
        return parse.parse_page(body)


@given(st.lists(ORDERS, max_size=3))
@example([USUAL])
@example([USUAL, {**USUAL, "orderId": None}])
def test_both_ways_of_reading_a_page_agree(orders):
    body = body_of(*orders)

    assert as_read(body) == long_way(body)


def as_read(body):
    """A page but for what only the short way can say of it."""
    return msgspec.structs.replace(parse.parse_page(body), is_impersonal=False)


SAMPLES = ("global", "promotions", "recommendations", "recorded", "switch")


@pytest.mark.parametrize(
    "body", [body_of(USUAL), *(sample(f"adobe/history_{name}.json") for name in SAMPLES)]
)
def test_usual_pages_take_the_short_way_and_say_the_same(body):
    assert decode(body, parse.PAGES) is not None
    assert as_read(body) == long_way(body)


@pytest.mark.parametrize(
    "odd",
    [
        {"orderId": 5120008001},
        {"orderId": None},
        {"status": None},
        {"lineItems": [{**USUAL_LINE, "quantity": "5"}]},
        {"lineItems": [{**USUAL_LINE, "pricing": {"partnerPrice": 1}}]},
        {"lineItems": {}},
        {"pricingSummary": []},
    ],
)
def test_anything_else_takes_the_long_way(odd):
    assert decode(body_of(USUAL, {**USUAL, **odd}), parse.PAGES) is None
