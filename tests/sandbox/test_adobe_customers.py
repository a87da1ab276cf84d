"""The generated Adobe customers: believable, complete, and the same every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from orders.sandbox import customers
from orders.sandbox.adobe import customer_profiles
from orders.sandbox.customers import Customer
from tests.sandbox.clients import ALL_TIME, AdobeClient

TODAY = datetime(2026, 3, 14, tzinfo=UTC)


def orders_of(customer_id: str, today: datetime = TODAY) -> list:
    history = customer_profiles.generate(customer_id, today)
    assert history is not None
    return [row.order for row in history.rows]


@pytest.fixture(scope="module")
def large() -> list:
    return orders_of(customers.ADOBE_LARGE)


def test_the_same_customer_on_the_same_day_has_the_same_orders(large: list):
    assert orders_of(customers.ADOBE_LARGE) == large


def test_a_day_later_only_the_dates_have_moved(large: list):
    later = orders_of(customers.ADOBE_LARGE, TODAY + timedelta(days=1))
    assert [order["orderId"] for order in later] == [order["orderId"] for order in large]
    assert later[0]["creationDate"] > large[0]["creationDate"]


@pytest.mark.parametrize(
    ("customer_id", "total"),
    [
        (customers.ADOBE_LARGE, 312),
        (customers.ADOBE_SMALL, 7),
        (customers.ADOBE_EDUCATION, 48),
        (customers.ADOBE_LEADING_ZERO, 23),
        (customers.ADOBE_PREFIXED, 11),
        (customers.ADOBE_OLD_TERM, 9),
        (customers.ADOBE_EMPTY, 0),
        (customers.ADOBE_HUGE, 10_000),
    ],
)
def test_each_customer_has_as_many_orders_as_promised(adobe: AdobeClient, customer_id: str, total: int):
    page = adobe.orders(customer_id, ALL_TIME, ("limit", 1)).json()
    assert page["totalCount"] == total


def test_order_ids_are_unique_and_come_in_every_form(large: list):
    ids = [order["orderId"] for order in large]
    assert len(set(ids)) == len(ids)
    assert [order_id for order_id in ids if order_id.startswith("00")]
    assert {len(order["orderId"]) for order in large if order["orderType"] == "RETURN"} == {9}


def test_every_type_and_every_status_occurs_and_one_unknown_of_each(large: list):
    assert {order["orderType"] for order in large} == {
        "NEW",
        "RENEWAL",
        "RETURN",
        "TRANSFER",
        "SWITCH",
        "REVERT_SWITCH",
        "CONSOLIDATION",
    }
    assert {order["status"] for order in large} == {
        "1000",
        "1002",
        "1004",
        "1008",
        "1020",
        "1022",
        "1024",
        "1026",
        "1077",
    }


def test_a_return_names_its_order_and_leaves_its_trace_there(large: list):
    by_id = {order["orderId"]: order for order in large}
    returns = [order for order in large if order["orderType"] == "RETURN"]
    assert len(returns) >= 3
    for returned in returns:
        original = by_id[returned["referenceOrderId"]]
        assert original["creationDate"] < returned["creationDate"]
        if original["status"] != "1008":
            remaining = [line["remainingQuantity"] < line["quantity"] for line in original["lineItems"]]
            assert any(remaining)


def test_some_orders_are_still_being_processed_and_have_no_subscription_yet(large: list):
    processing = [order for order in large if order["status"] == "1002"]
    assert processing
    for order in processing:
        assert {line["subscriptionId"] for line in order["lineItems"]} == {""}
    early = [
        order for order in large if order["status"] == "1000" and order["lineItems"][0]["status"] == "1002"
    ]
    assert len(early) == 1


def test_switches_say_what_they_cancel_without_a_status(large: list):
    switches = [order for order in large if order["orderType"] in ("SWITCH", "REVERT_SWITCH")]
    assert len(switches) == 3
    for order in switches:
        assert [line for line in order["cancellingItems"] if "status" not in line]


def test_promotions_come_under_both_names_with_both_results(large: list):
    lines = [line for order in large for line in order["lineItems"]]
    old = [entry["result"] for line in lines for entry in line.get("promotions", [])]
    new = [entry for line in lines for entry in line.get("flexDiscounts", [])]
    assert set(old) == {"SUCCESS", "FAILURE"}
    assert {entry["result"] for entry in new} == {"SUCCESS", "FAILURE"}
    assert {"id" in entry for entry in new} == {True, False}


def test_deployment_orders_have_a_currency_on_each_line_only(large: list):
    deployments = [order for order in large if "currencyCode" not in order]
    assert len(deployments) == 2
    currencies = {line["currencyCode"] for order in deployments for line in order["lineItems"]}
    assert currencies == {"EUR", "GBP", "JPY"}
    assert all(line["deploymentId"] for order in deployments for line in order["lineItems"])


def test_external_references_are_long_short_or_empty(large: list):
    lengths = Counter(len(order["externalReferenceId"]) for order in large)
    assert lengths[0]
    assert lengths[18]


def test_two_orders_share_one_instant(large: list):
    assert Counter(order["creationDate"] for order in large).most_common(1)[0][1] == 2


def test_the_old_customer_has_nothing_in_the_current_term(adobe: AdobeClient):
    assert adobe.orders(customers.ADOBE_OLD_TERM).json()["totalCount"] == 0
    assert adobe.orders(customers.ADOBE_OLD_TERM, ALL_TIME).json()["totalCount"] == 9


def test_the_large_customer_changed_its_reseller(adobe: AdobeClient):
    total = [
        adobe.orders(customers.ADOBE_LARGE, ALL_TIME, ("reseller-id", reseller)).json()["totalCount"]
        for reseller in ("0005000311", "1000004242")
    ]
    assert sum(total) == 312
    assert all(total)


def test_the_odd_customer_sends_what_is_no_order_at_all(adobe: AdobeClient):
    items = adobe.all_orders(customers.ADOBE_ODD)
    no_orders: tuple = (None, "a row that is a string", 42, [], {}, True)
    for odd in no_orders:
        assert odd in items


def test_no_customer_lets_an_order_of_the_future_show(adobe: AdobeClient):
    now = datetime.now(UTC).isoformat()
    for customer_id in (customers.ADOBE_LARGE, customers.ADOBE_SMALL, customers.ADOBE_HUGE):
        assert adobe.orders(customer_id, ALL_TIME).json()["items"][0]["creationDate"] < now


@pytest.mark.parametrize("customer", customers.ALL, ids=lambda customer: customer.id)
def test_every_customer_says_what_it_shows(customer: Customer):
    assert customer.shows
    assert [known for known in customers.ALL if known.id == customer.id] == [customer]
