"""An order is watched until it settles: one call for all who do, by the rights that they have then."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from orders.index import watches
from orders.index.models import StatusChange
from orders.index.watch_models import Watch, WatchedOrder
from orders.ledger.models import LedgerEntry
from orders.people.models import Assignment
from orders.people.notice_models import Notice
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

CUSTOMER, ORDER = "4400000077", "5100000077"
ADDRESS = f"/adobe/customers/{CUSTOMER}/orders/{ORDER}/"


def set_status(upstreams, status):
    created = f"{timezone.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    order = {"orderId": ORDER, "customerId": CUSTOMER, "orderType": "NEW", "creationDate": created}
    upstreams.forget_added_orders()
    upstreams.add_adobe_orders(CUSTOMER, [{**order, "status": status, "lineItems": []}])


@pytest.fixture(autouse=True)
def order(upstreams):
    set_status(upstreams, "1002")
    yield
    upstreams.forget_added_orders()


@pytest.fixture
def manager(upstreams):
    who = person("mara", "account manager", email="mara@example.org")
    assign(who, "adobe", CUSTOMER)
    return who


def work(upstreams, after=0):
    """What the worker asks the upstream for, so many minutes from now."""
    upstreams.clear_log()
    with time_machine.travel(timezone.now() + timedelta(minutes=after)):
        call_command("run_worker", until_idle=True)
    return [each.path for each in upstreams.requests]


def rows(client):
    return [
        (row["data-order-id"], row["data-settled"], row["data-watch-end"])
        for row in Page(client.get("/watching/")).main.all("tr", data_order_id=True)
    ]


def told(who):
    return [(each.what, each.subject, each.address) for each in Notice.objects.filter(person=who)]


def test_an_order_is_watched_until_it_settles_and_all_who_watch_are_told(
    manager, agent, upstreams, settings, mailoutbox, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST, settings.PORTAL_URL = "mail.example.org", "https://portal.example"
    clients = [signed_in(manager), signed_in(agent)]
    assert [client.post(f"{ADDRESS}watch/")["Location"] for client in clients] == [ADDRESS, ADDRESS]

    first, at_once, later = work(upstreams), work(upstreams), work(upstreams, after=2)
    set_status(upstreams, "1000")
    with django_capture_on_commit_callbacks(execute=True):
        settled, after = work(upstreams, after=4), work(upstreams, after=60)

    once = [f"/v3/customers/{CUSTOMER}/orders/{ORDER}"]
    assert (first, at_once, later, settled, after) == (once, [], once, once, [])
    assert [rows(client) for client in clients] == [[(ORDER, "1", "settled")]] * 2
    assert told(manager) == told(agent) == [("watch-settled", ORDER, ADDRESS)]
    change = StatusChange.objects.get()
    assert (change.was, change.now) == ("1002", "1000")
    (mail,) = mailoutbox
    assert (mail.to, "https://portal.example/notices/" in mail.body) == (["mara@example.org"], True)
    assert ORDER not in mail.subject + mail.body
    assert CUSTOMER not in mail.subject + mail.body
    entries = LedgerEntry.objects.filter(action="watch", order_id=ORDER, username="mara").order_by("pk")
    assert [entry.details for entry in entries] == ['{"watch": "begun"}', '{"watch": "settled"}']


def test_the_orders_page_has_the_button_while_it_is_not_settled(manager, upstreams):
    client = signed_in(manager)

    def button():
        found = Page(client.get(ADDRESS)).main.all("button", data_watch=True)
        assert all("data-act" in each.attributes for each in found)  # the palette offers it
        return [each["data-watch"] for each in found]

    before = button()
    client.post(f"{ADDRESS}watch/")
    watched = button()
    client.post(f"{ADDRESS}unwatch/")
    stopped = button()
    set_status(upstreams, "1000")
    settled = Page(client.get(f"{ADDRESS}?fresh=1")).main.all("button", data_watch=True)

    assert (before, watched, stopped, settled) == (["0"], ["1"], ["0"], [])
    assert rows(client) == []
    assert work(upstreams) == []


def test_a_watch_that_is_no_longer_allowed_ends_with_words_and_asks_nobody(manager, upstreams):
    client = signed_in(manager)
    client.post(f"{ADDRESS}watch/")
    Assignment.objects.all().delete()

    assert work(upstreams) == []

    page = Page(client.get("/watching/"))
    assert rows(client) == [(ORDER, "0", "refused")]
    assert "No longer yours to see" in page.main.text
    assert page.main.one("tr", data_order_id=ORDER).all("a") == []
    assert told(manager) == [("watch-refused", ORDER, "/watching/")]
    assert LedgerEntry.objects.filter(action="watch").exclude(outcome="ok").get().outcome == "refused-scope"


def test_somebody_elses_customer_is_not_watched(upstreams):
    client = signed_in(person("ines", "account manager"))

    assert client.post(f"{ADDRESS}watch/").status_code == 404
    assert not WatchedOrder.objects.exists()


def test_an_upstream_that_fails_is_asked_less_often_and_one_that_knows_nothing_ends_it(manager, upstreams):
    client = signed_in(manager)
    client.post(f"{ADDRESS}watch/")
    upstreams.script("adobe", [500] * 6, path_contains=ORDER)
    work(upstreams)
    failed = WatchedOrder.objects.get()
    upstreams.clear_faults()
    upstreams.forget_added_orders()
    work(upstreams, after=3)

    assert (failed.error, failed.failures) == ("unavailable", 1)
    assert failed.due_at is not None
    assert failed.due_at - timezone.now() > timedelta(seconds=100)
    assert rows(client) == [(ORDER, "0", "gone")]
    assert told(manager) == [("watch-gone", ORDER, ADDRESS)]


@pytest.mark.parametrize(
    ("hours", "end", "seconds"), [(0, "", 60), (2, "", 300), (30, "", 1800), (169, "over", None)]
)
def test_it_is_asked_for_less_often_with_its_age_and_for_a_week_at_most(
    manager, upstreams, hours, end, seconds
):
    watches.begin(manager, "adobe", CUSTOMER, ORDER)
    Watch.objects.update(begun_at=timezone.now() - timedelta(hours=hours))
    work(upstreams)

    watch, order = Watch.objects.get(), WatchedOrder.objects.get()
    pause = None if order.due_at is None else round((order.due_at - timezone.now()).total_seconds(), -1)
    assert (watch.end, pause) == (end, seconds)


def test_the_page_looks_again_only_when_a_watch_has_ended(manager, upstreams):
    client = signed_in(manager)
    client.post(f"{ADDRESS}watch/")
    poll = Page(client.get("/watching/")).main.one(id="watching")["hx-get"]
    before = client.get(poll)
    client.post(f"{ADDRESS}unwatch/")
    after = client.get(poll)

    assert (before.status_code, "HX-Refresh" in before, after["HX-Refresh"]) == (204, False, "true")


def test_what_has_ended_is_forgotten_after_a_week(manager, upstreams):
    watches.begin(manager, "adobe", CUSTOMER, ORDER)
    watches.stop(manager, "adobe", CUSTOMER, ORDER)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert watches.forget_old() == 1

    assert not WatchedOrder.objects.exists()
