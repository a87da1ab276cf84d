"""What JavaScript adds: keys, copy buttons, swaps without a reload. Nothing needs it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from orders.sandbox import customers
from tests.browser.portal import HOME, SIGN_IN, adobe

WHOLE = adobe(query="?start-date=2000-01-01")


def pager(page: Page):
    return page.locator(".pager")


def is_still_the_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.marked === true"))


def mark_document(page: Page) -> None:
    page.evaluate("window.marked = true")


def hold_requests(page: Page, pattern: str) -> list[Route]:
    held: list[Route] = []
    page.route(re.compile(pattern), lambda route: held.append(route))
    return held


@pytest.mark.parametrize("address", [HOME, WHOLE], ids=["first-page", "history"])
def test_a_slash_goes_to_the_look_up(scripted, address):
    scripted.goto(address)
    scripted.evaluate("document.activeElement.blur()")
    scripted.keyboard.press("/")

    expect(scripted.get_by_role("searchbox").first).to_be_focused()
    scripted.keyboard.type("1/2")
    expect(scripted.get_by_role("searchbox").first).to_have_value("1/2")


def test_a_question_mark_lists_the_keys_until_closed(scripted):
    scripted.goto(WHOLE)
    scripted.keyboard.press("?")
    keys = scripted.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()

    scripted.keyboard.press("?")
    scripted.keyboard.press("n")
    keys.get_by_role("button", name="Close").click()

    expect(keys).to_be_hidden()
    expect(scripted.locator("html")).not_to_have_class(re.compile("is-busy"))
    expect(pager(scripted)).to_contain_text("Showing 1–25")


def test_n_p_and_r_turn_pages_and_refresh(scripted, upstreams):
    scripted.goto(WHOLE)
    scripted.keyboard.press("n")
    expect(pager(scripted)).to_contain_text("Showing 26–50")
    scripted.keyboard.press("p")
    expect(pager(scripted)).to_contain_text("Showing 1–25")

    asked = len(upstreams.requests)
    with scripted.expect_navigation():
        scripted.keyboard.press("r")

    expect(pager(scripted)).to_contain_text("Showing 1–25")
    assert len(upstreams.requests) == asked + 1


def test_r_tries_again_after_a_failure(scripted, upstreams):
    upstreams.script("adobe", [500] * 5, customer_id=customers.ADOBE_SMALL)
    scripted.goto(adobe(customers.ADOBE_SMALL))
    expect(scripted.locator("[data-error]")).to_be_visible()
    upstreams.clear_faults()

    scripted.keyboard.press("r")

    expect(scripted.locator("[data-total-count]")).to_be_visible()


def test_no_key_acts_inside_a_field(scripted):
    scripted.goto(WHOLE)
    field = scripted.get_by_label("Offer IDs")
    field.focus()
    scripted.keyboard.type("np?r/")

    expect(field).to_have_value("np?r/")
    expect(field).to_be_focused()
    expect(scripted.get_by_role("dialog")).to_be_hidden()
    expect(pager(scripted)).to_contain_text("Showing 1–25")


def test_copy_buttons_copy(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(WHOLE)
    page.get_by_role("button", name="Copy the customer ID").click()
    expect(page.get_by_role("button", name="Copy the customer ID")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == customers.ADOBE_LARGE

    page.locator("[data-order-id] a").first.click()
    page.get_by_role("button", name="Copy summary").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#summary").inner_text()


def test_a_busy_line_shows_while_an_upstream_is_asked(scripted):
    scripted.goto(WHOLE)
    held = hold_requests(scripted, r"offset=25")
    scripted.get_by_role("link", name="Next").click()
    expect(scripted.locator("html")).to_have_class(re.compile("is-busy"))

    held[0].continue_()

    expect(pager(scripted)).to_contain_text("Showing 26–50")
    expect(scripted.locator("html")).not_to_have_class(re.compile("is-busy"))


def test_a_plain_link_shows_the_busy_line_too(scripted):
    scripted.goto(WHOLE)
    # An answer without a page leaves the old one in place, so that it can be looked at.
    scripted.route(re.compile("start-date"), lambda route: route.fulfill(status=204))
    scripted.get_by_role("link", name="Refresh").click()

    expect(scripted.locator("html")).to_have_class(re.compile("is-busy"))


def test_swaps_keep_address_title_and_back_button_right(scripted):
    scripted.goto(WHOLE)
    title = scripted.title()
    mark_document(scripted)
    scripted.get_by_role("link", name="Next").click()
    expect(pager(scripted)).to_contain_text("Showing 26–50")
    expect(scripted).to_have_url(re.compile(r"offset=25"))

    order = scripted.locator("tr[data-order-id] a").first
    order_id = order.inner_text()
    order.click()
    expect(scripted).to_have_title(re.compile(f"Order {order_id}"))
    expect(scripted).to_have_url(re.compile(f"/orders/{order_id}/"))
    assert is_still_the_same_document(scripted)

    scripted.go_back()
    expect(pager(scripted)).to_contain_text("Showing 26–50")
    expect(scripted).to_have_title(title)
    scripted.go_back()
    expect(pager(scripted)).to_contain_text("Showing 1–25")


def test_a_redirect_is_not_loaded_twice(scripted, upstreams):
    scripted.goto(adobe(query="?start-date=2000-01-01&page=last"))

    expect(pager(scripted)).to_contain_text("Showing 301–312 of 312")
    expect(scripted.get_by_role("button", name="Copy the customer ID")).to_be_visible()
    assert scripted.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_the_number_found_is_announced_and_reading_goes_on_from_there(scripted):
    scripted.goto(WHOLE)
    scripted.get_by_role("link", name="Next").press("Enter")

    expect(scripted.locator("#announce")).to_have_text(re.compile(r"Showing 26–50 of 312"))
    expect(scripted.get_by_role("main")).to_be_focused()


def test_a_failure_is_announced(scripted, upstreams):
    scripted.goto(adobe(customers.ADOBE_LARGE, "?start-date=2000-01-01"))
    upstreams.script("adobe", [500] * 5)
    mark_document(scripted)
    scripted.get_by_role("link", name="Next").click()

    expect(scripted.get_by_role("alert")).to_contain_text("Adobe VIP Marketplace is not available")
    assert is_still_the_same_document(scripted)


def test_after_the_session_has_ended_a_click_leads_to_the_sign_in_page(scripted: Page):
    scripted.goto(WHOLE)
    scripted.context.clear_cookies()
    scripted.get_by_role("link", name="Next").click()

    expect(scripted).to_have_url(re.compile(re.escape(SIGN_IN) + r"\?next=.*offset%3D25"))
    expect(scripted.get_by_role("button", name="Sign in")).to_be_visible()
    expect(scripted.get_by_role("button", name="Sign out")).to_have_count(0)


def test_where_the_portal_is_gone_the_browser_says_so(scripted: Any):
    scripted.goto(WHOLE)
    scripted.route(re.compile("offset=25"), lambda route: route.abort())
    scripted.get_by_role("link", name="Next").click()

    expect(pager(scripted)).to_have_count(0)
