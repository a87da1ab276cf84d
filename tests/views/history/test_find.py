"""A number alone leads to its order, as far as the portal has seen it and the person may."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.index.models import IndexedCustomer
from orders.ledger.models import Action, LedgerEntry
from tests.index.seen import SUBSCRIPTION, adobe_line, adobe_order, see
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER, OTHER = "1000000007", "1000000137"
HISTORY = f"/adobe/customers/{CUSTOMER}/orders/"
ORDER = f"{HISTORY}5883578824/"


def look_up(client, text, source=""):
    return client.post("/lookup/", {"q": text, "source": source})


@pytest.mark.parametrize(
    "text",
    [
        *("5883578824", "order 5883578824", "Where is my order #5883578824?", "PO-77", "reference PO-77"),
        *(SUBSCRIPTION, f"subscription {SUBSCRIPTION}"),
    ],
)
def test_a_number_of_one_order_leads_to_it(portal, upstreams, text):
    see(adobe_order())

    response = look_up(portal, text)

    assert (response.status_code, response.url) == (303, ORDER)
    assert upstreams.requests == []


def test_a_number_in_several_orders_of_one_customer_leads_to_the_customer(portal):
    see(adobe_order(), adobe_order("7777777777"))

    response = look_up(portal, "PO-77")

    assert (response.status_code, response.url.partition("?")[0]) == (303, HISTORY)


def line_of(client, text):
    """What the page of a number says that leads to no single page: its outcome, and the links."""
    response = look_up(client, text)
    assert (response.status_code, response.url[:9]) == (303, "/lookups/")
    row = Page(client.get(response.url)).main.one("tr", data_lookup=True)
    return row["data-outcome"], [(link.text, link["href"]) for link in row.all("a")]


def test_a_number_of_several_customers_is_a_choice(portal):
    see(adobe_order())
    see(adobe_order("7777777777", customer_id=OTHER), customer_id=OTHER)

    assert line_of(portal, "PO-77") == (
        "ambiguous",
        [
            (f"Adobe: order 5883578824 of customer {CUSTOMER}", ORDER),
            (f"Adobe: order 7777777777 of customer {OTHER}", f"/adobe/customers/{OTHER}/orders/7777777777/"),
        ],
    )


def test_a_number_that_is_a_customer_and_an_order_is_a_choice_unless_it_is_said_which(portal):
    see(adobe_order(OTHER))
    see(adobe_order("7777777777", customer_id=OTHER, lines=(), external_reference_id=""), customer_id=OTHER)

    assert len(line_of(portal, OTHER)[1]) == 2
    assert look_up(portal, f"customer {OTHER}").url.partition("?")[0] == f"/adobe/customers/{OTHER}/orders/"
    assert look_up(portal, f"order {OTHER}").url == f"{HISTORY}{OTHER}/"


def test_the_upstream_that_was_chosen_is_the_only_one(portal):
    see(adobe_order())

    assert look_up(portal, "5883578824", "fabric").url.startswith("/fabric/customers/5883578824/")


def lines_of(client, text):
    """By number as it was pasted: its outcome."""
    response = look_up(client, text)
    assert (response.status_code, response.url[:9]) == (303, "/lookups/")
    rows = Page(client.get(response.url)).main.all("tr", data_lookup=True)
    return {row["data-lookup"]: row["data-outcome"] for row in rows}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5883578824 7777777777", {"5883578824": "found", "7777777777": "found"}),
        ("5883578824 9999999999", {"5883578824": "found", "9999999999": "not-found"}),
        ("9999999999 5883578824", {"9999999999": "not-found", "5883578824": "found"}),
        ("zz-12 from the mail: 5883578824", {"zz-12": "not-found", "5883578824": "found"}),
    ],
)
def test_two_numbers_are_no_customer_with_an_order_where_one_is_known_to_be_another_ones(portal, text, found):
    see(adobe_order(), adobe_order("7777777777"))

    assert lines_of(portal, text) == found


@pytest.mark.parametrize("text", [f"{CUSTOMER} 5883578824", f"{CUSTOMER} 9999999999", f"{OTHER} 9999999999"])
def test_two_numbers_are_a_customer_with_an_order_where_nothing_else_is_known(portal, text):
    see(adobe_order())
    customer_id, order_id = text.split()

    assert look_up(portal, text).url == f"/adobe/customers/{customer_id}/orders/{order_id}/"


def test_a_number_that_nobody_has_goes_on_as_a_customers(portal):
    assert look_up(portal, "1000000999").url.startswith("/adobe/customers/1000000999/orders/")


def test_a_reference_that_was_never_seen_says_so(portal, upstreams):
    assert line_of(portal, f"subscription {SUBSCRIPTION}") == ("not-found", [])
    assert upstreams.requests == []


def test_the_ledger_says_what_was_found(portal):
    see(adobe_order())
    look_up(portal, "PO-77")

    entry = LedgerEntry.objects.filter(action=Action.LOOK_UP).latest("pk")
    assert (entry.source, entry.customer_id, entry.order_id, entry.outcome) == (
        *("adobe", CUSTOMER, "5883578824"),
        "ok",
    )


def test_anothers_customer_and_nobodys_look_alike_and_ask_as_much(upstreams):
    manager = person("mara", "account manager")
    assign(manager, "adobe", OTHER)
    client = signed_in(manager)
    see(adobe_order())
    client.get(look_up(client, "PO-1").url)  # the first page of a session asks for what the next ones know
    answers, counts = [], []
    for number in ("PO-77", "PO-78", "order 5883578824", "order 5883578825"):
        with CaptureQueriesContext(connection) as asked:
            response = look_up(client, number)
            assert response.url.startswith("/lookups/")
            page = Page(client.get(response.url))
        answers.append((page.status, page.main.text.replace(number, "").replace(number.split()[-1], "")))
        counts.append(len(asked))

    assert answers[0] == answers[1]
    assert answers[2] == answers[3]
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]


def test_over_random_assignments_nobody_finds_a_customer_who_is_not_theirs(upstreams):
    pick = random.Random(13)
    people = [person(name, "account manager") for name in ("mara", "nils")]
    theirs: dict[str, set[str]] = {who.username: set() for who in people}
    ids = [f"10000000{number:02d}" for number in range(10, 22)]
    for number, customer_id in enumerate(ids):
        line = adobe_line(subscription_id=f"{number:030d}NA")
        see(
            adobe_order(f"70000000{number:02d}", customer_id=customer_id, lines=(line,)),
            customer_id=customer_id,
        )
        for who in people:
            if pick.random() < 0.4:
                assign(who, "adobe", customer_id, account=f"Account {customer_id}")
                theirs[who.username].add(customer_id)
    assert theirs["mara"] & theirs["nils"]
    assert IndexedCustomer.objects.count() == len(ids)
    for who in people:
        client = signed_in(who)
        for number, customer_id in enumerate(ids):
            for text in (f"order 70000000{number:02d}", f"{number:030d}NA"):
                response = look_up(client, text)
                found = response.url.startswith("/adobe/")
                assert found == (customer_id in theirs[who.username])
        shown = {address.split("/")[3] for _, address in line_of(client, "PO-77")[1]}
        assert shown == theirs[who.username]
