"""An import's changes put into the database: laid out beside its tables, then copied among them in one go.

One by one, 50,000 rows take many seconds, in which SQLite lets nobody else write. Laid out in tables that are
this connection's alone they are in nobody's way, and the database copies them within itself in a moment.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.db import connection, transaction

from orders.people.account_import.planning import Changes, Known
from orders.people.models import Account, AccountCustomer, Assignment

_SLICE = 500  # rows laid out by one statement, on SQLite
# The schema of a connection's own tables.
_OWN = {"sqlite": "temp", "postgresql": "pg_temp"}
_LONGEST = 60_000  # milliseconds for a statement: more than a page may take
_ACCOUNTS, _CUSTOMERS, _ASSIGNMENTS = (
    model._meta.db_table for model in (Account, AccountCustomer, Assignment)
)
_NAMED = f"JOIN {_ACCOUNTS} a ON a.name = s.account"


class Overtaken(Exception):
    """What the plan rests on is no longer so. Nothing was written."""


class _Stage(msgspec.Struct, frozen=True):
    """A table for one kind of change; `statement` puts its rows where they belong."""

    name: str
    columns: tuple[tuple[str, str], ...]  # with their types
    statement: str
    values: tuple[Any, ...] = ()

    @property
    def names(self) -> str:
        return ", ".join(name for name, _ in self.columns)


def _stages() -> tuple[_Stage, ...]:
    """In the order in which they are written."""
    given = {"id", "name", "reseller_id"}
    # What a file says nothing of is as in any new account.
    others = [field for field in Account._meta.concrete_fields if field.column not in given]
    columns = ", ".join(str(field.column) for field in others)
    values = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    return (
        _Stage(
            "import_accounts",
            (("account", "text"), ("reseller_id", "text")),
            f"INSERT INTO {_ACCOUNTS} (name, reseller_id, {columns}) "  # noqa: S608  (our own names)
            f"SELECT account, reseller_id, {', '.join(['%s'] * len(values))} FROM import_accounts",
            values,
        ),
        _Stage(
            "import_resellers",
            (("account_id", "bigint"), ("reseller_id", "text")),
            f"UPDATE {_ACCOUNTS} SET reseller_id = s.reseller_id FROM import_resellers s "  # noqa: S608
            f"WHERE {_ACCOUNTS}.id = s.account_id",
        ),
        _Stage(
            "import_moved",
            (("source", "text"), ("customer_id", "text"), ("owner_id", "bigint"), ("account", "text")),
            f"UPDATE {_CUSTOMERS} SET account_id = a.id FROM import_moved s {_NAMED} "  # noqa: S608
            f"WHERE {_CUSTOMERS}.source = s.source AND {_CUSTOMERS}.customer_id = s.customer_id "
            f"AND {_CUSTOMERS}.account_id = s.owner_id",
        ),
        _Stage(
            "import_customers",
            (("source", "text"), ("customer_id", "text"), ("account", "text")),
            f"INSERT INTO {_CUSTOMERS} (account_id, source, customer_id) "  # noqa: S608
            f"SELECT a.id, s.source, s.customer_id FROM import_customers s {_NAMED}",
        ),
        _Stage(
            "import_assignments",
            (("account", "text"), ("person_id", "integer")),
            f"INSERT INTO {_ASSIGNMENTS} (account_id, person_id) "  # noqa: S608
            f"SELECT a.id, s.person_id FROM import_assignments s {_NAMED}",
        ),
    )


def write(changes: Changes, known: Known, *, at_the_end: Callable[[], None]) -> None:
    """Write them all, or raise `Overtaken` (or what the database raises) and write nothing.

    `at_the_end` is called within the transaction, after the rows were written: what locks out others comes
    last. The rows send no signals: what they mean for the ledger is said there.
    """
    rows = _rows(changes, known)
    # On SQLite whoever begins to write locks out all others: there it is all laid out before.
    is_sqlite = connection.vendor == "sqlite"
    with _laid_out(rows, is_sqlite), transaction.atomic(), _laid_out(rows, not is_sqlite):
        if not is_sqlite:
            _execute(f"SET LOCAL statement_timeout = {_LONGEST}")
        found = Account.objects.order_by().values_list("name", "pk", "reseller_id")
        if {name: (pk, reseller) for name, pk, reseller in found} != {
            name: (stored.pk, stored.reseller_id) for name, stored in known.accounts.items()
        }:
            raise Overtaken
        for stage in _stages():
            if rows[stage.name] and _execute(stage.statement, stage.values) != len(rows[stage.name]):
                raise Overtaken
        at_the_end()


def _rows(changes: Changes, known: Known) -> dict[str, list[tuple[Any, ...]]]:
    """By the name of their stage."""
    accounts = known.accounts
    return {
        "import_accounts": [(name, changes.resellers.get(name, "")) for name in changes.accounts],
        "import_resellers": [
            (accounts[name].pk, reseller_id)
            for name, reseller_id in changes.resellers.items()
            if name in accounts
        ],
        "import_moved": [
            (*customer, accounts[owner].pk, changes.customers[customer])
            for customer, owner in changes.moved.items()
        ],
        "import_customers": [
            (*customer, name) for customer, name in changes.customers.items() if customer not in changes.moved
        ],
        "import_assignments": [(name, known.people[username]) for name, username in changes.assignments],
    }


@contextmanager
def _laid_out(rows: dict[str, list[tuple[Any, ...]]], is_here: bool) -> Iterator[None]:
    stages = _stages() if is_here else ()
    is_sqlite = connection.vendor == "sqlite"
    # Behind a pooler a session may be somebody else's next time: there they end with the transaction.
    ending = "" if is_sqlite else " ON COMMIT DROP"
    try:
        for stage in stages:
            columns = ", ".join(f"{name} {kind}" for name, kind in stage.columns)
            _execute(f"DROP TABLE IF EXISTS {_OWN[connection.vendor]}.{stage.name}")
            _execute(f"CREATE TEMP TABLE {stage.name} ({columns}){ending}")
            _fill(stage, rows[stage.name])
        yield
    finally:
        if is_sqlite:
            for stage in stages:
                _execute(f"DROP TABLE IF EXISTS temp.{stage.name}")


def _fill(stage: _Stage, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {stage.name} ({stage.names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = f"({', '.join(['%s'] * len(stage.columns))})"
        for start in range(0, len(rows), _SLICE):
            taken = rows[start : start + _SLICE]
            # One statement for many rows: between two of them this thread has to wait for its turn.
            cursor.execute(
                f"INSERT INTO {stage.name} ({stage.names}) VALUES {', '.join([marks] * len(taken))}",  # noqa: S608
                [value for row in taken for value in row],
            )


def _execute(statement: str, values: Sequence[Any] = ()) -> int:
    """How many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
