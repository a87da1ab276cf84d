"""Customers of accounts are read in the background: what may have changed, once, to the end."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.index import refresh_state, write_now
from orders.index.models import IndexedCustomer, IndexedOrder
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.infrastructure.jobs import signals
from orders.ledger.models import LedgerEntry
from orders.people.models import Account, AccountCustomer
from orders.sandbox import customers
from orders.services import refresh_jobs
from tests.index.seen import adobe_order

pytestmark = pytest.mark.django_db(transaction=True)

SMALL, LARGE = ("adobe", customers.ADOBE_SMALL), ("adobe", customers.ADOBE_LARGE)
FABRIC = ("fabric", customers.FABRIC_MAIN)


@pytest.fixture
def account(upstreams):
    """Makes an account with these customers."""

    def make(*given, name="Harbour Design Ltd", **more):
        made, _ = Account.objects.get_or_create(name=name, defaults=more)
        for source, customer_id in given:
            AccountCustomer.objects.create(account=made, source=source, customer_id=customer_id)
        return made

    return make


def refresh(*arguments):
    call_command("refresh_orders", *arguments, verbosity=0)


def outcomes():
    rows = CustomerRefresh.objects.order_by("source", "customer_id")
    return {(row.source, row.customer_id): (row.outcome, row.error, row.run_id) for row in rows}


def asked(upstreams):
    """Path and query of each call for orders, since this was last asked."""
    found = [(each.path.rpartition("/customers/")[2], dict(each.query)) for each in upstreams.requests]
    upstreams.clear()
    return found


def test_all_orders_are_remembered_and_the_run_has_its_row(account, upstreams):
    account(SMALL, LARGE, FABRIC)

    refresh()

    ok = ("ok", "", None)
    assert outcomes() == {SMALL: ok, LARGE: ok, FABRIC: ok}
    by_customer = {
        each.customer_id: IndexedOrder.objects.filter(customer=each).count()
        for each in IndexedCustomer.objects.all()
    }
    assert (by_customer[SMALL[1]], by_customer[LARGE[1]]) == (7, 312)
    entry = LedgerEntry.objects.get(action="refresh")
    assert (entry.outcome, entry.row_count, entry.customer_id) == ("ok", sum(by_customer.values()), "")
    assert entry.details == '{"customers": 3, "failed": 0}'


def test_the_first_look_is_whole_in_pages_of_a_hundred_and_the_next_one_is_one_call(account, upstreams):
    account(LARGE)
    refresh()
    first = asked(upstreams)
    IndexedOrder.objects.update(is_unsettled=False)
    refresh()

    assert [query["offset"] for _, query in first] == ["0", "100", "200", "300"]
    assert {(query["start-date"], query["limit"]) for _, query in first} == {("2000-01-01", "100")}
    ((_, query),) = asked(upstreams)
    began = CustomerRefresh.objects.get().read_whole_at
    assert began is not None
    assert query["start-date"] == (began - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_goes_back_to_the_oldest_order_that_may_still_change(account, upstreams):
    account(LARGE)
    refresh()
    IndexedOrder.objects.update(is_unsettled=False)
    oldest = IndexedOrder.objects.order_by("-created_at")[20]
    IndexedOrder.objects.filter(pk=oldest.pk).update(is_unsettled=True)
    asked(upstreams)
    refresh()

    ((_, query),) = asked(upstreams)
    assert oldest.created_at is not None
    assert query["start-date"] == oldest.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("arguments", [("--full",), ()])
def test_a_whole_look_is_asked_for_or_due_after_some_days(account, upstreams, arguments):
    account(SMALL)
    refresh()
    asked(upstreams)
    with time_machine.travel(timezone.now() + timedelta(days=0 if arguments else 8)):
        refresh(*arguments)

    assert [query["start-date"] for _, query in asked(upstreams)] == ["2000-01-01"]


def test_an_order_that_a_newer_return_changed_is_read_again_once(account, upstreams):
    account(LARGE)
    refresh()
    returned = (
        IndexedOrder.objects.filter(order_type__in=["RETURN", "SWITCH"])
        .exclude(reference_order_id="")
        .order_by("-created_at")
        .first()
    )
    assert returned is not None
    assert returned.created_at is not None
    since = returned.created_at - timedelta(seconds=1)
    IndexedOrder.objects.update(is_unsettled=False)
    # As it was just before the return: nobody has seen it, nor what came after.
    IndexedOrder.objects.filter(created_at__gt=since).delete()
    CustomerRefresh.objects.update(read_at=since)
    asked(upstreams)
    refresh()
    first = [path for path, _ in asked(upstreams)]
    IndexedOrder.objects.update(is_unsettled=False)
    CustomerRefresh.objects.update(read_at=since)
    refresh()
    second = [path for path, _ in asked(upstreams)]

    assert f"{LARGE[1]}/orders/{returned.reference_order_id}" in first
    assert len(first) == len(set(first))
    assert second == [f"{LARGE[1]}/orders"]


def test_an_order_whose_return_a_page_has_seen_first_is_read_again_all_the_same(account, upstreams):
    account(LARGE)
    refresh()
    back = (
        IndexedOrder.objects.filter(order_type="RETURN").exclude(reference_order_id="").latest("created_at")
    )
    assert back.created_at is not None
    since = back.created_at - timedelta(seconds=1)
    IndexedOrder.objects.update(is_unsettled=False)
    # What the return names was seen before it came; the return itself a page has shown since.
    named = IndexedOrder.objects.filter(order_id=back.reference_order_id)
    named.update(last_seen=since - timedelta(days=1), line_statuses="1000*1")
    CustomerRefresh.objects.update(read_at=since)
    asked(upstreams)
    refresh()
    first = [path for path, _ in asked(upstreams)]
    IndexedOrder.objects.update(is_unsettled=False)
    CustomerRefresh.objects.update(read_at=since)
    refresh()

    assert f"{LARGE[1]}/orders/{back.reference_order_id}" in first
    assert named.get().last_seen > since
    assert [path for path, _ in asked(upstreams)] == [f"{LARGE[1]}/orders"]


def test_who_fails_is_named_and_stops_nobody(account, upstreams, capsys):
    broken = ("adobe", customers.ADOBE_INTERNAL_ERROR)
    account(broken, SMALL, FABRIC)

    with pytest.raises(CommandError, match="1 of 3 customers could not be read"):
        refresh()

    assert capsys.readouterr().out == f"adobe {broken[1]}: unavailable\n"
    ok = ("ok", "", None)
    assert outcomes() == {SMALL: ok, FABRIC: ok, broken: ("failed", "unavailable", None)}
    assert LedgerEntry.objects.get(action="refresh").outcome == "partial"


def test_a_list_that_is_not_all_there_is_no_success(account, upstreams):
    account(("fabric", customers.FABRIC_SHORT))

    with pytest.raises(CommandError):
        refresh()

    assert CustomerRefresh.objects.get().error == "incomplete"
    assert IndexedOrder.objects.exists()


def test_who_fails_waits_longer_each_time(account, upstreams):
    account(("adobe", customers.ADOBE_INTERNAL_ERROR), refresh_minutes=60)
    waits = []
    for _ in range(3):
        with pytest.raises(CommandError):
            refresh()
        row = CustomerRefresh.objects.get()
        assert row.due_at is not None
        assert row.tried_at is not None
        waits.append(round((row.due_at - row.tried_at).total_seconds() / 60))

    assert (waits, row.failures, row.read_at) == ([5, 10, 20], 3, None)


def test_a_read_that_was_broken_off_goes_on_where_it_stopped(account, upstreams):
    account(LARGE)
    upstreams.script("adobe", [None, 500, 500, 500], path_contains=LARGE[1])
    run = refresh_state.begin([LARGE], is_full=False)
    reading = refresh_state.claim(*LARGE)
    assert run is not None
    assert reading is not None
    reading.started(is_whole=True, reads_from="2000-01-01", reads_to=timezone.now())
    reading.page_written(200, 200)
    upstreams.clear()

    # Its worker was killed; until its lease is over, nobody else is let in.
    assert refresh_jobs.read(*LARGE) is False
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        refresh_jobs.resume_abandoned()
        call_command("run_worker", until_idle=True)
        with pytest.raises(refresh_state.LeaseLost):
            reading.page_written(300, 100)

    assert [query["offset"] for _, query in asked(upstreams)] == ["200", "300"]
    run.refresh_from_db()
    assert (run.orders, run.failed, run.ended_at is not None) == (312, 0, True)


def test_a_worker_that_has_to_end_gives_the_customer_back(account, upstreams, monkeypatch):
    account(SMALL)
    refresh_state.begin([SMALL], is_full=False)
    signals.stopping.set()
    try:
        assert refresh_jobs.read(*SMALL) is True
    finally:
        signals.stopping.clear()

    assert refresh_state.abandoned() == [SMALL]
    refresh()
    assert outcomes() == {SMALL: ("ok", "", None)}


def test_workers_read_those_whose_time_has_come(account, upstreams, settings):
    settings.REFRESH_MINUTES = 60
    account(SMALL, name="Hourly")
    account(FABRIC, name="Never", refresh_minutes=0)
    account(LARGE, name="Often", refresh_minutes=5)
    read = []
    for minutes in (0, 6, 61):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            refresh_jobs.start_due.call()
            call_command("run_worker", until_idle=True, queues="refreshes")
            read.append(sorted({path.partition("/")[0] for path, _ in asked(upstreams)}))

    assert read == [sorted([SMALL[1], LARGE[1]]), [LARGE[1]], sorted([SMALL[1], LARGE[1]])]


def test_two_that_begin_at_once_read_everybody_once(account, upstreams):
    account(SMALL, FABRIC)
    first = refresh_jobs.start([SMALL, FABRIC])
    second = refresh_jobs.start([SMALL, FABRIC])
    call_command("run_worker", until_idle=True, queues="refreshes")

    assert first is not None
    assert (first.customers, second) == (2, None)
    assert DBTaskResult.objects.filter(task_path__endswith="refresh_customer").count() == 2
    assert len(asked(upstreams)) == 2
    assert RefreshRun.objects.get().ended_at


def test_what_was_forgotten_has_a_job_again(account, upstreams, settings):
    account(SMALL)
    refresh_state.begin([SMALL], is_full=False)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        refresh_jobs.start_due.call()
        call_command("run_worker", until_idle=True, queues="refreshes")

    assert outcomes() == {SMALL: ("ok", "", None)}


def test_a_customer_who_left_all_accounts_is_not_asked_for(account, upstreams):
    account(SMALL)
    refresh_jobs.start([SMALL])
    AccountCustomer.objects.all().delete()
    call_command("run_worker", until_idle=True, queues="refreshes")

    assert asked(upstreams) == []
    assert not CustomerRefresh.objects.exists()
    assert LedgerEntry.objects.filter(action="refresh").count() == 1


def test_one_account_or_one_upstream_alone(account, upstreams):
    account(SMALL, FABRIC)
    account(LARGE, name="Old Mill Press")
    refresh("--account", "Harbour Design Ltd", "--source", "adobe")

    assert list(outcomes()) == [SMALL]
    with pytest.raises(CommandError, match="no account called Nobody"):
        refresh("--account", "Nobody")


def test_calls_let_pages_go_first(account, upstreams, monkeypatch):
    from orders.domain.urgency import Urgency
    from orders.upstreams.http.bulkhead import Bulkhead

    seen = []
    place = Bulkhead.place

    def noting(self, urgency, *arguments, **more):
        seen.append(urgency)
        return place(self, urgency, *arguments, **more)

    monkeypatch.setattr(Bulkhead, "place", noting)
    account(SMALL, FABRIC)
    refresh()

    assert set(seen) == {Urgency.REFRESH}


def test_an_unknown_order_of_ours_does_not_stop_a_whole_look(account, upstreams):
    account(SMALL)
    write_now(*SMALL, [adobe_order("5883578824", customer_id=SMALL[1])])
    refresh()

    assert IndexedOrder.objects.count() == 8
