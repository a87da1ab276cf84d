"""A customer's e-mail runs through every flow and fault: it stands on the revealed page, and nowhere else."""

import base64
import logging
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.db import connection

from orders.sandbox import SandboxServer, customers
from tests.pages import parse
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

EMAIL = "canary.7f3b+x@example.com"
CUSTOMER = customers.FABRIC_CALM
HISTORY = f"/fabric/customers/{CUSTOMER}/orders/"
ORDER: dict[str, Any] = {
    "id": "65f000000000000000000001",
    "status": "FAILED",
    "customer": {"email": EMAIL, "firstName": "Canary", "notes": [EMAIL]},
    "shipTo": {"email": EMAIL, "city": "Boston"},
    "customerReferenceId": EMAIL,
    "error": {"errorCode": "140", "errorMessage": f"Declined for {EMAIL}"},
    "lineItems": [
        {
            "lineItemId": 1,
            "subscription": {"id": "S1"},
            "customAttributes": {"contact": EMAIL, "email": EMAIL},
        }
    ],
    "customAttributes": {"ordered by": EMAIL},
}
GOOD = {
    "status": 200,
    "body": {"responseStatus": "PARTIAL_SUCCESS", "message": f"for {EMAIL}", "data": {"orders": [ORDER]}},
}
OWNED = {"customer": {"id": CUSTOMER}, "item": {"title": f"for {EMAIL}", "sku": EMAIL}, "status": EMAIL}
# What stands beside the orders, and a stranger among it.
BESIDE: list[tuple[str, Any]] = [
    ("", {"id": CUSTOMER, "email": EMAIL, "firstName": EMAIL, "customerReferenceId": EMAIL, "status": EMAIL}),
    (
        "subscriptions/",
        {
            "responseStatus": "OK",
            "data": {"subscriptions": [{**OWNED, "id": EMAIL}, {"customer": {"id": EMAIL, "email": EMAIL}}]},
        },
    ),
]
FAULTS: list[Any] = [
    GOOD,
    {"status": 400, "body": {"message": f"{EMAIL} is bad"}},
    {"status": 404, "body": {"message": f"no {EMAIL}"}},
    {"status": 403, "body": {"message": f"not for {EMAIL}"}},
    {"status": 500, "body": {"message": f"failed on {EMAIL}"}},
    {"status": 200, "body": {"responseStatus": "BAD_REQUEST", "message": f"{EMAIL}?"}},
    {"status": 200, "body": {"nothing": EMAIL}},
    {"status": 302, "headers": {"Location": f"https://elsewhere.example/{EMAIL}"}},
    "reset",
]


@pytest.fixture(autouse=True)
def _answers_are_saved(settings: Any) -> None:
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900


def spellings() -> list[str]:
    found = {EMAIL, quote(EMAIL), quote(EMAIL, safe=""), quote(EMAIL).lower(), EMAIL.split("@")[0]}
    for before in range(3):
        whole = base64.b64encode(b"x" * before + EMAIL.encode()).decode()
        found.add(whole[4:-4])
    return sorted(found)


def hits(text: str) -> list[str]:
    return [each for each in spellings() if each in text]


def everything_in_the_database() -> str:
    connection.ensure_connection()
    return "\n".join(connection.connection.iterdump())


def everything_in_the_cache() -> str:
    """With what is saved of answers, which has to be there."""
    assert vars(caches["answers"])["_cache"]
    return "\n".join(
        f"{key} {value.decode('latin-1')}"
        for kept in caches.all()
        for key, value in vars(kept)["_cache"].items()
    )


def addresses_in(html: str) -> str:
    page = parse(html)
    return "\n".join(
        each.get(name) or "" for each in page for name in ("href", "action", "src") if name in each.attributes
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the whole database as SQLite dumps it")
def test_an_email_is_on_the_revealed_page_and_nowhere_else(
    upstreams: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(person("thea", "supervisor"))
    masked: list[str] = []
    with caplog.at_level(logging.DEBUG):
        for fault in FAULTS:
            for page in (HISTORY, f"{HISTORY}{ORDER['id']}/"):
                upstreams.script("fabric", [fault] * 4, customer_id=CUSTOMER)
                masked.append(client.get(page).content.decode())
                upstreams.clear_faults()
        for panel, body in BESIDE:
            upstreams.script("fabric", [{"status": 200, "body": body}] * 4)
            masked.append(client.get(f"/fabric/customers/{CUSTOMER}/{panel}").content.decode())
            upstreams.clear_faults()
        masked.append(client.post("/lookup/", {"q": f"{EMAIL} {EMAIL} x"}).content.decode())
        masked.append(client.get("/").content.decode())
        upstreams.script("fabric", [GOOD] * 4, customer_id=CUSTOMER)
        revealed = client.post(f"{HISTORY}{ORDER['id']}/", {"reason": f"call of {EMAIL}"})
        masked.append(client.get("/ledger/").content.decode())
        masked.append(b"".join(client.get("/ledger/export/")).decode())

    assert revealed.status_code == 200
    assert EMAIL in revealed.content.decode()
    assert "c•••@example.com" in masked[1]
    kept_text = [text for text in masked if "lookup-error" not in text]  # the box keeps what was typed
    assert [hits(text) for text in kept_text if hits(text)] == []
    assert hits(addresses_in(revealed.content.decode())) == []
    assert hits(caplog.text + "".join(str(record.__dict__) for record in caplog.records)) == []
    assert hits(everything_in_the_database()) == []
    assert hits(everything_in_the_cache()) == []
