"""One file over all customers of some accounts: each as in a file of their own, whatever fails."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.cache import cache

from orders import exports
from orders.domain.errors import NotYours
from orders.exports.engine import portfolio_builder
from orders.exports.jobs import job, leases, storage, whose
from orders.exports.models import Export, ExportCustomer
from orders.infrastructure.jobs import stopping
from orders.ledger.models import LedgerEntry
from orders.people import account_sets
from orders.people.account_set_models import AccountSet
from orders.people.account_sets import AccountChoice
from orders.people.models import Account, Assignment
from orders.services.files_of_many import NobodyChosen
from tests.exports.results import (
    EVERYTHING,
    content,
    entries,
    export_now,
    made,
    order,
    request_export,
    rows,
    run,
)
from tests.personas import assign, person

pytestmark = pytest.mark.django_db

# By account, the customers with how many orders each has.
BOOK = {
    "alder": {"1000000701": 3, "1000000702": 0},
    "Birch": {"1000000703": 250, "1000000704": 1},
    "Cedar": {"1000000705": 120},
    "=Dogwood": {"1000000706": 5},
}
IN_ORDER = [
    (account, customer) for account in ("=Dogwood", "alder", "Birch", "Cedar") for customer in BOOK[account]
]


@pytest.fixture
def keeper(upstreams, hurried):
    """Manages all accounts of the book."""
    upstreams.forget_added_orders()
    who = person("kim", "account manager")
    for account, customers in BOOK.items():
        for customer, count in customers.items():
            assign(who, "adobe", customer, account)
            found = [order(number, customerId=customer) for number in range(count)]
            upstreams.add_adobe_orders(customer, found)
    return who


def ask(owner: Any, **wanted: Any) -> Export:
    return request_export(owner, customer_id="", **wanted)


def numbers(*names: str) -> AccountChoice:
    return AccountChoice(accounts=tuple(Account.objects.get(name=name).pk for name in names))


def expected(owner: Any, pairs: Any = IN_ORDER, **wanted: Any) -> list[dict[str, str]]:
    """The rows of the customers' own files, one after the other."""
    found = []
    for account, customer in pairs:
        shown = f"'{account}" if account.startswith("=") else account
        file = export_now(owner, customer_id=customer, **wanted)
        found += [{"account": shown, "source": "adobe", **row} for row in rows(file.data)]
    return found


@pytest.mark.parametrize("kind", ["orders", "lines"])
def test_it_holds_what_each_customer_s_own_file_holds(keeper, kind):
    export = made(ask(keeper, rows=kind))
    data = content(export)

    assert (export.state, export.missing) == ("complete", [])
    assert rows(data) == expected(keeper, rows=kind)
    assert data.decode().startswith("account,source,customerId,orderId,")
    assert export.file_name == f"orders_adobe_portfolio_{export.made_at:%Y%m%dT%H%M%S}Z.csv"
    assert (export.customers, export.pages_done, export.orders_done) == (6, 6, 379)
    assert exports.progress(export).fraction == 1
    assert [path.name for path in (storage.root() / export.file_path).parent.iterdir()] == ["file.csv"]


def test_a_workbook_has_both_kinds_of_rows(keeper):
    export = made(ask(keeper, rows="both", format="xlsx", choice=numbers("alder", "Cedar")))

    book = openpyxl.load_workbook(io.BytesIO(content(export)))
    orders, lines = (list(book[name].values) for name in ("Orders", "Line items"))
    assert orders[0][:3] == lines[0][:3] == ("account", "source", "customerId")
    assert [row[:3] for row in orders[1:]] == [("alder", "adobe", "1000000701")] * 3 + [
        ("Cedar", "adobe", "1000000705")
    ] * 120
    assert len(lines) - 1 == export.rows_done - 123


def test_accounts_and_sets_say_whose_it_is(keeper):
    account_sets.keep(AccountSet(owner=keeper), name="Mine", accounts=numbers("Cedar", "=Dogwood").accounts)
    export = made(ask(keeper, choice=AccountChoice(sets=("mine",), accounts=numbers("alder").accounts)))

    pairs = [pair for pair in IN_ORDER if pair[0] != "Birch"]
    assert rows(content(export)) == expected(keeper, pairs)
    with pytest.raises(NobodyChosen):
        ask(person("robin", "supervisor"), choice=AccountChoice(sets=("mine",)))


def test_filters_hold_for_each_of_them(keeper):
    query = f"{EVERYTHING}&reference-order-id=&status=1004"
    export = made(ask(keeper, query=query))

    assert (export.state, rows(content(export))) == ("complete", [])


def test_a_customer_who_cant_be_read_is_named_and_the_others_are_there(keeper, upstreams):
    upstreams.script("adobe", [503] * 60, customer_id="1000000703")
    export = made(ask(keeper))
    upstreams.clear_faults()

    assert (export.state, export.file_name.startswith("PARTIAL_orders_adobe_portfolio_")) == ("partial", True)
    assert export.missing == ["1000000703 (Birch) could not be read: unavailable."]
    pairs = [pair for pair in IN_ORDER if pair[1] != "1000000703"]
    assert rows(content(export)) == expected(keeper, pairs)
    exports.fetch_rest(export)
    made(export)
    assert (export.state, rows(content(export))) == ("complete", expected(keeper))


def test_an_upstream_that_nobody_can_read_makes_no_file(keeper, upstreams, monkeypatch):
    monkeypatch.setattr(portfolio_builder, "OUTAGE", 3)
    upstreams.script("adobe", [503] * 400)
    export = made(ask(keeper))
    upstreams.clear_faults()

    assert (export.state, export.error_cause, export.pages_done) == ("failed", "unavailable", 0)
    cache.clear()  # and with it that the upstream has been failing
    exports.fetch_rest(export)
    made(export)
    assert (export.state, rows(content(export))) == ("complete", expected(keeper))


@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_a_worker_that_was_killed_leaves_what_another_one_goes_on_with(keeper, settings, monkeypatch, after):
    """Killed: its lease runs out, its last customers are half on the disk."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        undisturbed, disturbed = ask(keeper, rows="lines"), ask(keeper, rows="lines")
    Export.objects.filter(pk=disturbed.pk).update(state="cancelled")
    made(undisturbed)
    Export.objects.filter(pk=disturbed.pk).update(state="waiting")
    settings.EXPORT_WORKERS = 1
    monkeypatch.setattr(leases, "BETWEEN_SAVES", 0.0)
    keep = job.Job.keep

    def keep_and_die(kept: job.Job, step: Any) -> Any:
        found = keep(kept, step)
        if step.pages >= after:
            raise SystemExit
        return found

    with monkeypatch.context() as dying:
        dying.setattr(job.Job, "keep", keep_and_die)
        with pytest.raises(SystemExit):
            run()
    disturbed.refresh_from_db()
    assert (disturbed.state, disturbed.pages_done >= after) == ("running", True)
    Export.objects.filter(pk=disturbed.pk).update(lease_until=datetime(2026, 1, 1, tzinfo=UTC))
    made(disturbed)

    assert disturbed.state == "complete"
    assert content(disturbed) == content(undisturbed)


def test_a_worker_that_is_told_to_end_gives_it_back(keeper, monkeypatch):
    export = ask(keeper)
    stopping.set()
    try:
        run()
    finally:
        stopping.clear()

    export.refresh_from_db()
    assert export.state == "waiting"
    assert made(export).state == "complete"


def test_whose_it_is_is_asked_when_its_making_begins(keeper):
    export = ask(keeper)
    Assignment.objects.filter(account__name="Birch").delete()

    made(export)

    pairs = [pair for pair in IN_ORDER if pair[0] != "Birch"]
    assert (export.state, export.missing) == ("complete", [])
    assert rows(content(export)) == expected(keeper, pairs)


def test_whoever_has_lost_one_of_them_has_no_file_any_more(keeper):
    export = made(ask(keeper))
    Assignment.objects.filter(account__name="Birch").delete()

    with pytest.raises(NotYours):
        exports.open_file(export, keeper)
    assert LedgerEntry.objects.filter(action="refused", outcome="refused-scope").count() == 1


def test_whoever_has_lost_one_of_them_can_t_have_the_rest_fetched(keeper, upstreams):
    upstreams.script("adobe", [404] * 3, customer_id=IN_ORDER[0][1])
    export = made(ask(keeper))
    upstreams.clear_faults()
    Assignment.objects.filter(account__name="Birch").delete()

    with pytest.raises(NotYours):
        exports.fetch_rest(export)

    export.refresh_from_db()
    assert export.state == "partial"
    assert LedgerEntry.objects.filter(action="refused", outcome="refused-scope").count() == 1


def test_whoever_has_lost_all_of_them_is_told_that_they_are_not_theirs(keeper):
    export = ask(keeper)
    Export.objects.filter(pk=export.pk).update(state="failed")
    Assignment.objects.all().delete()

    with pytest.raises(NotYours):
        exports.fetch_rest(export)


def test_a_worker_that_was_taken_for_dead_chooses_nobody_s_customers(keeper, monkeypatch):
    """Asleep between its claim and the choice of customers, it wakes when another one is at work."""
    export = ask(keeper)
    asleep = leases.claim()
    assert asleep is not None
    Export.objects.update(lease_owner="another", lease_until=datetime(2099, 1, 1, tzinfo=UTC))
    Assignment.objects.filter(account__name="Birch").delete()

    with pytest.raises(leases.LeaseLost):
        whose.settle(export, keeper, confirm=asleep.confirm)

    assert not ExportCustomer.objects.filter(export=export).exists()


def test_a_run_ends_where_its_owner_loses_one_of_them(keeper, settings, monkeypatch):
    settings.EXPORT_WORKERS = 1
    monkeypatch.setattr(job, "BETWEEN_QUESTIONS", 0.0)
    keep = job.Job.keep

    def keep_and_lose(kept: job.Job, step: Any) -> Any:
        if step.pages >= 2:
            Assignment.objects.filter(account__name="=Dogwood").delete()
        return keep(kept, step)

    monkeypatch.setattr(job.Job, "keep", keep_and_lose)
    export = made(ask(keeper))

    assert (export.state, export.error_cause, export.file_path) == ("failed", "refused", "")


def test_the_ledger_names_all_of_them_each_time(keeper):
    export = made(ask(keeper))
    content(export)

    named = [f"adobe {customer}" for customer in sorted(customer for _, customer in IN_ORDER)]
    written = LedgerEntry.objects.filter(action__startswith="export").order_by("pk")
    assert entries() == [("export-start", "ok"), ("export-end", "ok"), ("export-download", "ok")]
    assert [json.loads(entry.details)["customers"] for entry in written] == [named] * 3
    assert {(entry.source, entry.customer_id) for entry in written} == {("adobe", "")}
    assert ExportCustomer.objects.filter(export=export).count() == 6
