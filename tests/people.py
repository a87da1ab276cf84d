"""People with roles, for tests, and the database's guards lifted where a test's own cleaning needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from orders.models import Account, AccountCustomer, Assignment

ROLES = ("customer-service agent", "account manager", "supervisor", "administrator")
PASSWORD = "a-password-for-tests"

_guards = import_module("orders.migrations.0011_ledger_guards")
_roles = import_module("orders.migrations.0012_roles")


def person(username: str, *roles: str, **more: Any) -> Any:
    """Somebody with these roles, as the migration made them."""
    made = get_user_model().objects.create_user(username, password=PASSWORD, **more)
    for role in roles:
        made.groups.add(Group.objects.get(name=role))
    return made


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
    _roles.make_roles(apps, None)
