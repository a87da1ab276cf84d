"""To an account manager, somebody else's customer and one that doesn't exist look the same."""

import re
import time
from typing import Any

import pytest
from django.test import Client

from orders.ledger import LedgerEntry
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

OWN, FOREIGN, UNASSIGNED = customers.ADOBE_SMALL, customers.ADOBE_EDUCATION, customers.ADOBE_LARGE
MISSING = customers.ADOBE_UNKNOWN


@pytest.fixture
def manager(upstreams: SandboxServer) -> Client:
    milo, mona = person("milo", "account manager"), person("mona", "account manager")
    assign(milo, "adobe", OWN)
    assign(mona, "adobe", FOREIGN, account="Northfield Schools")
    return signed_in(milo)


def address(customer_id: str, rest: str = "") -> str:
    return f"/adobe/customers/{customer_id}/orders/{rest}"


def plain(response: Any, customer_id: str) -> str:
    """The body without the ID that was asked for, times and what is new in every answer."""
    body = response.content.decode().replace(customer_id, "CUSTOMER")
    body = re.sub(r"\d\d:\d\d:\d\d", "TIME", body)
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)


@pytest.mark.parametrize("rest", ["", "12345/", "?status=1000", "?offset=50", "?page=last"])
def test_status_body_and_headers_are_the_same(manager: Client, rest: str) -> None:
    answers = {each: manager.get(address(each, rest)) for each in (FOREIGN, UNASSIGNED, MISSING)}

    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({plain(answer, each) for each, answer in answers.items()}) == 1
    headers = [
        {name: value for name, value in answer.items() if name not in ("X-Request-Id", "Content-Length")}
        for answer in answers.values()
    ]
    assert headers[0] == headers[1] == headers[2]


@pytest.mark.parametrize("what", ["", "subscriptions/", "orders/12345/family/"])
def test_what_stands_beside_the_orders_looks_the_same_too(manager: Client, what: str) -> None:
    answers = {each: manager.get(f"/adobe/customers/{each}/{what}") for each in (FOREIGN, MISSING)}

    assert {answer.status_code for answer in answers.values()} == {404}
    assert plain(answers[FOREIGN], FOREIGN) == plain(answers[MISSING], MISSING)


def test_a_reveal_of_a_foreign_order_looks_the_same_too(manager: Client) -> None:
    answers = {each: manager.post(address(each, "12345/"), {"reason": "T-1"}) for each in (FOREIGN, MISSING)}

    assert {answer.status_code for answer in answers.values()} == {404}
    assert plain(answers[FOREIGN], FOREIGN) == plain(answers[MISSING], MISSING)


def test_nothing_is_asked_so_that_time_tells_nothing_either(
    manager: Client, upstreams: SandboxServer
) -> None:
    took: dict[str, list[float]] = {FOREIGN: [], MISSING: []}
    for _ in range(15):
        for each, times in took.items():
            started = time.perf_counter()
            manager.get(address(each))
            times.append(time.perf_counter() - started)

    assert upstreams.requests == []
    # Whatever else the machine does delays some of them, and not the quickest.
    assert abs(min(took[FOREIGN]) - min(took[MISSING])) < 0.020


def test_the_page_says_what_it_may_be(manager: Client) -> None:
    page = Page(manager.get(address(FOREIGN)))

    assert page.error_word == "not-found"
    assert "Either Adobe VIP Marketplace knows no such customer, or it belongs to an account" in page.text


def test_the_ledger_tells_them_apart_from_the_missing(manager: Client) -> None:
    agent = person("dana", "customer-service agent")
    manager.get(address(FOREIGN))
    manager.force_login(agent)
    manager.get(address(MISSING))

    entries = LedgerEntry.objects.filter(source="adobe").order_by("id")
    assert list(entries.values_list("username", "action", "customer_id", "outcome")) == [
        ("milo", "refused", FOREIGN, "refused-scope"),
        ("dana", "view-list", MISSING, "not-found"),
    ]


def test_their_own_customers_are_there(manager: Client, upstreams: SandboxServer) -> None:
    assert manager.get(address(OWN)).status_code == 200
    assert len(upstreams.requests) == 1
