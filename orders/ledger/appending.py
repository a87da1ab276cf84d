"""Entries at the end of the chain: numbered, linked, sealed and written, under the lock of the head's row.

The SQL is written here once. The ORM would write it anew for every page that somebody looks at, which
costs more than all else in this file.
"""

import json
import logging
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from orders.infrastructure.prepared_queries import Prepared
from orders.ledger import chain
from orders.ledger.models import Action, LedgerEntry, LedgerHead

logger = logging.getLogger("orders.ledger")

_HEAD = Prepared(
    lambda: LedgerHead.objects.select_for_update().filter(pk=1).values_list("number", "hash", "seal")
)
_FIELDS = LedgerEntry._meta.concrete_fields


class Head(NamedTuple):
    """The last entry's number and seal; `fault` says what is wrong with the record of it, if anything is."""

    number: int
    hash: str
    fault: str = ""


def append(entries: Sequence[LedgerEntry]) -> None:
    """Add them in this order, within the caller's transaction; the head stays locked until its end.

    Where the head is not as it was left, an entry that says so comes first. Else the next honest entry would
    seal what somebody has done to the end, and nothing would show it any more.
    """
    head = lock_head()
    if head.fault:
        logger.error("the ledger's end is not as it was left: %s", head.fault)
        entries = [_break(head), *entries]
    key = chain.keys()[0]
    number, seal = head.number, head.hash
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
    moved = LedgerHead(number=number, hash=seal)
    with connection.cursor() as cursor:
        cursor.execute(_insert(len(rows)), [value for row in rows for value in row])
        cursor.execute(_MOVE_HEAD, [moved.number, moved.hash, chain.seal_of_head(moved, key)])


def lock_head() -> Head:
    """The last entry, locked until the transaction ends. On SQLite that locks the whole file instead."""
    found = _HEAD.rows()
    if found:
        number, seal, own_seal = found[0]
        head = LedgerHead(number=number, hash=seal)
        keys = chain.keys()
        is_ours = chain.is_any(own_seal, (chain.seal_of_head(head, key) for key in keys))
        return Head(number, seal, "" if is_ours else "the record of the last entry does not match its seal")
    if LedgerEntry.objects.exists():
        # Nothing we do leaves entries without a head; starting anew would hide that somebody did.
        raise DatabaseError("the ledger's head is missing")
    # The migration made it. Whoever else makes it anew at the same time is waited for.
    beginning = chain.genesis(chain.keys()[0])
    LedgerHead.objects.bulk_create([LedgerHead(hash=beginning)], ignore_conflicts=True)
    number, seal, _ = _HEAD.rows()[0]
    return Head(number, seal, "everything was deleted, with the record of the last entry")


def _break(head: Head) -> LedgerEntry:
    details = {"fault": head.fault, "number": head.number, "hash": head.hash}
    return LedgerEntry(
        username="portal", action=Action.LEDGER_BREAK, outcome="broken", details=json.dumps(details)
    )


@cache
def _insert(count: int) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _FIELDS)
    rows = ", ".join([f"({', '.join(['%s'] * len(_FIELDS))})"] * count)
    return f'INSERT INTO "{LedgerEntry._meta.db_table}" ({columns}) VALUES {rows}'  # noqa: S608  (our own names)


_MOVE_HEAD = "UPDATE orders_ledgerhead SET number = %s, hash = %s, seal = %s WHERE id = 1"
