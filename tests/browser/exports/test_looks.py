"""axe finds nothing on the pages of exports, in light and dark; a phone need not scroll sideways."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from orders.sandbox import customers
from tests.browser.axe import COLOURS, LEVELS, look

pytestmark = pytest.mark.timeout(300)

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
SHORT = f"/fabric/customers/{customers.FABRIC_SHORT}/orders/"


def tour(page: Page, site) -> Iterator[str]:
    """Every page of exports, one after the other; gives what it is."""
    site.sandbox.clear()
    for name, address in {
        "columns": "/help/columns/",
        "profile": "/profile/",
        "new set": "/profile/column-sets/new/fabric/lines/",
        "refused": f"{LARGE}export/?rows=both&nonsense=1",
        "too large": f"{LARGE}export/?start-date=2000-01-01",
        "failed at once": f"/adobe/customers/{customers.ADOBE_UNKNOWN}/orders/export/",
        "no such file": "/exports/5b7a3a9e-58c5-4a2b-a8cb-1a2b3c4d5e6f/file/",
    }.items():
        page.goto(address)
        yield name
    page.goto("/profile/")
    page.get_by_label("What it is for").fill(f"token {page.viewport_size} {site.sandbox.port} {id(page)}")
    page.get_by_role("button", name="Make token").click()
    page.wait_for_selector("#new-token")
    yield "new token"
    page.goto(f"{LARGE}?start-date=2000-01-01")
    page.locator(".export-menu summary").click()
    yield "menu"
    site.sandbox.latency = 3.0
    page.get_by_role("button", name="Make the file").click()
    page.wait_for_selector("[data-state=running] #export-progress dl")
    yield "running"
    page.goto("/exports/")
    yield "list while one is being made"
    page.get_by_role("link", name=f"Adobe {customers.ADOBE_LARGE}").first.click()
    site.sandbox.latency = 0.0
    page.wait_for_selector("[data-state=complete]")
    yield "complete"
    for address, state in (
        (f"{SHORT}export/", "partial"),
        (f"/adobe/customers/{customers.ADOBE_UNKNOWN}/orders/export/", "failed"),
    ):
        order(page, address)
        page.wait_for_selector(f"[data-state={state}]")
        yield state
    order(page, f"{SHORT}export/?rows=lines")
    page.goto("/")
    page.wait_for_selector("[data-export-notice]")
    yield "notice"
    page.goto("/exports/")
    yield "list"


def order(page: Page, address: str) -> None:
    """Ask for a file in the background, whatever its size, as a form of the portal would."""
    page.goto(f"{LARGE}export/?start-date=2000-01-01")
    page.locator("#export").evaluate(
        "(form, address) => { form.querySelector('[name=start-date]').remove(); form.action = address; }",
        address,
    )
    page.locator("#export").get_by_role("button").click()
    page.wait_for_url(re.compile("/exports/[0-9a-f-]{36}/$"))


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1440, "light"),
        (390, "light"),
        *(pytest.param(width, "dark", marks=pytest.mark.slow) for width in (1440, 390)),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, site, width, scheme):
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    # In the dark nothing but the colours differs.
    rules = LEVELS if scheme == "light" else COLOURS
    wrongs = {}
    for name in tour(page, site):
        outside = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = look(page, rules) + ([f"{outside} pixels stick out"] if outside > 0 else [])
        if found:
            wrongs[name] = found

    assert wrongs == {}
