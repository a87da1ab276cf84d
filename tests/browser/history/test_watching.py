"""An order is watched until it settles, and numbers are asked for, while somebody looks."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from orders.people.models import Account, AccountCustomer
from tests.browser.shared.test_accessibility import violations

CUSTOMER, ORDER = "4400000078", "5100000078"
ADDRESS = f"/adobe/customers/{CUSTOMER}/orders/{ORDER}/"


@pytest.fixture
def order(upstreams):
    """Sets its status at the upstream."""

    def set_status(status):
        created = f"{timezone.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        order = {"orderId": ORDER, "customerId": CUSTOMER, "orderType": "NEW", "creationDate": created}
        upstreams.forget_added_orders()
        upstreams.add_adobe_orders(CUSTOMER, [{**order, "status": status, "lineItems": []}])

    set_status("1002")
    yield set_status
    upstreams.forget_added_orders()


def test_an_order_that_is_watched_settles_on_the_page_that_shows_it(scripted, order):
    scripted.goto(ADDRESS)
    scripted.get_by_role("button", name="Watch", exact=True).click()
    expect(scripted.get_by_role("button", name="Stop watching")).to_be_visible()
    scripted.goto("/watching/")
    expect(scripted.locator(f"tr[data-order-id='{ORDER}']")).to_have_attribute("data-settled", "0")

    order("1000")
    call_command("run_worker", until_idle=True)

    row = scripted.locator(f"tr[data-order-id='{ORDER}']")
    expect(row).to_have_attribute("data-settled", "1", timeout=25_000)
    assert violations(scripted) == []
    scripted.goto("/notices/")
    assert violations(scripted) == []
    scripted.get_by_role("link", name="An order that you watch has settled").click()
    expect(scripted.get_by_role("heading", level=1)).to_contain_text(ORDER)


def test_asking_live_is_over_by_itself(scripted, order):
    account = Account.objects.create(name="Harbour Design Ltd")
    AccountCustomer.objects.create(account=account, source="adobe", customer_id=CUSTOMER)
    scripted.goto("/")
    scripted.locator("main").get_by_role("searchbox").fill(f"{ORDER} PO-404 PO-405")
    scripted.get_by_role("button", name="Look up").click()
    scripted.get_by_role("button", name="Ask live").click()
    expect(scripted.locator("#live-lookup")).to_have_attribute("data-live", "running")

    call_command("run_worker", until_idle=True)

    expect(scripted.locator("#live-lookup")).to_have_attribute("data-live", "done", timeout=25_000)
    expect(scripted.locator(f"tr[data-lookup='{ORDER}']")).to_have_attribute("data-outcome", "found")
    assert violations(scripted) == []
