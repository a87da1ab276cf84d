"""Rows outlive the upstream that they name: watches, files, look-ups, schedules and customers."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from orders.exports.models import Export
from orders.exports.schedules import keeping
from orders.exports.schedules.models import Schedule
from orders.index import watches
from orders.index.watch_models import Watch, WatchedOrder
from orders.ledger import Action, record
from orders.people import saved_views
from orders.people.api_tokens import Scope, make_token
from tests.index.seen import adobe_order, see
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

GONE, CUSTOMER, ORDER = "sap", "1000000007", "5883578824"


@pytest.fixture
def thea(upstreams: Any) -> User:
    """A supervisor who has worked with an upstream that the portal no longer knows."""
    who: User = person("thea", "supervisor")
    see(adobe_order(), source=GONE)
    watches.begin(who, GONE, CUSTOMER, ORDER)
    record(actor=who, action=Action.VIEW_LIST, outcome="ok", source=GONE, customer_id=CUSTOMER)
    saved_views.save_view(owner=who, name="Theirs", source=GONE, query="status=1000")
    keeping.make(
        who,
        name="Nightly",
        kind=Schedule.Kind.VIEW,
        source=GONE,
        customer_id=CUSTOMER,
        query="status=1000",
        every=Schedule.Every.DAY,
        at=time(7),
        weekday=0,
        day=1,
        tells_always=False,
    )
    return who


@pytest.fixture(params=[state for state in Export.State if state != Export.State.RUNNING])
def file(thea: User, request: Any) -> Export:
    return Export.objects.create(
        owner=thea,
        source=GONE,
        customer_id=CUSTOMER,
        query="status=1000&start-date=2026-01-01",
        rows="orders",
        format="csv",
        state=request.param,
        made_at=timezone.now(),
        error_cause="unavailable",
    )


def test_pages_show_what_there_is_of_it_under_its_own_name(thea: User) -> None:
    client = signed_in(thea)
    client.cookies["page-size"] = "50"

    said = {
        address: Page(client.get(address, follow=True))
        for address in (
            "/",
            "/palette/",
            "/watching/",
            "/saved-views/",
            "/schedules/",
            "/exports/",
            "/ledger/",
        )
    }

    assert {address: page.status for address, page in said.items()} == dict.fromkeys(said, 200)
    assert f"{ORDER} {GONE} {CUSTOMER}" in said["/watching/"].text


def test_its_files_have_their_pages(thea: User, file: Export) -> None:
    client = signed_in(thea)

    assert f"{GONE} {CUSTOMER}" in Page(client.get("/exports/")).text
    page = Page(client.get(f"/exports/{file.pk}/"))
    assert page.status == 200
    assert (f"{GONE} · Export" in page.text, f"Orders of {CUSTOMER}" in page.text) == (True, True)
    assert "status=1000 · start-date=2026-01-01" in page.text
    assert client.get(f"/exports/{file.pk}/progress/?state=x").status_code in {200, 204}


def test_what_was_seen_of_it_is_found(thea: User) -> None:
    client = signed_in(thea)
    _, token = make_token(owner=thea, name="nightly", scopes=[Scope.LOOKUP])

    listed = client.post("/lookup/", {"q": f"{ORDER}\n1000000999", "source": ""}, follow=True)
    found = Client().get(f"/api/v1/lookup?id={ORDER}", headers={"Authorization": f"Bearer {token}"})

    assert f"{GONE}: order {ORDER} of customer {CUSTOMER}" in Page(listed).text
    assert [each["source"] for each in found.json()["items"]] == [GONE]


def test_a_watch_of_it_says_why_nobody_is_asked_and_can_be_ended(thea: User) -> None:
    client = signed_in(thea)
    call_command("run_worker", until_idle=True)

    assert [each.error for each in WatchedOrder.objects.all()] == ["not-configured"]
    assert "Could not be asked for: not configured" in Page(client.get("/watching/")).text
    ended = client.post(f"/{GONE}/customers/{CUSTOMER}/orders/{ORDER}/unwatch/", {"next": "/watching/"})
    assert (ended.status_code, ended.headers["Location"]) == (302, "/watching/")
    assert [watch.end for watch in Watch.objects.filter(person=thea)] == ["stopped"]
    assert watches.watches_of(thea) == []


def test_nothing_that_is_done_with_its_files_is_a_fault(thea: User, file: Export) -> None:
    client = signed_in(thea)

    answers = {
        act: client.generic(method, f"/exports/{file.pk}/{act}/").status_code
        for method, act in (("GET", "file"), ("POST", "rest"), ("POST", "offer"), ("POST", "cancel"))
    }
    call_command("run_worker", until_idle=True)

    assert {act: status for act, status in answers.items() if status >= 500} == {}
    assert Export.objects.get(pk=file.pk).state in {
        file.state,
        Export.State.CANCELLED,
        Export.State.FAILED,
    }
    assert client.get(f"/exports/{file.pk}/").status_code == 200
