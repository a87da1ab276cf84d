"""The first page: recent customers, saved views, and how the upstreams are."""

import pytest
from django.contrib.auth import get_user_model

from orders import ledger
from orders.ledger.models import Action
from orders.ledger.recent_customers import SHOWN, recent_customers
from orders.people.models import Account, Assignment
from orders.people.saved_views import save_view
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"


@pytest.fixture
def other(db):
    return signed_in(person("eli", "customer-service agent"))


def links_of(client, card):
    section = Page(client.get("/")).root.one("section", aria_labelledby=card)
    return [(link.text, link["href"]) for link in section.all("a")]


def test_the_customers_looked_at_last_come_first(portal, other):
    for address in (SMALL, FABRIC, SMALL):
        portal.get(address)

    assert links_of(portal, "recent-title") == [
        (customers.ADOBE_SMALL, SMALL),
        (customers.FABRIC_MAIN, FABRIC),
    ]
    assert links_of(other, "recent-title") == []


def test_a_customer_that_could_not_be_shown_is_not_remembered(portal, agent, upstreams):
    portal.get(f"/adobe/customers/{customers.ADOBE_UNKNOWN}/orders/")
    upstreams.script("adobe", [500] * 3)
    portal.get(SMALL)

    assert recent_customers(agent) == []
    assert links_of(portal, "recent-title") == []


def test_a_customer_who_is_no_longer_theirs_is_not_offered_any_more(upstreams):
    milo = person("milo", "account manager")
    assign(milo, "adobe", customers.ADOBE_SMALL)
    browser = signed_in(milo)
    browser.get(SMALL)
    assert links_of(browser, "recent-title") == [(customers.ADOBE_SMALL, SMALL)]

    Assignment.objects.all().delete()

    assert links_of(browser, "recent-title") == []
    assert customers.ADOBE_SMALL not in browser.get("/palette/").content.decode()


def test_only_so_many_are_shown_the_latest_first(portal, agent):
    for number in range(SHOWN + 5):
        ledger.record(Action.VIEW_LIST, actor=agent, source="adobe", customer_id=f"{1000 + number}")

    assert [text for text, _ in links_of(portal, "recent-title")] == [
        str(1000 + SHOWN + 4 - number) for number in range(SHOWN)
    ]


def test_paging_through_one_customer_pushes_no_other_out(portal):
    portal.get(FABRIC)
    for offset in range(SHOWN + 5):
        portal.get(f"{SMALL}?limit=1&offset={offset % 2}")

    assert [text for text, _ in links_of(portal, "recent-title")] == [
        customers.ADOBE_SMALL,
        customers.FABRIC_MAIN,
    ]


def test_saved_views_stand_on_the_first_page_for_the_latest_customer(portal, agent, other):
    view = save_view(owner=agent, name="Mine", source="adobe", query="status=1000")
    save_view(owner=agent, name="Late", source="fabric", query="attention=overdue")
    portal.get(SMALL)

    assert [link for link in links_of(portal, "saved-title") if link[0] != "All views"] == [
        ("Mine", f"{SMALL}?view={view.pk}")
    ]
    assert "Late" in Page(portal.get("/")).root.one("section", aria_labelledby="saved-title").text
    assert links_of(other, "saved-title") == [("All views", "/saved-views/")]


def test_the_upstreams_are_shown_without_being_asked(portal, upstreams):
    page = Page(portal.get("/"))

    assert "Not asked yet" in page.root.one("li", data_upstream="adobe").text
    assert upstreams.requests == []


def test_the_upstreams_show_how_their_last_call_went(portal, upstreams):
    portal.get(SMALL)
    upstreams.script("fabric", [500] * 3)
    portal.get(FABRIC)

    page = Page(portal.get("/"))

    assert "Answering" in page.root.one("li", data_upstream="adobe").text
    failed = page.root.one("li", data_upstream="fabric").text
    assert "Failed last time" in failed
    assert "UTC, not available" in failed


TO_TRY = {
    "adobe": {customers.ADOBE_SMALL: "a young customer"} | {f"90000{n}": f"number {n}" for n in range(9)},
    "fabric": {customers.FABRIC_MAIN: "every status"},
}


def test_a_demo_offers_its_customers_with_what_each_shows(portal, settings):
    settings.CUSTOMERS_TO_TRY = TO_TRY

    assert links_of(portal, "adobe-title")[0] == (customers.ADOBE_SMALL, SMALL)
    assert len(links_of(portal, "adobe-title")) == 10
    assert links_of(portal, "fabric-title") == [(customers.FABRIC_MAIN, FABRIC)]
    assert "2 more customers, some of which fail" in Page(portal.get("/")).text


def test_nobody_is_offered_a_customer_whom_they_may_not_see(settings):
    settings.CUSTOMERS_TO_TRY = TO_TRY
    manager = signed_in(person("milo", "account manager"))
    account = Account.objects.create(name="Quay")
    account.customers.create(source="fabric", customer_id=customers.FABRIC_MAIN)
    account.assignments.create(person=get_user_model().objects.get(username="milo"))

    offered = Page(manager.get("/")).root.one("div", data_demo=True)

    assert [link["href"] for link in offered.all("a")] == [FABRIC]


def test_a_portal_that_is_no_demo_offers_nobody(portal):
    assert Page(portal.get("/")).root.all("div", data_demo=True) == []
