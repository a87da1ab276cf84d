"""The portal as a browser meets it: served by threads of this process, and the addresses of its pages."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from orders.sandbox import customers
from tests.personas import PASSWORD

# Static files as they are in the source, whatever an earlier `collectstatic` left behind.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

SIGN_IN = "/accounts/login/"
HOME = "/"


def adobe(customer_id: str = customers.ADOBE_LARGE, query: str = "") -> str:
    return f"/adobe/customers/{customer_id}/orders/{query}"


def fabric(customer_id: str = customers.FABRIC_MAIN, query: str = "") -> str:
    return f"/fabric/customers/{customer_id}/orders/{query}"


def session_cookie(person: User, url: str) -> Any:
    """The cookie that a browser has after this person signed in, without the sign-in page."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"name": "session", "value": session.session_key or "", "url": url}


def sign_in(page: Page, name: str = "dana", password: str = PASSWORD) -> None:
    """Fill in the sign-in page, which is open, and send it."""
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    """By the person's menu, which works without scripts too."""
    page.locator(".me > summary").click()
    page.get_by_role("button", name="Sign out").click()


def tour(page: Page) -> Iterator[str]:
    """Lead a signed-in person's page through every kind of page, naming each on arrival."""
    stops = {
        "first page": HOME,
        "adobe history": adobe(query="?start-date=2000-01-01&status=1000&limit=5"),
        "fabric history": fabric(query="?limit=8"),
        "unreadable rows": adobe(customers.ADOBE_ODD, "?start-date=2000-01-01&unknown=1&limit=10"),
        "markup in every text": fabric(customers.FABRIC_MARKUP),
        "failed upstream": adobe(customers.ADOBE_HTML, "?status=1000"),
        "bad filter": adobe(query="?start-date=tomorrow"),
        "behind the last page": adobe(query="?offset=5000"),
        "empty list": adobe(customers.ADOBE_OLD_TERM),
        "status": "/status/",
        "no such page": "/nowhere/",
    }
    for name, address in stops.items():
        page.goto(address)
        yield name
        links = page.locator("tbody [data-order-id] td:first-child a")
        if name.endswith(("history", "text")) and links.count():
            page.goto(links.nth(1).get_attribute("href") or "")
            yield f"order from {name}"
    page.goto(adobe() + "9999999999/")
    yield "no such order"
