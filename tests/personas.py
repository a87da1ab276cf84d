"""People with roles, for tests, and the database's guards lifted where a test's own cleaning needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import Client

from orders.ledger import genesis
from orders.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerHead
from orders.people.models import Account, AccountCustomer, Assignment

ROLES = ("customer-service agent", "account manager", "supervisor", "administrator")
PASSWORD = "a-password-for-tests"

_guards = import_module("orders.migrations.0011_ledger_guards")
roles_migration = import_module("orders.migrations.0012_roles")
advice_migration = import_module("orders.migrations.0016_advice_texts")
webhooks_migration = import_module("orders.migrations.0044_webhooks")


def person(username: str, *roles: str, **more: Any) -> Any:
    """Somebody with these roles, as the migration made them."""
    made = get_user_model().objects.create_user(username, password=PASSWORD, **more)
    for role in roles:
        made.groups.add(Group.objects.get(name=role))
    return made


def signed_in(somebody: Any) -> Client:
    """A browser in which this person has signed in, without the sign-in page."""
    browser = Client()
    browser.force_login(somebody)
    return browser


def assign(manager: Any, source: str, customer_id: str, account: str = "Harbour Design Ltd") -> Account:
    """Give the person an account with this customer."""
    made, _ = Account.objects.get_or_create(name=account)
    AccountCustomer.objects.get_or_create(source=source, customer_id=customer_id, defaults={"account": made})
    Assignment.objects.get_or_create(account=made, person=manager)
    return made


@contextmanager
def without_guards() -> Iterator[None]:
    """The ledger's triggers lifted, as only somebody with the whole database in their hands can."""
    _guards.remove(apps, _Statements)
    try:
        yield
    finally:
        _guards.install(apps, _Statements)


class _Statements:
    """As much of a schema editor as the guards need; the real one can't work inside a transaction."""

    connection = connection

    @staticmethod
    def execute(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def restore_roles() -> None:
    """Make the roles anew, after the tables have been emptied."""
    roles_migration.make_roles(apps, None)
    advice_migration.let_administrators_edit(apps, None)
    webhooks_migration.let_administrators_edit(apps, None)


def empty_ledger() -> None:
    """Entries and head gone, as before the first migration; under `without_guards` alone."""
    LedgerEntry._base_manager.all()._raw_delete(DEFAULT_DB_ALIAS)
    LedgerHead._base_manager.all()._raw_delete(DEFAULT_DB_ALIAS)


def begin_ledger() -> None:
    """Seal the beginning of the ledger anew, after the tables have been emptied."""
    genesis.begin(LedgerHead, LedgerEntry, LedgerCheckpoint)
