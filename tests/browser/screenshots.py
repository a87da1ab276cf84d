"""Pictures of the pages, wide and narrow, light and dark.

    python -m tests.browser.screenshots [DIR]

The sandbox and the portal are started for it, with a database that is thrown away.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WIDTHS = {"wide": (1440, 900), "narrow": (390, 1000)}
LIMITS = {"connect_timeout": 1.0, "read_timeout": 0.5, "deadline": 1.0, "max_body": 32 * 2**20}


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DATABASE_URL"] = f"sqlite:///{scratch}/portal.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
        import django

        django.setup()
        logging.disable(logging.CRITICAL)  # the failures in the pictures are meant
        with served_portal() as (url, cookie):
            take_all(folder, url, cookie)


@contextmanager
def served_portal() -> Iterator[tuple[str, Any]]:
    """The portal's address and a signed-in person's cookie."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.test import override_settings
    from django.test.testcases import LiveServerThread

    from orders.sandbox import SandboxServer
    from tests.browser import portal
    from tests.conftest import upstream_settings
    from tests.personas import person

    call_command("migrate", verbosity=0, interactive=False)
    dana = person("dana", "supervisor", first_name="Dana", last_name="Reyes")
    with (
        SandboxServer() as sandbox,
        override_settings(
            UPSTREAMS=upstream_settings(sandbox.url), UPSTREAM_LIMITS=LIMITS, STORAGES=portal.STORAGES
        ),
    ):
        server = LiveServerThread("127.0.0.1", StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        url = f"http://127.0.0.1:{server.port}"
        try:
            yield url, portal.session_cookie(dana, url)
        finally:
            server.terminate()


def pages() -> dict[str, tuple[str, Callable[[Any], None]]]:
    """By the picture's name: the page's address, and what is done there before the picture."""
    from orders.sandbox import customers
    from tests.browser.portal import HOME, SIGN_IN, adobe, fabric

    def stay(page: Any) -> None:
        pass

    def open_first_order(page: Any) -> None:
        page.locator("tbody [data-order-id] a").first.click()
        page.locator("#summary").wait_for()

    def unfold_filters(page: Any) -> None:
        button = page.locator(".filters-button")
        if button.is_visible():
            button.click()

    whole_history = adobe(query="?start-date=2000-01-01")
    return {
        "sign-in": (SIGN_IN, stay),
        "adobe-history": (whole_history, stay),
        "adobe-details": (whole_history, open_first_order),
        "adobe-filters": (adobe(query="?status=1000&order-type=NEW"), unfold_filters),
        "fabric-history": (fabric(), stay),
        "fabric-details": (fabric(query="?attention=will-retry"), open_first_order),
        "error": (adobe(customers.ADOBE_UNAVAILABLE), stay),
        "time-out": (fabric(customers.FABRIC_TIMEOUT, "?status=RETRY"), stay),
        "out-of-range": (adobe(query="?offset=5000"), stay),
        "empty-window": (adobe(customers.ADOBE_OLD_TERM), stay),
        "bad-filter": (adobe(query="?start-date=tomorrow&status=1000"), stay),
        "unreadable": (adobe(customers.ADOBE_ODD, "?start-date=2000-01-01"), stay),
        "home": (HOME, stay),
    }


def take_all(folder: Path, url: str, cookie: Any) -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, chromium.find())
        for width_name, (width, height) in WIDTHS.items():
            for scheme in ("light", "dark"):
                for name, (address, prepare) in pages().items():
                    context = browser.new_context(
                        base_url=url,
                        viewport={"width": width, "height": height},
                        color_scheme=scheme,
                    )
                    context.set_default_timeout(10_000)
                    if name != "sign-in":
                        context.add_cookies([cookie])
                    page = context.new_page()
                    page.goto(address)
                    prepare(page)
                    path = folder / f"{name}-{width_name}-{scheme}.png"
                    page.screenshot(path=path)
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
