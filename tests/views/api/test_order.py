"""One order for scripts."""

from typing import Any

from django.test import Client

from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from tests.views.api.conftest import problem

SMALL = f"/api/v1/adobe/customers/{customers.ADOBE_SMALL}/orders"
CALM = f"/api/v1/fabric/customers/{customers.FABRIC_CALM}/orders"


def test_an_order_says_the_same_alone_as_in_its_list(script: Client) -> None:
    (listed,) = script.get(f"{CALM}?limit=1").json()["items"]

    alone: dict[str, Any] = script.get(f"{CALM}/{listed['orderId']}").json()

    aged = {name: alone.pop(name) for name in ("freshness", "age", "notices")}
    assert alone == listed
    assert aged == {"freshness": "live", "age": 0, "notices": []}


def test_prices_and_what_nobody_knows(script: Client) -> None:
    listed = script.get(f"{SMALL}?fetch-price=true").json()["items"]
    order_id = next(each["orderId"] for each in listed if each["priceCurrencyCode"])

    plain = script.get(f"{SMALL}/{order_id}").json()
    answer = script.get(f"{SMALL}/{order_id}?fetch-price=true&colour=green").json()

    assert (plain["lines"][0]["partnerPrice"], plain["notices"]) == (None, [])
    assert answer["lines"][0]["partnerPrice"]
    assert [(each["notice"], each["names"]) for each in answer["notices"]] == [
        ("ignored-parameters", ["colour"])
    ]


def test_no_such_order(script: Client) -> None:
    refused = problem(script.get(f"{SMALL}/0000000000"))

    assert (refused.status, refused.cause, refused.source) == (404, "not-found", "adobe")


def test_the_look_is_in_the_ledger(script: Client) -> None:
    script.get(f"{SMALL}/0000000000")

    entry = LedgerEntry.objects.latest("id")
    assert (entry.action, entry.order_id, entry.outcome) == ("view-order", "0000000000", "not-found")
