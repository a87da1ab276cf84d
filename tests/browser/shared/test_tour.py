"""The tour of a first visit in a browser, with scripts and without: to be read and to be ended."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import GOOD_PRACTICE, look
from tests.browser.portal import SIGN_IN, adobe, sign_in


def test_it_leads_from_step_to_step_and_goes_away(stranger: Page) -> None:
    stranger.goto(SIGN_IN)
    sign_in(stranger)
    here = stranger.locator("[data-tour]")

    expect(here).to_contain_text("Look up")
    here.get_by_role("button", name="Got it").click()
    expect(stranger.get_by_role("heading", name="Whose orders?")).to_be_visible()
    expect(here).to_have_count(0)
    stranger.goto(adobe())
    expect(here).to_contain_text("The list")
    here.get_by_role("link", name="Go on: What needs attention").click()
    expect(stranger).to_have_url(re.compile("/attention/$"))
    here.get_by_role("button", name="End the tour").click()
    expect(here).to_have_count(0)


def test_it_can_be_begun_again_from_the_persons_menu(page: Page) -> None:
    page.goto("/settings/")
    page.locator(".me > summary").click()
    page.get_by_role("link", name="A short tour").first.click()
    page.get_by_role("button", name="Show each on its page").click()

    expect(page.locator("[data-tour]")).to_contain_text("Look up")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_while_it_lasts(open_page, scheme: str, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto("/help/tour/")
    assert look(page, GOOD_PRACTICE) == []
    page.get_by_role("button", name="Show each on its page").click()
    page.goto(adobe())
    expect(page.locator("[data-tour]")).to_be_visible()

    assert look(page, GOOD_PRACTICE, context="[data-tour]") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
