"""Who the customer is and what they own, beside the orders: each in a request of its own, failing alone."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.domain.queries import PageRequest
from orders.index import write_now
from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db


def of(customer_id, what=""):
    return f"/adobe/customers/{customer_id}/{what}"


def panel(client, customer_id, name="customer", query=""):
    """As htmx asks for it on the history page."""
    address = of(customer_id, "" if name == "customer" else f"{name}/") + query
    return Page(client.get(address, headers={"HX-Request": "true", "HX-Target": f"panel-{name}"}))


def day(days):
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def facts(page):
    return {
        each.one("dt").text: each.one("dd").text
        for each in page.root.one("dl", class_="facts-list").all("div")
    }


def test_the_history_makes_one_call_and_says_where_the_rest_is(portal, upstreams):
    page = Page(portal.get(of(customers.ADOBE_ORDINARY, "orders/")))

    assert [each.path for each in upstreams.requests] == ["/v3/customers/1000002001/orders"]
    places = page.root.all(data_panel=True)
    assert [place["data-panel"] for place in places] == ["customer", "subscriptions"]
    assert [place.one("a")["href"] for place in places] == [
        of(customers.ADOBE_ORDINARY),
        of(customers.ADOBE_ORDINARY, "subscriptions/"),
    ]
    assert all("not loaded" in place.text for place in places)


def test_the_customer_says_their_term_to_the_day_and_hides_people(portal):
    page = panel(portal, customers.ADOBE_ORDINARY)

    shown = page.root.one(data_panel="customer")
    assert shown["data-term-end"] == day(151)
    assert "renews in 152 days" in shown.text
    assert not page.root.all("main")
    told = facts(page)
    assert list(told) == [
        "Term", "Customer ID", "Your reference", "Segment", "Level, licences", "Level, transactions",
        "Reseller", "Admin", "Address",
    ]  # fmt: skip
    assert told["Level, licences"] == "10 to 49 licences 02"
    assert "•••@studio.example" in told["Admin"]
    assert "Mill Road" not in told["Address"]


@pytest.mark.parametrize(
    ("customer_id", "said"),
    [
        (customers.ADOBE_EARLY_RENEWAL, "Renewed early: the next term is bought already, to"),
        (customers.ADOBE_EXTENDED_TERM, "An extended first term, longer than a year."),
        (customers.ADOBE_MIGRATED, "It began before this account"),
        (customers.ADOBE_LAPSED, "The last term ended on"),
        (customers.ADOBE_ONE_OFF_ITEMS, "Only packs are owned"),
        (customers.ADOBE_PENDING, "a term begins with the first order"),
        (customers.ADOBE_COMMITTED, "Three-year commitment, asked for Offered at least 50 (LICENSE)"),
        (customers.ADOBE_NONCOMPLIANT, "Minimum missed"),
        (customers.ADOBE_ACCEPTED, "Agreed"),
        (customers.ADOBE_LICENCES_ONLY, "Level, transactions no level given"),
        (customers.ADOBE_EMPTY_COMMITMENT, "Large government agency"),
        (customers.ADOBE_GLOBAL, "Buys in several countries"),
        (customers.ADOBE_BARE, "Linked: Northern Crafts Guild"),
        (customers.ADOBE_BLOCKED, "Blocked. Adobe has blocked the account."),
        (customers.ADOBE_NEW_STATUS, "1077"),
    ],
)
def test_odd_customers_are_told_as_they_are(portal, customer_id, said):
    assert said in panel(portal, customer_id).root.text


def test_products_stand_with_what_runs_first_and_what_is_over_folded(portal):
    page = panel(portal, customers.ADOBE_FOUR_ROWS, "subscriptions")

    running, over = (each.all(data_subscription_id=True) for each in page.root.all("table"))
    assert (len(running), len(over)) == (6, 1)
    assert "does not renew" not in over[0].text
    assert any("renews with 5" in row.text for row in running)


def test_lapsed_products_promise_no_renewal(portal):
    text = panel(portal, customers.ADOBE_LAPSED, "subscriptions").root.text

    assert "Adobe offers a late renewal" in text
    assert "renews with" not in text


def rows(client):
    page = Page(client.get(of(customers.ADOBE_ORDINARY, "orders/")))
    assert page.status == 200, page.root.text
    return page.result.one("tbody").text


@pytest.mark.parametrize("name", ["customer", "subscriptions"])
def test_a_panel_that_fails_says_so_itself_and_touches_nothing_else(portal, upstreams, name):
    before = rows(portal)
    path = "subscriptions" if name == "subscriptions" else "v3/customers/1000002001"
    upstreams.script("adobe", [503, 503, 503], path_contains=path)

    failed = panel(portal, customers.ADOBE_ORDINARY, name)
    upstreams.clear_faults()
    after = rows(portal)

    error = failed.root.one(data_error=True)
    assert (failed.status, error["data-error"], error["data-source"]) == (502, "unavailable", "adobe")
    assert error["data-request-id"]
    assert failed.root.one(data_retry=True)["href"].startswith(of(customers.ADOBE_ORDINARY))
    assert failed.root.all(data_announce=True) == []
    assert before == after


@pytest.fixture
def moving(upstreams):
    yield upstreams
    upstreams.forget_added_orders()


def test_a_customer_who_moved_is_one_banner(portal, moving):
    source = registry.connect("adobe")
    query = AdobeOrderQuery(created_from="2000-01-01")
    orders = source.list_orders(customers.ADOBE_ORDINARY, query, PageRequest(0, 50)).page.orders
    write_now("adobe", customers.ADOBE_ORDINARY, orders)
    moving.move_adobe_customer(customers.ADOBE_ORDINARY)

    page = Page(portal.get(of(customers.ADOBE_ORDINARY, "orders/")))
    stranger = Page(portal.get(of(customers.ADOBE_UNKNOWN, "orders/")))

    assert (page.status, len(page.root.all(data_notice="moved"))) == (404, 1)
    assert page.root.all(data_panel=True) == []
    assert stranger.root.all(data_notice="moved") == []


def test_a_reveal_shows_admins_on_a_page_of_its_own(upstreams):
    portal = signed_in(person("thea", "supervisor"))

    page = Page(portal.post(of(customers.ADOBE_ORDINARY), {"reason": "T-1"}))
    again = Page(portal.get(of(customers.ADOBE_ORDINARY)))
    without_reason = Page(portal.post(of(customers.ADOBE_ORDINARY), {"reason": ""}))

    assert "•" not in facts(page)["Admin"]
    assert page.root.one(data_notice="revealed")
    assert "•" in facts(again)["Admin"]
    assert without_reason.status == 400
    assert LedgerEntry.objects.filter(action="reveal").count() == 1


def test_a_panel_of_somebody_elses_customer_looks_like_one_that_is_not_there(upstreams):
    portal = signed_in(person("mark", "account manager"))

    for name in ("customer", "subscriptions"):
        page = panel(portal, customers.ADOBE_ORDINARY, name)
        assert (page.status, page.error_word) == (404, "not-found")
    assert upstreams.requests == []
