"""On a phone, and at 400 % zoom."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import SIGN_IN, adobe, fabric, tour

PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}

# Wider than the window, or hidden behind an edge without a way to scroll there.
OVERFLOW = """() => [document.documentElement, ...document.querySelectorAll("main, .card, .result")]
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .filter((element) => getComputedStyle(element).overflowX !== "auto")
  .map((it) => `${it.tagName}.${it.className} ${it.scrollWidth} > ${it.clientWidth}`)"""


def overflowing(page: Page) -> list[str]:
    found: list[str] = page.evaluate(OVERFLOW)
    return found


def test_no_page_is_wider_than_a_phone(open_page):
    page = open_page(viewport=PHONE)
    too_wide = {name: overflowing(page) for name in tour(page)}
    stranger = open_page(viewport=PHONE, signed_in=False)
    stranger.goto(SIGN_IN)
    too_wide["sign-in"] = overflowing(stranger)

    assert {name: found for name, found in too_wide.items() if found} == {}


@pytest.mark.parametrize(
    "address", [adobe(query="?start-date=2000-01-01"), fabric()], ids=["adobe", "fabric"]
)
def test_list_and_details_can_be_read_at_400_percent(open_page, address):
    page = open_page(viewport=ZOOMED)
    page.goto(address)
    assert overflowing(page) == []

    page.locator("tr[data-order-id] a").first.click()
    expect(page.locator("#summary")).to_be_visible()
    assert overflowing(page) == []


@pytest.mark.parametrize("width", [768, 1024, 1280, 1440])
def test_no_column_is_cut_off_in_between(open_page, width):
    page = open_page(viewport={"width": width, "height": 900})
    for address in (adobe(query="?start-date=2000-01-01"), fabric()):
        page.goto(address)
        assert overflowing(page) == []


def test_rows_are_cards_with_id_time_and_state(open_page):
    page = open_page(viewport=PHONE)
    for address in (adobe(), fabric()):
        page.goto(address)
        card = page.locator("tr[data-order-id]").first
        order_id = card.get_attribute("data-order-id") or ""
        link, time, state = (
            card.get_by_role("link", name=order_id),
            card.locator("td.when").first,
            card.locator(".tag"),
        )

        for part in (link, time, state.first):
            expect(part).to_be_visible()
            box = part.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
        assert link.bounding_box()["y"] < state.first.bounding_box()["y"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_filters_unfold_by_keyboard_alone(open_page, scripts):
    page = open_page(viewport=PHONE, java_script_enabled=scripts)
    page.goto(adobe(query="?start-date=2000-01-01&status=1000"))
    types = page.locator("[data-filter=type] > summary")
    new = page.locator(".filters").get_by_role("checkbox", name=re.compile(r"^New\b"))
    expect(page.locator(".filters-button")).to_contain_text("2")
    expect(types).to_be_hidden()

    page.get_by_role("checkbox", name=re.compile("^Filters")).focus()
    page.keyboard.press("Space")
    types.focus()
    page.keyboard.press("Enter")
    new.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.locator(".filters-button")).to_contain_text("3")
    expect(page.locator(".chip", has_text="Order type: New")).to_be_visible()


def test_the_pager_is_at_the_thumb(open_page):
    page = open_page(viewport=PHONE)
    page.goto(adobe(query="?start-date=2000-01-01"))
    page.locator("tr[data-order-id]").nth(10).scroll_into_view_if_needed()

    following = page.get_by_role("link", name="Next")
    expect(following).to_be_in_viewport()
    assert following.bounding_box()["height"] >= 40
    following.click()

    expect(page.locator(".pager")).to_contain_text("Showing 26–50")
