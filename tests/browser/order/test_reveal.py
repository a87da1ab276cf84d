"""A reveal as a person does it, and as the ledger then shows it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from orders.sandbox import SandboxServer, customers
from tests.browser.portal import sign_in
from tests.personas import person

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser: Browser, live_server: Any, upstreams: SandboxServer) -> Iterator[Page]:
    """A fresh browser; at the end it has nothing to complain of."""
    wrongs: list[str] = []
    context = browser.new_context(base_url=live_server.url)
    context.on("console", lambda said: wrongs.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: wrongs.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert wrongs == []


def open_as(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    sign_in(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Whose orders?")


def test_a_supervisor_reveals_with_a_reason_and_the_ledger_shows_it(page: Page) -> None:
    person("thea", "supervisor")
    open_as(page, "thea")
    page.goto(HISTORY)
    expect(page.locator("[data-panel]")).to_have_count(2)
    expect(page.locator("[data-panel][hx-trigger=load]")).to_have_count(0)  # they have arrived
    page.locator("tbody a").first.click()
    address = page.locator("dd", has_text="•••@example.com")
    expect(address.first).to_be_visible()

    page.get_by_text("Reveal…").click()
    page.get_by_label("Why do you need it?").fill("TICKET-4711")
    page.get_by_role("button", name="Show personal data").click()

    expect(page.locator("[data-notice=revealed]")).to_contain_text("TICKET-4711")
    expect(page.locator("dd", has_text="•••")).to_have_count(0)
    assert "TICKET" not in page.url
    page.get_by_role("link", name="Hide it again").click()
    expect(address.first).to_be_visible()

    page.get_by_role("link", name="Ledger", exact=True).click()
    row = page.locator("tr[data-action=reveal]")
    expect(row).to_contain_text("TICKET-4711")
    row.get_by_title("Who saw this customer?").click()
    expect(page.locator("tbody tr[data-entry]").first).to_contain_text(customers.FABRIC_CALM)
    actions = page.locator("tbody tr[data-entry]").evaluate_all("rows => rows.map(row => row.dataset.action)")
    assert actions[:3] == ["view-order", "reveal", "view-order"]
    assert sorted(actions[3:5]) == ["view-customer", "view-subscriptions"]  # asked for side by side
    assert actions[5:] == ["view-list"]


def test_an_agent_has_nothing_to_reveal_with(page: Page) -> None:
    person("dana", "customer-service agent")
    open_as(page, "dana")
    page.goto(HISTORY)
    page.locator("tbody a").first.click()

    expect(page.locator("[data-notice=masked]")).to_contain_text("A supervisor can show them.")
    expect(page.get_by_text("Reveal…")).to_have_count(0)
    expect(page.get_by_role("link", name="Ledger", exact=True)).to_have_count(0)
