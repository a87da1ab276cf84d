"""From whatever was pasted to the page that shows it."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders.sandbox import customers
from tests.browser.portal import HOME, adobe, fabric


def look_up(page: Page, text: str) -> None:
    page.locator("main").get_by_role("searchbox").fill(text)
    page.get_by_role("button", name="Look up").click()


@pytest.mark.parametrize(
    ("customer_id", "address"),
    [(customers.ADOBE_SMALL, adobe), (customers.FABRIC_CALM, fabric)],
    ids=["adobe", "fabric"],
)
def test_an_id_leads_to_its_customers_history(page, customer_id, address):
    page.goto(HOME)
    look_up(page, customer_id)

    expect(page).to_have_url(re.compile(re.escape(address(customer_id)) + "$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(customer_id)


def test_a_pasted_upstream_address_keeps_its_parameters(page):
    page.goto(HOME)
    look_up(
        page, f"https://partners.adobe.io/v3/customers/{customers.ADOBE_LARGE}/orders?status=1004&limit=50"
    )

    expect(page).to_have_url(re.compile(r"/orders/\?status=1004&limit=50$"))
    expect(page.locator(".chip")).to_have_text(re.compile("Status: Failed"))


def test_a_customer_and_an_order_lead_to_the_order(page):
    page.goto(adobe())
    order_id = page.locator("tr[data-order-id]").first.get_attribute("data-order-id")
    page.goto(HOME)
    look_up(page, f"{customers.ADOBE_LARGE} {order_id}")

    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Order {order_id}")


def test_an_id_that_may_belong_to_either_upstream_asks_which(page):
    page.goto(HOME)
    look_up(page, "spring-2026")

    page.get_by_role("link", name="fabric: customer spring-2026").click()

    expect(page).to_have_url(re.compile(re.escape(fabric("spring-2026")) + "$"))


def test_choosing_the_upstream_settles_it(page):
    page.goto(HOME)
    page.locator(".pill", has_text="fabric").click()
    look_up(page, "spring-2026")

    expect(page).to_have_url(re.compile(re.escape(fabric("spring-2026")) + "$"))


def test_what_is_no_id_is_said_and_kept(page):
    page.goto(HOME)
    look_up(page, "dana@example.com")

    box = page.locator("main").get_by_role("searchbox")
    expect(page.get_by_role("alert")).to_contain_text("ask for the customer ID")
    expect(box).to_have_value("dana@example.com")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert "dana@" not in page.url


def test_the_look_up_is_on_every_page(page):
    page.goto(adobe(customers.ADOBE_SMALL))
    box = page.get_by_role("banner").get_by_role("searchbox")
    box.fill(customers.FABRIC_CALM)
    box.press("Enter")

    expect(page).to_have_url(re.compile(re.escape(fabric(customers.FABRIC_CALM)) + "$"))
