"""A real browser before a portal with its worker, whose upstreams are the sandbox in this process."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.chromium import PATIENCE
from tests.browser.exports.site import PERSON, Site, running_site
from tests.browser.portal import sign_in

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def site_of_run(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Site]:
    directory = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_sqlite, directory / "portal.sqlite3")
    with running_site(directory) as site:
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
        sign_in(page, PERSON)
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
