"""What JavaScript adds: keys, copy buttons, swaps without a reload. Nothing needs it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, Page, Route, expect

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


@pytest.fixture
def exporting(scripted: Page, agent: User) -> Page:
    """The page of somebody who may export too, so that there are two menus."""
    agent.groups.add(Group.objects.get(name="supervisor"))
    return scripted


def open_menu(page: Page, words: str) -> Locator:
    """The opened menu whose button has these words."""
    page.locator("summary", has_text=words).click()
    menu = page.locator("details.menu", has=page.locator("summary", has_text=words))
    expect(menu).to_have_attribute("open", "")
    return menu


MENUS = pytest.mark.parametrize(
    ("words", "field"), [("Export", "Columns"), ("Save view", "Name of the view")]
)


@MENUS
def test_escape_closes_a_menu_and_keeps_the_place(exporting, words, field):
    exporting.goto(WHOLE)
    menu = open_menu(exporting, words)
    menu.get_by_label(field).focus()
    exporting.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


@MENUS
def test_a_click_outside_closes_a_menu_and_one_inside_does_not(exporting, words, field):
    exporting.goto(WHOLE)
    menu = open_menu(exporting, words)
    menu.get_by_label(field).click()
    expect(menu).to_have_attribute("open", "")
    exporting.get_by_role("heading", level=1).click()

    expect(menu).not_to_have_attribute("open", "")


def test_opening_a_menu_closes_the_other(exporting):
    exporting.goto(WHOLE)
    views = open_menu(exporting, "Save view")
    files = open_menu(exporting, "Export")

    expect(views).not_to_have_attribute("open", "")
    expect(files).to_have_attribute("open", "")


def test_n_p_and_r_turn_pages_and_refresh(scripted, upstreams):
    scripted.goto(WHOLE)
    scripted.keyboard.press("n")
    expect(pager(scripted)).to_contain_text("Showing 26–50")
    scripted.keyboard.press("p")
    expect(pager(scripted)).to_contain_text("Showing 1–25")

    asked = len(lists_asked(upstreams))
    with scripted.expect_navigation():
        scripted.keyboard.press("r")

    expect(pager(scripted)).to_contain_text("Showing 1–25")
    assert len(lists_asked(upstreams)) == asked + 1


def lists_asked(upstreams):
    """Questions for orders, not those of the panels beside them."""
    return [entry for entry in upstreams.requests if entry.path.endswith("/orders")]


def test_r_tries_again_after_a_failure(scripted, upstreams):
    upstreams.script("adobe", [500] * 5, customer_id=customers.ADOBE_SMALL)
    scripted.goto(adobe(customers.ADOBE_SMALL))
    expect(scripted.locator(".failure[data-error]")).to_be_visible()
    upstreams.clear_faults()

    scripted.keyboard.press("r")

    expect(scripted.locator("[data-total-count]")).to_be_visible()


def test_no_key_acts_inside_a_field(scripted):
    scripted.goto(WHOLE)
    scripted.locator("[data-filter=offer] > summary").click()
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

    page.keyboard.press("c")
    expect(page.locator("#announce")).to_have_text("Copy for a ticket: copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#support-text").text_content()


def test_a_busy_line_shows_while_an_upstream_is_asked(scripted):
    scripted.goto(WHOLE)
    held = hold_requests(scripted, r"offset=25")
    scripted.get_by_role("link", name="Next").click()
    expect(scripted.locator("html")).to_have_class(re.compile("is-busy"))
    # Soon it says who is asked, once for those who listen, and filters can be opened meanwhile.
    waiting = scripted.locator("[data-waiting]")
    expect(waiting).to_contain_text(f"Asking Adobe · {customers.ADOBE_LARGE} · 1 s")
    expect(scripted.locator("#announce")).to_have_text(f"Asking Adobe · {customers.ADOBE_LARGE}")
    scripted.locator("[data-filter=status] > summary").click()
    expect(scripted.locator("[data-filter=status]")).to_have_attribute("open", "")
    waiting.get_by_role("button", name="Cancel").click()
    expect(waiting).to_be_hidden()
    expect(pager(scripted)).to_contain_text("Showing 1–25")

    scripted.get_by_role("link", name="Next").click()
    scripted.wait_for_timeout(100)
    held[-1].continue_()

    expect(pager(scripted)).to_contain_text("Showing 26–50")
    expect(waiting).to_be_hidden()
    expect(scripted.locator("html")).not_to_have_class(re.compile("is-busy"))


def test_a_panel_that_arrives_meanwhile_ends_no_waiting_but_its_own(scripted):
    panel = hold_requests(scripted, "/subscriptions/")
    held = hold_requests(scripted, "offset=25")
    scripted.goto(WHOLE)
    scripted.get_by_role("link", name="Next").click()
    expect(scripted.locator("html")).to_have_class(re.compile("is-busy"))
    panel[0].continue_()

    expect(scripted.locator("[data-panel=subscriptions] .panel-line")).to_be_visible()
    scripted.wait_for_timeout(300)
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
    upstreams.script("adobe", [500] * 40)  # the panels ask as well
    mark_document(scripted)
    scripted.get_by_role("link", name="Next").click()

    expect(scripted.locator(".failure")).to_contain_text("Adobe VIP Marketplace is not available")
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


def test_keys_go_through_the_rows_and_one_is_looked_at_beside_the_list(scripted):
    scripted.goto(WHOLE)
    links, beside = scripted.locator("tr[data-order-id] td:first-child a"), scripted.locator("[data-preview]")
    second = scripted.locator("tr[data-order-id]").nth(1).get_attribute("data-order-id")
    for key in ("j", "j", "j", "k", " "):
        scripted.keyboard.press(key)

    expect(beside).to_have_attribute("data-preview", second)
    expect(scripted.locator("#announce")).to_contain_text(f"Order {second}: ")
    expect(scripted.locator("tr.at")).to_have_attribute("data-order-id", second)
    assert is_within_its_box(scripted)

    scripted.keyboard.press("Escape")
    expect(beside).to_have_count(0)
    expect(links.filter(has_text=second)).to_be_focused()

    scripted.locator("tr[data-order-id] td.state").nth(4).click()
    fifth = scripted.locator("tr[data-order-id]").nth(4).get_attribute("data-order-id")
    expect(beside).to_have_attribute("data-preview", fifth)
    beside.get_by_role("link", name="Open").click()
    expect(scripted.locator("[data-walk]")).to_have_attribute("data-walk", "5/312")
    scripted.keyboard.press("]")
    expect(scripted.locator("[data-walk]")).to_have_attribute("data-walk", "6/312")


def is_within_its_box(page: Page) -> bool:
    """Whether no table is wider than what it stands in."""
    return bool(
        page.evaluate(
            "[...document.querySelectorAll('.rows')].every((box) => box.scrollWidth <= box.clientWidth)"
        )
    )
