"""Entries at the end of the chain: numbered, linked, sealed and written, under the lock of the head's row.

The SQL is written here once. The ORM would write it anew for every page that somebody looks at, which
costs more than all else in this file.
"""

from collections.abc import Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from orders.ledger import chain
from orders.models import LedgerEntry, LedgerHead
from orders.prepared import Prepared

_HEAD = Prepared(lambda: LedgerHead.objects.select_for_update().filter(pk=1).values_list("number", "hash"))
_FIELDS = LedgerEntry._meta.concrete_fields


def append(entries: Sequence[LedgerEntry]) -> None:
    """Add them in this order, within the caller's transaction; the head stays locked until its end."""
    number, seal = lock_head()
    key = chain.keys()[0]
    for entry in entries:
        entry.id = number = number + 1
        entry.at = timezone.now()
        entry.previous_hash = seal
        entry.hash = seal = chain.seal_of_entry(entry, key)
    # The proxy `django.db.connection` would look for it once more for every value.
    connection = connections[DEFAULT_DB_ALIAS]
    rows = [
        [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in _FIELDS]
        for entry in entries
    ]
    head = LedgerHead(number=number, hash=seal)
    with connection.cursor() as cursor:
        cursor.execute(_insert(len(rows)), [value for row in rows for value in row])
        cursor.execute(_MOVE_HEAD, [head.number, head.hash, chain.seal_of_head(head, key)])


def lock_head() -> tuple[int, str]:
    """The last entry's number and seal, locked until the transaction ends.

    SQLite's transactions lock the whole file instead.
    """
    found = _HEAD.rows()
    if not found:
        # Whoever else makes it at the same time is waited for.
        LedgerHead.objects.bulk_create([LedgerHead(hash=chain.GENESIS)], ignore_conflicts=True)
        found = _HEAD.rows()
        if found[0][0] == 0 and LedgerEntry.objects.exists():
            # Nothing we do leaves entries without a head; starting anew would hide that somebody did.
            raise DatabaseError("the ledger's head is missing")
    number, seal = found[0]
    return number, seal


@cache
def _insert(count: int) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _FIELDS)
    rows = ", ".join([f"({', '.join(['%s'] * len(_FIELDS))})"] * count)
    return f'INSERT INTO "{LedgerEntry._meta.db_table}" ({columns}) VALUES {rows}'  # noqa: S608  (our own names)


_MOVE_HEAD = "UPDATE orders_ledgerhead SET number = %s, hash = %s, seal = %s WHERE id = 1"
