"""What the pages show of people, to whom, and what the ledger has of it."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from orders.infrastructure import metrics
from orders.ledger import LedgerEntry
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"


@pytest.fixture
def client_of(upstreams: SandboxServer) -> Any:
    def sign_in(*roles: str) -> Client:
        return signed_in(person("pat", *roles))

    return sign_in


def details_of(client: Client) -> str:
    """The address of the first order, found as a person would."""
    listed = Page(client.get(HISTORY))
    return listed.row(listed.order_ids[0]).all("a")[0]["href"]


def people_in(client: Client, page: Page) -> set[str]:
    """Which parts of the customer's own data stand anywhere in the page."""
    secrets = {"ida", "varga", "tomas", "oduya", "mei", "lindqvist", "rafael", "brandt", "5555550123"}
    secrets |= {"quarry lane", "cedar court", "harbour row", "mill street"}
    # The form's token is random letters, and every few hundred pages a short name is among them.
    html = re.sub(r'value="[A-Za-z0-9]{64}"', "", page.html).casefold()
    return {each for each in secrets if each in html}


@pytest.mark.parametrize("role", ["customer-service agent", "supervisor", "administrator"])
def test_nobody_sees_personal_data_without_a_reveal(client_of: Any, role: str) -> None:
    client = client_of(role)
    listed = Page(client.get(HISTORY))
    page = Page(client.get(details_of(client)))

    assert people_in(client, listed) == people_in(client, page) == set()
    assert page.facts("Customer")["E-mail"].endswith("•••@example.com")
    assert page.raw_json["customer"]["email"].endswith("•••@example.com")


def test_a_reveal_shows_everything_on_that_page_once(client_of: Any) -> None:
    client = client_of("supervisor")
    address = details_of(client)

    revealed = client.post(address, {"reason": "TICKET-4711"})
    page = Page(revealed)

    assert page.status == 200
    assert len(people_in(client, page)) >= 4
    assert "@example.com" in page.facts("Customer")["E-mail"]
    assert "•••" not in page.text
    assert page.notices["revealed"].startswith("Personal data is shown in the clear, on this page only.")
    assert revealed.headers["Cache-Control"] == "no-store"
    assert people_in(client, Page(client.get(address))) == set()


def test_a_reveal_is_in_the_ledger_with_its_reason(client_of: Any) -> None:
    client = client_of("supervisor")
    address = details_of(client)
    order_id = address.split("/")[-2].split("?")[0]

    response = client.post(address, {"reason": "  call of cora@example.com  "}, REMOTE_ADDR="10.1.2.3")

    entry = LedgerEntry.objects.order_by("-id")[0]
    assert {name: getattr(entry, name) for name in ("username", "action", "source", "customer_id")} == {
        "username": "pat",
        "action": "reveal",
        "source": "fabric",
        "customer_id": customers.FABRIC_CALM,
    }
    assert (entry.order_id, entry.outcome, entry.row_count) == (order_id, "ok", 1)
    assert entry.reason == "call of c•••@example.com"
    assert entry.client_address == "10.1.2.3"
    assert entry.request_id == response.headers["X-Request-Id"]
    assert entry.upstream_request_id
    assert entry.correlation_id


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "Say why: a ticket number, or a few words."),
        ("  x ", "Say why in at least 3 characters: a ticket number, or a few words."),
        ("x" * 201, "Say why in at most 200 characters."),
    ],
)
def test_a_reveal_without_a_reason_shows_nothing(client_of: Any, reason: str, words: str) -> None:
    client = client_of("supervisor")
    response = client.post(details_of(client), {"reason": reason})
    page = Page(response)

    assert page.status == 400
    assert page.root.one(id="reveal-error").text == words
    assert people_in(client, page) == set()
    assert not LedgerEntry.objects.filter(action="reveal").exists()


def test_without_the_right_there_is_no_form_and_a_post_is_refused(client_of: Any) -> None:
    client = client_of("customer-service agent")
    address = details_of(client)
    page = Page(client.get(address))
    assert page.root.all("input", id="reveal-reason") == []
    assert "Names, addresses, phone and card are masked" in page.notices["masked"]

    for reason in ("TICKET-4711", ""):
        response = client.post(address, {"reason": reason})
        assert response.status_code == 403
    refused = LedgerEntry.objects.filter(action="refused")
    assert set(refused.values_list("outcome", "customer_id")) == {("refused-right", customers.FABRIC_CALM)}


def test_an_order_of_adobe_has_nothing_to_reveal(client_of: Any) -> None:
    client = client_of("supervisor")
    history = Page(client.get(f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"))
    page = Page(client.get(history.root.one("tbody").all("a")[0]["href"]))

    assert "masked" not in page.notices


@pytest.mark.parametrize(("role", "asks"), [("supervisor", True), ("customer-service agent", False)])
def test_prices_are_asked_for_only_for_those_who_may_see_them(
    client_of: Any, upstreams: SandboxServer, role: str, asks: bool
) -> None:
    client = client_of(role)
    history = Page(client.get(f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"))
    address = history.root.one("tbody").all("a")[0]["href"]
    offered = [link for link in Page(client.get(address)).root.all("a") if "fetch-price" in link["href"]]
    client.get(address + "&fetch-price=true")

    assert bool(offered) is asks
    assert (upstreams.requests[-1].query == [("fetch-price", "true")]) is asks


def test_the_text_for_an_upstreams_support_names_nobody_even_where_all_is_revealed(
    client_of: Any, upstreams: SandboxServer
) -> None:
    client = client_of("supervisor")
    address = details_of(client)
    page = Page(client.post(address, {"reason": "ticket 4711"}))
    raw = page.raw_json
    people = (raw["customer"], raw["shipTo"])
    told = [person[key] for person in people for key in ("firstName", "lastName", "email") if key in person]

    assert told
    assert "•••" not in raw["customer"]["email"]
    assert f"Order: {raw['id']}" in page.support_text
    assert not [word for word in told if word in page.support_text]


def test_every_view_leaves_one_entry(client_of: Any) -> None:
    client = client_of("customer-service agent")
    address = details_of(client)
    client.get(address)
    client.get(HISTORY + "?status=SUCCESS&text=cora%40example.com")
    client.post("/lookup/", {"q": customers.FABRIC_CALM})
    client.post("/lookup/", {"q": "somebody@example.com"})

    seen = LedgerEntry.objects.filter(username="pat", action__in=["look-up", "view-list", "view-order"])
    assert list(seen.order_by("id").values_list("action", "customer_id", "outcome")) == [
        ("view-list", customers.FABRIC_CALM, "ok"),
        ("view-order", customers.FABRIC_CALM, "ok"),
        ("view-list", customers.FABRIC_CALM, "ok"),
        ("look-up", customers.FABRIC_CALM, "ok"),
        ("look-up", "", "unreadable"),
    ]
    filtered = seen.filter(action="view-list").order_by("-id")[0]
    assert filtered.details == (
        '{"statuses": ["SUCCESS"], "text": "c•••@example.com", "window": {"limit": 100, "offset": 0}}'
    )
    assert filtered.row_count == 0


@pytest.mark.parametrize(
    ("customer_id", "outcome"),
    [
        (customers.ADOBE_UNKNOWN, "not-found"),
        (customers.ADOBE_UNAVAILABLE, "upstream-unavailable"),
        (customers.ADOBE_FORBIDDEN, "upstream-credentials"),
        (customers.ADOBE_NOT_JSON, "upstream-bad-answer"),
    ],
)
def test_a_failure_is_in_the_ledger_too(client_of: Any, customer_id: str, outcome: str) -> None:
    client_of("customer-service agent").get(f"/adobe/customers/{customer_id}/orders/")

    entry = LedgerEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.customer_id, entry.outcome) == ("view-list", customer_id, outcome)
    assert entry.correlation_id


@pytest.mark.parametrize(
    ("source", "customer_id", "answer"),
    [
        ("adobe", customers.ADOBE_SMALL, {"totalCount": 1, "items": [{"orderId": "7", "customerId": "77"}]}),
        (
            *("fabric", customers.FABRIC_CALM),
            {"responseStatus": "OK", "data": {"orders": [{"id": "7", "customer": {"id": "77"}}]}},
        ),
    ],
)
def test_the_answer_to_another_question_is_in_the_ledger_and_counted(
    client_of: Any, upstreams: Any, source: str, customer_id: str, answer: Any
) -> None:
    client = client_of("supervisor")
    order = {"orderId": "8", "customerId": customer_id} if source == "adobe" else answer
    upstreams.script(source, [{"status": 200, "body": each} for each in (answer, order, answer, answer)])
    counter = metrics.foreign_answers.labels(source)._value
    before = counter.get()
    address = f"/{source}/customers/{customer_id}/orders/"

    page = Page(client.get(address))
    details = Page(client.get(f"{address}7/"))
    file = client.get(f"{address}export/?format=csv&rows=orders")

    assert [page.status, details.status, file.status_code] == [502, 502, 502]
    assert [page.error_word, details.error_word] == ["bad-answer", "bad-answer"]
    assert page.root.all("tr", data_order_id="7") == []
    assert counter.get() - before == 4
    seen = LedgerEntry.objects.filter(action__in=["view-list", "view-order", "export-end"]).order_by("id")
    assert list(seen.values_list("outcome", flat=True)) == ["upstream-bad-answer"] * 3
    assert ['"failure": "foreign-answer"' in entry.details for entry in seen] == [True, True, False]


def test_recent_customers_come_from_the_ledger(client_of: Any) -> None:
    client = client_of("account manager")
    pat = get_user_model().objects.get(username="pat")
    for customer_id in (customers.ADOBE_SMALL, customers.ADOBE_EDUCATION):
        assign(pat, "adobe", customer_id)
    for customer_id in (
        customers.ADOBE_SMALL,
        customers.ADOBE_EDUCATION,
        customers.ADOBE_SMALL,
        customers.ADOBE_LARGE,  # not theirs
    ):
        client.get(f"/adobe/customers/{customer_id}/orders/")

    home = Page(client.get("/"))
    recent = next(each for each in home.root.all("section") if each.get("aria-labelledby") == "recent-title")
    assert [link.text for link in recent.all("a")] == [customers.ADOBE_SMALL, customers.ADOBE_EDUCATION]


def test_without_a_role_the_first_page_says_so(client_of: Any) -> None:
    page = Page(client_of().get("/"))

    assert page.root.one("h1").text == "You can't look up orders yet"
    assert page.main.all("form", id="lookup") == []
