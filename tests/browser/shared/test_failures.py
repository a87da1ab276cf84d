"""What a person sees and can do when an upstream does not answer as it should."""

import re

from playwright.sync_api import expect

from orders.sandbox import customers
from tests.browser.history.test_history import choice, fold
from tests.browser.portal import adobe, fabric

FILTERED = "?status=1000&order-type=NEW"


def test_a_failed_page_keeps_its_filters_and_can_be_tried_again(page, upstreams):
    upstreams.script("adobe", [500] * 5, customer_id=customers.ADOBE_SMALL)
    page.goto(adobe(customers.ADOBE_SMALL, FILTERED))

    failure = page.locator("[data-error=unavailable]")
    expect(failure).to_contain_text("Adobe VIP Marketplace is not available")
    expect(failure).to_contain_text("Nothing was changed")
    expect(failure).to_have_attribute("data-request-id", re.compile(r"^[0-9a-f-]{36}$"))
    expect(choice(page, "Completed")).to_be_checked()
    expect(choice(page, "New")).to_be_checked()

    fold(page)
    upstreams.clear_faults()
    page.locator("[data-retry]").click()

    expect(page.locator("[data-total-count]")).to_be_visible()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page).to_have_url(re.compile(re.escape(FILTERED) + "$"))


def test_trying_again_after_a_time_out_continues_the_same_request(page, upstreams, set_deadline):
    set_deadline(0.5)
    upstreams.script("adobe", ["timeout"] * 5, customer_id=customers.ADOBE_SMALL)
    page.goto(adobe(customers.ADOBE_SMALL, FILTERED))
    failure = page.locator("[data-error=timeout]")
    expect(failure).to_contain_text("did not answer in time")

    upstreams.clear_faults()
    set_deadline(5.0)
    page.locator("[data-retry]").click()
    expect(page.locator("[data-total-count]")).to_be_visible()

    # The panels beside the orders ask for themselves.
    asked = [entry for entry in upstreams.requests if entry.path.endswith("/orders")]
    correlations = {entry.headers["x-correlation-id"] for entry in asked}
    attempts = {entry.headers["x-request-id"] for entry in asked}
    assert len(correlations) == 1
    assert len(attempts) == len(asked) >= 2
    expect(page.locator("[data-asked]")).to_contain_text(correlations.pop())


def test_behind_the_last_page_is_a_way_to_the_last_page(page):
    page.goto(adobe(query="?start-date=2000-01-01&offset=5000"))
    expect(page.locator("[data-error=out-of-range]")).to_be_visible()

    page.get_by_role("link", name="To the last page").click()

    expect(page.locator(".pager")).to_contain_text("Showing 301–312 of 312")
    expect(page.locator(".chip")).to_have_text(re.compile("Created from: 2000-01-01"))


def test_an_unknown_order_is_said_and_the_list_stays_near(page):
    page.goto(adobe(customers.ADOBE_SMALL) + "9999999999/?status=1000")
    expect(page.locator("[data-error=not-found]")).to_contain_text("no such order")

    page.get_by_role("link", name=f"Adobe orders of {customers.ADOBE_SMALL}").click()

    expect(page).to_have_url(re.compile(re.escape(adobe(customers.ADOBE_SMALL, "?status=1000")) + "$"))


def test_an_incomplete_list_is_never_called_complete(page):
    page.goto(fabric(customers.FABRIC_SHORT))

    expect(page.locator("[data-notice=incomplete]")).to_contain_text("Showing 20 of 57")


def test_there_is_a_text_for_the_upstreams_support(page):
    page.goto(adobe(customers.ADOBE_INTERNAL_ERROR))
    page.locator("summary", has_text="Text for Adobe's support").click()

    correlation = page.locator(".failure[data-error]").get_attribute("data-correlation-id")
    expect(page.locator("[data-ticket]")).to_contain_text(correlation or "no correlation ID")


def test_a_page_that_does_not_exist_leads_back(page):
    page.goto("/adobe/customers/..%2F1/orders/")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()

    page.get_by_role("link", name="To the first page").click()

    expect(page.get_by_role("heading", name="Whose orders?")).to_be_visible()
