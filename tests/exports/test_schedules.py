"""Schedules: each turn once, with the rights of the moment; told with a link, and never with data."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from orders import exports
from orders.exports.models import Export
from orders.exports.schedules import keeping, running, settling
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.exports.schedules.settling import End
from orders.infrastructure import jobs
from orders.ledger.models import LedgerEntry
from orders.people.models import Account, AccountCustomer, Assignment
from orders.people.notice_models import Notice
from orders.people.settings_models import PersonalSettings
from tests.exports.results import content, order, rows, work
from tests.personas import assign, person
from tests.views.history.test_attention import adobe_order, see

pytestmark = pytest.mark.django_db

CUSTOMER = "1000000801"
BEGIN = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
SEVEN = {"every": "day", "at": time(7)}


@pytest.fixture
def milo(upstreams, settings, monkeypatch):
    """Manages one account, and has a mail address."""
    settings.EMAIL_HOST, settings.PORTAL_URL = "mail.example", "https://portal.example/p/"
    settings.REFRESH_MINUTES = 0
    monkeypatch.setattr(
        running,
        "RETRIES",
        running.RETRIES.__class__(
            tries=1, throttles=1, first_pause=0.0, first_pause_throttled=0.0, longest_pause=0.0
        ),
    )
    upstreams.forget_added_orders()
    who = person("milo", "account manager", email="milo@example.com")
    assign(who, "adobe", CUSTOMER, "Harbour Design")
    return who


@pytest.fixture
def turn(django_capture_on_commit_callbacks):
    """A worker at that day's 07:05; what it tells."""

    def turn_of(day):
        before = len(mail.outbox)
        with (
            time_machine.travel(BEGIN + timedelta(days=day, minutes=35), tick=False),
            django_capture_on_commit_callbacks(execute=True),
        ):
            running.start_due_schedules.call()
            work()
            running.settle_files()
            work()  # a file that is to be delivered
        return mail.outbox[before:]

    return turn_of


def make(owner, **fields):
    with time_machine.travel(BEGIN, tick=False):
        return keeping.make(owner, **{"name": "Mornings", **SEVEN, **fields})


def outcomes(schedule):
    return [(run.outcome, run.cause) for run in schedule.runs.order_by("due_at")]


def a_view(owner, customer=CUSTOMER):
    return make(owner, kind="view", source="adobe", customer_id=customer, query="start-date=2000-01-01")


def test_the_board_is_told_when_it_changed(milo, turn):
    schedule = make(milo, kind="attention", query="kind=failed")
    see(("adobe", CUSTOMER), adobe_order("1000000001", "1004"))

    (first,) = turn(0)
    assert turn(1) == []
    see(("adobe", CUSTOMER), adobe_order("1000000002", "1004"))
    assert len(turn(2)) == 1

    notice = Notice.objects.earliest("at")
    assert (first.to, first.subject) == (
        ["milo@example.com"],
        "Orders Portal: What you ordered by schedule is there",
    )
    assert f"https://portal.example/p/notices/{notice.pk}/" in first.body
    assert "https://portal.example/p/schedules/" in first.body
    assert (notice.address, notice.subject) == ("/attention/?kind=failed", "Mornings")
    assert CUSTOMER not in first.body
    assert "1000000001" not in first.body
    assert outcomes(schedule) == [("changed", ""), ("same", ""), ("changed", "")]
    assert LedgerEntry.objects.filter(action="schedule-run", actor=milo.pk).count() == 3
    assert LedgerEntry.objects.filter(action="view-attention", actor=milo.pk).count() == 3


def test_whoever_wants_to_is_told_always(milo, turn):
    make(milo, kind="portfolio", tells_always=True)

    assert [len(turn(day)) for day in range(3)] == [1, 1, 1]


def test_it_is_told_in_its_owners_language(milo, turn):
    PersonalSettings.objects.create(person=milo, language="de")
    make(milo, kind="portfolio", tells_always=True)

    (told,) = turn(0)

    assert "Ihre Zeitpläne: https://portal.example/p/schedules/" in told.body


def test_a_view_is_asked_for_and_compared(milo, turn, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(number, customerId=CUSTOMER) for number in range(130)])
    schedule = a_view(milo)

    (told,) = turn(0)
    assert turn(1) == []
    upstreams.add_adobe_orders(CUSTOMER, [order(900, customerId=CUSTOMER)])
    assert len(turn(2)) == 1

    notice = Notice.objects.earliest("at")
    assert f"https://portal.example/p/notices/{notice.pk}/" in told.body
    assert notice.address == f"/adobe/customers/{CUSTOMER}/orders/?start-date=2000-01-01"
    assert CUSTOMER not in told.body
    assert outcomes(schedule) == [("changed", ""), ("same", ""), ("changed", "")]


def test_five_failures_in_a_row_stop_it_with_words(milo, turn, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = a_view(milo)
    upstreams.script("adobe", [400] * 10, customer_id=CUSTOMER)

    told = [turn(day) for day in range(7)]

    assert [len(each) for each in told] == [1, 1, 1, 1, 1, 0, 0]
    assert told[0][0].subject == "Orders Portal: A schedule of yours failed"
    assert (
        told[4][0].subject == "Orders Portal: A schedule of yours was stopped after it had failed too often"
    )
    assert "5 times in a row" in told[4][0].body
    schedule.refresh_from_db()
    assert (schedule.state, schedule.failures, schedule.next_at) == ("stopped", 5, None)
    assert outcomes(schedule) == [("failed", "bad-request")] * 5
    assert LedgerEntry.objects.filter(action="schedule", details__contains="stopped").count() == 1
    upstreams.clear_faults()
    with time_machine.travel(BEGIN + timedelta(days=7), tick=False):
        keeping.resume(schedule)
    assert len(turn(7)) == 1
    schedule.refresh_from_db()
    assert (schedule.state, schedule.failures) == ("on", 0)


def loses_the_customer(owner):
    Assignment.objects.all().delete()
    return "not-yours"


def loses_the_role(owner):
    owner.groups.clear()
    return "refused"


def is_switched_off(owner):
    owner.is_active = False
    owner.save()
    return "refused"


@pytest.mark.parametrize("loses", [loses_the_customer, loses_the_role, is_switched_off])
def test_rights_are_those_of_the_moment(milo, turn, upstreams, loses):
    schedule = a_view(milo)
    turn(0)
    cause = loses(milo)
    upstreams.clear_log()

    turn(1)

    assert outcomes(schedule)[1] == ("failed", cause)
    assert upstreams.requests == []


def test_a_file_of_the_portfolio_is_told_when_its_rows_changed(milo, turn, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(number, customerId=CUSTOMER) for number in range(3)])
    schedule = make(
        milo, kind="file", source="adobe", query="start-date=2000-01-01", rows="orders", format="xlsx"
    )

    (told,) = turn(0)
    made = [Export.objects.get()]  # as it is now: tomorrow it may have expired
    assert turn(1) == []
    made.append(Export.objects.latest("made_at"))
    upstreams.script("adobe", [404] * 5, customer_id=CUSTOMER)
    (partial,) = turn(2)
    made.append(Export.objects.latest("made_at"))

    assert [export.state for export in made] == ["complete", "complete", "partial"]
    addresses = list(Notice.objects.order_by("at").values_list("address", flat=True))
    assert addresses == [f"/exports/{made[0].pk}/", f"/exports/{made[2].pk}/"]
    assert ["/notices/" in each.body for each in (told, partial)] == [True, True]
    assert outcomes(schedule) == [("changed", ""), ("same", ""), ("partial", "")]
    assert list(Notice.objects.values_list("what", flat=True)) == ["schedule-ready"] * 2


def test_a_file_that_was_refused_is_a_row_in_the_ledger(milo, turn):
    schedule = make(milo, kind="file", source="adobe", rows="orders", format="csv")
    milo.groups.clear()

    turn(0)

    assert outcomes(schedule) == [("failed", "refused")]
    assert '"export-start"' in LedgerEntry.objects.get(action="refused", actor=milo.pk).details


def test_a_worker_that_ends_between_two_tries_leaves_the_turn_to_another_one(
    milo, turn, upstreams, monkeypatch
):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = a_view(milo)
    upstreams.script("adobe", [503] * 20, customer_id=CUSTOMER)
    limits = running.RETRIES.__class__(
        tries=3, throttles=3, first_pause=0.0, first_pause_throttled=0.0, longest_pause=0.0
    )
    with monkeypatch.context() as ending:
        ending.setattr(running, "RETRIES", limits)
        jobs.stopping.set()
        try:
            with time_machine.travel(BEGIN + timedelta(minutes=35), tick=False):
                running.start(Schedule.objects.get(pk=schedule.pk), ZoneInfo("UTC"))
                running.run_schedule.call(schedule.runs.get().pk)
        finally:
            jobs.stopping.clear()
    assert outcomes(schedule) == [("", "")]
    upstreams.clear_faults()
    cache.clear()  # and with it that the upstream has been failing

    turn(0)

    assert outcomes(schedule) == [("changed", "")]


def test_a_file_of_nobody_fails_with_words(milo, turn):
    schedule = make(milo, kind="file", source="fabric", rows="orders", format="csv")

    (told,) = turn(0)

    assert outcomes(schedule) == [("failed", "nobody")]
    assert "None of these accounts is yours and has a customer there." in told.body


def test_two_schedulers_and_two_workers_make_one_turn(milo, upstreams):
    upstreams.add_adobe_orders(CUSTOMER, [order(1, customerId=CUSTOMER)])
    schedule = make(
        milo, kind="file", source="adobe", rows="orders", format="csv", query="start-date=2000-01-01"
    )
    with time_machine.travel(BEGIN + timedelta(hours=1), tick=False):
        zone = ZoneInfo("UTC")
        both = [Schedule.objects.get(pk=schedule.pk) for _ in range(2)]  # when it was due
        for seen in both:
            running.start(seen, zone)
        (run,) = ScheduleRun.objects.all()
        running.run_schedule.call(run.pk)
        running.run_schedule.call(run.pk)
        work()
        run.refresh_from_db()
        assert settling.end(run, End(fingerprint="later")) is False

    assert exports.exports_of(milo).count() == 1
    assert outcomes(schedule) == [("changed", "")]
    assert LedgerEntry.objects.filter(action="schedule-run").count() == 1


def test_a_run_whose_worker_died_is_begun_again_and_one_that_was_missed_is_made_once(milo, turn):
    schedule = make(milo, kind="attention")
    with time_machine.travel(BEGIN + timedelta(days=4), tick=False):
        running.start_due_schedules.call()
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.all().delete()  # as after a job that could not be written down
    turn(4)

    assert [run.state for run in schedule.runs.all()] == ["done"]
    schedule.refresh_from_db()
    assert schedule.next_at == BEGIN + timedelta(days=5, minutes=30)


def test_a_time_is_one_of_the_owner_s_zone(milo):
    schedule = make(milo, kind="attention")
    assert (schedule.zone, schedule.next_at) == ("UTC", BEGIN + timedelta(minutes=30))
    PersonalSettings.objects.create(person=milo, time_zone="Asia/Kolkata")

    with time_machine.travel(BEGIN, tick=False):
        running.start_due_schedules.call()

    schedule.refresh_from_db()
    assert (schedule.zone, schedule.next_at) == ("Asia/Kolkata", datetime(2026, 11, 28, 1, 30, tzinfo=UTC))
    assert not schedule.runs.exists()


def test_a_set_is_what_it_is_at_the_time(milo, turn, upstreams):
    """What has been put into an account since is in the file, what has been taken away is not."""
    other = Account.objects.create(name="Vale")
    AccountCustomer.objects.create(account=other, source="adobe", customer_id="1000000802")
    for customer in (CUSTOMER, "1000000802"):
        upstreams.add_adobe_orders(customer, [order(1, customerId=customer)])
    make(milo, kind="file", source="adobe", query="start-date=2000-01-01", rows="orders", format="csv")
    turn(0)
    Assignment.objects.update(account=other)
    turn(1)

    _, second = Export.objects.order_by("made_at")
    with time_machine.travel(BEGIN + timedelta(days=1, hours=1), tick=False):
        assert [row["customerId"] for row in rows(content(second))] == ["1000000802"]
