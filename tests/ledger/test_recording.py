"""What is written, by whom it can be changed (nobody), and what happens when it can't be written."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from orders.domain.exchanges import Attempt, Exchange
from orders.ledger import Action, LedgerEntry, LedgerUnavailable, record
from orders.ledger.context import client_address
from orders.ledger.models import AppendOnly, LedgerCheckpoint
from orders.ledger.verification import verify
from orders.people.models import RoleScope
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import PASSWORD, assign, person, signed_in

pytestmark = pytest.mark.django_db

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def last() -> LedgerEntry:
    entry: LedgerEntry = LedgerEntry.objects.order_by("-id")[0]
    return entry


def test_an_entry_holds_who_when_what_and_how_it_ended() -> None:
    dana = person("dana")
    attempt = Attempt(
        request_id="r-2", correlation_id="c-1", started_at=datetime.now(UTC), duration=0.1, status=200
    )
    before = datetime.now(UTC)

    record(
        Action.VIEW_LIST,
        actor=dana,
        source="adobe",
        customer_id="C1",
        details={"statuses": ("1000",), "window": {"offset": 0, "limit": 25}},
        exchange=Exchange(source="adobe", method="GET", path="/x", attempts=(attempt,)),
        row_count=7,
    )

    entry = last()
    assert before <= entry.at <= datetime.now(UTC)
    assert {name: getattr(entry, name) for name in ("actor_id", "username", "action", "outcome")} == {
        "actor_id": dana.pk,
        "username": "dana",
        "action": "view-list",
        "outcome": "ok",
    }
    assert entry.details == '{"statuses": ["1000"], "window": {"limit": 25, "offset": 0}}'
    assert (entry.upstream_request_id, entry.correlation_id, entry.row_count) == ("r-2", "c-1", 7)


def test_any_text_can_be_written_and_still_verifies() -> None:
    for text in ("\0 NUL", "half \ud800 character", "x" * 5000, "emoji 🧾", "a\u2028b"):
        record(Action.REVEAL, username=text, reason=text, customer_id=text, details={"text": text})

    assert verify().problems == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda: LedgerEntry.objects.update(username="x"),
        lambda: LedgerEntry.objects.all().delete(),
        lambda: LedgerEntry.objects.create(id=99),
        lambda: LedgerEntry.objects.bulk_create([LedgerEntry(id=99)]),
        lambda: LedgerEntry._base_manager.filter(id=1).update(username="x"),
        lambda: last().save(),
        lambda: last().delete(),
        lambda: LedgerEntry(id=99).save(),
        lambda: LedgerCheckpoint.objects.all().delete(),
    ],
)
def test_the_application_can_not_change_it(change: Any) -> None:
    record(Action.VIEW_LIST, username="dana")

    with pytest.raises(AppendOnly):
        change()


def test_a_deleted_person_stays_in_the_ledger() -> None:
    dana = person("dana")
    record(Action.VIEW_LIST, actor=dana)
    number = last().id

    dana.delete()

    entry = LedgerEntry.objects.get(id=number)
    assert entry.username == "dana"
    assert verify().problems == ()


def test_a_new_key_takes_over_and_the_old_one_still_verifies(settings: Any) -> None:
    # Until now SECRET_KEY has sealed.
    settings.LEDGER_KEY, settings.LEDGER_KEY_FALLBACKS = "the first key", [settings.SECRET_KEY]
    record(Action.VIEW_LIST, username="dana")
    settings.LEDGER_KEY = "the second key"
    settings.LEDGER_KEY_FALLBACKS = ["the first key", settings.SECRET_KEY]
    record(Action.VIEW_LIST, username="dana")
    first = last().id - 1

    assert verify().problems == ()
    settings.LEDGER_KEY_FALLBACKS = []
    settings.SECRET_KEY_FALLBACKS = []
    assert f"Entry {first} does not match its seal" in " ".join(verify().problems)


def test_a_key_that_was_lost_is_said_by_the_next_entry_and_stops_nobody(settings: Any, caplog: Any) -> None:
    record(Action.VIEW_LIST, username="dana")
    settings.LEDGER_KEY = "a key out of nowhere"

    record(Action.VIEW_LIST, username="dana")

    found, own = LedgerEntry.objects.order_by("-id")[1], last()
    assert (found.action, found.username, own.id - found.id) == ("ledger-break", "portal", 1)
    assert "the ledger's end is not as it was left" in caplog.text
    assert (
        f"Before entry {found.id}, the record of the last entry does not match its seal." in verify().problems
    )


def break_ledger() -> None:
    """From here on the database takes no entries, and works otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_ledgerhead RENAME TO somewhere_else")


@pytest.mark.parametrize("page", [HISTORY, f"{HISTORY}12345/", "/ledger/"])
def test_what_cannot_be_written_is_not_shown(page: str, upstreams: SandboxServer) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person("thea", "supervisor"))
    break_ledger()

    response = client.get(page)

    assert response.status_code == 503
    shown = Page(response)
    assert shown.error_word == "ledger"
    assert shown.order_ids == []
    assert customers.ADOBE_SMALL not in shown.html


def test_a_reveal_that_cannot_be_written_shows_nothing(upstreams: SandboxServer) -> None:
    client = signed_in(person("thea", "supervisor"))
    history = f"/fabric/customers/{customers.FABRIC_CALM}/orders/"
    address = Page(client.get(history)).root.all("tr", data_order_id=True)[0].all("a")[0]["href"]
    break_ledger()

    response = client.post(address, {"reason": "T-1"})

    assert response.status_code == 503
    assert b"@example.com" not in response.content


def test_nobody_gets_in_unwritten() -> None:
    person("dana", "customer-service agent")
    client = Client()
    break_ledger()

    response = client.post("/accounts/login/", {"login": "dana", "password": PASSWORD})

    assert response.status_code == 503
    assert client.get("/").status_code == 302


def test_without_a_database_the_caller_learns_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("orders.ledger.appending.lock_head", fail)
    with pytest.raises(LedgerUnavailable):
        record(Action.VIEW_LIST)


def test_signing_in_and_out_is_written() -> None:
    person("dana")
    client = Client(REMOTE_ADDR="10.9.8.7")
    client.post("/accounts/login/", {"login": "dana", "password": "wrong"})
    client.post("/accounts/login/", {"login": "cora@example.com", "password": "wrong"})
    client.post("/accounts/login/", {"login": "dana", "password": PASSWORD})
    client.post("/accounts/logout/")

    entries = LedgerEntry.objects.filter(action__startswith="sign").order_by("id")
    assert list(entries.values_list("action", "username", "outcome", "client_address")) == [
        ("sign-in-failed", "dana", "refused", "10.9.8.7"),
        ("sign-in-failed", "", "unknown-person", "10.9.8.7"),
        ("sign-in", "dana", "ok", "10.9.8.7"),
        ("sign-out", "dana", "ok", "10.9.8.7"),
    ]


def test_every_change_of_rights_is_written() -> None:
    dana = person("dana")
    supervisors = Group.objects.get(name="supervisor")
    start = last().id

    dana.groups.add(supervisors)
    dana.groups.add(supervisors)  # nothing new
    supervisors.user_set.remove(dana)
    dana.groups.add(supervisors)
    dana.groups.clear()
    supervisors.permissions.remove(supervisors.permissions.get(codename="export_orders"))
    scope = RoleScope.objects.get(group=supervisors)
    scope.scope = RoleScope.Scope.ASSIGNED
    scope.save()
    dana.is_active = False
    dana.save()
    dana.save()  # nothing new
    account = assign(dana, "adobe", "C1")
    account.assignments.get().delete()
    get_user_model().objects.get(username="dana").delete()

    entries = LedgerEntry.objects.filter(id__gt=start).order_by("id")
    # Switching somebody off changes how they sign in, too: see tests/people/test_security.py.
    assert {entry.action for entry in entries} == {"rights-change", "access-change"}
    assert [entry.details for entry in entries if entry.action == "rights-change"] == [
        '{"change": "added", "person": "dana", "roles": ["supervisor"]}',
        '{"change": "removed", "people": ["dana"], "roles": ["supervisor"]}',
        '{"change": "added", "person": "dana", "roles": ["supervisor"]}',
        '{"change": "removed", "person": "dana", "roles": ["supervisor"]}',
        '{"change": "removed", "permissions": ["export_orders"], "role": "supervisor"}',
        f'{{"change": "set", "role_id": {supervisors.pk}, "scope": "assigned"}}',
        '{"change": "changed", "is_active": false, "person": "dana"}',
        f'{{"account_id": {account.pk}, "change": "set", "customer_id": "C1", "source": "adobe"}}',
        f'{{"account_id": {account.pk}, "change": "set", "person_id": {dana.pk}}}',
        f'{{"account_id": {account.pk}, "change": "deleted", "person_id": {dana.pk}}}',
        '{"change": "deleted", "person": "dana"}',
    ]


def test_a_change_in_the_administration_names_who_made_it() -> None:
    root = person("root", is_staff=True, is_superuser=True)
    client = Client(REMOTE_ADDR="10.0.0.5")
    client.force_login(root)
    role = Group.objects.get(name="customer-service agent")

    client.post(
        f"/admin/auth/group/{role.pk}/change/",
        {
            "name": role.name,
            "permissions": [],
            "scope-TOTAL_FORMS": 1,
            "scope-INITIAL_FORMS": 1,
            "scope-0-id": RoleScope.objects.get(group=role).pk,
            "scope-0-group": role.pk,
            "scope-0-scope": "assigned",
        },
    )

    entries = LedgerEntry.objects.filter(action="rights-change", username="root")
    assert {entry.details for entry in entries} == {
        f'{{"change": "set", "role_id": {role.pk}, "scope": "assigned"}}',
        '{"change": "removed", "permissions": ["view_orders"], "role": "customer-service agent"}',
    }
    assert {entry.client_address for entry in entries} == {"10.0.0.5"}


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "rubbish", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_visitors_address_is_what_a_trusted_proxy_saw(
    settings: Any, trusted: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address
