"""What happened to an order, and what comes, by the times that are known."""

from orders.sandbox import customers

MAIN = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def steps(page):
    """When and what, as they are read."""
    lane = page.root.one("ol", data_lane=True)
    return [(step.one(class_="time").text, step.all("span")[1].text) for step in lane.all("li")]


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


def test_an_address_to_ship_and_bill_to_stands_once(see):
    for order_id in see(MAIN).order_ids[:12]:
        page = see(f"{MAIN}{order_id}/")
        both = page.raw_json
        is_same = both["shipTo"] == both["billTo"]
        titles = [section["aria-label"] for section in page.root.all("section", aria_label=True)]
        assert ("Ship to and bill to" in titles) == is_same
        assert ("Bill to" in titles) != is_same
