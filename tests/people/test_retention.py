"""What is kept of people has an end, and whoever has a right to know is told what there is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from orders.exports.models import Export
from orders.index import watches
from orders.index.models import IndexedCustomer, IndexedOrder, IndexedReference, PastedNumbers
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.index.seen_models import ReadChanges, SeenAlert
from orders.ledger import Action, LedgerEntry, record
from orders.ledger.context import on_behalf_of
from orders.people.api_tokens import make_token
from orders.people.limit_models import LimitUse, LimitWish
from orders.people.models import AccountImport, ApiToken, SavedView, SecurityNotice
from orders.people.notice_models import Notice
from orders.people.settings_models import PersonalSettings
from tests.index.seen import adobe_order, see
from tests.personas import assign, person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def pat() -> User:
    made: User = person("pat", "account manager", email="pat@example.org", first_name="Pat", last_name="Doe")
    return made


def at(days_ago: float) -> Any:
    return time_machine.travel(NOW - timedelta(days=days_ago), tick=False)


def test_upkeep_deletes_what_was_kept_for_long_enough_and_nothing_else(
    pat: User, capsys: Any, tmp_path: Path
) -> None:
    made = {}
    for days, row in ((366 + 90, "gone"), (300, "kept")):
        with at(days):
            made[row], _ = make_token(owner=pat, name=row)
    for days, state in ((91, "expired"), (89, "expired"), (91, "complete"), (91, "failed")):
        Export.objects.create(
            owner=pat, source="adobe", customer_id="C1", state=state, made_at=NOW - timedelta(days=days),
            file_path="x" if state == "complete" else "",
        )  # fmt: skip
    for name, hours in (("old", 2), ("new", 0.5)):
        with at(hours / 24):
            AccountImport.objects.create(owner=pat, name=name, text="x", sha256="x")
    Session.objects.create(session_key="over", session_data="", expire_date=NOW - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="", expire_date=NOW + timedelta(hours=1))
    for key in ("over", "open"):
        UserSession.objects.create(user=pat, session_key=key, ip="10.0.0.1", user_agent="x")
    for days in (366, 364):
        LogEntry.objects.create(
            user=pat, action_time=NOW - timedelta(days=days), action_flag=CHANGE, object_repr="ines"
        )
    for days in (366, 364):
        LimitWish.objects.create(
            person=pat, kind="reveals", limit=20, reason="T-1", asked_at=NOW - timedelta(days=days)
        )
    for hours in (25, 23):
        LimitUse.objects.create(person=pat, kind="exports", at=NOW - timedelta(hours=hours))
    for hours in (25, 23):
        SavedView.objects.create(
            owner=pat, name="mine", source="adobe", deleted_at=NOW - timedelta(hours=hours)
        )
    before = LedgerEntry.objects.count()

    with time_machine.travel(NOW, tick=False):
        call_command("upkeep", notes=tmp_path / "heads")

    assert list(ApiToken.objects.values_list("pk", flat=True)) == [made["kept"].pk]
    assert [view.deleted_at for view in SavedView.objects.all()] == [NOW - timedelta(hours=23)]
    assert sorted(Export.objects.values_list("state", "made_at__date")) == [
        ("complete", (NOW - timedelta(days=91)).date()), ("expired", (NOW - timedelta(days=89)).date()),
    ]  # fmt: skip
    assert list(AccountImport.objects.values_list("name", flat=True)) == ["new"]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["open"]
    assert [each.at for each in SecurityNotice.objects.all()] == [NOW - timedelta(days=300)]
    assert [each.action_time for each in LogEntry.objects.all()] == [NOW - timedelta(days=364)]
    assert [each.asked_at for each in LimitWish.objects.all()] == [NOW - timedelta(days=364)]
    assert [each.at for each in LimitUse.objects.all()] == [NOW - timedelta(hours=23)]
    assert LedgerEntry.objects.count() == before
    said = capsys.readouterr().out.splitlines()
    deleted = "1 actions, 2 files, 1 imports, 1 notices, 0 remembered orders, 0 runs of schedules"
    assert said[0] == f"deleted: {deleted}, 1 sessions, 1 tokens, 1 uses, 1 views, 1 wishes"
    assert "rows of orders_apitoken: 1" in said


def test_a_token_without_an_end_of_its_own_ends_and_goes_like_all_others(pat: User, tmp_path: Path) -> None:
    """As some have that were made before every token had an end."""
    for days, name in ((366 + 90, "gone"), (364 + 90, "kept")):
        with at(days):
            make_token(owner=pat, name=name)
    ApiToken.objects.update(expires_at=None)

    with time_machine.travel(NOW, tick=False):
        call_command("upkeep", notes=tmp_path / "heads")

    assert list(ApiToken.objects.values_list("name", flat=True)) == ["kept"]


# The tables with a key to a person, or with a customer's ID, and what the document calls each.
KEPT_AS = {
    "orders_ledgerentry": "entries of the ledger",
    "orders_export": "rows of files that are gone",
    "orders_pastednumbers": "lists of numbers that somebody looked up",
    "orders_companyname": "companies' names",
    "orders_askedcustomer": "which customers were asked about",
    "orders_watch": "which orders somebody watches",
    "orders_watchedorder": "which orders somebody watches",
    "orders_notice": "notices of what happened",
    "orders_indexedcustomer": "what is remembered of orders",
    "orders_indexedorder": "what is remembered of orders",
    "orders_indexedreference": "what is remembered of orders",
    "orders_statuschange": "what is remembered of orders",
    "orders_customermonth": "what is remembered of orders",
    "orders_customerrefresh": "when each customer of an account was last read",
    "orders_refreshrun": "runs of that",
    "orders_seenalert": "which orders at `/attention/` somebody has seen",
    "orders_readchanges": "until when somebody has read what changed",
    "usersessions_usersession": "sessions",
    "orders_securitynotice": "security notices",
    "django_admin_log": "the administration's list of recent actions",
    "mfa_authenticator": "second factors",
    "socialaccount_socialaccount": "identities at a provider",
    "account_emailaddress": "with their e-mail address",
    "orders_limitwish": "wishes for more than a limit allows",
    "orders_limituse": "what counts towards limits",
    "orders_apitoken": "tokens that ended",
    "orders_accountimport": "files of accounts that wait",
    "orders_savedview": "saved views",
    "orders_columnset": "column sets",
    "orders_personalsettings": "a person's own settings",
    "orders_accountcustomer": "customers' IDs",
    "orders_assignment": "assignments",
    "orders_accountset": "sets of accounts",
    "orders_schedule": "schedules",
    "orders_webhook": "where somebody's scripts are told",
    "orders_exportcustomer": "with the IDs of their customers",
}


def test_everything_that_is_kept_stands_in_the_document_with_its_time() -> None:
    of_somebody = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in {User, IndexedCustomer}
        or field.name in {"customer_id", "customer_key", "by"}
    }
    text = Path(__file__).parents[2].joinpath("docs/people-and-ledger.md").read_text()
    table = text.partition("| kept | for | setting |")[2].partition("\n\n")[0]
    kept = " ".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| "))

    assert of_somebody == set(KEPT_AS)
    assert [words for words in KEPT_AS.values() if words not in kept] == []


def test_the_report_of_a_customer_says_who_looked(pat: User, capsys: Any) -> None:
    assign(pat, "adobe", "C1", account="Harbour")
    with at(2):
        record(Action.VIEW_LIST, actor=pat, source="adobe", customer_id="C1")
    with at(1):
        record(Action.VIEW_LIST, actor=pat, source="adobe", customer_id="C1")
        record(Action.VIEW_LIST, actor=pat, source="fabric", customer_id="C1")

    call_command("person_report", "--customer", "adobe:C1")

    assert capsys.readouterr().out.splitlines() == [
        "Customer C1 of adobe",
        "account: Harbour",
        "files: 0",
        "notices that lead to them: 0",
        "schedules of theirs: 0",
        "files of several customers with them: 0",
        "orders remembered: 0",
        "values under which they are found: 0",
        "changes of their status: 0",
        "months in which they are counted: 0",
        "marked as seen by somebody: 0",
        "lists of numbers looked up that name them: 0",
        "lists for which they were asked about: 0",
        "watched by: 0",
        "entries in the ledger: 2",
        "  pat: view-list 2 times, 2026-05-02 12:00 to 2026-05-03 12:00 UTC",
    ]
    entry = LedgerEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.username, entry.customer_id) == ("ledger-read", "command line", "C1")


def test_the_report_of_a_person_says_what_is_kept_and_what_they_did(pat: User, capsys: Any) -> None:
    make_token(owner=pat, name="nightly")
    LogEntry.objects.create(user=pat, action_flag=CHANGE, object_repr="ines")
    with at(1):
        record(Action.LOOK_UP, actor=pat)

    call_command("person_report", "--person", "pat")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["Person pat", "name: Pat Doe", "e-mail: pat@example.org"]
    assert {"roles: account manager", "tokens, ended ones too: 1", "security notices: 1"} <= set(lines)
    assert "recent actions in the administration: 1" in lines
    assert "entries in the ledger by them: 1" in lines
    assert "  look-up: 1, the last 2026-05-03 12:00 UTC" in lines
    assert any(line.startswith("entries in the ledger about them: ") and line[-1] != " " for line in lines)


def test_the_report_of_a_customer_says_what_is_remembered_of_their_orders(pat: User, capsys: Any) -> None:
    see(adobe_order("1"), adobe_order("2"))
    see(adobe_order("1", status="1002"), after=5)
    see(adobe_order("3", customer_id="1000000008"), customer_id="1000000008")
    assert IndexedOrder.objects.count() == 3
    for order in IndexedOrder.objects.filter(order_id__in="23"):
        SeenAlert.objects.create(person=pat, order=order, kind=0, changed_at=NOW)
    for customer_id in ("1000000007", "1000000008"):
        CustomerRefresh.objects.create(
            source="adobe", customer_id=customer_id, outcome="ok", read_at=NOW - timedelta(hours=1)
        )
        looked_up(pat, customer_id)

    call_command("person_report", "--customer", "adobe:1000000007")

    assert capsys.readouterr().out.splitlines() == [
        "Customer 1000000007 of adobe",
        "files: 0",
        "notices that lead to them: 0",
        "schedules of theirs: 0",
        "files of several customers with them: 0",
        "orders remembered: 2, the last seen 2026-11-27 12:05 UTC",
        f"values under which they are found: {references_of('1000000007')}",
        "changes of their status: 1",
        "months in which they are counted: 1",
        "marked as seen by somebody: 1",
        "read in the background: 2026-05-04 11:00 UTC, the last time ok",
        "lists of numbers looked up that name them: 1",
        "lists for which they were asked about: 0",
        "watched by: 0",
        "entries in the ledger: 0",
    ]


def looked_up(who: User, number: str) -> None:
    PastedNumbers.objects.create(owner=who, numbers=[(number, "", "", 1)], is_cut=False)


def references_of(customer_id: str) -> int:
    key = IndexedCustomer.objects.get(customer_id=customer_id).pk
    return IndexedReference.objects.filter(customer_key=key).count()


def test_the_report_of_a_person_counts_what_is_theirs_and_nobody_elses(pat: User, capsys: Any) -> None:
    see(adobe_order("1"))
    for who, times in ((pat, 1), (person("olga"), 2)):
        PersonalSettings.objects.create(person=who, theme="dark")
        watches.begin(who, "adobe", "C1", "1")
        ReadChanges.objects.create(person=who, read_at=NOW)
        SeenAlert.objects.create(person=who, order=IndexedOrder.objects.get(), kind=0, changed_at=NOW)
        for _ in range(times):
            looked_up(who, "C1")
            Notice.objects.create(person=who, what="file-ready")
            RefreshRun.objects.create(began_at=NOW, customers=1, by=who.username)

    call_command("person_report", "--person", "pat")

    theirs = {
        "settings of their own: 1",
        "lists of numbers looked up: 1",
        "orders marked as seen: 1",
        "what changed and was read: 1",
        "notices: 1",
        "orders watched: 1",
        "refreshes asked for: 1",
    }
    assert theirs - set(capsys.readouterr().out.splitlines()) == set()


def tables_of(is_theirs: Any) -> set[str]:
    """Tables with such a field, and all that belong to a row of one of them."""
    found: set[Any] = set()
    while more := {
        model
        for model in apps.get_models()
        if model not in found
        if any(is_theirs(field) or field.related_model in found for field in model._meta.concrete_fields)
    }:
        found |= more
    return {model._meta.db_table for model in found}


@pytest.mark.parametrize(
    ("whom", "is_theirs"),
    [
        (["--person", "pat"], lambda field: field.related_model is User or field.name == "by"),
        (
            ["--customer", "adobe:1000000007"],
            lambda field: (
                field.name in {"customer_id", "customer_key"} or field.related_model is IndexedCustomer
            ),
        ),
    ],
    ids=["person", "customer"],
)
def test_no_table_that_has_something_of_theirs_is_left_out_of_the_report(
    whom: list[str], is_theirs: Any, pat: User, django_assert_max_num_queries: Any
) -> None:
    see(adobe_order("1"))
    with django_assert_max_num_queries(60) as asked:
        call_command("person_report", *whom)

    asked_of = " ".join(each["sql"] for each in asked.captured_queries)
    tables = tables_of(is_theirs) - OF_THE_OTHER[whom[0]]
    assert len(tables) > 8
    assert sorted(table for table in tables if f'"{table}"' not in asked_of) == []


# What belongs to a file or a schedule that names a customer, and says nothing of them.
OF_THE_OTHER: dict[str, set[str]] = {
    "--person": set(),
    "--customer": {"orders_webhookdelivery", "orders_schedulerun"},
}


def test_the_report_of_a_customer_counts_notices_and_tells_looks_of_schedules_apart(
    pat: User, capsys: Any
) -> None:
    for address in ("/adobe/customers/C1/orders/1/", "/adobe/customers/C12/orders/1/"):
        Notice.objects.create(person=pat, what="watch-settled", address=address)
    with at(1):
        record(Action.VIEW_LIST, actor=pat, source="adobe", customer_id="C1")
        with on_behalf_of(schedule=7):
            record(Action.VIEW_LIST, actor=pat, source="adobe", customer_id="C1")

    call_command("person_report", "--customer", "adobe:C1")

    said = capsys.readouterr().out.splitlines()
    assert "notices that lead to them: 1" in said
    assert said[-1] == (
        "  pat: view-list 2 times, 1 of them by a schedule, 2026-05-03 12:00 to 2026-05-03 12:00 UTC"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--customer", "sap:C1"], "--customer wants SOURCE:ID"),
        (["--customer", "adobe"], "--customer wants SOURCE:ID"),
        (["--customer", "adobe:../x"], "--customer wants SOURCE:ID"),
        (["--person", "nobody"], "There is nobody with this user name."),
        ([], "required"),
    ],
)
def test_of_nobody_there_is_no_report(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("person_report", *arguments)
