"""What is personal in an order, planted in all its texts and in fields nobody knows: it is found nowhere.

Not on the list or the order's page, not in its raw JSON, a file, the support texts, the log, the ledger or
the cache; and no search finds an order by it.
"""

import json
import logging
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from orders.people.api_tokens import make_token
from orders.sandbox import SandboxServer, customers
from tests.contracts.test_personal_canary import everything_in_the_cache, everything_in_the_database
from tests.domain.test_declared_fields import VALUES, planted
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db

FABRIC = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
ADOBE_CUSTOMER = "4400000002"
ADOBE = f"/adobe/customers/{ADOBE_CUSTOMER}/orders/"
EMAIL = "zen@quarter.example"
EVERYTHING = ", ".join(VALUES)
LINE_CODES = ("offerId", "subscriptionId", "status", "currencyCode", "deploymentId", "discountCode")
ORDER_TEXTS = ("externalReferenceId", "orderType", "referenceOrderId", "currencyCode", "status", "source")


@pytest.fixture(autouse=True)
def _answers_are_saved(settings: Any) -> None:
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900


def found_in(text: str, values: list[str]) -> list[str]:
    plain = text.casefold()
    return [value for value in values if value.casefold() in plain]


@pytest.fixture
def client(upstreams: SandboxServer) -> Client:
    client = Client()
    client.force_login(person("thea", "supervisor"))
    return client


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the whole database as SQLite dumps it")
def test_fabrics_people_are_found_nowhere(
    client: Client, upstreams: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    order = planted(EVERYTHING)
    body = {"responseStatus": "OK", "data": {"orders": [order]}}
    _, token = make_token(owner=User.objects.get(username="thea"), name="nightly")
    # As an ID in a URL would be: numbers of an ID are no card's or postal code's.
    seen: dict[str, str] = {}
    with caplog.at_level(logging.DEBUG):
        for name, path in {
            "list": FABRIC,
            "order": f"{FABRIC}{order['id']}/",
            "orders file": f"{FABRIC}export/?format=csv&rows=orders",
            "lines file": f"{FABRIC}export/?format=csv&rows=lines",
            "beside the list": f"{FABRIC}{order['id']}/",
            "list for scripts": f"/api/v1{FABRIC.rstrip('/')}",
            "order for scripts": f"/api/v1{FABRIC}{order['id']}",
            "ledger": "/ledger/",
            "attention": "/attention/",
            "home": "/",
        }.items():
            upstreams.script("fabric", [{"status": 200, "body": body}] * 3, customer_id=customers.FABRIC_CALM)
            script = {"Authorization": f"Bearer {token}"} if name.endswith("scripts") else {}
            beside = {"HX-Request": "true", "HX-Target": "preview"} if name.startswith("beside") else {}
            response = client.get(path, headers=script | beside)
            assert response.status_code == 200, (name, response.status_code)
            content = b"".join(response) if response.streaming else response.content
            seen[name] = content.decode()
            upstreams.clear_faults()

    with_the_order = [name for name in seen if "order" in name or "list" in name or "file" in name]
    assert [name for name in with_the_order if order["id"] not in seen[name]] == []
    raw = json.dumps(Page(client_get(client, upstreams, body, f"{FABRIC}{order['id']}/")).raw_json)
    seen |= {
        "raw": raw,
        "log": caplog.text + "".join(str(record.__dict__) for record in caplog.records),
        "cache": everything_in_the_cache(),
        "database": everything_in_the_database(),
    }
    # Short numbers stand in IDs and times of our own by chance.
    telling = [value for value in VALUES if not value.replace("/", "").isdigit()]
    assert {name: found for name, text in seen.items() if (found := found_in(text, telling))} == {}
    assert found_in(raw, VALUES) == []


def client_get(client: Client, upstreams: SandboxServer, body: Any, path: str) -> Any:
    upstreams.script("fabric", [{"status": 200, "body": body}] * 3, customer_id=customers.FABRIC_CALM)
    response = client.get(path)
    upstreams.clear_faults()
    return response


@pytest.mark.parametrize("value", VALUES)
def test_no_search_finds_an_order_by_what_is_hidden(
    client: Client, upstreams: SandboxServer, value: str
) -> None:
    body = {"responseStatus": "OK", "data": {"orders": [planted(EVERYTHING)]}}
    upstreams.script("fabric", [{"status": 200, "body": body}] * 3, customer_id=customers.FABRIC_CALM)

    page = Page(client.get(FABRIC, {"text": value}))

    assert page.window[0] == "0"
    upstreams.clear_faults()


def test_an_address_in_an_order_of_adobes_is_found_nowhere(
    client: Client, upstreams: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    line = {
        "extLineItemNumber": 1,
        **dict.fromkeys(
            ("offerId", "subscriptionId", "status", "currencyCode", "deploymentId", "discountCode"), EMAIL
        ),
        "quantity": 1,
        "flexDiscounts": [{"id": EMAIL, "code": EMAIL, "result": EMAIL}],
        "flexDiscountCodes": [EMAIL],
        "pricing": {EMAIL: 1.5},
        "links": {EMAIL: {"uri": f"/x?mail={EMAIL}", "method": EMAIL}},
        "recipientName": EMAIL,
        EMAIL: EMAIL,
    }
    order = {
        "orderId": "0078901234",
        "customerId": ADOBE_CUSTOMER,
        "creationDate": "2026-03-04T05:06:07Z",
        **dict.fromkeys(
            ("externalReferenceId", "orderType", "referenceOrderId", "currencyCode", "status", "source"),
            EMAIL,
        ),
        "lineItems": [line],
        "cancellingItems": [line],
        "links": {"self": {"uri": f"/v3/{EMAIL}", "method": "GET"}},
        "note": EMAIL,
    }
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(ADOBE_CUSTOMER, [order])
    seen: dict[str, str] = {}
    with caplog.at_level(logging.DEBUG):
        for path in (
            ADOBE,
            f"{ADOBE}0078901234/",
            f"{ADOBE}0078901234/?fetch-price=true",
            f"{ADOBE}export/?format=csv&rows=orders",
            f"{ADOBE}export/?format=csv&rows=lines",
            "/ledger/",
        ):
            response = client.get(path)
            assert response.status_code < 400, (path, response.status_code)
            content = b"".join(response) if response.streaming else response.content
            seen[path] = content.decode()
    upstreams.forget_added_orders()
    seen["log"] = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    seen["cache"] = everything_in_the_cache()

    assert {name: found for name, text in seen.items() if (found := found_in(text, [EMAIL]))} == {}


@pytest.mark.parametrize(
    ("hosts", "address", "is_link"),
    [
        ([], "https://tracking.example.com/1", False),
        (["tracking.example.com"], "https://tracking.example.com/1", True),
        (["tracking.example.com"], "https://tracking.example.com.evil.example/1", False),
        (["tracking.example.com"], "https://tracking.example.com@evil.example/1", False),
        (["tracking.example.com"], "https://evil.example\\@tracking.example.com/", False),
        (["tracking.example.com"], "//tracking.example.com/1", False),
        (["tracking.example.com"], "javascript://tracking.example.com/%0aalert(1)", False),
    ],
)
def test_what_an_upstream_sends_is_a_link_only_where_an_administrator_says_so(
    client: Client, upstreams: SandboxServer, settings: Any, hosts: list[str], address: str, is_link: bool
) -> None:
    settings.LINK_HOSTS = hosts
    order = {
        "id": "65f000000000000000000001",
        "status": "FAILED",
        "customAttributes": {"trackingUrl": address},
    }
    body = {"responseStatus": "OK", "data": {"orders": [order]}}

    page = Page(client_get(client, upstreams, body, f"{FABRIC}{order['id']}/"))

    links = [link["href"] for link in page.root.all("a") if link["href"] == address]
    assert bool(links) is is_link
    elsewhere = [link["href"] for link in page.root.all("a") if "//" in link["href"]]
    assert elsewhere == links
