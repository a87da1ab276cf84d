"""A real browser before a portal with its worker, whose upstreams are the sandbox in this process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.chromium import PATIENCE
from tests.browser_exports.site import PASSWORD, PERSON, Site, running_site

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def site_of_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(site_of_run: Site) -> Iterator[Site]:
    site_of_run.sandbox.clear()
    site_of_run.sandbox.latency = 0.0
    yield site_of_run
    site_of_run.sandbox.clear()
    site_of_run.sandbox.latency = 0.0


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Opener]:
    """`open_page()` is a page of a fresh browser, signed in; in the end nothing wrong has happened."""
    wrongs: list[str] = []
    contexts = []

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            wrongs.append(message.text)

    def request(url: str) -> None:
        if urlsplit(url).scheme != "data" and not url.startswith(site.url):
            wrongs.append(f"a request to another host: {url}")

    def open_(**options: object) -> Page:
        context = browser.new_context(base_url=site.url, **options)  # type: ignore[arg-type]  # handed through
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", console)
        context.on("request", lambda sent: request(sent.url))
        context.on("weberror", lambda error: wrongs.append(str(error.error)))
        page = context.new_page()
        page.goto("/accounts/login/")
        page.get_by_label("User name").fill(PERSON)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert wrongs == []


@dataclass(frozen=True)
class Visitor:
    """A signed-in person, and whether their browser runs scripts."""

    page: Page
    has_scripts: bool


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def visitor(request: pytest.FixtureRequest, open_page: Opener) -> Visitor:
    """The same person once with JavaScript and once without."""
    return Visitor(open_page(java_script_enabled=request.param), request.param)


@pytest.fixture
def page(open_page: Opener) -> Page:
    return open_page()
