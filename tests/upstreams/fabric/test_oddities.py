"""Everything that can be wrong with an answer of fabric's, and what is read all the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.orders import Attribute, Order
from orders.domain.queries import ParsedPage
from orders.upstreams.fabric_subscriptions import Refused, find_order, parse_page
from orders.upstreams.reading.decoding import Unreadable
from tests.upstreams.sampled import JSON, encoded, grafted, loaded, names, places, sample

ORDER_ID = "6167b9c3a0f2c80009a5b001"


def ok(**data: Any) -> bytes:
    return encoded({"responseStatus": "OK", "data": data})


def one(**order: Any) -> ParsedPage:
    return parse_page(ok(orders=[{"id": "1", **order}]))


@pytest.mark.parametrize("status", ["OK", "ok", " O K ", "Ok"])
def test_ok_is_ok_in_any_spelling(status: str) -> None:
    body = encoded({"responseStatus": status, "data": {"orders": []}})
    assert parse_page(body) == ParsedPage()


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("NOT_FOUND", "not-found"),
        ("BAD_REQUEST", "bad-request"),
        ("INTERNAL_SERVER_ERROR", ""),
        ("", ""),
        (200, ""),
        ([], ""),
    ],
)
@pytest.mark.parametrize("data", [{"orders": []}, None, "text"])
def test_http_200_with_another_status_is_refused(status: object, cause: str, data: object) -> None:
    body = encoded({"responseStatus": status, "message": "No.", "data": data})
    with pytest.raises(Refused) as refused:
        parse_page(body)
    assert (refused.value.problem.cause, refused.value.problem.message) == (cause, "No.")


def test_a_missing_status_is_named() -> None:
    assert parse_page(encoded({"data": {"orders": []}})) == ParsedPage(unreadable=("responseStatus",))


@pytest.mark.parametrize("status", ["PARTIAL_SUCCESS", "partial success"])
def test_partial_success_is_shown_with_a_notice(status: str) -> None:
    body = encoded({"responseStatus": status, "data": {"orders": [{"id": "1"}]}})
    assert parse_page(body) == ParsedPage(
        orders=(Order(order_id="1"),), received=1, notices=("Partial success",)
    )


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"data": None}, "data"),
        ({"data": []}, "data"),
        ({"data": {"orders": None}}, "data.orders"),
    ],
)
def test_null_for_a_list_is_an_empty_but_suspicious_one(body: dict[str, Any], where: str) -> None:
    body["responseStatus"] = "OK"
    assert parse_page(encoded(body)) == ParsedPage(unreadable=(where,))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"<html>",
        b'{"responseStatus": "OK"}',
        b'{"responseStatus": "OK", "data": "text"}',
        b'{"responseStatus": "OK", "data": [1]}',
        b'{"responseStatus": "OK", "data": {}}',
        b'{"responseStatus": "OK", "data": {"orders": {}}}',
        b'{"message": null}',
    ],
)
def test_what_is_no_list_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_page(body)


@pytest.mark.parametrize(
    ("changes", "unreadable"),
    [
        ({"retry": "soon"}, ["retry"]),
        ({"Retry": {"retryCount": "many"}}, ["Retry.retryCount"]),
        ({"retry": {"retryCount": "2", "maxRetries": 3.0}}, []),
        ({"error": []}, ["error"]),
        ({"error": {"errorCode": 999, "errorMessage": None}}, []),
        ({"shipTo": {"name": "Ada", "phone": 7}}, ["shipTo.name", "shipTo.phone"]),
        ({"shipTo": {"city": []}, "billTo": {"state": {}}}, ["shipTo.city", "billTo.state"]),
        (
            {"customer": {"segments": {}, "isDeleted": "perhaps"}},
            ["customer.segments", "customer.isDeleted"],
        ),
        ({"customer": {"segment": "vip", "DeletedAt": "then"}}, ["customer.DeletedAt"]),
        (
            {"paymentDetails": {"paymentIdentifier": {"expiryDate": []}}},
            ["paymentDetails.paymentIdentifier.expiryDate"],
        ),
        ({"totalAmount": "a lot", "totalTax": ""}, ["totalAmount"]),
        ({"isDeleted": "false", "orderNumber": 1, "merchantId": 7}, []),
        ({"customAttributes": []}, ["customAttributes"]),
        ({"customAttributes": {"a": {"b": [1]}, "c": None, "d": True}}, []),
        ({"lineItems": [{"subscription": "x"}]}, ["lineItems[0].subscription"]),
        (
            {"lineItems": [{"item": {"itemPrice": {"price": []}}}]},
            ["lineItems[0].item.itemPrice.price"],
        ),
    ],
)
def test_a_bad_value_is_named_and_costs_nothing_else(changes: dict[str, Any], unreadable: list[str]) -> None:
    page = one(currencyCode="USD", **changes)
    assert [(order.order_id, order.currency_code) for order in page.orders] == [("1", "USD")]
    assert page.unreadable == tuple(f"data.orders[0].{path}" for path in unreadable)


def test_a_subscription_that_cannot_be_read_is_still_one() -> None:
    (order,) = one(lineItems=[{"subscription": "x"}, {"subscription": None}]).orders
    assert [line.is_one_time for line in order.lines] == [False, True]


def test_open_attributes_are_shown_as_text() -> None:
    (order,) = one(customAttributes={"a": {"b": [1]}, "c": None, "d": True, "e": 1.5}).orders
    assert order.attributes == (
        Attribute(name="a", value='{"b":[1]}'),
        Attribute(name="d", value="true"),
        Attribute(name="e", value="1.5"),
    )


def test_orders_without_an_id_are_not_taken_for_one() -> None:
    page = parse_page(ok(orders=[{"id": "", "status": "RETRY"}] * 2))
    assert (len(page.orders), page.notices) == (2, ())


def test_both_paths_read_the_same() -> None:
    for name in ("fabric/orders_documented.json", "fabric/orders_live.json"):
        spoilt = sample(name).replace(b"{", b'{"zzz": "\\u0000",', 1)
        assert parse_page(spoilt) == parse_page(sample(name))


def assert_readable(body: bytes) -> None:
    try:
        find_order(body, ORDER_ID)
        parse_page(body)
    except Unreadable:
        return


@given(st.binary() | JSON.map(encoded))
def test_any_answer_is_read_or_unreadable(body: bytes) -> None:
    assert_readable(body)


PLACES = [(name, path) for name in names("fabric") for path in places(loaded(name))]


@given(st.sampled_from(PLACES), JSON)
def test_any_value_in_any_place_is_survived(place: tuple[str, tuple[Any, ...]], value: Any) -> None:
    name, path = place
    body = encoded(grafted(loaded(name), path, value))
    assert_readable(body)
    if len(path) > 3 and path[:2] == ("data", "orders") and "odd" not in name:
        assert parse_page(body).lost == 0
