"""Django's administration in the portal's skin: its header, its theme, nothing that axe finds, phones too."""

import pytest
from playwright.sync_api import expect

from orders.people.models import Account
from tests.browser.axe import look
from tests.browser.portal import session_cookie
from tests.personas import person

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def open_administration(open_page, site):
    """Opens pages as an administrator sees them."""
    ines = person("ines", "administrator", is_staff=True, is_superuser=True)
    Account.objects.create(name="Harbour Design Ltd")

    def open_(**options):
        page = open_page(signed_in=False, **options)
        page.context.add_cookies([session_cookie(ines, site)])
        return page

    return open_


def addresses() -> list[str]:
    account = Account.objects.get().pk
    return [
        "/admin/",
        "/admin/orders/account/",
        f"/admin/orders/account/{account}/change/",
        "/admin/auth/user/add/",
    ]


def test_it_has_the_portals_header(open_administration) -> None:
    page = open_administration()
    page.goto("/admin/orders/account/")

    expect(page.get_by_role("banner").get_by_role("link", name="Orders Portal")).to_have_attribute(
        "href", "/"
    )
    page.locator("summary", has_text="Administration").click()
    expect(page.get_by_role("link", name="All tables")).to_have_attribute("href", "/admin/")
    page.keyboard.press("Escape")
    page.locator(".me > summary").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_it(open_administration, scheme: str) -> None:
    page = open_administration(color_scheme=scheme)
    found = {}
    for address in addresses():
        page.goto(address)
        # Django's field that finds a person names its list, and not the box that it is seen as.
        found[address] = [wrong for wrong in look(page) if "select2-selection" not in wrong]

    assert {address: wrongs for address, wrongs in found.items() if wrongs} == {}


def test_it_has_the_persons_theme(open_administration) -> None:
    page = open_administration(color_scheme="light")
    page.goto("/admin/")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.locator(".me > summary").click()
    page.get_by_role("button", name="Dark").click()

    expect(page).to_have_url("/admin/")
    assert (light, page.evaluate(background)) == ("rgb(246, 245, 241)", "rgb(18, 20, 22)")


def test_no_page_of_it_is_wider_than_a_phone(open_administration) -> None:
    page = open_administration(viewport={"width": 390, "height": 844})
    wide = []
    for address in addresses():
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(address)

    assert wide == []
