"""The database itself refuses to change the ledger, whoever asks and by whatever way.

Only a pruned part may be deleted: rows up to the newest checkpoint. A checkpoint is sealed and can't be
changed or removed either, so that nobody can use this way without leaving a trace that verify_ledger sees.
"""

from typing import Any

from django.db import migrations

_REFUSAL = "the ledger can only be added to"
_NEWEST_CHECKPOINT = "COALESCE((SELECT MAX(up_to) FROM orders_ledgercheckpoint), 0)"

# (trigger, table, event, condition). SQLite runs no delete trigger for the row that INSERT OR REPLACE
# takes away, so that an insert must not meet a row of its number.
SQLITE = (
    ("ledger_no_update", "orders_ledgerentry", "UPDATE", ""),
    ("ledger_no_delete", "orders_ledgerentry", "DELETE", f"WHEN OLD.id > {_NEWEST_CHECKPOINT}"),
    (
        "ledger_no_replace",
        "orders_ledgerentry",
        "INSERT",
        "WHEN EXISTS (SELECT 1 FROM orders_ledgerentry WHERE id = NEW.id)",
    ),
    ("checkpoint_no_update", "orders_ledgercheckpoint", "UPDATE", ""),
    ("checkpoint_no_delete", "orders_ledgercheckpoint", "DELETE", ""),
    (
        "checkpoint_no_replace",
        "orders_ledgercheckpoint",
        "INSERT",
        "WHEN EXISTS (SELECT 1 FROM orders_ledgercheckpoint WHERE up_to = NEW.up_to)",
    ),
    ("head_no_delete", "orders_ledgerhead", "DELETE", ""),
    ("head_no_return", "orders_ledgerhead", "UPDATE", "WHEN NEW.number < OLD.number"),
)

# (trigger, table, event, level, condition). TRUNCATE has a trigger of its own kind.
POSTGRESQL = (
    ("ledger_no_update", "orders_ledgerentry", "UPDATE", "ROW", ""),
    ("ledger_no_delete", "orders_ledgerentry", "DELETE", "ROW", "pruned"),
    ("ledger_no_truncate", "orders_ledgerentry", "TRUNCATE", "STATEMENT", ""),
    ("checkpoint_no_update", "orders_ledgercheckpoint", "UPDATE OR DELETE", "ROW", ""),
    ("checkpoint_no_truncate", "orders_ledgercheckpoint", "TRUNCATE", "STATEMENT", ""),
    ("head_no_delete", "orders_ledgerhead", "DELETE", "ROW", ""),
    ("head_no_return", "orders_ledgerhead", "UPDATE", "ROW", "WHEN (NEW.number < OLD.number)"),
    ("head_no_truncate", "orders_ledgerhead", "TRUNCATE", "STATEMENT", ""),
)

# The bodies of PostgreSQL's functions, by name. Verification compares them with what stands in the database.
FUNCTIONS = {
    "ledger_refuse": f"""
BEGIN
    RAISE EXCEPTION '{_REFUSAL}';
END """,
    "ledger_refuse_unless_pruned": f"""
BEGIN
    IF OLD.id > {_NEWEST_CHECKPOINT} THEN
        RAISE EXCEPTION '{_REFUSAL}';
    END IF;
    RETURN OLD;
END """,
}


def sqlite_statement(name: str, table: str, event: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def postgresql_statement(name: str, table: str, event: str, level: str, condition: str) -> str:
    pruned = condition == "pruned"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} "
        f"{'' if pruned else condition} EXECUTE FUNCTION "
        f"{'ledger_refuse_unless_pruned' if pruned else 'ledger_refuse'}()"
    )


def install(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for trigger in SQLITE:
            schema_editor.execute(sqlite_statement(*trigger))
    elif schema_editor.connection.vendor == "postgresql":
        for function, body in FUNCTIONS.items():
            schema_editor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            )
        for name, table, *how in POSTGRESQL:
            schema_editor.execute(postgresql_statement(name, table, *how))
            # ALWAYS: a session that calls itself a replica is refused too.
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name, *_ in SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    elif schema_editor.connection.vendor == "postgresql":
        for name, table, *_ in POSTGRESQL:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        schema_editor.execute("DROP FUNCTION IF EXISTS ledger_refuse(), ledger_refuse_unless_pruned()")


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_people")]

    operations = [migrations.RunPython(install, remove)]
