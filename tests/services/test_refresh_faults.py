"""Refreshes while things fail: what could not be read is named exactly, and nothing is double or missing.

The short forms are those of every run; with many customers, and with workers that are killed, they are slow
proofs.
"""

import random
import sqlite3
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone

from orders.domain.queries import PageRequest
from orders.index.models import IndexedOrder
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.ledger.models import LedgerEntry
from orders.people.models import Account, AccountCustomer
from orders.services import refresh_jobs
from orders.upstreams import catalogue, registry
from tests.exports.workers import environment, workers
from tests.processes import wait_until

ADOBE = [("adobe", f"12000000{number:02d}") for number in range(1, 100)]
FABRIC = [("fabric", f"65b0c0de00000000000000{number:02d}") for number in range(1, 41)]
OK = ("ok", "")
EVER = {"created_from": "2000-01-01"}
MAKE = """
from orders.people.models import Account, AccountCustomer
account = Account.objects.create(name="All of them", refresh_minutes=60)
for source, customer_id in {customers}:
    AccountCustomer.objects.create(account=account, source=source, customer_id=customer_id)
"""


def some(adobe, fabric):
    return [*ADOBE[:adobe], *FABRIC[:fabric]]


def sent(customers):
    """How many orders each of them has, by their upstream."""
    found = {}
    for source, customer_id in customers:
        pages = catalogue.describe(source).pages_upstream
        query_type: Any = catalogue.describe(source).query
        query = query_type(**(EVER if pages else {}))
        page = registry.connect(source).list_orders(customer_id, query, PageRequest(0, 100)).page
        found[source, customer_id] = page.total_count if pages else page.received
    return found


def is_whole(counts, before):
    """Whether nothing of theirs is double or missing, since the sandbox's customers go on ordering."""
    after = sent(before)
    return counts.keys() == before.keys() and all(
        before[customer] <= number <= after[customer] for customer, number in counts.items()
    )


def remembered():
    rows = IndexedOrder.objects.values_list("customer__source", "customer__customer_id")
    return {(source, customer_id): number for source, customer_id, number in rows.annotate(n=Count("pk"))}


def outcomes():
    rows = CustomerRefresh.objects.values_list("source", "customer_id", "outcome", "error")
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def asked(upstreams):
    paths = [each.path.split("/customers/")[1].split("/")[0] for each in upstreams.requests]
    upstreams.clear_log()
    return set(paths)


@pytest.fixture(autouse=True)
def _patience(settings, upstreams):
    """A busy machine is no upstream that fails."""
    settings.UPSTREAM_LIMITS = {**settings.UPSTREAM_LIMITS, "read_timeout": 20.0, "deadline": 30.0}
    registry.forget_connections()


@pytest.fixture
def account(upstreams):
    def make(customers):
        made = Account.objects.create(name="All of them", refresh_minutes=60)
        AccountCustomer.objects.bulk_create(
            [AccountCustomer(account=made, source=each[0], customer_id=each[1]) for each in customers]
        )
        registry.forget_connections()
        upstreams.clear_log()
        return customers

    return make


def later(minutes):
    """What the worker does then."""
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        refresh_jobs.start_due.call()
        call_command("run_worker", until_idle=True, queues="refreshes")


SIZES = [(9, 3), pytest.param(99, 40, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("adobe", "fabric"), SIZES)
def test_of_many_some_fail_and_only_they_are_read_again(account, upstreams, adobe, fabric):
    customers = some(adobe, fabric)
    orders = sent(customers)
    account(customers)
    broken = customers[5 :: max(12, len(customers) // 4)]  # 3 of a hundred, at least one
    for source, customer_id in broken:
        upstreams.script(source, [500] * 9, customer_id=customer_id)

    with pytest.raises(CommandError, match=f"{len(broken)} of {len(customers)} customers"):
        call_command("refresh_orders", verbosity=0)
    first = outcomes()
    upstreams.clear_faults()
    asked(upstreams)
    later(6)

    assert first == dict.fromkeys(customers, OK) | dict.fromkeys(broken, ("failed", "unavailable"))
    assert asked(upstreams) == {customer_id for _, customer_id in broken}
    assert outcomes() == dict.fromkeys(customers, OK)
    assert is_whole(remembered(), orders)
    entries = LedgerEntry.objects.filter(action="refresh").order_by("pk")
    assert [each.outcome for each in entries] == ["partial", "ok"]
    assert sum(each.row_count or 0 for each in entries) == IndexedOrder.objects.count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("adobe", "fabric"), SIZES)
def test_an_upstream_that_is_down_for_a_minute_holds_nobody_else_up(account, upstreams, adobe, fabric):
    customers = some(adobe, fabric)
    orders = sent(customers)
    account(customers)
    upstreams.script("fabric", [503] * 1000)

    with pytest.raises(CommandError, match=f"{fabric} of {len(customers)} customers"):
        call_command("refresh_orders", verbosity=0)
    first = outcomes()
    upstreams.clear_faults()
    cache.clear()  # the circuit breaker's minute is over
    registry.forget_connections()
    asked(upstreams)
    later(6)

    failed = {customer: state for customer, state in first.items() if state != OK}
    assert failed == dict.fromkeys(FABRIC[:fabric], ("failed", "unavailable"))
    assert asked(upstreams) == {customer_id for _, customer_id in FABRIC[:fabric]}
    assert outcomes() == dict.fromkeys(customers, OK)
    assert is_whole(remembered(), orders)
    assert list(RefreshRun.objects.order_by("pk").values_list("customers", "failed")) == [
        (len(customers), fabric),
        (fabric, 0),
    ]


class Database:
    """The workers' SQLite file, as somebody else sees it."""

    def __init__(self, path):
        self._path = path

    def rows(self, statement):
        connection = sqlite3.connect(self._path, timeout=30)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()

    def is_over(self):
        ended = self.rows("SELECT count(*) FROM orders_refreshrun WHERE ended_at IS NOT NULL")[0][0]
        return ended and not self.rows("SELECT 1 FROM orders_customerrefresh WHERE run_id IS NOT NULL")


def end_of(database, customers):
    """Each customer's outcome and how many of their orders are remembered, once all is over."""
    wait_until(database.is_over, seconds=240)
    states = database.rows("SELECT source, customer_id, outcome FROM orders_customerrefresh")
    counts = database.rows(
        "SELECT c.source, c.customer_id, count(*) FROM orders_indexedorder o "
        "JOIN orders_indexedcustomer c ON c.id = o.customer_key GROUP BY 1, 2"
    )
    assert {(row[0], row[1]): row[2] for row in states} == dict.fromkeys(customers, "ok")
    return {(row[0], row[1]): row[2] for row in counts}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [0, 10])
def test_two_schedulers_at_once_and_kills_at_ten_points_make_one_run(
    sqlite_file, sandbox, upstreams, tmp_path, kills
):
    customers, pick = some(60, 20), random.Random(kills)
    orders = sent(customers)
    upstreams.clear_log()
    sandbox.latency = 0.05
    given = environment(f"sqlite:///{sqlite_file}", tmp_path / "files", sandbox.url, EXPORT_LEASE="2.0")
    database = Database(sqlite_file)
    try:
        with workers(given) as found:
            found.run(MAKE.format(customers=customers))
            found.start(2)
            for _ in range(kills):
                wait_until(lambda: sandbox.requests or database.is_over(), seconds=60)
                time.sleep(pick.uniform(0, 1.0))
                found.kill_all()
                sandbox.clear_log()
                found.start(2)
            counts = end_of(database, customers)
            pages = [each for each in sandbox.requests if each.path.endswith("/orders")]
    finally:
        sandbox.latency = 0.0

    assert is_whole(counts, orders)
    assert database.rows("SELECT customers, failed FROM orders_refreshrun") == [(len(customers), 0)]
    assert database.rows("SELECT count(*) FROM orders_statuschange") == [(0,)]
    (entry,) = database.rows("SELECT outcome FROM orders_ledgerentry WHERE action = 'refresh'")
    assert entry == ("ok",)
    if not kills:
        needed = sum(-(-number // 100) if source == "adobe" else 1 for (source, _), number in counts.items())
        assert len(pages) == needed
