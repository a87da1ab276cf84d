"""A person's accounts, looked at: on a screen and a phone, light and dark, and read anew by a button."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from orders.index.refresh_models import CustomerRefresh
from orders.people.models import Account, AccountCustomer
from orders.sandbox import customers
from tests.browser.axe import COLOURS, LEVELS
from tests.browser.shared.test_accessibility import violations

OF = (("adobe", customers.ADOBE_LARGE), ("fabric", customers.FABRIC_MAIN))


@pytest.fixture
def account(site, agent):
    """One with a customer at each upstream, who were read."""
    made = Account.objects.create(name="Harbour Design Ltd")
    for source, customer_id in OF:
        AccountCustomer.objects.create(account=made, source=source, customer_id=customer_id)
    call_command("refresh_orders", verbosity=0)
    return made


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, account, width, scheme):
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    rules = LEVELS if scheme == "light" else COLOURS  # nothing else differs in the dark

    for address in ("/portfolio/", f"/portfolio/{account.pk}/", "/attention/"):
        page.goto(address)
        assert violations(page, rules) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_from_the_portfolio_to_an_order_in_three_steps(page, account):
    page.goto("/")
    page.get_by_role("link", name="Portfolio").click()
    page.get_by_role("link", name=account.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(account.name)
    order = page.locator("tr[data-order-id] a").first
    order_id = order.inner_text()
    order.click()

    expect(page).to_have_url(re.compile(f"/orders/{order_id}/"))


def test_a_refresh_shows_how_far_it_has_come_and_is_over_by_itself(scripted, account):
    scripted.goto("/portfolio/")
    scripted.get_by_role("button", name="Refresh now").click()
    expect(scripted.locator("#refreshing")).to_contain_text("Reading now")

    CustomerRefresh.objects.update(run=None)  # the worker has read them
    expect(scripted.get_by_role("button", name="Refresh now")).to_be_visible()
