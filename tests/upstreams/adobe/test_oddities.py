"""Everything that can be wrong with an answer of Adobe's, and what is read all the same."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.orders import Promotion
from orders.domain.queries import ParsedPage
from orders.domain.terms import Term
from orders.upstreams.adobe_vip_marketplace import parse_order, parse_page
from orders.upstreams.adobe_vip_marketplace.terms import PROMOTION_RESULTS
from orders.upstreams.reading.decoding import Unreadable
from tests.upstreams.sampled import JSON, encoded, grafted, loaded, names, places, sample

APPLIED = PROMOTION_RESULTS["SUCCESS"]


def one(**order: Any) -> ParsedPage:
    return parse_page(encoded({"items": [{"orderId": "1", **order}]}))


def test_unknown_codes_are_kept_and_marked() -> None:
    (order,) = one(status="4711", orderType="GIFT").orders
    assert order.status == Term("4711", word="4711", known=False)
    assert order.order_type == Term("GIFT", word="GIFT", known=False)


def test_a_promotion_under_both_names_counts_once() -> None:
    line = {
        "promotions": [{"code": "A", "result": "SUCCESS"}, {"code": "B", "result": "SUCCESS"}],
        "flexDiscounts": [{"id": "7", "code": "A", "result": "SUCCESS"}],
    }
    (order,) = one(lineItems=[line]).orders
    assert order.promotions == (
        Promotion(code="B", result=APPLIED),
        Promotion(code="A", result=APPLIED, promotion_id="7"),
    )


def test_the_undocumented_twin_key_is_read() -> None:
    (order,) = one(referenceOrderId="", referencedOrderId="0815").orders
    assert order.reference_order_id == "0815"


@pytest.mark.parametrize(
    ("links", "has_next"),
    [
        (None, None),
        ({}, None),
        ([], None),
        ("next", None),
        ({"self": {}}, False),
        ({"self": {}, "next": None}, False),
        ({"next": {"uri": "/v3"}}, True),
        ([{"rel": "self", "uri": "/v3"}, {"rel": "next", "uri": "/v3"}], True),
        ([{"next": {"uri": "https://partners.example.com/v3"}}], True),
        ([{"self": {"uri": "/v3"}}, 7], False),
        ([{"uri": "/v3"}], None),
    ],
)
def test_the_hint_of_a_next_page(links: object, has_next: bool | None) -> None:
    assert parse_page(encoded({"items": [], "links": links})).has_next is has_next


@pytest.mark.parametrize(
    "uri", [7, "", "http://[", "?start-date=soon", "?start-date=%2525", "?" + "a=1&" * 200]
)
def test_a_self_link_that_says_nothing_of_the_range(uri: object) -> None:
    page = parse_page(encoded({"items": [], "links": {"self": {"uri": uri}}}))
    assert (page.searched_from, page.searched_to) == ("", "")


@pytest.mark.parametrize(
    ("changes", "unreadable"),
    [
        ({"creationDate": "soon"}, ["creationDate"]),
        ({"creationDate": ""}, []),
        ({"creationDate": None, "lineItems": None, "status": None, "currencyCode": None}, []),
        ({"lineItems": {}}, ["lineItems"]),
        ({"lineItems": [None, {}]}, ["lineItems[0]"]),
        ({"lineItems": [{"quantity": "three"}]}, ["lineItems[0].quantity"]),
        ({"lineItems": [{"quantity": 5.0, "extLineItemNumber": "1"}]}, []),
        ({"lineItems": [{"quantity": True}]}, ["lineItems[0].quantity"]),
        ({"lineItems": [{"promotions": {}}]}, ["lineItems[0].promotions"]),
        (
            {"lineItems": [{}, {"promotions": [{"code": []}]}]},
            ["lineItems[1].promotions[0].code"],
        ),
        (
            {"lineItems": [{"pricing": {"netPartnerPrice": "x"}}]},
            ["lineItems[0].pricing.netPartnerPrice"],
        ),
        ({"lineItems": [{"pricing": []}]}, ["lineItems[0].pricing"]),
        ({"cancellingItems": [{"quantity": {}}]}, ["cancellingItems[0].quantity"]),
        ({"pricingSummary": [7, {"a": []}]}, ["pricingSummary[0]", "pricingSummary[1].a"]),
        ({"status": 1000, "customerId": 5}, []),
        ({"status": True}, ["status"]),
        ({"links": "none", "unknown": {"deep": [1]}}, []),
        ({"orderId": None}, ["orderId"]),
        ({"orderId": {}}, ["orderId"]),
    ],
)
def test_a_bad_value_is_named_and_costs_nothing_else(changes: dict[str, Any], unreadable: list[str]) -> None:
    page = one(externalReferenceId="kept", **changes)
    assert [order.external_reference_id for order in page.orders] == ["kept"]
    assert page.unreadable == tuple(f"items[0].{path}" for path in unreadable)
    assert page.lost == 0


@pytest.mark.parametrize(
    "body",
    [
        {"totalCount": 0},
        {"totalCount": "0"},
        {"totalCount": 0.0, "count": "0", "items": None},
        {"totalCount": None, "count": 0, "links": {}},
    ],
)
def test_an_empty_history_may_leave_its_list_out(body: dict[str, Any]) -> None:
    page = parse_page(encoded(body))
    assert (page.orders, page.received, page.lost, page.unreadable) == ((), 0, 0, ())


@pytest.mark.parametrize(
    "body", [{"totalCount": 3}, {"totalCount": 0, "count": 3}, {"totalCount": "none"}, {"offset": 0}]
)
def test_a_history_without_a_list_that_does_not_call_itself_empty_is_unreadable(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        parse_page(encoded(body))


def priced(**changes: Any) -> dict[str, Any]:
    line = {"currencyCode": "CHF", "pricing": {"partnerPrice": 1}}
    line.update(changes.pop("line", {}))
    summary = [{"totalLineItemPartnerPrice": 2, "currencyCode": changes.pop("summary", "GBP")}]
    return {"currencyCode": "USD", "lineItems": [line], "pricingSummary": summary, **changes}


@pytest.mark.parametrize(
    ("changes", "currencies", "unreadable"),
    [
        ({}, ["GBP", "CHF"], []),
        ({"summary": None, "line": {"currencyCode": None}}, ["USD", "USD"], []),
        ({"summary": {}}, ["", "CHF"], ["pricingSummary[0].currencyCode"]),
        ({"line": {"currencyCode": []}}, ["GBP", ""], ["lineItems[0].currencyCode"]),
        ({"line": {"pricing": {"partnerPrice": 1, "currencyCode": "EUR"}}}, ["GBP", "EUR"], []),
        (
            {"line": {"pricing": {"partnerPrice": 1, "currencyCode": True}}},
            ["GBP", ""],
            ["lineItems[0].pricing.currencyCode"],
        ),
    ],
)
def test_a_price_is_in_its_own_currency_and_never_in_a_guessed_one(
    changes: dict[str, Any], currencies: list[str], unreadable: list[str]
) -> None:
    page = one(**priced(**changes))
    (order,) = page.orders
    assert [price.money.currency for price in (*order.summaries, *order.lines[0].prices)] == currencies
    assert list(page.unreadable) == [f"items[0].{path}" for path in unreadable]


def test_a_bad_row_is_counted_and_costs_no_other() -> None:
    rows: list[Any] = [None, {"orderId": "1"}, [], {}, "order", {"orderId": "2"}, {"status": "1000"}]
    page = parse_page(encoded({"totalCount": "7", "offset": -1, "limit": [], "items": rows}))
    assert [order.order_id for order in page.orders] == ["1", "2", ""]
    assert (page.received, page.lost, page.total_count, page.offset, page.limit) == (
        7,
        4,
        7,
        None,
        None,
    )
    assert page.unreadable == (
        "items[0]",
        "items[2]",
        "items[3]",
        "items[4]",
        "items[6].orderId",
        "offset",
        "limit",
    )


def test_both_paths_read_the_same() -> None:
    for name in names("adobe"):
        body = sample(name)
        if "history" in name:
            # A NUL in an unknown key turns the fast path away.
            spoilt = body.replace(b"{", b'{"zzz": "\\u0000",', 1)
            short, long = parse_page(body), parse_page(spoilt)
            assert long == msgspec.structs.replace(short, is_impersonal=False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"items"',
        b"{}",
        b'{"items": {}}',
        b'{"items": null}',
        b"<html></html>",
    ],
)
def test_what_is_no_history_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_page(body)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"code": "1116"}', b'{"orderId": '])
def test_what_is_no_order_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_order(body)


def assert_readable(body: bytes) -> None:
    for parse in (parse_page, parse_order):
        try:
            parse(body)
        except Unreadable:
            continue


@given(st.binary() | JSON.map(encoded))
def test_any_answer_is_read_or_unreadable(body: bytes) -> None:
    assert_readable(body)


PLACES = [(name, path) for name in names("adobe") for path in places(loaded(name))]


@given(st.sampled_from(PLACES), JSON)
def test_any_value_in_any_place_is_survived(place: tuple[str, tuple[Any, ...]], value: Any) -> None:
    name, path = place
    body = encoded(grafted(loaded(name), path, value))
    assert_readable(body)
    if path and path[0] != "items" and "history" in name:
        parse_page(body)
    if len(path) > 2 and path[0] == "items":
        assert parse_page(body).lost == 0
