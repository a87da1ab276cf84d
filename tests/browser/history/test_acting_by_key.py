"""Rows ticked with shift and copied, and Ctrl-K: going anywhere, and doing what the page offers."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.portal import adobe, fabric

WHOLE = adobe(query="?start-date=2000-01-01")


def test_shift_ticks_all_between_and_their_ids_are_copied(open_page: Any) -> None:
    page: Page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(WHOLE)
    boxes, copy = (
        page.get_by_role("checkbox", name=re.compile("^Select order")),
        page.get_by_role("button", name="Copy IDs"),
    )
    expect(copy).to_be_disabled()
    page.keyboard.press("f")
    expect(page.locator("tr[data-order-id] td:first-child a").first).to_be_focused()

    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    copy.click()

    expect(page.locator("#announce")).to_have_text("Copy IDs: 3")
    ids = [boxes.nth(place).get_attribute("value") for place in (1, 2, 3)]
    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(map(str, ids))
    everything = page.get_by_role("checkbox", name="All on this page")
    everything.check()
    expect(page.locator("[data-selected]")).to_have_text("25 selected")
    everything.uncheck()
    expect(copy).to_be_disabled()


def test_ctrl_k_goes_to_a_view_acts_on_the_page_and_can_be_switched_off(scripted: Page) -> None:
    scripted.goto(fabric())
    palette = scripted.get_by_role("dialog", name="Go to, or do")
    scripted.keyboard.press("Control+k")
    options = palette.get_by_role("option")
    scripted.keyboard.type("settings")
    expect(options.first).to_contain_text("Settings Pages")
    palette.get_by_role("combobox").fill("needs att")
    expect(options.first).to_have_attribute("aria-selected", "true")
    scripted.keyboard.press("Enter")
    expect(scripted).to_have_url(re.compile("attention=overdue"))

    scripted.keyboard.press("Control+k")
    scripted.keyboard.type("columns")
    scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("button", name="Show these")).to_be_visible()

    scripted.keyboard.press("Escape")
    scripted.keyboard.press("Control+k")
    scripted.keyboard.type("1000000007")
    scripted.keyboard.press("Enter")
    expect(scripted).to_have_url(re.compile("/adobe/customers/1000000007/orders/"))

    scripted.evaluate("document.documentElement.dataset.keys = 'off'")
    scripted.keyboard.press("Control+k")
    expect(palette).to_be_hidden()
