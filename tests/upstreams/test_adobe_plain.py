"""The short way of reading a line gives what the long way gives."""

import json
from unittest.mock import patch

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from orders.upstreams.adobe_vip_marketplace import parse, wire
from orders.upstreams.adobe_vip_marketplace.plain import is_plain

TEXTS = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.booleans())
NUMBERS = st.one_of(st.none(), st.integers(), st.integers(10**50, 10**60), st.just("5"), st.just(5.5))
LINES = st.fixed_dictionaries(
    {},
    optional={
        "extLineItemNumber": NUMBERS,
        "offerId": TEXTS,
        "quantity": NUMBERS,
        "remainingQuantity": NUMBERS,
        "subscriptionId": TEXTS,
        "status": st.sampled_from(["1000", "1008", "9999", "", None, 1000]),
        "currencyCode": TEXTS,
        "deploymentId": TEXTS,
        "proratedDays": NUMBERS,
        "promotions": st.lists(st.fixed_dictionaries({"code": TEXTS, "result": TEXTS}), max_size=2),
    },
)
PLAIN = {
    "extLineItemNumber": 1,
    "offerId": "65304479CA01A12",
    "quantity": 5,
    "subscriptionId": "4f1d8e22NA",
    "status": "1000",
    "currencyCode": "EUR",
}


@given(st.lists(LINES, max_size=3))
@example([PLAIN, {**PLAIN, "remainingQuantity": 3, "promotions": [{"code": "A", "result": "SUCCESS"}]}])
def test_both_ways_of_reading_a_line_agree(lines):
    order = {"orderId": "1", "currencyCode": "USD", "lineItems": lines}
    body = json.dumps({"totalCount": 1, "items": [order]}).encode()

    short = parse.parse_page(body)
    with patch.object(parse, "is_plain", lambda item: False):
        long = parse.parse_page(body)

    assert short == long


def test_a_usual_line_takes_the_short_way():
    assert is_plain(msgspec.convert(PLAIN, wire.Line))
    assert not is_plain(msgspec.convert({**PLAIN, "quantity": "5"}, wire.Line))
