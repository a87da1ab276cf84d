"""What is personal at Adobe, planted in all that it sends, is found on no page, in no file, mail, log or row.

Adobe's orders have no field for a person, so that nobody is known there: in texts that are references and
codes an e-mail address is planted, in fields that nobody knows all that is personal. Customers have people.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client

from orders.exports.models import Export
from orders.exports.schedules import keeping, running
from orders.people import webhooks
from orders.people.api_tokens import Scope, make_token
from orders.people.models import Account
from orders.people.webhook_models import Webhook
from orders.sandbox import SandboxServer, customers
from tests.contracts.test_personal_canary import everything_in_the_cache, everything_in_the_database
from tests.contracts.test_planted_people import found_in
from tests.domain.test_declared_fields import PERSONAL, STREETS
from tests.faultserver import Certificate, FaultServer, answer
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER, ORDER, RETURN = "4400000002", "0078901234", "0078901235"
HISTORY = f"/adobe/customers/{CUSTOMER}/orders/"
EMAIL = PERSONAL["email"]
ZIP = "94117-7719"
VALUES = [*PERSONAL.values(), *STREETS.values(), ZIP]
EVERYTHING = ", ".join(VALUES)
SECRET = "a-secret-that-nobody-else-knows-0123456789"
LINE = {
    "extLineItemNumber": 1,
    **dict.fromkeys(("subscriptionId", "currencyCode", "deploymentId", "discountCode"), EMAIL),
    "offerId": f"71104418CA01A12 {EMAIL}",
    "status": "1004",
    "quantity": 1,
    "flexDiscounts": [{"id": EMAIL, "code": EMAIL, "result": EMAIL}],
    "flexDiscountCodes": [EMAIL],
    "pricing": {EMAIL: 1.5},
    "links": {EMAIL: {"uri": f"/x?mail={EMAIL}", "method": EMAIL}},
    "recipientName": EVERYTHING,
    EVERYTHING: EVERYTHING,
}
BELOW = {
    "customerId": CUSTOMER,
    "creationDate": f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
    **dict.fromkeys(("externalReferenceId", "currencyCode", "source"), EMAIL),
    "lineItems": [LINE],
    "cancellingItems": [LINE],
    "links": {"self": {"uri": f"/v3/{EMAIL}", "method": "GET"}},
    "note": EVERYTHING,
    "giftMessage": {"from": EVERYTHING, "lines": [EVERYTHING]},
}
ORDERS = [
    {**BELOW, "orderId": ORDER, "orderType": "NEW", "referenceOrderId": "", "status": "1004"},
    {**BELOW, "orderId": RETURN, "orderType": "RETURN", "referenceOrderId": ORDER, "status": "1002"},
]
PEOPLE = {
    "addressLine1": STREETS["street1"],
    "addressLine2": STREETS["street2"],
    "postalCode": ZIP,
    "phoneNumber": PERSONAL["contactNumber"],
    "city": "Boston",
}
PROFILE = {
    "customerId": CUSTOMER,
    "resellerId": customers.ADOBE_RESELLER,
    "externalReferenceId": EVERYTHING,
    "status": EMAIL,
    "tags": [EMAIL],
    "companyProfile": {
        "companyName": EVERYTHING,
        "preferredLanguage": EMAIL,
        "marketSegment": EMAIL,
        "marketSubSegments": [EMAIL],
        "address": PEOPLE,
        "contacts": [{**PERSONAL, "phoneNumber": PERSONAL["contactNumber"]}],
        "nickname": EVERYTHING,
    },
    "discounts": [{"offerType": EMAIL, "level": EMAIL}],
    "note": EVERYTHING,
}
OWNED = {
    "totalCount": 1,
    "items": [
        {
            **dict.fromkeys(("offerId", "status", "currencyCode", "deploymentId", "renewalDate"), EMAIL),
            "subscriptionId": f"sub {EMAIL}",
            "currentQuantity": 5,
            "autoRenewal": {"enabled": True, "flexDiscountCodes": [EMAIL]},
            "allowedActions": [EMAIL],
            "note": EVERYTHING,
        }
    ],
}
# A reseller's list has nobody's name in a field of its own: what can be seen by its form is planted.
LISTED = f"{EMAIL}, {PERSONAL['contactNumber']}, {STREETS['street1']}"
OF_RESELLER = {
    "totalCount": 1,
    "count": 1,
    "accounts": [
        {
            "customerId": CUSTOMER,
            "status": EMAIL,
            "externalReferenceId": EMAIL,
            "companyProfile": {"companyName": LISTED, "contacts": [PERSONAL], "address": PEOPLE},
            "note": EVERYTHING,
        }
    ],
}
# What is asked of the upstream for a page, where it is not the orders.
ANSWERS: dict[str, Any] = {
    f"/adobe/customers/{CUSTOMER}/": PROFILE,
    f"/api/v1/adobe/customers/{CUSTOMER}": PROFILE,
    f"/adobe/customers/{CUSTOMER}/subscriptions/": OWNED,
    f"/api/v1/adobe/customers/{CUSTOMER}/subscriptions": OWNED,
    f"/adobe/resellers/{customers.ADOBE_RESELLER}/customers/": OF_RESELLER,
}
PAGES = [
    HISTORY,
    f"{HISTORY}{ORDER}/",
    f"{HISTORY}{ORDER}/?fetch-price=true",
    f"{HISTORY}{ORDER}/family/",
    f"{HISTORY}export/?format=csv&rows=orders",
    f"{HISTORY}export/?format=csv&rows=lines",
    *ANSWERS,
    "/",
    "/portfolio/",
    "/portfolio/?q=zen",
    "/portfolio/{account}/",
    "/attention/",
    "/attention/export/",
    "/lookups/{lookup}/",
    "/lookups/{lookup}/export/",
    "/palette/?q=zen",
    "/products/",
    "/watching/",
    "/schedules/",
    "/exports/",
    "/exports/{file}/",
    "/exports/{file}/file/",
    "/notices/",
    "/account-imports/",
    "/status/",
    "/ledger/",
    "/ledger/export/",
]
API = [
    f"/api/v1{HISTORY.rstrip('/')}",
    f"/api/v1{HISTORY}{ORDER}",
    f"/api/v1/lookup?id={ORDER}&id={RETURN}",
    "/api/v1/portfolio",
    "/api/v1/attention",
    "/api/v1/exports",
    "/api/v1/exports/{file}",
    "/api/v1/exports/{file}/file",
    "/api/v1/openapi.json",
]


@pytest.fixture
def receiver(tmp_path: Any, settings: Any) -> Iterator[FaultServer]:
    certificate = Certificate(tmp_path)
    with FaultServer(certificate=certificate) as server:
        server.default = answer(204)
        settings.UPSTREAM_CA_FILE = str(certificate.path)
        settings.WEBHOOK_HOSTS, settings.PORTAL_URL = ["127.0.0.1"], "https://portal.example"
        yield server


@pytest.fixture
def thea(upstreams: SandboxServer, settings: Any, receiver: FaultServer) -> Iterator[Any]:
    """Sees and does everything that shows orders, for a customer of an account of hers."""
    settings.CACHE_FRESH, settings.CACHE_STALE = 20, 900
    settings.EMAIL_HOST = "mail.example"
    who = person("thea", "supervisor", "administrator", email="thea@house.example")
    assign(who, "adobe", CUSTOMER, account="Quay")
    webhooks.keep(Webhook(person=who, address=f"{receiver.url}/hook"), secret=SECRET)
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(CUSTOMER, ORDERS)
    yield who
    upstreams.forget_added_orders()


def text_of(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    response.close()
    return str(content.decode())


def delivered(who: Any, commits: Any) -> None:
    """A file by schedule and by script, each with its mail or message."""
    file = {"kind": "file", "source": "adobe", "rows": "lines", "format": "csv", "tells_always": True}
    view = {"kind": "view", "source": "adobe", "customer_id": CUSTOMER, "tells_always": True}
    begun = datetime.now(UTC) - timedelta(days=1)
    with time_machine.travel(begun, tick=False):
        for given in (file, view):
            keeping.make(who, name="Mornings", every="day", at=time(begun.hour, begun.minute), **given)
    with commits(execute=True):
        running.start_due_schedules.call()
        call_command("run_worker", until_idle=True)
        running.settle_files()
        call_command("run_worker", until_idle=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the whole database as SQLite dumps it")
def test_what_is_personal_at_adobe_is_found_nowhere(
    thea: Any,
    upstreams: SandboxServer,
    receiver: FaultServer,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser, seen = signed_in(thea), {}
    _, token = make_token(owner=thea, name="nightly", scopes=list(Scope))
    with caplog.at_level(logging.DEBUG):
        for address in (HISTORY, f"{HISTORY}{ORDER}/"):
            browser.get(address)
        browser.post(f"{HISTORY}{RETURN}/watch/")
        lookup = browser.post("/lookup/", {"q": f"{ORDER}\n{RETURN}\n5599999999"})["Location"]
        browser.post(f"{lookup}live/")
        delivered(thea, django_capture_on_commit_callbacks)
        upstreams.script("adobe", [{"status": 200, "body": OF_RESELLER}])
        imported = browser.post(f"/adobe/resellers/{customers.ADOBE_RESELLER}/customers/")["Location"]
        places = {
            "account": Account.objects.get().pk,
            "lookup": lookup.split("/")[2],
            "file": Export.objects.get().pk,
        }
        for address in [*PAGES, imported, *API]:
            path = address.format(**places)
            if address in ANSWERS:
                upstreams.script("adobe", [{"status": 200, "body": ANSWERS[address]}])
            is_for_scripts = path.startswith("/api/")
            who = Client() if is_for_scripts else browser
            response = who.get(path, headers={"Authorization": f"Bearer {token}"} if is_for_scripts else {})
            assert response.status_code == 200, (path, response.status_code)
            seen[address] = text_of(response)
            upstreams.clear_faults()

    told = [f"{message.subject} {message.body}" for message in mail.outbox]
    sent = [request.body.decode() for request in receiver.requests]
    assert (len(told), len(sent)) == (2, 1)
    seen |= {
        "mails": " ".join(told),
        "webhook": " ".join(sent),
        "log": caplog.text + "".join(str(record.__dict__) for record in caplog.records),
        "cache": everything_in_the_cache(),
        "database": everything_in_the_database(),
    }
    with_them = (HISTORY, "/attention/", "/watching/", "/portfolio/{account}/", *[*ANSWERS][:3])
    assert [address for address in with_them if CUSTOMER not in seen[address]] == []
    assert {name: found for name, text in seen.items() if (found := found_in(text, VALUES))} == {}
    assert CUSTOMER not in str(sent)
