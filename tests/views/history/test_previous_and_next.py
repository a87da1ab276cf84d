"""An order opened from a list knows its place in the result, and leads on to its neighbours and back."""

import pytest

from orders.ledger.models import LedgerEntry
from orders.sandbox import customers

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
QUERY = "start-date=2000-01-01&limit=25&offset=25"


def rows_of(page):
    return [
        (row["data-order-id"], row.all("a")[0]["href"]) for row in page.root.all("tr", data_order_id=True)
    ]


def walk_of(page):
    nav = page.root.one("nav", data_walk=True)
    return (
        nav["data-walk"],
        *(links[0]["href"] if (links := nav.all("a", rel=rel)) else "" for rel in ("prev", "next")),
    )


def test_each_link_of_a_list_says_where_in_the_result_its_order_stands(see):
    page = see(f"{LARGE}?{QUERY}")

    order_id, address = rows_of(page)[6]

    assert address == f"{LARGE}{order_id}/?{QUERY}&at=32&of=312"
    assert page.root.one("tr", id=f"order-{order_id}")["data-order-id"] == order_id


def test_an_order_leads_to_its_neighbours_in_the_result_and_back_to_its_row(see, portal):
    first, second = rows_of(see(f"{LARGE}?{QUERY}"))[23:25]
    page = see(first[1])

    assert walk_of(page) == ("49/312", f"{LARGE}?{QUERY}&to=48", f"{LARGE}?{QUERY}&to=50")
    assert page.link("up") == f"{LARGE}?{QUERY}#order-{first[0]}"

    answer = portal.get(f"{LARGE}?{QUERY}&to=50")

    assert (answer.status_code, answer["Location"]) == (302, second[1])


def test_nobody_is_asked_before_a_reader_walks_on_and_then_for_one_order(see, portal, upstreams):
    see(rows_of(see(f"{LARGE}?{QUERY}"))[0][1])
    asked_before = len(upstreams.requests)

    portal.get(f"{LARGE}?{QUERY}&to=27")

    assert asked_before == 2
    assert [dict(each.query) for each in upstreams.requests[2:]] == [
        {"start-date": "2000-01-01", "limit": "1", "offset": "26"}
    ]


def test_who_walks_over_the_end_of_a_page_comes_back_to_the_page_on_which_the_order_stands(see):
    at_51 = see(
        f"{LARGE}{rows_of(see(f'{LARGE}?start-date=2000-01-01&offset=50'))[0][0]}/?{QUERY}&at=51&of=312"
    )

    assert at_51.link("up").startswith(f"{LARGE}?start-date=2000-01-01&limit=25&offset=50#order-")


def test_the_first_has_no_previous_the_last_no_next_and_one_opened_by_itself_no_walk(see):
    order_id = rows_of(see(LARGE))[0][0]

    def ways(query):
        return walk_of(see(f"{LARGE}{order_id}/{query}"))

    assert ways("?at=1&of=2") == ("1/2", "", f"{LARGE}?to=2")
    assert ways("?at=2&of=2") == ("2/2", f"{LARGE}?to=1", "")
    for odd in ("", "?at=3&of=2", "?at=0&of=2", "?at=-1&of=2", "?at=x&of=2", "?at=1", f"?at=1&of={'9' * 30}"):
        assert not see(f"{LARGE}{order_id}/{odd}").root.all("nav", data_walk=True), odd


def test_a_result_that_the_portal_filters_itself_is_walked_likewise(see, portal):
    rows = rows_of(see(f"{FABRIC}?status=SUCCESS"))

    answer = portal.get(f"{FABRIC}?status=SUCCESS&to=2")

    assert answer["Location"] == rows[1][1]


def test_a_place_behind_the_end_is_answered_like_any_offset_behind_it(portal):
    assert portal.get(f"{LARGE}?start-date=2000-01-01&to=400").status_code == 404


def test_a_step_of_the_walk_is_a_look_like_any_other(see, portal):
    see(LARGE)
    before = LedgerEntry.objects.count()

    portal.get(f"{LARGE}?to=2", follow=True)

    looks = LedgerEntry.objects.order_by("pk")[before:]
    assert [(look.action, look.row_count) for look in looks] == [("view-list", 1), ("view-order", 1)]


def test_a_skip_link_leads_to_the_first_order(see):
    page = see(LARGE)

    assert page.root.all("a", class_="skip")[-1]["href"] == f"#order-{page.order_ids[0]}"
