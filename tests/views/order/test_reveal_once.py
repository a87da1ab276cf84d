"""A form reveals once: a browser that loads the revealed page again sends it again, and gets it masked."""

from typing import Any

import pytest
from django.test import Client

from orders.ledger import LedgerEntry
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db

HISTORY = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
REASON = "call of Ida Varga"


@pytest.fixture
def browser(upstreams: SandboxServer) -> Client:
    """A supervisor's, which has to send tokens."""
    made = Client(enforce_csrf_checks=True)
    made.force_login(person("thea", "supervisor"))
    return made


def orders_in(browser: Client) -> list[str]:
    """The addresses of the first two orders."""
    listed = Page(browser.get(HISTORY))
    return [listed.row(order_id).all("a")[0]["href"] for order_id in listed.order_ids[:2]]


def form_in(page: Page, reason: str = REASON) -> dict[str, str]:
    """What the reveal's form sends, all of its fields."""
    [form] = [each for each in page.root.all("form") if each.all("input", id="reveal-reason")]
    return {each["name"]: each.get("value") or reason for each in form.all("input")}


def reveals() -> list[str]:
    """The outcomes of all reveals in the ledger."""
    return list(LedgerEntry.objects.filter(action="reveal").order_by("id").values_list("outcome", flat=True))


def test_a_page_that_is_loaded_again_is_masked_and_no_second_reveal(browser: Client) -> None:
    address = orders_in(browser)[0]
    form = form_in(Page(browser.get(address)))

    revealed = Page(browser.post(address, form))
    again = [Page(browser.post(address, form)) for _ in range(2)]

    assert "revealed" in revealed.notices
    assert "•••" not in revealed.text
    for page in again:
        assert page.status == 200
        assert {"masked", "not-revealed-again"} <= set(page.notices)
        assert "revealed" not in page.notices
        assert page.facts("Customer")["E-mail"].endswith("•••@example.com")
        assert REASON not in page.html
    assert reveals() == ["ok"]
    assert list(LedgerEntry.objects.order_by("-id").values_list("action", flat=True)[:3]) == [
        "view-order",
        "view-order",
        "reveal",
    ]


def test_another_reason_or_a_fresh_form_reveals_anew(browser: Client) -> None:
    address = orders_in(browser)[0]
    form = form_in(Page(browser.get(address)))
    browser.post(address, form)

    masked = Page(browser.post(address, form))
    from_there = Page(browser.post(address, form_in(masked)))
    with_a_reason_of_its_own = Page(browser.post(address, {**form, "reason": "TICKET-4712"}))

    assert "revealed" in from_there.notices
    assert "revealed" in with_a_reason_of_its_own.notices
    assert reveals() == ["ok"] * 3


def test_the_form_of_one_order_is_none_of_another(browser: Client) -> None:
    one, other = orders_in(browser)
    form = form_in(Page(browser.get(one)))
    browser.post(one, form)

    assert "revealed" in Page(browser.post(other, form)).notices


def test_a_reveal_that_failed_may_be_tried_again(browser: Client, upstreams: SandboxServer) -> None:
    address = orders_in(browser)[0]
    form = form_in(Page(browser.get(address)))
    upstreams.script("fabric", [500] * 3)

    assert browser.post(address, form).status_code == 502
    assert "revealed" in Page(browser.post(address, form)).notices
    assert reveals() == ["upstream-unavailable", "ok"]


def test_nothing_of_the_person_or_the_reason_is_remembered(browser: Client) -> None:
    address = orders_in(browser)[0]
    browser.post(address, form_in(Page(browser.get(address))))
    kept: dict[str, Any] = dict(browser.session.items())

    [digest] = kept["reveals-sent"]
    assert (len(digest), set(digest) <= set("0123456789abcdef")) == (64, True)
    assert REASON not in str(kept)


def test_what_is_remembered_is_bounded(browser: Client) -> None:
    address = orders_in(browser)[0]
    session = browser.session
    session["reveals-sent"] = [f"{n:064}" for n in range(100)]
    session.save()

    browser.post(address, form_in(Page(browser.get(address))))

    assert len(browser.session["reveals-sent"]) == 100
    assert browser.session["reveals-sent"][0] == f"{1:064}"
