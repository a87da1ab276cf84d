"""The list endpoint: filters, windows, pages and links."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.sandbox import SandboxServer, customers
from tests.sandbox.clients import ALL_TIME, AdobeClient


def row(order_id: str, created: str = "2024-05-01T10:00:00Z", **more) -> dict:
    return {
        "orderId": order_id,
        "orderType": "NEW",
        "status": "1000",
        "creationDate": created,
        "lineItems": [],
    } | more


def line(offer: str, subscription: str = "") -> dict:
    return {"offerId": offer, "subscriptionId": subscription}


@pytest.fixture
def five(sandbox: SandboxServer) -> str:
    sandbox.add_adobe_orders(
        "C5",
        [
            row("a", "2024-05-01T00:00:00Z", lineItems=[line("OFFER-1", "SUB-1")]),
            row("b", "2024-05-02T00:00:00Z", orderType="RENEWAL", lineItems=[line("OFFER-2")]),
            row("c", "2024-05-03T12:00:00Z", status="1002", lineItems=[line("OFFER-1", "SUB-2")]),
            row("d", "2024-05-04T00:00:00Z", orderType="RETURN", referenceOrderId="a"),
            row("e", "2024-05-05T00:00:00Z", orderType="RENEWAL", status="1004"),
        ],
        term_start=datetime(2024, 5, 3, tzinfo=UTC),
    )
    return "C5"


def ids(response) -> str:
    return "".join(order["orderId"] for order in response.json()["items"])


def test_the_newest_order_comes_first(adobe: AdobeClient, five: str):
    assert ids(adobe.orders(five, ALL_TIME)) == "edcba"


def test_without_a_start_date_only_the_current_term_is_shown(adobe: AdobeClient, five: str):
    assert ids(adobe.orders(five)) == "edc"


@pytest.mark.parametrize(
    ("expected", "filters"),
    [
        ("ca", [("order-type", "NEW")]),
        ("ecba", [("order-type", "NEW"), ("order-type", "RENEWAL")]),
        ("ec", [("status", "1002"), ("status", "1004")]),
        ("e", [("order-type", "RENEWAL"), ("status", "1004")]),
        ("ca", [("offer-id", "OFFER-1")]),
        ("cba", [("offer-id", "OFFER-1"), ("offer-id", "OFFER-2")]),
        ("c", [("subscription-id", "SUB-2")]),
        ("d", [("reference-order-id", "a")]),
        ("", [("reseller-id", "0000000000")]),
        ("edcba", [("something-else", "is ignored")]),
    ],
)
def test_repeats_of_a_filter_are_alternatives_and_different_filters_all_hold(
    adobe: AdobeClient, five: str, expected: str, filters: list
):
    assert ids(adobe.orders(five, ALL_TIME, *filters)) == expected


@pytest.mark.parametrize(
    ("expected", "start", "end"),
    [
        ("edcb", "2024-05-02", "2024-05-06"),
        ("ba", "2024-05-01", "2024-05-02"),
        ("ba", "2024-05-01", "2024-05-03"),
        ("cba", "2024-05-01", "2024-05-03T23:59:59Z"),
        ("c", "2024-05-03T12:00:00Z", "2024-05-03T12:00:00.000Z"),
        ("", "2024-05-06", "2024-05-01"),
    ],
)
def test_a_bare_date_means_midnight_and_both_bounds_belong_to_the_window(
    adobe: AdobeClient, five: str, expected: str, start: str, end: str
):
    assert ids(adobe.orders(five, ("start-date", start), ("end-date", end))) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "-5"),
        ("limit", "many"),
        ("limit", ""),
        ("limit", "²"),
        ("offset", "-1"),
        ("offset", "x"),
        ("status", "open"),
        ("status", "1000,1002"),
        ("order-type", "NEW,RENEWAL"),
        ("order-type", "new"),
        ("offer-id", "an offer"),
        ("start-date", "yesterday"),
        ("start-date", "2024-13-01"),
        ("start-date", "01/05/2024"),
        ("end-date", "2024-05-01T00:00:00+02:00"),
        ("end-date", "2024-05-01T00:00:00"),
    ],
)
def test_a_bad_value_is_refused_and_named(adobe: AdobeClient, five: str, name: str, value: str):
    response = adobe.orders(five, (name, value))
    assert response.status_code == 400
    assert response.json() == {
        "code": "1132",
        "message": "A search parameter is not valid",
        "additionalDetails": [f"Check {name}"],
        "invalidFields": [name],
    }


def test_the_envelope_counts_the_whole_and_the_page(adobe: AdobeClient, five: str):
    page = adobe.orders(five, ALL_TIME, ("limit", 2), ("offset", 2)).json()
    counters = {name: page[name] for name in ("totalCount", "count", "offset", "limit")}
    assert counters == {"totalCount": 5, "count": 2, "offset": 2, "limit": 2}


def test_a_page_holds_25_orders_unless_asked_otherwise_and_100_at_most(adobe: AdobeClient):
    default = adobe.orders(customers.ADOBE_LARGE, ALL_TIME).json()
    clamped = adobe.orders(customers.ADOBE_LARGE, ALL_TIME, ("limit", 5000)).json()
    assert (default["limit"], len(default["items"])) == (25, 25)
    assert (clamped["limit"], len(clamped["items"])) == (100, 100)


def test_an_offset_at_the_end_is_an_empty_page_and_one_beyond_it_an_error(adobe: AdobeClient, five: str):
    at_the_end = adobe.orders(five, ALL_TIME, ("offset", 5))
    beyond = adobe.orders(five, ALL_TIME, ("offset", 6))
    assert (at_the_end.status_code, at_the_end.json()["items"]) == (200, [])
    assert (beyond.status_code, beyond.json()["code"]) == (400, "1133")


def test_links_are_relative_keep_the_filters_and_spell_out_the_defaults(adobe: AdobeClient, five: str):
    response = adobe.orders(five, ("start-date", "2024-01-01T03:00:00Z"), ("limit", 2), ("offset", 2))
    common = (
        "/v3/customers/C5/orders?start-date=2024-01-01T03%3A00%3A00Z"
        "&fetch-recommendations=false&recommendation-language=MULT"
    )
    assert response.json()["links"] == {
        "self": {"uri": f"{common}&offset=2&limit=2", "method": "GET", "headers": []},
        "next": {"uri": f"{common}&offset=4&limit=2", "method": "GET", "headers": []},
        "prev": {"uri": f"{common}&offset=0&limit=2", "method": "GET", "headers": []},
    }


def test_next_and_prev_are_absent_at_the_ends(adobe: AdobeClient, five: str):
    first = adobe.orders(five, ALL_TIME, ("limit", 3)).json()["links"]
    last = adobe.orders(five, ALL_TIME, ("limit", 3), ("offset", 3)).json()["links"]
    only = adobe.orders(five, ALL_TIME).json()["links"]
    assert [list(first), list(last), list(only)] == [["self", "next"], ["self", "prev"], ["self"]]


def test_following_next_reads_every_order_once(adobe: AdobeClient):
    path, seen = f"/v3/customers/{customers.ADOBE_LARGE}/orders?start-date=2000-01-01&limit=100", []
    while path:
        page = adobe.get(path).json()
        seen += [order["orderId"] for order in page["items"]]
        path = page["links"].get("next", {}).get("uri")
    assert (len(seen), len(set(seen))) == (312, 312)


def test_one_order_reads_the_same_in_the_list_and_alone(adobe: AdobeClient):
    listed = adobe.orders(customers.ADOBE_LARGE).json()["items"][3]
    alone = adobe.get(listed["links"]["self"]["uri"])
    assert (alone.status_code, alone.json()) == (200, listed)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("1116", f"/v3/customers/{customers.ADOBE_UNKNOWN}/orders"),
        ("2115", f"/v3/customers/{customers.ADOBE_UNKNOWN}/orders/1"),
        ("2115", f"/v3/customers/{customers.ADOBE_SMALL}/orders/1"),
    ],
)
def test_an_unknown_customer_and_an_unknown_order_have_their_own_codes(
    adobe: AdobeClient, code: str, path: str
):
    response = adobe.get(path)
    assert (response.status_code, response.json()["code"]) == (404, code)


def test_rows_added_by_a_test_are_sent_as_they_are(sandbox: SandboxServer, adobe: AdobeClient):
    odd = [None, "text", 7, {"orderId": 5, "creationDate": None}]
    sandbox.add_adobe_orders("ODD/1", odd)
    assert adobe.orders("ODD%2F1").json()["items"] == odd


def test_the_default_window_ends_now(sandbox: SandboxServer, adobe: AdobeClient):
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sandbox.add_adobe_orders("SOON", [row("later", soon)])
    assert adobe.orders("SOON").json()["totalCount"] == 0


def test_prices_come_only_when_asked_for_and_only_on_complete_orders_of_one_currency(
    adobe: AdobeClient,
):
    params = [("limit", 100), ("fetch-price", "true")]
    for order in adobe.orders(customers.ADOBE_LARGE, *params).json()["items"]:
        currencies = {item.get("currencyCode") for item in order["lineItems"]}
        single = order.get("currencyCode") and currencies == {order["currencyCode"]}
        assert ("pricingSummary" in order) == bool(single and order["status"] == "1000")
    plain = adobe.orders(customers.ADOBE_LARGE, ("limit", 100)).json()["items"]
    assert not [order for order in plain if "pricingSummary" in order]


def test_old_orders_never_have_prices(adobe: AdobeClient):
    items = adobe.all_orders(customers.ADOBE_LARGE, ("fetch-price", "true"))
    assert "pricingSummary" not in items[-1]


def test_a_price_has_four_parts_and_the_summary_is_a_list(adobe: AdobeClient):
    order = adobe.orders(customers.ADOBE_SMALL, ("fetch-price", "true"), ("status", "1000")).json()
    first = order["items"][0]
    assert list(first["lineItems"][0]["pricing"]) == [
        "partnerPrice",
        "discountedPartnerPrice",
        "netPartnerPrice",
        "lineItemPartnerPrice",
    ]
    total = sum(item["pricing"]["lineItemPartnerPrice"] for item in first["lineItems"])
    assert first["pricingSummary"] == [
        {"totalLineItemPartnerPrice": pytest.approx(total), "currencyCode": "EUR"}
    ]
    alone = adobe.get(first["links"]["self"]["uri"], {"fetch-price": "true"})
    assert alone.json() == first
