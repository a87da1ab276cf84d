"""What happened to an order, and what comes, by the times that are known."""

from datetime import timedelta

from orders.domain.orders import Order
from orders.index import write_now
from orders.presentation.dates import moment_words
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace import terms as adobe
from orders.upstreams.fabric_subscriptions import terms as fabric
from tests.index.seen import NOON

MAIN = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def steps(page):
    """When and what, as they are read; the end of a return window has a test of its own."""
    lane = page.root.one("ol", data_lane=True)
    read = [(step.one(class_="time").text, step.all("span")[1].text) for step in lane.all("li")]
    return [(when, what) for when, what in read if not what.startswith("The return window")]


def test_an_order_that_will_be_tried_again_ends_with_its_next_attempt(see):
    order_id = see(f"{MAIN}?attention=will-retry").order_ids[0]
    page = see(f"{MAIN}{order_id}/")

    (_, first), *_, (when, last) = steps(page)
    assert first.startswith("Ordered")
    assert last.startswith("Next attempt in ")
    assert when == page.facts("Order")["Scheduled"]


def test_where_no_time_is_given_the_lane_says_by_when_it_was_seen(see):
    order_id = see(f"{SMALL}?start-date=2000-01-01&status=1000").order_ids[0]

    (_, first), (by, status) = steps(see(f"{SMALL}{order_id}/"))

    assert first.startswith("Ordered")
    assert by.startswith("by ")
    assert status == "Completed The time is not given."


def saw(source, customer_id, order_id, *states):
    """An hour apart, the portal saw the order in these states."""
    for hours, (status, lines) in enumerate(states):
        order = Order(order_id=order_id, status=status, lines=lines, created_at=NOON - timedelta(days=9))
        write_now(source, customer_id, [order], seen_at=NOON + timedelta(hours=hours))


def test_what_the_portal_saw_change_stands_between_its_two_looks(see):
    order_id = see(f"{SMALL}?start-date=2000-01-01&status=1000").order_ids[0]
    saw(
        "adobe",
        customers.ADOBE_SMALL,
        order_id,
        (adobe.status("1002"), ()),
        (adobe.status("1002"), ()),
        (adobe.status("1000"), ()),
    )
    (_, first), *rest = steps(see(f"{SMALL}{order_id}/"))

    before, after = (moment_words(NOON + timedelta(hours=hours)) for hours in (1, 2))
    assert first.startswith("Ordered")
    assert rest == [(f"by {after}", f"Completed seen by the portal, after {before}")]


def test_a_status_that_came_since_is_said_beside_what_was_seen_before(see):
    order_id = see(f"{SMALL}?start-date=2000-01-01&status=1000").order_ids[0]
    saw("adobe", customers.ADOBE_SMALL, order_id, (adobe.status("1026"), ()), (adobe.status("1002"), ()))

    _, seen, (by, status) = steps(see(f"{SMALL}{order_id}/"))

    assert seen[1].startswith("Processing seen by the portal, after ")
    assert by.startswith("by ")
    assert status == "Completed The time is not given."


def test_where_the_upstream_gives_the_time_the_portals_own_is_left_out(see):
    order_id = see(f"{MAIN}?status=FAILED").order_ids[0]
    before = steps(see(f"{MAIN}{order_id}/"))
    saw(
        "fabric", customers.FABRIC_MAIN, order_id, (fabric.status("RETRY"), ()), (fabric.status("FAILED"), ())
    )

    assert steps(see(f"{MAIN}{order_id}/")) == before


def test_an_address_to_ship_and_bill_to_stands_once(see):
    for order_id in see(MAIN).order_ids[:12]:
        page = see(f"{MAIN}{order_id}/")
        both = page.raw_json
        is_same = both["shipTo"] == both["billTo"]
        titles = [section["aria-label"] for section in page.root.all("section", aria_label=True)]
        assert ("Ship to and bill to" in titles) == is_same
        assert ("Bill to" in titles) != is_same
