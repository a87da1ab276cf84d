"""Which product, how many are left, may it be returned and until when: answered on one screen."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from orders.index.products import forget_names
from orders.sandbox import SandboxServer, customers
from orders.sandbox.adobe import price_list
from orders.services import products
from tests.browser.portal import adobe, session_cookie
from tests.personas import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_answers_which_product_and_whether_it_may_be_returned(
    browser: Browser, live_server: Any, upstreams: SandboxServer
) -> None:
    products.import_price_list(price_list.as_file().encode(), actor=None)
    forget_names()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 1000})
    context.add_cookies([session_cookie(person("dana", "customer-service agent"), live_server.url)])
    page = context.new_page()

    page.goto(adobe(customers.ADOBE_RETURNS, "?start-date=2000-01-01"))
    page.locator("tbody tr", has_text="PO-103").locator("a").first.click()
    panel = page.locator("[data-family]")

    expect(panel.locator("tr[data-left='6']")).to_contain_text("Probably returnable, up to 6, until about")
    expect(panel.locator("tr[data-left='6']")).to_contain_text("Sketch Suite for teams All Apps")
    expect(panel).to_be_in_viewport()
    context.close()
