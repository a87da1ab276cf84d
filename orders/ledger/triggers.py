"""Whether the database still refuses to change the ledger: its triggers, compared by their text.

A later change of the tables may lose them without a word, and somebody with the whole database may put others
in their place that let everything pass.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.db import connection

_guards: Any = import_module("orders.migrations.0011_ledger_guards")  # where they are made
_TABLES = ("orders_ledgerentry", "orders_ledgercheckpoint", "orders_ledgerhead")


def problems() -> Iterator[str]:
    """What is not as we made it, each in a sentence."""
    is_sqlite = connection.vendor == "sqlite"
    expected = _expected_sqlite() if is_sqlite else _expected_postgresql()
    found = _found_sqlite() if is_sqlite else _found_postgresql()
    for name in sorted(expected):
        if name not in found:
            yield f"The trigger {name}, which guards the ledger, is missing."
        elif found[name] != expected[name]:
            yield f"The trigger {name}, which guards the ledger, is not the one that we made."
    for name in sorted(found.keys() - expected.keys()):
        yield f"{name} stands at the ledger's tables, and we did not make it."


def _plain(statement: str) -> str:
    """One spelling for what means the same: a database may write a statement back in its own way."""
    return " ".join(statement.casefold().split()).replace("update or delete", "delete or update")


def _expected_sqlite() -> dict[str, str]:
    return {trigger[0]: _plain(_guards.sqlite_statement(*trigger)) for trigger in _guards.SQLITE}


def _found_sqlite() -> dict[str, str]:
    rows = _rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s, %s)")
    return {name: _plain(sql) for name, sql in rows}


def _expected_postgresql() -> dict[str, str]:
    found = {}
    for trigger in _guards.POSTGRESQL:
        statement = _plain(_guards.postgresql_statement(*trigger))
        function = statement.rpartition(" ")[2].removesuffix("()")
        found[trigger[0]] = f"{statement} always {_plain(_guards.FUNCTIONS[function])}"
    return found


def _found_postgresql() -> dict[str, str]:
    """With the function that a trigger runs, and whether it does for replicas too. We made no rules."""
    triggers = _rows(
        "SELECT tgname, pg_get_triggerdef(t.oid, true), tgenabled, prosrc FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid "
        "WHERE relname IN (%s, %s, %s) AND NOT tgisinternal AND pg_table_is_visible(c.oid)"
    )
    rules = _rows(
        "SELECT rulename, ev_type::text FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class "
        "WHERE relname IN (%s, %s, %s) AND pg_table_is_visible(c.oid)"
    )
    found = {
        name: f"{_plain(text)} {'always' if enabled == 'A' else 'sometimes'} {_plain(body)}"
        for name, text, enabled, body in triggers
    }
    return found | {name: f"a rule for {event}" for name, event in rules}


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _TABLES)
        return list(cursor.fetchall())
