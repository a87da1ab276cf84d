"""Who a fabric customer is and what they own, by the safe calls only, and never anything of a stranger's."""

import pytest

from orders.sandbox import customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db


def of(customer_id, what=""):
    return f"/fabric/customers/{customer_id}/{what}"


def panel(client, customer_id, name="customer"):
    address = of(customer_id, "" if name == "customer" else f"{name}/")
    return Page(client.get(address, headers={"HX-Request": "true", "HX-Target": f"panel-{name}"}))


def facts(page):
    return {
        each.one("dt").text: each.one("dd").text
        for each in page.root.one("dl", class_="facts-list").all("div")
    }


def test_the_history_makes_one_call_and_says_where_the_rest_is(portal, upstreams):
    page = Page(portal.get(of(customers.FABRIC_SHORT, "orders/")))

    places = page.root.all(data_panel=True)
    assert [each["data-panel"] for each in places] == ["customer", "subscriptions"]
    assert {each.path.rpartition("/")[2] for each in upstreams.requests} == {"orders"}


@pytest.mark.parametrize("customer_id", [customers.FABRIC_MAIN, customers.FABRIC_BARE])
def test_a_customer_is_told_with_or_without_an_envelope(portal, upstreams, customer_id):
    told = facts(panel(portal, customer_id))

    assert told["Customer ID"] == customer_id
    assert told["Active subscriptions"] == "yes"
    assert "•" in told["Name"]
    assert "Level, licences" not in told
    assert [each.path for each in upstreams.requests] == [f"/data-subscription/v1/customers/{customer_id}"]


def test_an_active_customer_may_have_nothing_active(portal):
    told = panel(portal, customers.FABRIC_SWITCHED_OFF)
    owned = panel(portal, customers.FABRIC_SWITCHED_OFF, "subscriptions")

    assert facts(told)["Active subscriptions"] == "none is active"
    assert owned.root.all("summary")[0].text.endswith("0 active")


def test_what_they_own_has_plans_and_no_stranger_in_it(portal, upstreams):
    mine = panel(portal, customers.FABRIC_STRANGERS, "subscriptions")
    rows = {each["data-subscription-id"] for each in mine.root.all("tr", data_subscription_id=True)}
    theirs = panel(portal, customers.FABRIC_MAIN, "subscriptions")
    strangers = {each["data-subscription-id"] for each in theirs.root.all("tr", data_subscription_id=True)}

    assert rows
    assert strangers
    assert rows.isdisjoint(strangers)
    assert mine.root.one(data_notice="incomplete-products")
    assert theirs.root.all(data_notice="incomplete-products") == []
    assert "every " in theirs.root.text
    asked = {each.path for each in upstreams.requests}
    assert asked == {"/data-subscription/v1/subscriptions"}
    assert upstreams.triggered == []


def test_an_expired_card_is_said_and_nothing_else_of_it(portal):
    text = panel(portal, customers.FABRIC_BARE, "subscriptions").root.text

    assert "the card has expired" in text
    assert "1234" not in text


@pytest.mark.parametrize("name", ["customer", "subscriptions"])
def test_a_panel_fails_alone(portal, upstreams, name):
    upstreams.script("fabric", [503, 503, 503], path_contains="subscriptions" if name != "customer" else None)

    failed = panel(portal, customers.FABRIC_MAIN, name)
    upstreams.clear_faults()

    assert (failed.status, failed.error_word) == (502, "unavailable")
    assert Page(portal.get(of(customers.FABRIC_MAIN, "orders/"))).status == 200


def test_somebody_elses_customer_looks_like_one_that_is_not_there(upstreams):
    portal = signed_in(person("mark", "account manager"))

    for name in ("customer", "subscriptions"):
        page = panel(portal, customers.FABRIC_MAIN, name)
        assert (page.status, page.error_word) == (404, "not-found")
    assert upstreams.requests == []


def test_a_reveal_shows_the_name_for_a_reason(upstreams):
    portal = signed_in(person("thea", "supervisor"))

    page = Page(portal.post(of(customers.FABRIC_MAIN), {"reason": "T-1"}))

    assert "•" not in facts(page)["Name"]
