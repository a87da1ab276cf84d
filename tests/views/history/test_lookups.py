"""A list of numbers: a line for each, in the pasted order, for the person who pasted it."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from orders.index.models import PastedNumbers
from orders.index.pasted import forget_pasted
from orders.ledger.models import Action, LedgerEntry
from tests.index.seen import SUBSCRIPTION, adobe_order, see
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER, OTHER = "1000000007", "1000000137"
LIST = f"5883578824\nPO-77\n1000000999\n{SUBSCRIPTION}\nPO-404\n5883578824"


@pytest.fixture
def remembered():
    see(adobe_order(), adobe_order("7777777777", customer_id=CUSTOMER, lines=()))
    see(adobe_order("8888888888", customer_id=OTHER, lines=()), customer_id=OTHER)


def paste(client, text):
    return client.post("/lookup/", {"q": text, "source": ""})


def rows(page):
    names = ("data-lookup", "data-outcome", "data-times", "data-source", "data-customer-id", "data-order-id")
    return [tuple(row.get(name) for name in names) for row in page.main.all("tr", data_lookup=True)]


def test_each_number_has_its_line_in_the_pasted_order(portal, upstreams, remembered):
    answer = paste(portal, LIST)
    page = Page(portal.get(answer.url))

    assert answer.status_code == 303
    assert rows(page) == [
        ("5883578824", "found", "2", "adobe", CUSTOMER, "5883578824"),
        ("PO-77", "ambiguous", None, None, None, None),
        ("1000000999", "not-found", None, None, None, None),
        (SUBSCRIPTION, "found", None, "adobe", CUSTOMER, "5883578824"),
        ("PO-404", "not-found", None, None, None, None),
    ]
    assert page.main.one(data_total_count=True)["data-total-count"] == "5"
    assert "2 found · 1 with several meanings · 2 not seen here yet" in page.main.text
    assert upstreams.requests == []


def test_what_was_meant_as_a_number_and_can_be_none_has_its_line(portal, remembered):
    too_long = "7" * 70
    page = Page(portal.get(paste(portal, f"5883578824\n{too_long}\n1000ü0999\nMüller\n+49 170 1234567").url))

    assert rows(page) == [
        ("5883578824", "found", None, "adobe", CUSTOMER, "5883578824"),
        (too_long[:64], "unreadable", None, None, None, None),
        ("1000ü0999", "unreadable", None, None, None, None),
    ]


def test_a_number_that_nobody_saw_can_be_asked_for_where_it_has_a_customers_form(portal, remembered):
    page = Page(portal.get(paste(portal, LIST).url))

    links = [link["href"] for link in page.main.one("tr", data_lookup="1000000999").all("a")]
    assert "/adobe/customers/1000000999/orders/" in links
    assert page.main.one("tr", data_lookup="PO-404").all("a") == []


def test_the_file_has_the_same_lines(portal, remembered):
    client = signed_in(person("mara", "administrator"))

    answer = client.get(f"{paste(client, LIST).url}export/")

    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(line["pasted"], line["outcome"]) for line in lines] == [
        ("5883578824", "found"),
        ("PO-77", "ambiguous"),
        ("1000000999", "not-found"),
        (SUBSCRIPTION, "found"),
        ("PO-404", "not-found"),
    ]
    assert lines[0] == {
        "pasted": "5883578824",
        "outcome": "found",
        "source": "adobe",
        "customerId": CUSTOMER,
        "orderId": "5883578824",
        "status": "1000",
        "statusMeaning": "Completed",
        "creationDate": "2026-11-26T12:00:00Z",
        "lastSeen": "2026-11-27T12:00:00Z",
    }
    entry = LedgerEntry.objects.filter(action=Action.EXPORT_DOWNLOAD).latest("pk")
    assert (entry.row_count, entry.details) == (
        5,
        '{"customers": ["adobe 1000000007", "adobe 1000000137"], "file": "lookups"}',
    )


def test_a_file_needs_the_right_to_export(portal, remembered):
    assert portal.get(f"{paste(portal, LIST).url}export/").status_code == 403


def test_nobody_else_sees_the_list_and_after_a_day_nobody_does(portal, remembered):
    address = paste(portal, LIST).url
    other = signed_in(person("ines", "administrator"))

    assert other.get(address).status_code == 404
    PastedNumbers.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert portal.get(address).status_code == 404
    assert forget_pasted() == 1


def test_the_scope_decides_what_is_found(upstreams, remembered):
    manager = person("mara", "account manager")
    assign(manager, "adobe", OTHER)
    client = signed_in(manager)

    page = Page(client.get(paste(client, "5883578824\nPO-77\nPO-404").url))

    assert rows(page) == [
        ("5883578824", "not-found", None, None, None, None),
        ("PO-77", "found", None, "adobe", OTHER, "8888888888"),
        ("PO-404", "not-found", None, None, None, None),
    ]


def test_of_more_than_five_hundred_the_first_are_read_and_it_says_so(portal):
    page = Page(portal.get(paste(portal, "\n".join(f"70000{number:05d}" for number in range(501))).url))

    assert page.main.one(data_total_count=True)["data-total-count"] == "500"
    assert "first 500" in page.notices["too-many"]


def test_a_customer_and_their_order_are_no_list(portal):
    assert paste(portal, f"{CUSTOMER} 5883578824").url == f"/adobe/customers/{CUSTOMER}/orders/5883578824/"
