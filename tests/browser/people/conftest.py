"""A real browser before the real portal."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.portal import SIGN_IN, sign_in
from tests.people.sign_in.conftest import exporter  # noqa: F401  (a fixture)
from tests.personas import PASSWORD

PATIENCE = 10_000  # milliseconds

# What a browser may say about good pages: advice on password managers, what signing out has removed, and that
# somebody was faster than a page that puts the cursor into its first field.
GOOD_TO_KNOW = ("[DOM]", "Clear-Site-Data header on", "Autofocus processing was blocked")

Opener = Callable[..., Page]


@pytest.fixture
def site(live_server: Any) -> str:
    """By name: security keys don't work where an address stands for it."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Opener]:
    """A page of a fresh browser; at the end no policy was broken and no script has failed."""
    contexts: list[BrowserContext] = []
    wrongs: list[str] = []

    def open_(**options: Any) -> Page:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        context.on(
            "console",
            lambda message: None if message.text.startswith(GOOD_TO_KNOW) else wrongs.append(message.text),
        )
        context.on("weberror", lambda error: wrongs.append(str(error.error)))
        context.on("requestfailed", lambda request: wrongs.extend(failed(request)))
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    assert wrongs == []


def failed(request: Request) -> list[str]:
    """A request that was cut off by going elsewhere is no failure."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]


@pytest.fixture
def dana(agent: User, settings: Any) -> User:
    settings.MFA_REQUIRED = False
    return agent


def type_password(page: Page, password: str = PASSWORD) -> None:
    page.goto(SIGN_IN)
    sign_in(page, password=password)


def add_key(page: Page) -> None:
    """A security key in the browser's own simulation: it is touched as soon as it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
