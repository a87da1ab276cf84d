"""'Ask live': upstreams are asked for numbers that nobody has seen, of those customers who may have them."""

import pytest
from django.core.management import call_command

from orders.index.live_models import AskedCustomer, LiveLookup
from orders.ledger.models import LedgerEntry
from orders.people.limit_models import LimitUse
from orders.people.models import Assignment
from orders.sandbox import customers
from tests.index.seen import adobe_order, see
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

SMALL, BROKEN, FABRIC = customers.ADOBE_SMALL, customers.ADOBE_INTERNAL_ERROR, customers.FABRIC_CALM
FOREIGN = "8888888888"


@pytest.fixture
def manager(upstreams):
    """May see a customer of each upstream; an order of somebody else's is remembered."""
    who = person("mara", "account manager")
    for source, customer_id in (("adobe", SMALL), ("fabric", FABRIC)):
        assign(who, source, customer_id, account=customer_id)
    other = adobe_order(FOREIGN, customer_id="1000000137", lines=())
    see(other, customer_id="1000000137")
    return who


def paste(client, *numbers):
    return client.post("/lookup/", {"q": "\n".join(numbers), "source": ""}).url


def ask(client, address):
    """Ask live, and let the worker do it; how the list looks then."""
    answer = client.post(f"{address}live/")
    assert (answer.status_code, answer.url) == (303, address)
    running = Page(client.get(address))
    call_command("run_worker", until_idle=True)
    return running, Page(client.get(address))


def outcomes(page):
    rows = page.main.all("tr", data_lookup=True)
    return {row["data-lookup"]: (row["data-outcome"], row.get("data-customer-id")) for row in rows}


def state(page):
    live = page.main.one(data_live=True)
    return live["data-live"], live["data-progress"]


def asked(upstreams):
    return sorted(each.path.rpartition("/customers/")[2] for each in upstreams.requests)


def known_order(client):
    """An order of the small customer; what pages see is written down by nobody here."""
    return Page(client.get(f"/adobe/customers/{SMALL}/orders/")).order_ids[0]


def test_what_is_not_remembered_is_asked_for_and_found(manager, upstreams):
    client = signed_in(manager)
    order_id = known_order(client)
    upstreams.clear()

    running, done = ask(client, paste(client, order_id, FOREIGN, "5599999999"))

    assert state(running) == ("running", "0")
    assert state(done) == ("done", "100")
    assert outcomes(done) == {
        order_id: ("found", SMALL),
        FOREIGN: ("not-found", None),
        "5599999999": ("not-found", None),
    }
    # Each of their customers once, however much is looked for, and nobody else.
    assert asked(upstreams) == [f"{SMALL}/orders", f"{FABRIC}/orders"]
    entry = LedgerEntry.objects.filter(action="look-up", details__contains="live").get()
    assert entry.details == '{"live": 2, "numbers": 3}'


def test_a_foreign_number_and_one_that_nobody_has_cause_the_same_calls(manager, upstreams):
    client, calls = signed_in(manager), []
    for number in (FOREIGN, "5599999999"):
        ask(client, paste(client, number, "5599999998"))
        calls.append(sorted((each.path, dict(each.query)) for each in upstreams.requests))
        upstreams.clear()

    assert calls[0] == calls[1]
    assert len(calls[0]) == 2


def test_only_who_failed_is_asked_again(manager, upstreams):
    assign(manager, "adobe", BROKEN, account="broken")
    client = signed_in(manager)
    address = paste(client, "5599999999", "5599999998")
    _, done = ask(client, address)
    upstreams.clear()
    upstreams.script("adobe", [None], path_contains=BROKEN)

    assert outcomes(done) == dict.fromkeys(("5599999999", "5599999998"), ("failed", None))
    assert "Adobe: not available, 1 time" in done.main.one(data_live=True).text
    _, again = ask(client, address)
    assert {each.path for each in upstreams.requests} == {f"/v3/customers/{BROKEN}/orders"}
    assert state(again) == ("done", "100")


def test_who_may_see_everybody_asks_for_a_customer_by_their_number(portal, upstreams):
    _, done = ask(portal, paste(portal, SMALL, "1099999999"))

    assert outcomes(done) == {SMALL: ("found", SMALL), "1099999999": ("not-found", None)}


def test_a_scope_that_is_lost_before_the_worker_comes_asks_nobody(manager, upstreams):
    client = signed_in(manager)
    address = paste(client, "5599999999", "5599999998")
    client.post(f"{address}live/")
    Assignment.objects.all().delete()

    call_command("run_worker", until_idle=True)

    assert upstreams.requests == []
    assert set(AskedCustomer.objects.values_list("state", flat=True)) == {"refused"}
    assert LiveLookup.objects.get().ended_at is not None


def test_nobody_elses_list_is_asked_for(manager, upstreams):
    address = paste(signed_in(manager), "5599999999", "5599999998")
    other = signed_in(person("ines", "administrator"))

    assert other.post(f"{address}live/").status_code == 404
    assert other.get(f"{address}live/progress/").status_code == 404


def test_the_page_asks_how_far_it_is_and_is_new_at_the_end(manager, upstreams):
    client = signed_in(manager)
    address = paste(client, "5599999999", "5599999998")
    client.post(f"{address}live/")
    before = client.get(f"{address}live/progress/")
    call_command("run_worker", until_idle=True)
    after = client.get(f"{address}live/progress/")

    assert ("HX-Refresh" in before, after["HX-Refresh"]) == (False, "true")
    assert 'data-live="running"' in before.content.decode()


def test_each_customer_of_the_list_is_one_whom_the_person_looks_at_and_those_over_the_limit_wait(
    upstreams, settings
):
    settings.LIMIT_CUSTOMERS_PER_HOUR = 2
    client = signed_in(person("sven", "supervisor"))
    strangers = ["8800000001", "8800000002", "8800000003"]
    address = paste(client, *strangers)

    client.post(f"{address}live/")
    assert sorted(set(AskedCustomer.objects.values_list("customer_id", flat=True))) == strangers[:2]
    assert LiveLookup.objects.get().left_out == 1
    assert LimitUse.objects.filter(kind="customers").count() == 2

    again = client.post(f"{paste(client, '8800000004')}live/", headers={"accept": "text/html"})
    assert (again.status_code, Page(again).error_word) == (429, "limit")
    assert AskedCustomer.objects.filter(customer_id="8800000004").count() == 0


def test_customers_who_are_asked_for_somebody_elses_number_are_no_looks(manager, upstreams, settings):
    settings.LIMIT_CUSTOMERS_PER_HOUR = 1
    client = signed_in(manager)
    address = paste(client, "5599999999", "5599999998")

    assert client.post(f"{address}live/").status_code == 303
    assert AskedCustomer.objects.count() >= 2
    assert not LimitUse.objects.filter(kind="customers").exists()
