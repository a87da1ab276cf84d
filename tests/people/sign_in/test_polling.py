"""A page that asks by itself is no sign of the person: left open, it does not keep their session alive."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from orders.people.models import Account
from orders.people.sign_in.sessions import LOADING_ELEMENTS, POLLED, POLLING_ELEMENTS
from orders.sandbox import SandboxServer, customers
from orders.upstreams import catalogue
from orders.views.shared.panel_places import panel_places
from tests.pages import Page
from tests.personas import PASSWORD, assign, person, signed_in

pytestmark = pytest.mark.django_db

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
EXPORT = "/exports/00000000-0000-4000-8000-000000000000/progress/?state=waiting"


def is_alive_after(agent: User, address: str, **headers: str) -> bool:
    """Whether a session lives an hour by nothing but this address, asked every five minutes."""
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        client.post("/accounts/login/", {"login": agent.username, "password": PASSWORD})
        for _ in range(12):
            clock.shift(timedelta(minutes=5))
            client.get(address, headers=headers)
        return client.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "address", [EXPORT, "/exports/notice/", "/exports/notice/?seen=1", "/portfolio/progress/"]
)
def test_what_only_pages_ask_keeps_nobody_signed_in(address: str, agent: User) -> None:
    assert not is_alive_after(agent, address)


def test_a_list_that_asks_by_itself_keeps_nobody_signed_in_and_one_that_is_looked_at_does(
    agent: User,
) -> None:
    poll = {"HX-Request": "true", "HX-Trigger": "exports"}

    assert not is_alive_after(agent, "/exports/", **poll)
    assert is_alive_after(agent, "/exports/")
    assert is_alive_after(agent, "/exports/", **{"HX-Request": "true"})


def test_whatever_asks_again_and_again_is_known_as_such() -> None:
    """By the ID of its element; a new one must be named among them."""
    found: dict[str, Any] = {}
    for file in Path(django_settings.BASE_DIR, "templates").rglob("*.html"):
        for element in re.findall(r"<\w+[^<>]*(?:\{%.*?%\}[^<>]*)*>", file.read_text(), re.DOTALL):
            if "hx-trigger" in element and re.search(r"\bevery \d", element):
                identifier = re.search(r'\bid="([^"]+)"', element)
                found[file.name] = identifier and identifier[1]

    assert found
    assert set(found.values()) <= POLLING_ELEMENTS
    assert {
        "export-progress",
        "export-notice",
        "refresh-progress",
        "live-progress",
        "watching-progress",
    } == POLLED


def left_open(browser: Client, page: str, poll: str) -> int:
    """What a page does at its poll: where it is told to, it loads anew, with its panels. How often it did."""
    asked = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    if "HX-Refresh" not in browser.get(poll, headers=asked):
        return 0
    for panel in Page(browser.get(page)).root.all(hx_trigger="load"):
        browser.get(panel["hx-get"], headers={**asked, "HX-Trigger": panel["id"]})
    return 1


@pytest.fixture
def lookup(manager: User) -> str:
    """A list of numbers of which those who may know them have been asked."""
    browser = signed_in(manager)
    address: str = browser.post("/lookup/", {"q": "5599999999\n5599999998", "source": ""})["Location"]
    browser.post(f"{address}live/")
    call_command("run_worker", until_idle=True)
    return address


@pytest.fixture
def manager(upstreams: SandboxServer) -> User:
    who: User = person("mara", "account manager")
    assign(who, "adobe", customers.ADOBE_SMALL)
    return who


@pytest.mark.parametrize(
    ("page", "poll"),
    [
        ("/portfolio/", "/portfolio/progress/"),
        ("/portfolio/{account}/", "/portfolio/progress/?account={account}"),
        ("/watching/", "/watching/progress/?ended=7"),
        ("{lookup}", "{lookup}live/progress/"),
    ],
)
def test_a_page_that_a_poll_loads_anew_keeps_nobody_signed_in(
    page: str, poll: str, manager: User, lookup: str
) -> None:
    of = {"account": Account.objects.get().pk, "lookup": lookup}

    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser, loaded = signed_in(manager), 0
        for _ in range(12):
            clock.shift(timedelta(minutes=5))
            loaded += left_open(browser, page.format(**of), poll.format(**of))

        assert loaded >= 5
        assert browser.get("/profile/").status_code == 302


def test_whoever_loads_the_page_themselves_stays_signed_in(manager: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = signed_in(manager)
        for _ in range(12):
            clock.shift(timedelta(minutes=5))
            left_open(browser, "/portfolio/", "/portfolio/progress/")
            browser.get("/portfolio/")

        assert browser.get("/profile/").status_code == 200


def test_panels_that_come_by_themselves_keep_nobody_signed_in(manager: User) -> None:
    """Whoever opens the page has been noted by that."""
    panel = f"/adobe/customers/{customers.ADOBE_SMALL}/"
    by_itself = {"HX-Request": "true", "HX-Trigger": "panel-customer"}

    assert not is_alive_after(manager, panel, **by_itself)
    assert is_alive_after(manager, panel, **{"HX-Request": "true"})
    assert is_alive_after(manager, panel)


def test_every_place_that_loads_by_itself_is_known_as_a_panel() -> None:
    for file in Path(django_settings.BASE_DIR, "templates").rglob("*.html"):
        for element in re.findall(r"<\w+[^<>]*(?:\{%.*?%\}[^<>]*)*>", file.read_text(), re.DOTALL):
            if 'hx-trigger="load"' in element:
                assert 'id="panel-' in element or 'id="{{ element }}"' in element, file
    for each in catalogue.descriptions():
        assert all(place.element.startswith(LOADING_ELEMENTS) for place in panel_places(each, "1", of="2"))
