"""A real browser before the real portal, whose upstreams are the sandbox in this process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from orders.sandbox import SandboxServer
from orders.upstreams import registry
from tests.browser import portal
from tests.browser.chromium import PATIENCE
from tests.browser.watching import Watch

Opener = Callable[..., Page]


@pytest.fixture
def site(live_server: Any, settings: Any, upstreams: SandboxServer) -> str:
    """The address of the portal, served by threads of this process."""
    settings.STORAGES = portal.STORAGES
    set_limits(settings, read_timeout=5.0, deadline=8.0)
    return str(live_server.url)


@pytest.fixture
def set_deadline(settings: Any, site: str) -> Callable[[float], None]:
    """How long the portal waits for an upstream from now on, in seconds."""
    return lambda seconds: set_limits(settings, read_timeout=seconds, deadline=seconds)


def set_limits(settings: Any, **limits: float) -> None:
    settings.UPSTREAM_LIMITS = {**settings.UPSTREAM_LIMITS, **limits}
    registry.forget_connections()


@pytest.fixture
def open_page(browser: Browser, site: str, agent: Any) -> Iterator[Opener]:
    """`open_page()` gives a page of a fresh browser, signed in; in the end nothing wrong has happened."""
    opened: list[tuple[Any, Watch]] = []

    def open_(*, signed_in: bool = True, **options: Any) -> Page:
        context = browser.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        if signed_in:
            context.add_cookies([portal.session_cookie(agent, site)])
        opened.append((context, Watch(context, site)))
        return context.new_page()

    yield open_
    wrongs = []
    for context, watch in opened:
        context.close()
        wrongs += watch.wrongs
    assert wrongs == []


with_and_without_scripts = pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])


@with_and_without_scripts
def page(request: pytest.FixtureRequest, open_page: Opener) -> Page:
    """A signed-in person's page, once with JavaScript and once without."""
    return open_page(java_script_enabled=request.param)


@with_and_without_scripts
def stranger(request: pytest.FixtureRequest, open_page: Opener) -> Page:
    """A page of somebody who has not signed in, once with JavaScript and once without."""
    return open_page(signed_in=False, java_script_enabled=request.param)


@pytest.fixture
def scripted(open_page: Opener) -> Page:
    """A signed-in person's page with JavaScript."""
    return open_page()
