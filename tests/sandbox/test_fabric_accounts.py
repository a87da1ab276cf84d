"""What fabric answers beside the orders: a customer, their subscriptions, and what it gets wrong."""

import pytest

from orders.sandbox import SandboxServer, customers
from tests.sandbox.clients import FabricClient


def subscriptions(fabric: FabricClient, search: str) -> list[dict]:
    data = fabric.get("/subscriptions", {"search": search}).json()["data"]
    assert data["query"]["count"] == len(data["subscriptions"])
    found: list[dict] = data["subscriptions"]
    return found


def test_a_customer_comes_with_an_envelope_or_without(fabric: FabricClient):
    wrapped = fabric.get(f"/customers/{customers.FABRIC_MAIN}").json()
    bare = fabric.get(f"/customers/{customers.FABRIC_BARE}").json()
    assert (wrapped["responseStatus"], wrapped["data"]["id"]) == ("OK", customers.FABRIC_MAIN)
    assert bare["id"] == customers.FABRIC_BARE
    assert "data" not in bare


def test_an_active_customer_may_have_no_active_subscription(fabric: FabricClient):
    told = fabric.get(f"/customers/{customers.FABRIC_SWITCHED_OFF}").json()["data"]
    assert (told["status"], told["hasActiveSubscriptions"]) == ("ACTIVE", False)
    assert {row["status"] for row in subscriptions(fabric, customers.FABRIC_SWITCHED_OFF)} == {"INACTIVE"}


def test_a_search_finds_the_customers_own_and_is_ignored_for_one(fabric: FabricClient):
    own = subscriptions(fabric, customers.FABRIC_MAIN)
    mixed = subscriptions(fabric, customers.FABRIC_STRANGERS)
    assert {row["customer"]["id"] for row in own} == {customers.FABRIC_MAIN}
    assert {row["customer"]["id"] for row in mixed} == {customers.FABRIC_MAIN, customers.FABRIC_STRANGERS}


def test_an_order_may_name_a_subscription_that_is_gone(fabric: FabricClient):
    rows = subscriptions(fabric, customers.FABRIC_STRANGERS)
    own = [row["id"] for row in rows if row["customer"]["id"] == customers.FABRIC_STRANGERS]
    assert [fabric.get(f"/subscriptions/{which}").status_code for which in own[:2]] == [404, 200]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/customers/7", 400),
        (f"/customers/{customers.FABRIC_UNKNOWN}", 404),
        ("/subscriptions/7", 400),
        ("/subscriptions/" + "0" * 24, 404),
        (f"/customer/{customers.FABRIC_MAIN}", 403),
    ],
)
def test_what_is_not_there_is_refused_as_recorded(fabric: FabricClient, path: str, status: int):
    assert fabric.get(path).status_code == status


def test_slow_panels_stand_beside_fast_orders(sandbox: SandboxServer, fabric: FabricClient):
    fabric.orders(customers.FABRIC_SLOW_PANELS)
    fabric.get(f"/customers/{customers.FABRIC_SLOW_PANELS}")
    orders, panel = (entry for entry in sandbox.requests)
    assert (orders.status, panel.status) == (200, 200)
    assert sandbox.triggered == []
