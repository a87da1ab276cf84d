"""Light, dark, and paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import adobe


def brightness(page: Page, selector: str, style: str) -> int:
    """0 for black to 765 for white."""
    colour: int = page.evaluate(
        "([selector, style]) => getComputedStyle(document.querySelector(selector))[style]"
        ".match(/\\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part)",
        [selector, style],
    )
    return colour


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_pages_are_dark_where_the_system_is(open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(adobe())
    assert brightness(page, "body", "backgroundColor") > 600 > brightness(page, "body", "color")

    page.emulate_media(color_scheme="dark")

    assert brightness(page, "body", "backgroundColor") < 150 < brightness(page, "body", "color")
    assert brightness(page, ".result", "backgroundColor") < 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_shows_the_orders_and_no_controls(open_page, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(adobe(query="?start-date=2000-01-01&status=1000"))
    page.emulate_media(media="print")

    for control in (".bar", ".filters", ".pager nav", ".chips", ".copy", "[data-refresh]"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator("[data-notice=window]")).to_be_visible()
    assert brightness(page, ".result", "backgroundColor") > 700
    assert brightness(page, "td.id a", "color") < 400
