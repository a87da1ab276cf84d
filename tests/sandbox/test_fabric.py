"""fabric's double: its contract, its two dialects and its customers."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from orders.sandbox import SandboxServer, customers
from orders.sandbox.fabric import customer_profiles
from tests.sandbox.clients import FabricClient

TODAY = datetime(2026, 3, 14, tzinfo=UTC)
PATH = f"/data-subscription/v1/customers/{customers.FABRIC_CALM}/orders"


def orders_of(customer_id: str) -> list:
    orders = customer_profiles.generate(customer_id, TODAY)
    assert orders is not None
    return orders


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer stale"}, {"Authorization": "Basic c2FuZGJveA=="}]
)
def test_a_missing_or_bad_token_is_403_in_the_gateways_words(fabric: FabricClient, headers: dict):
    response = fabric.send(PATH, headers)
    assert response.status_code == 403
    assert list(response.json()) == ["Message"]


def test_an_unknown_path_is_403_too(fabric: FabricClient):
    response = fabric.get("/customers")
    assert (response.status_code, response.json()) == (403, {"Message": "Unknown resource"})


@pytest.mark.parametrize("malformed", ["12345", "65a0c0de000000000000000g", "..%2Forders"])
def test_a_malformed_customer_id_is_400(fabric: FabricClient, malformed: str):
    response = fabric.orders(malformed)
    assert response.status_code == 400
    assert response.json() == {"responseStatus": "BAD_REQUEST", "message": "Invalid customer id"}


def test_an_unknown_customer_is_404(fabric: FabricClient):
    response = fabric.orders(customers.FABRIC_UNKNOWN)
    assert response.status_code == 404
    assert response.json() == {"responseStatus": "NOT_FOUND", "message": "Customer not found."}


def test_the_documented_dialect(fabric: FabricClient):
    body = fabric.orders(customers.FABRIC_MAIN).json()
    assert (body["responseStatus"], body["message"]) == ("OK", "Request processed successfully")
    assert list(body["data"]) == ["orders"]
    retried = next(order for order in body["data"]["orders"] if "Retry" in order)
    assert retried["error"]["errorCode"] == "140"
    assert "contactnumber" in retried["customer"]
    assert "retry" not in retried


def test_the_live_dialect(fabric: FabricClient):
    body = fabric.orders(customers.FABRIC_LIVE).json()
    assert (body["responseStatus"], body["message"]) == ("OK", "Request processed successfully.")
    assert body["data"]["query"] == {"offset": 0, "limit": 20, "totalOrders": 17}
    retried = next(order for order in body["data"]["orders"] if "retry" in order)
    assert isinstance(retried["error"]["errorCode"], int)
    assert retried["customer"]["id"] == customers.FABRIC_LIVE
    assert "contactNumber" in retried["customer"]
    assert "Retry" not in retried


def test_the_twins_hold_the_same_orders_in_either_dialect():
    live, documented = orders_of(customers.FABRIC_LIVE), orders_of(customers.FABRIC_LIVE_TWIN)
    assert {order["id"] for order in live} == {order["id"] for order in documented}


def page(response) -> tuple:
    data = response.json()["data"]
    return data["query"]["offset"], data["query"]["limit"], len(data["orders"])


def test_twenty_of_57_come_unless_asked_otherwise(fabric: FabricClient):
    customer = customers.FABRIC_PAGED
    assert page(fabric.orders(customer)) == (0, 20, 20)
    assert page(fabric.orders(customer, limit=100)) == (0, 100, 57)
    assert page(fabric.orders(customer, limit=20, offset=40)) == (40, 20, 17)
    assert page(fabric.orders(customer, offset=60)) == (60, 20, 0)


def test_one_customer_overlooks_paging(fabric: FabricClient):
    answers = [fabric.orders(customers.FABRIC_SHORT, limit=100, offset=20) for _ in range(2)]
    assert [page(answer) for answer in answers] == [(0, 20, 20), (0, 20, 20)]
    assert answers[0].json()["data"]["query"]["totalOrders"] == 57


def test_one_customer_has_a_letter_for_an_offset(fabric: FabricClient):
    assert page(fabric.orders(customers.FABRIC_LETTER_OFFSET)) == ("t", 20, 20)


def test_a_long_history_comes_in_one_piece(fabric: FabricClient):
    assert len(fabric.orders(customers.FABRIC_LONG).json()["data"]["orders"]) == 1500


def test_an_empty_history_is_a_success(fabric: FabricClient):
    response = fabric.orders(customers.FABRIC_EMPTY)
    assert (response.status_code, response.json()["data"]["orders"]) == (200, [])


def test_a_partial_success_carries_orders_and_errors(fabric: FabricClient):
    body = fabric.orders(customers.FABRIC_PARTIAL).json()
    assert body["responseStatus"] == "OK"
    assert body["message"] == "Request processed with partial success"
    assert len(body["data"]["orders"]) == 17
    assert body["data"]["errors"] == [
        {"errorCode": "ITEM_NOT_FOUND", "errorMessage": "Two orders could not be read"}
    ]


def test_trigger_now_works_and_tells_on_whoever_called_it(sandbox: SandboxServer, fabric: FabricClient):
    assert sandbox.triggered == []
    assert fabric.get("/orders/abc/trigger-now").status_code == 200
    assert sandbox.triggered == ["abc"]
    sandbox.clear()
    assert sandbox.triggered == []


def test_one_order_can_be_read_alone(fabric: FabricClient):
    listed = fabric.orders(customers.FABRIC_LIVE).json()["data"]["orders"][0]
    alone = fabric.get(f"/orders/{listed['id']}").json()
    assert alone["data"]["order"] == listed
    assert fabric.get(f"/orders/{'0' * 24}").status_code == 404


def test_rows_added_by_a_test_are_sent_as_they_are(sandbox: SandboxServer, fabric: FabricClient):
    odd: list = [None, "text", {"id": 1}]
    sandbox.add_fabric_orders("short-id", odd, dialect="documented")
    assert fabric.orders("short-id").json()["data"] == {"orders": odd}
    sandbox.add_fabric_orders("live-id", [{"id": n} for n in range(25)], honours_paging=False)
    assert page(fabric.orders("live-id", limit=100)) == (0, 20, 20)


def test_every_status_occurs():
    assert {order["status"] for order in orders_of(customers.FABRIC_MAIN)} == {
        "SCHEDULED",
        "SUBMITTED",
        "SUCCESS",
        "RETRY",
        "FAILED",
        "CANCELED",
        "SKIPPED",
    }


def ladder(kind: str) -> set:
    return {
        (order["status"], order["Retry"]["retryCount"], order["Retry"]["maxRetries"])
        for order in orders_of(customers.FABRIC_MAIN)
        if order.get("Retry", {}).get("retryType") == kind
    }


def test_the_payment_ladder_has_every_rung_and_ends_at_2_of_3():
    assert ladder("PAYMENT RETRY") == {
        ("RETRY", 0, 3),
        ("RETRY", 1, 3),
        ("RETRY", 2, 3),
        ("SUBMITTED", 1, 3),
        ("SUCCESS", 1, 3),
        ("CANCELED", 0, 3),
        ("CANCELED", 2, 3),
    }


def test_the_inventory_ladder_keeps_the_upstreams_spelling_and_steps_by_days():
    assert ladder("INTENTORY RETRY") == {("RETRY", 0, 2), ("RETRY", 1, 2), ("CANCELED", 1, 2)}


def test_orders_fail_hard_or_end_quietly_without_a_retry():
    quiet = Counter(
        (order["status"], "error" in order)
        for order in orders_of(customers.FABRIC_MAIN)
        if "Retry" not in order and order["status"] in ("FAILED", "CANCELED")
    )
    assert quiet == {("FAILED", True): 2, ("CANCELED", False): 1}


def test_what_will_be_retried_lies_ahead_except_for_two():
    waiting = [order for order in orders_of(customers.FABRIC_MAIN) if order["status"] == "RETRY"]
    now = TODAY.isoformat()
    assert Counter(order["scheduledDate"] > now for order in waiting) == {True: 6, False: 2}


def test_an_order_may_hold_several_subscriptions_and_a_line_of_none():
    shapes = {
        tuple("subscription" in line for line in order["lineItems"])
        for order in orders_of(customers.FABRIC_MAIN)
    }
    assert shapes == {(True,), (True, False), (True, True, False)}


def test_totals_are_goods_and_tax_less_the_discount():
    for order in orders_of(customers.FABRIC_MAIN):
        items = [line["item"] for line in order["lineItems"]]
        goods = sum(item["itemPrice"]["price"] * item["quantity"] for item in items)
        assert order["totalAmount"] == goods + order["totalTax"] - order["totalDiscount"]


def test_the_main_customer_has_the_rare_cards_and_flags():
    orders = orders_of(customers.FABRIC_MAIN)
    cards = {order["paymentDetails"]["paymentIdentifier"]["cardIdentifier"] for order in orders}
    assert cards == {"4242", "0119", "tok00000000000000001881"}
    assert [order["isDeleted"] for order in orders].count(True) == 1
    assert {order["deletedAt"] for order in orders} == {"2019-01-01T00:00:00.000Z"}


def test_the_odd_customer_repeats_an_order_and_sends_what_is_none(fabric: FabricClient):
    orders = fabric.orders(customers.FABRIC_ODD).json()["data"]["orders"]
    no_orders: tuple = (None, "an order that is a string", 7, [], {})
    for odd in no_orders:
        assert odd in orders
    ids = Counter(order["id"] for order in orders if isinstance(order, dict) and "id" in order)
    assert ids.most_common(1)[0][1] == 2


def test_the_same_customer_on_the_same_day_has_the_same_orders():
    assert orders_of(customers.FABRIC_PAGED) == orders_of(customers.FABRIC_PAGED)
