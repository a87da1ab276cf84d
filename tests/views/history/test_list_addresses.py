"""Addresses of lists over accounts keep the rules of a history's: empty, double, unknown, too far."""

import pytest

from orders.people.models import Account
from tests.index.seen import adobe_order, see
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER = "1000000007"
ROWS = {"attention": "data_order_id", "portfolio": "data_account_id", "account": "data_order_id"}
LISTS = list(ROWS)


@pytest.fixture
def milo():
    """Manages three accounts; three orders of a customer of the first one failed."""
    who = person("milo", "account manager")
    assign(who, "adobe", CUSTOMER, account="Harbour Design")
    assign(who, "adobe", "1000000137", account="Vale Architects")
    assign(who, "adobe", "1000000048", account="Willow School")
    for number in range(3):
        see(adobe_order(f"100000000{number}", status="1004"), customer_id=CUSTOMER)
    return who


def page_of(who, name, query="", status=200):
    number = Account.objects.get(name="Harbour Design").pk
    address = {"attention": "/attention/", "portfolio": "/portfolio/", "account": f"/portfolio/{number}/"}[
        name
    ]
    response = signed_in(who).get(address + query)
    assert response.status_code == status
    return Page(response)


def rows_of(page, name):
    return page.main.all("tr", **{ROWS[name]: True})


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("attention", ["kind", "source", "account", "set", "seen", "limit", "offset"]),
        ("portfolio", ["q", "account", "set", "changes", "limit", "offset"]),
        ("account", ["limit", "offset"]),
    ],
)
def test_an_empty_value_is_as_if_it_were_absent(milo, name, parameters):
    for parameter in parameters:
        assert len(rows_of(page_of(milo, name, f"?{parameter}="), name)) == 3, parameter


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((name, "?limit=1&limit=2") for name in LISTS),
        *((name, "?offset=0&offset=1") for name in LISTS),
        ("attention", "?seen=0&seen=1"),
        ("portfolio", "?q=a&q=b"),
    ],
)
def test_two_values_of_what_can_have_one_are_refused(milo, name, query):
    assert "It was given more than once" in page_of(milo, name, query, 400).text


@pytest.mark.parametrize("name", LISTS)
def test_the_same_value_twice_is_one(milo, name):
    assert len(rows_of(page_of(milo, name, "?limit=2&limit=2"), name)) == 2


@pytest.mark.parametrize("name", LISTS)
def test_a_parameter_that_there_is_none_of_is_named(milo, name):
    page = page_of(milo, name, "?kinds=failed&limit=2")

    (notice,) = page.root.all(data_notice="ignored-parameters")
    assert " ".join(notice.text.split()) == "Ignored, because there is no such parameter here: kinds."
    assert len(rows_of(page, name)) == 2


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("offset", "status"), [(3, 200), (4, 404), (500, 404)])
def test_at_the_end_is_an_empty_page_and_behind_it_none(milo, name, offset, status):
    page = page_of(milo, name, f"?limit=2&offset={offset}", status)

    assert rows_of(page, name) == []
    (last,) = page.root.all("a", rel="last")
    assert last["href"] == "?limit=2&offset=1"
