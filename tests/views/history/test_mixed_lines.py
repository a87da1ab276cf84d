"""Orders whose lines disagree with them: marked always, chosen only where the whole result is at hand."""

import csv
import io

import pytest

from orders.domain.line_agreement import lines_disagree
from orders.domain.orders import Line, Order
from orders.upstreams.adobe_vip_marketplace.terms import status as adobe_status
from tests.pages import query_of

pytestmark = pytest.mark.django_db

CUSTOMER = "4400000088"
HISTORY = f"/adobe/customers/{CUSTOMER}/orders/"


@pytest.fixture(autouse=True)
def _no_orders_of_other_tests(upstreams):
    upstreams.forget_added_orders()


def order(number, status="1000", *lines):
    return {
        "orderId": f"{number:04}",
        "status": status,
        "creationDate": "2026-10-01T10:00:00Z",
        "lineItems": [
            {"extLineItemNumber": place, "offerId": "A", "quantity": 1, "status": line}
            for place, line in enumerate(lines or (status,), 1)
        ],
    }


def mixed(count, *, every):
    """So many orders, each `every`th with a line that failed."""
    return [
        order(number, "1000", "1000", "1004") if number % every == 0 else order(number)
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("status", "lines", "disagree"),
    [
        ("1000", ("1000", "1000"), False),
        ("1000", ("1002", "1002"), True),
        ("1000", ("1000", "1004"), True),
        ("1000", ("1008", "1000"), True),
        ("1002", ("1002", "1000"), True),
        ("1000", ("", "1000"), False),
        ("1000", (), False),
        ("", ("1000",), False),
    ],
)
def test_lines_disagree_where_one_has_another_status(status, lines, disagree):
    made = Order(
        order_id="1",
        status=adobe_status(status),
        lines=tuple(Line(status=adobe_status(line)) for line in lines),
    )

    assert lines_disagree(made) is disagree


def test_rows_whose_lines_disagree_are_marked(see, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, "1000", "1002", "1002"), order(2)])

    page = see(f"{HISTORY}?start-date=2000-01-01")

    assert {
        row["data-order-id"]: row.get("data-lines") for row in page.root.all("tr", data_order_id=True)
    } == {
        "0001": "mixed",
        "0002": None,
    }


def test_a_result_that_is_all_there_is_narrowed_to_them(see, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, mixed(20, every=4))

    page = see(f"{HISTORY}?start-date=2000-01-01&lines=mixed")

    assert sorted(page.order_ids) == ["0000", "0004", "0008", "0012", "0016"]
    assert page.window[0] == "5"
    assert "Of 20 orders, those whose lines disagree with the order’s status" in page.notices["window"]
    assert "lines" not in page.notices
    assert "lines" not in dict(upstreams.requests[-1].query)


def test_a_result_that_goes_on_is_shown_whole_and_says_why(see, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, mixed(60, every=4))

    page = see(f"{HISTORY}?start-date=2000-01-01&lines=mixed")

    assert len(page.order_ids) == 25
    assert page.window[0] == "60"
    assert "This page has 25 of 60 orders." in page.notices["lines"]
    link = page.root.one(data_notice="lines").one("a")["href"]
    assert query_of(link) == [("start-date", "2000-01-01"), ("lines", "mixed"), ("limit", "100")]
    assert len(see(HISTORY + link).order_ids) == 15


def test_a_result_that_no_page_can_hold_offers_no_page_that_does(see, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, mixed(120, every=4))

    page = see(f"{HISTORY}?start-date=2000-01-01&lines=mixed")

    assert page.root.one(data_notice="lines").all("a") == []
    assert "make a file" in page.notices["lines"]


def test_none_that_disagrees_is_no_match(see, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, mixed(3, every=5)[1:])

    page = see(f"{HISTORY}?start-date=2000-01-01&lines=mixed")

    assert page.window[0] == "0"
    assert "No match" in page.result.text


@pytest.mark.parametrize("rows", ["orders", "lines"])
@pytest.mark.parametrize("count", [7, 230])
def test_a_file_has_exactly_them_because_it_has_the_whole_result(supervisors_portal, upstreams, rows, count):
    upstreams.add_adobe_orders(CUSTOMER, mixed(count, every=4))

    response = supervisors_portal.get(f"{HISTORY}export/?start-date=2000-01-01&lines=mixed&rows={rows}")

    found = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode(), newline="")))
    assert "PARTIAL" not in response.headers["Content-Disposition"]
    expected = [f"{number:04}" for number in range(0, count, 4)]
    assert sorted(row["orderId"] for row in found) == sorted(expected * (2 if rows == "lines" else 1))
