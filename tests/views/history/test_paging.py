"""Walking an order history page by page, as `rel=next` and `rel=prev` lead."""

from collections import Counter

import pytest

from orders.sandbox import customers
from tests.pages import query_of

pytestmark = pytest.mark.django_db

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
EDUCATION = f"/adobe/customers/{customers.ADOBE_EDUCATION}/orders/"
MOVING = f"/adobe/customers/{customers.ADOBE_MOVING}/orders/"
ALL_TERMS = "start-date=2000-01-01"


def walk(see, address, rel="next"):
    """Every page from this one on."""
    path = address.partition("?")[0]
    pages = [see(address)]
    while link := pages[-1].link(rel):
        assert len(pages) < 60, "the walk does not end"
        pages.append(see(path + link))
    return pages


def test_the_first_page_has_no_previous_and_the_last_has_no_next(see):
    pages = walk(see, f"{LARGE}?{ALL_TERMS}&limit=100")

    assert [bool(page.link("prev")) for page in pages] == [False, True, True, True]
    assert [bool(page.link("next")) for page in pages] == [True, True, True, False]
    assert [page.position for page in pages] == [
        "Showing 1–100 of 312",
        "Showing 101–200 of 312",
        "Showing 201–300 of 312",
        "Showing 301–312 of 312",
    ]


def test_the_links_keep_every_filter_with_its_repeats(see):
    filters = [
        ("status", "1000"),
        ("status", "1002"),
        ("order-type", "NEW"),
        ("order-type", "RENEWAL"),
        ("start-date", "2020-01-01"),
        ("end-date", "2030-01-01"),
        ("whole-days", "1"),
    ]
    query = "&".join(f"{name}={value}" for name, value in filters)

    page = see(f"{LARGE}?{query}&limit=10&offset=20")

    assert query_of(page.link("next")) == [*filters, ("limit", "10"), ("offset", "30")]
    assert query_of(page.link("prev")) == [*filters, ("limit", "10"), ("offset", "10")]


def test_walking_forth_visits_every_order_once_and_back_again_too(see):
    forth = walk(see, f"{LARGE}?{ALL_TERMS}&limit=50")
    last = query_of(forth[-2].link("next"))
    back = walk(see, f"{LARGE}?" + "&".join(f"{name}={value}" for name, value in last), rel="prev")

    visited = [order_id for page in forth for order_id in page.order_ids]
    assert len(visited) == len(set(visited)) == 312
    assert sorted(order_id for page in back for order_id in page.order_ids) == sorted(visited)


def test_an_offset_between_two_pages_leads_back_to_the_beginning(see):
    page = see(f"{LARGE}?{ALL_TERMS}&limit=25&offset=10")

    assert page.position == "Showing 11–35 of 312"
    assert ("offset", "0") in query_of(page.link("prev"))
    assert ("offset", "35") in query_of(page.link("next"))


@pytest.mark.parametrize("fault", ["no-links", "absolute-links", "bad-links", "count-mismatch", "wrong-type"])
def test_the_walk_does_not_depend_on_the_upstreams_links(see, upstreams, fault):
    upstreams.script("adobe", [fault] * 10)

    pages = walk(see, f"{EDUCATION}?{ALL_TERMS}&limit=10")

    visited = [order_id for page in pages for order_id in page.order_ids]
    assert len(pages) == 5
    assert len(visited) == len(set(visited)) == 48


def test_a_short_page_costs_no_order(see, upstreams):
    complete = {order_id for page in walk(see, f"{EDUCATION}?{ALL_TERMS}") for order_id in page.order_ids}
    upstreams.script("adobe", ["short-page"] * 10)

    pages = walk(see, f"{EDUCATION}?{ALL_TERMS}&limit=10")

    visited = Counter(order_id for page in pages for order_id in page.order_ids)
    assert set(visited) == complete
    assert set(visited.values()) == {1}


def test_a_total_that_changes_with_every_page_does_not_stop_the_walk(see):
    pages = [see(f"{MOVING}?limit=25")]
    while (link := pages[-1].link("next")) and len(pages) < 3:
        pages.append(see(MOVING + link))

    visited = [order_id for page in pages for order_id in page.order_ids]
    assert len(visited) == len(set(visited)) == 60
    assert len({page.window[0] for page in pages}) == 3


def test_an_address_behind_the_end_of_a_moving_result_leads_to_a_page_that_exists(see):
    lost = see(f"{MOVING}?limit=25&offset=60", status=404)

    assert lost.error_word == "out-of-range"
    assert see(MOVING + lost.link("last")).order_ids


@pytest.mark.parametrize("offset", [1, 2, 100_000])
def test_an_offset_behind_the_end_is_out_of_range_with_a_way_to_the_last_page(see, portal, offset):
    filters = f"{ALL_TERMS}&status=1000&status=1002&status=1004&status=1008"
    total = int(see(f"{LARGE}?{filters}").window[0])

    page = see(f"{LARGE}?{filters}&limit=25&offset={total + offset}", status=404)

    assert page.error_word == "out-of-range"
    assert ("status", "1008") in page.filters
    last = portal.get(LARGE + page.link("last"), follow=True)
    assert last.status_code == 200
    address = last.request["QUERY_STRING"]
    assert [value for name, value in query_of("?" + address) if name == "status"] == [
        "1000",
        "1002",
        "1004",
        "1008",
    ]
    shown = see(f"{LARGE}?{address}")
    assert shown.position.endswith(f"–{total} of {total}")
    assert shown.link("next") == ""


def test_the_offset_that_is_the_total_is_an_empty_page_with_a_way_to_the_last_one(see):
    page = see(f"{LARGE}?{ALL_TERMS}&offset=312")

    assert page.error_word == ""
    assert page.window == ("312", "312", "25")
    assert page.position == "Showing 0 of 312"
    assert "All 312 orders stand before this place." in page.result.text
    assert page.order_ids == []
    assert query_of(page.link("last")) == [("start-date", "2000-01-01"), ("offset", "300")]
    assert query_of(page.link("prev")) == [("start-date", "2000-01-01"), ("offset", "287"), ("limit", "25")]
    assert page.link("next") == ""
    assert len(see(LARGE + page.link("last")).order_ids) == 12


def test_the_total_of_a_list_that_is_cut_here_is_an_empty_page_too(see):
    history = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
    total = int(see(history).window[0])

    assert see(f"{history}?limit=10&offset={total}").order_ids == []
    assert see(f"{history}?limit=10&offset={total + 1}", status=404).error_word == "out-of-range"


def test_an_empty_history_has_no_page_behind_its_only_one(see):
    empty = f"/adobe/customers/{customers.ADOBE_EMPTY}/orders/"

    assert see(f"{empty}?offset=0").window[0] == "0"
    assert see(f"{empty}?offset=1", status=404).error_word == "out-of-range"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("count-mismatch", "Adobe says that this answer has 26 orders, and sent 25."),
        ("", ""),
    ],
)
def test_counts_that_disagree_with_what_was_sent_are_said(see, upstreams, fault, said):
    if fault:
        upstreams.script("adobe", [fault])

    page = see(f"{LARGE}?{ALL_TERMS}")

    assert page.notices.get("count", "").startswith(said)
    assert ("count" in page.notices) is bool(said)
    assert len(page.order_ids) == 25


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count": 3}, "Adobe says that this answer has 3 orders, and sent 1."),
        ({"totalCount": 0}, "Adobe counts 0 orders in all, fewer than it sent."),
        ({"count": 1}, ""),
        ({"count": None}, ""),
    ],
)
def test_each_count_of_the_envelope_is_compared(see, upstreams, changes, said):
    body = {"totalCount": 1, "count": 1, "offset": 0, "limit": 25, "items": [{"orderId": "1"}], **changes}
    upstreams.script("adobe", [{"status": 200, "body": body}])

    assert see(LARGE).notices.get("count", "") == said


def test_the_page_sizes_keep_the_filters_and_start_again(see):
    page = see(f"{LARGE}?{ALL_TERMS}&status=1000&offset=50&limit=25")

    sizes = page.root.one(class_="sizes")

    assert sizes.text == "25 · 50 · 100 a page"
    assert [query_of(link["href"]) for link in sizes.all("a")] == [
        [("start-date", "2000-01-01"), ("status", "1000"), ("limit", size)] for size in ("50", "100")
    ]
