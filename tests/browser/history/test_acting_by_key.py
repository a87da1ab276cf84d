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

    expect(page.locator("#announce")).to_have_text("IDs copied: 3")
    ids = [boxes.nth(place).get_attribute("value") for place in (1, 2, 3)]
    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(map(str, ids))
    everything = page.get_by_role("checkbox", name="All on this page")
    everything.check()
    expect(page.locator("[data-selected]")).to_have_text("25 selected")
    everything.uncheck()
    expect(copy).to_be_disabled()


def test_ids_are_copied_where_the_browser_keeps_its_clipboard_from_pages(open_page: Any) -> None:
    page: Page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})")
    page.goto(WHOLE)
    box = page.get_by_role("checkbox", name=re.compile("^Select order")).nth(1)
    box.click()
    copy = page.locator("[data-copy-selected]")
    copy.click()

    expect(copy).to_have_text("Copied")
    expect(copy).to_be_focused()
    expect(copy).to_have_text("Copy IDs")
    field = page.locator("[data-lookup] input[name=q]")
    field.focus()
    page.keyboard.press("Control+v")
    expect(field).to_have_value(str(box.get_attribute("value")))


def test_the_palette_looks_up_what_was_typed_as_it_is(scripted: Page) -> None:
    scripted.goto(WHOLE)
    scripted.keyboard.press("Control+k")
    scripted.keyboard.type("$&1")
    options = scripted.get_by_role("dialog", name="Go to, or do").get_by_role("option")

    expect(options).to_have_text("Look up “$&1” ")


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
