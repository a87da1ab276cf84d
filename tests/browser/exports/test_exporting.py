"""A person exports: starts, watches, cancels, resumes, downloads; with JavaScript and without."""

import csv
import hashlib
import io
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from orders.sandbox import customers
from tests.browser.exports.conftest import Visitor
from tests.processes import wait_until

pytestmark = pytest.mark.timeout(300)

CUSTOMER = customers.ADOBE_LARGE
HISTORY = f"/adobe/customers/{CUSTOMER}/orders/?start-date=2000-01-01"
REFUSED = {"status": 403, "body": {"error_code": "403003", "message": "Api Key is invalid"}}
WAIT = 90.0  # seconds


def start(page: Page, *choices: str, history: str = HISTORY) -> None:
    """From the history page by its menu to the export's own page."""
    page.goto(history)
    page.locator(".export-menu summary").click()
    for choice in choices:
        page.locator("#export").get_by_label(choice).check()
    page.locator("#export").get_by_role("button", name="Make the file").click()
    page.wait_for_url(re.compile("/exports/[0-9a-f-]{36}/$"))


def look_on_until(visitor: Visitor, *states: str) -> None:
    """With scripts by looking on, without them by choosing Refresh."""

    def is_reached() -> bool:
        is_over = state_of(visitor.page) in states
        if not is_over and not visitor.has_scripts:
            visitor.page.get_by_role("link", name="Refresh").click()
        return is_over

    wait_until(is_reached, seconds=WAIT, pause=0.3)


def state_of(page: Page) -> str:
    return page.locator("#export").get_attribute("data-state") or ""


def fact(page: Page, name: str) -> str:
    return page.locator(f".export-facts div:has(dt:text-is('{name}')) dd").inner_text()


def download(page: Page, tmp_path: Path) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download", exact=True).click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    return path.name, path.read_bytes()


def order_ids(content: bytes) -> list[str]:
    """Each order once, in the order of the file."""
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return list(dict.fromkeys(row["orderId"] for row in rows))


def test_an_export_is_started_watched_and_downloaded(visitor, site, tmp_path):
    page = visitor.page
    site.sandbox.latency = 1.0
    start(page, "CSV: One row per line item")
    look_on_until(visitor, "running")
    seen = set()
    while state_of(page) == "running":
        figures = page.locator("#export-progress dd")
        if figures.count() == 5:
            seen.add(figures.nth(0).inner_text())
        if not visitor.has_scripts:
            page.get_by_role("link", name="Refresh").click()
        time.sleep(0.2)
    name, content = download(page, tmp_path)

    assert any(re.fullmatch("[123] of 4", pages) for pages in seen), seen
    assert re.fullmatch(rf"orders_adobe_{CUSTOMER}_\d{{8}}T\d{{6}}Z\.csv", name)
    assert order_ids(content) == site.orders_of(CUSTOMER)
    assert fact(page, "SHA-256").split()[0] == hashlib.sha256(content).hexdigest()
    assert (
        page.locator(".verdict").inner_text().startswith("All 312 orders that Adobe counts are in the file")
    )


def test_an_export_is_cancelled(visitor, site):
    page = visitor.page
    site.sandbox.latency = 2.0
    start(page)
    look_on_until(visitor, "running")
    page.get_by_role("button", name="Cancel").click()
    look_on_until(visitor, "cancelled")

    expect(page.get_by_text("You cancelled it; nothing was kept.")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_have_count(0)


def test_a_stopped_export_goes_on_where_it_stopped(visitor, site, tmp_path):
    page = visitor.page
    # The page's own request, then two pages of the export; panels ask for other things beside them.
    site.sandbox.script("adobe", [None, None, None, *[REFUSED] * 50], path_contains="/orders?")
    start(page, history=f"{HISTORY}&order-type=NEW&order-type=RENEWAL&order-type=RETURN")
    look_on_until(visitor, "failed")

    expect(page.get_by_role("heading", name="It stopped at page 3")).to_be_visible()
    expect(page.get_by_role("link", name="Download")).to_have_count(0)
    site.sandbox.clear_faults()
    site.sandbox.clear_log()
    page.get_by_role("button", name="Fetch the rest").click()
    look_on_until(visitor, "complete")
    orders = [entry for entry in site.sandbox.requests if entry.path.endswith("/orders")]
    asked = [dict(entry.query)["offset"] for entry in orders]
    _, content = download(page, tmp_path)

    assert "0" not in asked
    assert order_ids(content) == site.orders_of(
        CUSTOMER, ("order-type", "NEW"), ("order-type", "RENEWAL"), ("order-type", "RETURN")
    )


def test_a_small_result_is_downloaded_at_once(visitor, site, tmp_path):
    page = visitor.page
    page.goto(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?start-date=2000-01-01")
    page.get_by_text("Export 7 orders").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    started.value.save_as(tmp_path / "small.csv")

    assert order_ids((tmp_path / "small.csv").read_bytes()) == site.orders_of(customers.ADOBE_SMALL)
    expect(page.locator("html")).not_to_have_class("is-busy")


def test_whoever_left_the_page_is_told_when_it_is_done(page, site):
    page.goto("/exports/")  # whatever ended before has been seen then
    site.sandbox.latency = 0.7
    start(page)
    page.goto("/help/columns/")
    expect(page.locator("[data-export-notice]")).to_contain_text("Your file of 312 rows is complete")
    page.get_by_role("button", name="Dismiss").click()

    page.wait_for_url("**/help/columns/")
    expect(page.locator("[data-export-notice]")).to_have_count(0)


def test_polling_keeps_the_place_of_whoever_uses_the_keyboard(page, site):
    site.sandbox.latency = 2.0
    start(page)
    page.get_by_role("button", name="Cancel").focus()
    with page.expect_response(re.compile("/progress/")):
        pass
    with page.expect_response(re.compile("/progress/")):
        pass

    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    expect(page.locator("html")).not_to_have_class("is-busy")
    page.get_by_role("button", name="Cancel").click()


def test_a_column_set_is_made_and_used(visitor, site, tmp_path):
    page = visitor.page
    name = f"for finance {visitor.has_scripts}"
    page.goto("/profile/column-sets/new/adobe/orders/")
    page.get_by_label("Name", exact=True).fill(name)
    for box in page.get_by_role("checkbox").all():
        if box.get_attribute("value") not in {"orderId", "status"}:
            box.uncheck()
    page.get_by_label("Place of status", exact=True).fill("1")
    page.get_by_label("Place of orderId", exact=True).fill("2")
    page.get_by_role("button", name="Save").click()
    page.goto(f"/adobe/customers/{customers.ADOBE_SMALL}/orders/?start-date=2000-01-01")
    page.get_by_text("Export 7 orders").click()
    page.get_by_label("Columns").select_option(name)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    started.value.save_as(tmp_path / "file.csv")

    assert (tmp_path / "file.csv").read_text().splitlines()[0] == "status,orderId"
