"""axe finds no violation of WCAG 2.2, levels A and AA, on any page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS, LEVELS, Rules, look
from tests.browser.portal import SIGN_IN, adobe, sign_in, tour

pytestmark = pytest.mark.timeout(300)

# A menu lies over the page while it is open, and one is open at a time; all else unfolds within the page.
UNFOLD = "document.querySelectorAll('details').forEach((each) => { each.open = !each.matches('.menu'); })"
OPEN_ALONE = """(number) => [...document.querySelectorAll('details.menu')].forEach((menu, place) => {
  menu.open = place === number;
  menu.toggleAttribute('data-looked-at', menu.open);
})"""


def violations(page: Page, rules: Rules = LEVELS) -> list[str]:
    """What axe finds, everything unfolded, and in each menu by itself: rule, place and why."""
    page.evaluate(UNFOLD)
    found = look(page, rules)
    for number in range(page.locator("details.menu").count()):
        page.evaluate(OPEN_ALONE, number)
        found += look(page, rules, context="[data-looked-at]")
    page.evaluate(OPEN_ALONE, -1)
    return found


def test_axe_finds_nothing_on_any_page(open_page):
    page = open_page()
    found = {name: violations(page) for name in tour(page)}

    assert {name: wrongs for name, wrongs in found.items() if wrongs} == {}


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page_in_the_dark(open_page):
    page = open_page(color_scheme="dark")
    # Nothing but the colours differs.
    found = {name: violations(page, COLOURS) for name in tour(page)}

    assert {name: wrongs for name, wrongs in found.items() if wrongs} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_sign_in_page(open_page, scheme):
    page = open_page(color_scheme=scheme, signed_in=False)
    page.goto(SIGN_IN)
    sign_in(page, password="not-the-password")
    expect(page.get_by_role("alert")).to_be_visible()

    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto(adobe(query="?start-date=2000-01-01&status=1000"))
    page.locator(".filters-button").click()
    assert violations(page) == []

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page()
    page.goto(adobe())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


UNMARKED = """() => {
  const element = document.activeElement;
  if (element === document.body) return [];
  // The parts inside a date box bring the browser's own mark.
  if (element.type === "date" && !element.matches(":focus-visible")) return [];
  const next = element.nextElementSibling;
  const shown = element.id === "show-filters" || element.type === "radio" ? next : element;
  const style = getComputedStyle(shown);
  return style.outlineStyle === "none" && style.boxShadow === "none" ? [element.outerHTML.slice(0, 120)] : [];
}"""


def test_every_stop_of_the_tab_key_can_be_seen(open_page):
    page = open_page()
    page.goto(adobe())
    unmarked = []
    for _ in range(40):
        page.keyboard.press("Tab")
        unmarked += page.evaluate(UNMARKED)

    assert unmarked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_saved_page_beside_what_failed(open_page, settings, sandbox, scheme):
    settings.CACHE_STALE = 900
    page = open_page(color_scheme=scheme)
    page.goto(adobe())
    sandbox.script("adobe", [{"status": 503}] * 60)
    page.reload()
    found = violations(page)
    expect(page.locator("[data-notice=stale]")).to_be_visible()
    page.goto(adobe(query="?fresh=1"))
    expect(page.locator("[data-saved-copy]")).to_be_visible()

    assert found + violations(page) == []
