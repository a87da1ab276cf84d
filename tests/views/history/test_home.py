"""The first page: recent customers, saved views, and how the upstreams are."""

import pytest
from django.contrib.auth import get_user_model

from orders import ledger
from orders.ledger.models import Action
from orders.ledger.recent_customers import SHOWN, recent_customers
from orders.people.models import Account, SavedView
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person, signed_in

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


def save(client, **changes):
    given = {
        "name": "Mine",
        "source": "adobe",
        "customer_id": customers.ADOBE_SMALL,
        "query": "status=1000&status=1002",
    }
    return client.post("/saved-views/", given | changes)


def test_a_view_is_saved_with_its_filters_and_leads_back_to_them(portal):
    response = save(portal)

    assert response.url == f"{SMALL}?status=1000&status=1002"
    assert links_of(portal, "saved-title") == [("Mine", f"{SMALL}?status=1000&status=1002")]


def test_the_form_on_the_page_saves_what_the_page_shows(portal, see):
    page = see(f"{SMALL}?status=1000&offset=&limit=50&start-date=2020-01-01")
    form = page.root.one("form", action="/saved-views/")
    given = {field["name"]: field.get("value") or "" for field in form.all("input")}

    portal.post("/saved-views/", {**given, "name": "As seen"})

    view = SavedView.objects.get()
    assert (view.source, view.customer_id) == ("adobe", customers.ADOBE_SMALL)
    assert view.query == "status=1000&limit=50&start-date=2020-01-01"


def test_a_view_of_the_same_name_is_replaced(portal):
    save(portal)
    save(portal, source="fabric", customer_id=customers.FABRIC_MAIN, query="")

    assert links_of(portal, "saved-title") == [("Mine", FABRIC)]


def test_views_are_each_persons_own(portal, other):
    save(portal)
    save(other, query="status=1004")
    mine, theirs = SavedView.objects.order_by("owner__username")

    assert links_of(other, "saved-title") == [("Mine", f"{SMALL}?status=1004")]
    assert portal.post(f"/saved-views/{theirs.pk}/delete/").status_code == 404
    assert portal.post("/saved-views/999999/delete/").status_code == 404
    assert portal.post(f"/saved-views/{mine.pk}/delete/").url == "/"
    assert list(SavedView.objects.all()) == [theirs]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " "},
        {"name": "x" * 81},
        {"name": "a\x00b"},
        {"source": "sap"},
        {"customer_id": ".."},
        {"customer_id": "a/b"},
        {"query": "x" * 2001},
        {"query": "text=" + "é" * 1000},
    ],
)
def test_a_view_that_cannot_be_kept_is_refused_with_words(portal, changes):
    response = save(portal, **changes)

    assert response.url == "/"
    assert "was not saved" in Page(portal.get("/")).text
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", ["status=gone", "limit=x&colour=red", "%%%&&&===", "retry=stolen"])
def test_a_broken_saved_filter_locks_nobody_out(portal, query):
    save(portal, query=query)

    (_, address) = links_of(portal, "saved-title")[0]

    assert portal.get(address).status_code in {200, 400}
    assert "retry" not in address


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
    assert "Failed last time" in page.root.one("li", data_upstream="fabric").text


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
