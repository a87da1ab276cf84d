"""What belongs to an order: what is left of it, until when it may be returned, and its relatives."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.domain.queries import PageRequest
from orders.index import write_now
from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.pages import Page

pytestmark = pytest.mark.django_db

RETURNS = customers.ADOBE_RETURNS


@pytest.fixture
def story(upstreams):
    """All orders of the customer, newest first, as the adapter reads them."""
    query = AdobeOrderQuery(created_from="2000-01-01")
    orders = registry.connect("adobe").list_orders(RETURNS, query, PageRequest(0, 50)).page.orders
    upstreams.clear()
    return orders


def pick(story, kind="NEW", *, quantity=None, days=None, offer="", left=...):
    """The one order of the story that is like this."""
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    found = [
        each
        for each in story
        if each.order_type.code == kind
        and (quantity is None or each.lines[0].quantity == quantity)
        and (days is None or each.created_at.date() == (now - timedelta(days=days)).date())
        and each.lines[0].offer_id.startswith(offer)
        and (left is ... or each.lines[0].remaining_quantity == left)
    ]
    assert len(found) == 1, found
    return found[0]


def address(order, customer_id=RETURNS):
    return f"/adobe/customers/{customer_id}/orders/{order.order_id}/family/"


def family(portal, order, customer_id=RETURNS):
    """As htmx asks for it on the order's page."""
    headers = {"HX-Request": "true", "HX-Target": "panel-family"}
    return Page(portal.get(address(order, customer_id), headers=headers))


def told(page):
    row = page.root.one("tr", data_of_line=True)
    cells = [cell.text for cell in row.all("td")]
    return cells[2:6], row.get("data-left"), row.get("data-returnable-until"), cells[6]


def relatives(page):
    return [each["data-relative"] for each in page.root.all("li", data_relative=True)]


def ends(order):
    return (order.created_at.date() + timedelta(days=14)).isoformat()


def test_the_order_makes_one_call_and_says_where_its_family_is(portal, upstreams, story):
    order = pick(story, days=13)

    page = Page(portal.get(address(order).removesuffix("family/")))

    assert [each.path.rpartition("/")[2] for each in upstreams.requests] == [order.order_id]
    place = page.root.one(data_panel="family")
    assert (place["data-family"], place.one("a")["href"]) == (order.order_id, address(order))
    assert "not loaded" in place.text


def test_part_of_an_order_was_returned(portal, upstreams, story):
    order = pick(story, quantity=10)
    back = pick(story, "RETURN", quantity=4)

    page = family(portal, order)

    assert told(page)[:3] == (["10", "4", "6", "6"], "6", ends(order))
    assert told(page)[3].startswith("Probably returnable, up to 6, until about ")
    assert relatives(page) == [order.order_id, back.order_id]
    asked = upstreams.requests[-1].query
    assert ("reference-order-id", order.order_id) in asked
    assert ("start-date", order.created_at.date().isoformat()) in asked
    rows = (
        LedgerEntry.objects.filter(action__startswith="view-")
        .order_by("id")
        .values_list("action", "order_id")
    )
    assert list(rows) == [("view-order", order.order_id), ("view-list", "")]


def test_what_adobe_did_not_count_is_computed_and_says_so(portal, story):
    page = family(portal, pick(story, quantity=9))

    assert told(page)[:2] == (["9", "3", "6", "6 computed"], "6")


def test_the_fourteenth_day_counts_and_the_fifteenth_does_not(portal, story):
    words = [told(family(portal, pick(story, quantity=8, days=days)))[3] for days in (13, 14, 15)]

    assert [each.split(",")[0] for each in words[:2]] == ["Probably returnable"] * 2
    assert words[2].startswith("No longer returnable: the 14 days ended about ")


@pytest.mark.parametrize(
    ("which", "left", "said"),
    [
        ({"offer": "71500283"}, "500", "Ask before promising: Adobe’s pages contradict each other"),
        ({"offer": "71415590"}, "100", "Not returnable: it is part of a High Growth minimum."),
        ({"quantity": 5, "left": 0}, "0", "Nothing is left of it to return."),
        ({"quantity": 2}, "0", "Was taken back already."),
        (
            {"kind": "SWITCH", "quantity": 5},
            "5",
            "Can only be switched back, the whole quantity, until about",
        ),
        ({"kind": "SWITCH", "quantity": 1}, "0", "Was taken back already."),
        ({"kind": "RETURN", "quantity": 3}, "6", "Probably returnable, up to 6"),
    ],
)
def test_what_can_be_returned_is_told_as_it_is(portal, story, which, left, said):
    row = told(family(portal, pick(story, **which)))

    assert row[1] == left
    assert row[3].startswith(said)


def test_a_return_is_told_by_the_order_that_it_takes_back(portal, story):
    original, back = pick(story, quantity=9), pick(story, "RETURN", quantity=3)

    page = family(portal, back)

    assert relatives(page) == [original.order_id, back.order_id]
    links = [each["href"] for each in page.root.one(class_="family").all("a")]
    assert links == [address(original).removesuffix("family/")]


def test_a_switch_is_found_by_its_subscription_and_says_what_it_took(portal, upstreams, story):
    order, switch = pick(story, quantity=5, left=0), pick(story, "SWITCH", quantity=5)
    before = relatives(family(portal, order))
    write_now("adobe", RETURNS, story)
    upstreams.clear()

    page = Page(portal.get(address(order) + "?fresh=1"))

    assert switch.order_id not in before
    assert switch.order_id in relatives(page)
    taken = page.root.one("li", data_relative=switch.order_id).one(data_cancelled=True)
    assert taken.text == "takes 5 of 71104418CA02A12"
    assert len(upstreams.requests) <= 4


def test_where_the_returns_cannot_be_had_nothing_is_computed(portal, upstreams, story, settings):
    settings.CACHE_FRESH = 20
    order = pick(story, quantity=9)
    portal.get(address(order).removesuffix("family/"))  # it is saved for a moment
    upstreams.script("adobe", [503, 503, 503])

    page = family(portal, order)

    assert page.status == 200
    assert told(page)[:2] == (["9", "", "", ""], None)
    assert told(page)[3] == "Unknown: ask before promising."
    assert page.root.one(data_error=True)["data-error"] == "unavailable"


def test_an_order_that_is_not_there_fails_in_its_place(portal, story):
    headers = {"HX-Request": "true", "HX-Target": "panel-family"}
    page = Page(portal.get(f"/adobe/customers/{RETURNS}/orders/9999/family/", headers=headers))

    assert (page.status, page.error_word) == (404, "not-found")


def test_an_early_renewal_is_not_promised(portal, upstreams):
    query = AdobeOrderQuery(created_from="2000-01-01", order_types=("RENEWAL",))
    source = registry.connect("adobe")
    customer_id = customers.ADOBE_EARLY_RENEWAL
    (renewal,) = source.list_orders(customer_id, query, PageRequest(0, 5)).page.orders

    page = family(portal, renewal, customer_id)

    assert told(page)[:2] == (["20", "10", "10", "10"], "10")
    assert "early renewal, ask before promising the return of a part" in page.root.text


def test_the_end_of_the_window_stands_in_what_happened(portal, story):
    page = Page(portal.get(address(pick(story, days=13)).removesuffix("family/")))

    assert (
        page.root.one("ol", data_lane=True).all("li")[-1].text.endswith("The return window ends 14 days, UTC")
    )
