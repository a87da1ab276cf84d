"""Histories for scripts: what a page says, as JSON."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from orders.ledger.models import LedgerEntry
from orders.sandbox import SandboxServer, customers
from orders.upstreams import registry
from tests.pages import Page
from tests.personas import signed_in
from tests.views.api.conftest import Script, problem, told

SMALL = f"/api/v1/adobe/customers/{customers.ADOBE_SMALL}/orders"
PAGED = f"/api/v1/fabric/customers/{customers.FABRIC_MAIN}/orders"

# Where the book of that customer ends; it begins with the day on which the sandbox was started.
FURTHEST = datetime.now(UTC).date() + timedelta(days=55)


def notices(answer: dict[str, Any]) -> list[str]:
    return [each["notice"] for each in answer["notices"]]


def test_a_page_of_orders_with_their_lines(script: Client) -> None:
    response = script.get(f"{SMALL}?limit=2&offset=2")

    answer = response.json()
    assert {name: answer[name] for name in ("totalCount", "offset", "limit", "freshness", "age")} == {
        "totalCount": 7,
        "offset": 2,
        "limit": 2,
        "freshness": "live",
        "age": 0,
    }
    assert notices(answer) == ["window"]
    assert [len(each["lines"]) == each["lineItemCount"] for each in answer["items"]] == [True, True]
    assert dict(response.cookies) == {}


def test_the_pages_around_are_linked_with_all_filters(script: Client) -> None:
    links = script.get(f"{SMALL}?limit=2&offset=2&order-type=NEW&fresh=1").headers["Link"]

    here = f"http://testserver{SMALL}?limit=2&offset="
    assert links == (f'<{here}0&order-type=NEW>; rel="prev", <{here}4&order-type=NEW>; rel="next"')


def test_what_is_nothing_is_null_and_instants_and_amounts_are_exact_texts(script: Client) -> None:
    order = script.get(f"{PAGED}?limit=1&sort=-scheduledDate").json()["items"][0]

    assert FURTHEST - timedelta(days=1) <= date.fromisoformat(order["scheduledDate"][:10]) <= FURTHEST
    assert (order["scheduledDate"][10:], order["totalAmount"]) == ("T00:00:00Z", "30")
    assert (order["nextAttemptIsEstimated"], order["lineItemCount"], order["retryCount"]) == (False, 1, None)
    assert order["customerEmail"] == "r•••@example.com"


def test_prices_come_where_they_are_asked_for_and_may_be_seen(script_of: Script) -> None:
    priced = f"{SMALL}?fetch-price=true"

    seen = script_of("supervisor").get(priced).json()
    hidden = script_of("customer-service agent", name="ada").get(priced).json()

    assert {each["priceCurrencyCode"] for each in seen["items"]} == {None, "EUR"}
    assert {each["priceCurrencyCode"] for each in hidden["items"]} == {None}
    assert (notices(seen), notices(hidden)) == (["window"], ["window", "prices"])


def test_a_list_that_is_not_complete_says_so(script: Client) -> None:
    answer = script.get(f"/api/v1/fabric/customers/{customers.FABRIC_SHORT}/orders").json()

    assert notices(answer) == ["incomplete"]


def test_a_parameter_that_nobody_knows_is_named(script: Client) -> None:
    first, _ = script.get(f"{SMALL}?colour=green&page=last").json()["notices"]

    assert (first["notice"], first["names"]) == ("ignored-parameters", ["colour", "page"])


def test_rows_that_could_not_be_read_are_named(script: Client) -> None:
    odd = f"/api/v1/adobe/customers/{customers.ADOBE_ODD}/orders?start-date=2000-01-01&limit=100"

    found = {each["notice"]: each for each in script.get(odd).json()["notices"]}

    assert found["unreadable-rows"]["text"].endswith("could not be read.")
    assert "items[10].lineItems[0]" in " ".join(found["unreadable-rows"]["names"])


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("limit=0", ["limit"]),
        ("limit=many&offset=-1", ["limit", "offset"]),
        ("start-date=yesterday&status=%3Cb%3E", ["start-date", "status"]),
        ("reference-order-id=1&reference-order-id=2", ["reference-order-id"]),
        ("start-date=2026-02-01&end-date=2026-01-01", ["end-date"]),
    ],
)
def test_bad_parameters_are_named_and_nobody_is_asked(
    script: Client, upstreams: SandboxServer, query: str, errors: list[str]
) -> None:
    refused = problem(script.get(f"{SMALL}?{query}"))

    assert (refused.status, refused.cause, sorted(refused.errors)) == (400, "bad-request", errors)
    assert all(said and said[0] for said in refused.errors.values())
    assert upstreams.requests == []


def test_the_end_of_the_list_is_empty_and_behind_it_is_nothing(script: Client) -> None:
    end = script.get(f"{SMALL}?offset=7").json()
    behind = problem(script.get(f"{SMALL}?offset=8"))

    assert (end["items"], end["totalCount"], end["offset"]) == ([], 7, 7)
    assert (behind.status, behind.cause) == (404, "out-of-range")


@pytest.mark.parametrize(
    ("source", "customer_id"),
    [
        ("adobe", customers.ADOBE_UNKNOWN),
        ("adobe", customers.ADOBE_BAD_PARAMETER),
        ("adobe", customers.ADOBE_FORBIDDEN),
        ("adobe", customers.ADOBE_RATE_LIMITED),
        ("adobe", customers.ADOBE_UNAVAILABLE),
        ("adobe", customers.ADOBE_NOT_JSON),
        ("adobe", customers.ADOBE_REDIRECT),
        ("fabric", customers.FABRIC_UNKNOWN),
        ("fabric", customers.FABRIC_WRONG_SHAPE),
    ],
)
def test_failures_are_those_of_the_page(
    script: Client, impatient: SandboxServer, django_user_model: Any, source: str, customer_id: str
) -> None:
    browser = signed_in(django_user_model.objects.get())
    page = Page(browser.get(f"/{source}/customers/{customer_id}/orders/"))
    registry.forget_connections()  # and with them that this upstream fails

    response = script.get(f"/api/v1/{source}/customers/{customer_id}/orders")

    refused, card = problem(response), page.root.one(data_error=True)
    assert (refused.status, refused.cause, refused.source) == (
        page.status,
        card["data-error"],
        card["data-source"],
    )
    assert refused.title in page.text
    assert refused.request_id
    assert refused.correlation_id
    assert ("Retry-After" in response.headers) == ("Retry-After" in page.response.headers)


def test_a_call_without_an_answer_is_repeated_under_its_correlation_id(
    script: Client, impatient: SandboxServer
) -> None:
    impatient.script("adobe", ["timeout"] * 3)
    refused = problem(script.get(f"{SMALL}?limit=2"))
    assert refused.retry is not None
    impatient.clear_log()

    answer = script.get(refused.retry.removeprefix("http://testserver"))

    assert answer.json()["limit"] == 2
    assert [each.headers["x-correlation-id"] for each in impatient.requests] == [refused.correlation_id]


def test_somebody_elses_customer_looks_like_none(script_of: Script, upstreams: SandboxServer) -> None:
    script = script_of("account manager")

    answers = [
        problem(script.get(f"/api/v1/adobe/customers/{customer_id}/orders"))
        for customer_id in (customers.ADOBE_SMALL, customers.ADOBE_UNKNOWN)
    ]

    assert [told(each) for each in answers] == [
        {"status": 404, "cause": "not-found", "source": "adobe", "errors": {}}
    ] * 2
    assert len({(each.title, each.detail, each.upstream_message) for each in answers}) == 1
    assert upstreams.requests == []


def test_each_look_is_in_the_ledger_with_its_token(script: Client) -> None:
    script.get(f"{SMALL}?status=1000")

    entry = LedgerEntry.objects.latest("id")
    assert (entry.action, entry.source, entry.customer_id, entry.outcome) == (
        "view-list",
        "adobe",
        customers.ADOBE_SMALL,
        "ok",
    )
    details = json.loads(entry.details)
    assert (details["statuses"], details["token"][:4]) == (["1000"], "opt_")


def test_the_last_good_answer_is_shown_with_why_there_is_none_newer(
    script: Client, upstreams: SandboxServer, settings: Any
) -> None:
    settings.CACHE_STALE = 900
    script.get(SMALL)
    upstreams.script("adobe", [503] * 3)

    answer = script.get(SMALL).json()

    first = answer["notices"][0]
    assert (answer["freshness"], first["notice"], first["problem"]["cause"]) == (
        "stale",
        "stale",
        "unavailable",
    )
    assert len(answer["items"]) == 7
