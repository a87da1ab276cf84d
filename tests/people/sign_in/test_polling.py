"""A page that asks by itself is no sign of the person: left open, it does not keep their session alive."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client

from orders.people.sign_in.sessions import POLLED, POLLING_ELEMENTS
from tests.personas import PASSWORD

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
