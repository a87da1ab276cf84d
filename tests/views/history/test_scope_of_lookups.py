"""Two managers with overlapping customers look numbers up: neither ever sees the other's rest."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.index.seen import adobe_order, see
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMERS = [("adobe", f"100000{number:04d}") for number in range(10, 15)] + [
    ("fabric", f"fab{number:04d}") for number in range(10, 13)
]
ORDERS = {customer: f"55000000{place:02d}" for place, customer in enumerate(CUSTOMERS)}
NOBODYS = ["5599999999", "5599999998", "PO-404"]
SHARED = "PO-77"


@pytest.fixture
def remembered():
    """An order of each customer; all of them have one reference."""
    for (source, customer_id), order_id in ORDERS.items():
        order = adobe_order(order_id, customer_id=customer_id, lines=(), external_reference_id=SHARED)
        see(order, customer_id=customer_id, source=source)


def expected(theirs):
    """(number, outcome, customer) of each line, by who the manager's customers are."""
    sharing = sorted(theirs)
    shared = "not-found" if not sharing else "found" if len(sharing) == 1 else "ambiguous"
    return [
        *(
            (order_id, "found", customer[1]) if customer in theirs else (order_id, "not-found", None)
            for customer, order_id in ORDERS.items()
        ),
        (SHARED, shared, sharing[0][1] if len(sharing) == 1 else None),
        *((number, "not-found", None) for number in NOBODYS),
    ]


def pasted(client, numbers):
    return client.post("/lookup/", {"q": "\n".join(numbers), "source": ""}).url


@pytest.mark.parametrize("seed", range(4))
def test_no_line_and_no_link_tells_of_a_customer_who_is_not_theirs(upstreams, remembered, seed):
    random = Random(seed)
    numbers = [*ORDERS.values(), SHARED, *NOBODYS]
    for name in ("mara", "ines"):
        theirs = set(random.sample(CUSTOMERS, random.randint(0, len(CUSTOMERS) - 2)))
        manager = person(name, "account manager")
        for source, customer_id in theirs:
            assign(manager, source, customer_id, account=customer_id)
        client = signed_in(manager)
        address = pasted(client, numbers)

        page = Page(client.get(address))

        rows = page.main.all("tr", data_lookup=True)
        assert [
            (row["data-lookup"], row["data-outcome"], row.get("data-customer-id")) for row in rows
        ] == expected(theirs)
        assert {
            tuple(link["href"].split("/")[1:4:2])
            for row in rows
            if row["data-outcome"] != "not-found"  # whose number may be a customer's, who can be asked for
            for link in row.all("a")
        } <= theirs
    assert upstreams.requests == []


@pytest.mark.parametrize("number", [ORDERS["adobe", "1000000010"], ORDERS["fabric", "fab0010"]])
def test_a_foreign_number_alone_and_one_that_nobody_has_look_alike_and_ask_alike(
    upstreams, remembered, number
):
    manager = person("mara", "account manager")
    assign(manager, *CUSTOMERS[1], account="mine")
    client = signed_in(manager)
    answers = {}
    for each in (number, NOBODYS[0]):
        client.post("/lookup/", {"q": f"order {each}", "source": ""}, follow=True)
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/lookup/", {"q": f"order {each}", "source": ""}, follow=True)
        texts = Page(answer).main.text.replace(each, "#")
        answers[each] = (answer.redirect_chain[0][1], answer.status_code, texts, len(asked))

    assert answers[number] == answers[NOBODYS[0]]


def test_lists_of_foreign_numbers_and_of_nobodys_ask_alike(upstreams, remembered):
    manager = person("mara", "account manager")
    assign(manager, *CUSTOMERS[1], account="mine")
    client = signed_in(manager)
    foreign = [ORDERS[customer] for customer in CUSTOMERS[2:5]]
    missing = ["5599999991", "5599999992", "5599999993"]
    told = []
    for numbers in (foreign, missing):
        address = pasted(client, numbers)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = Page(client.get(address))
        text = page.main.text
        for number in numbers:
            text = text.replace(number, "#")
        told.append((text, len(asked)))

    assert told[0] == told[1]
