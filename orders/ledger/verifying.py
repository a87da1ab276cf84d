"""Finding out whether the ledger is whole: nothing changed, nothing missing, nothing that we didn't write."""

from collections.abc import Iterator

import msgspec
from django.db import connection

from orders.ledger import chain
from orders.models import LedgerCheckpoint, LedgerEntry, LedgerHead

_TABLES = ("orders_ledgerentry", "orders_ledgercheckpoint", "orders_ledgerhead")
# How many triggers guard them: see the migration that makes them.
_GUARDS = 8


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`problems` is empty where all is well. `number` and `hash` are the last entry's, to note elsewhere."""

    problems: tuple[str, ...]
    checked: int
    number: int
    hash: str


def verify(*, up_to: int | None = None) -> Verdict:
    """Check every entry, or only those up to a number (and then not the end).

    The ledger may grow meanwhile: what the head said before must be there, and nothing beyond what it
    says afterwards.
    """
    problems: list[str] = []
    keys = chain.keys()
    promised = LedgerHead.objects.filter(pk=1).first()
    number, seal = _beginning(keys, problems)
    kept_promise = promised is None or (number, seal) == (promised.number, promised.hash)
    checked = 0
    for entry in _entries(up_to):
        checked += 1
        if promised is not None and entry.id == promised.number:
            kept_promise = entry.hash == promised.hash
        if entry.id != number + 1:
            problems.append(_missing(number + 1, entry.id - 1))
        elif entry.previous_hash != seal:
            problems.append(f"Entry {entry.id} does not follow entry {number}: one of them was replaced.")
        if not chain.is_any(entry.hash, (chain.seal_of_entry(entry, key) for key in keys)):
            problems.append(
                f"Entry {entry.id} does not match its seal: it was changed, or not written by this portal."
            )
        number, seal = entry.id, entry.hash
    if up_to is None:
        problems += _end(keys, promised, kept_promise, number)
        problems += _guards()
    return Verdict(problems=tuple(problems), checked=checked, number=number, hash=seal)


def _entries(up_to: int | None) -> Iterator[LedgerEntry]:
    entries = LedgerEntry.objects.order_by("id")
    if up_to is not None:
        entries = entries.filter(id__lte=up_to)
    return entries.iterator(chunk_size=2000)


def _beginning(keys: list[bytes], problems: list[str]) -> tuple[int, str]:
    """What the first entry follows: the newest checkpoint, or nothing."""
    newest = None
    for newest in LedgerCheckpoint.objects.order_by("up_to"):
        if not chain.is_any(newest.seal, (chain.seal_of_checkpoint(newest, key) for key in keys)):
            problems.append(f"The checkpoint at entry {newest.up_to} was not written by this portal.")
    return (0, chain.GENESIS) if newest is None else (newest.up_to, newest.hash)


def _missing(first: int, last: int) -> str:
    if last < first:
        return f"Entry {last + 1} stands where it does not belong."
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."


def _end(keys: list[bytes], promised: LedgerHead | None, kept_promise: bool, number: int) -> Iterator[str]:
    if promised is None:
        if number and not LedgerHead.objects.exists():
            yield "The record of the last entry is missing."
        return
    if promised.number and not chain.is_any(
        promised.seal, (chain.seal_of_head(promised, key) for key in keys)
    ):
        yield "The record of the last entry does not match its seal."
    if promised.number > number:
        yield _missing(number + 1, promised.number)
    elif not kept_promise:
        yield f"Entry {promised.number} is not the one that was written last."
    latest = LedgerHead.objects.get(pk=1).number
    if latest < number:
        yield f"Entries after {latest} were not written by this portal."


def _guards() -> Iterator[str]:
    """A later change of the tables may lose the triggers without a word."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s, %s)",
                _TABLES,
            )
        else:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE relname IN (%s, %s, %s) AND NOT tgisinternal AND tgenabled = 'A' "
                "AND pg_table_is_visible(pg_class.oid)",
                _TABLES,
            )
        found = cursor.fetchone()[0]
    if found != _GUARDS:
        yield f"{_GUARDS - found} of the {_GUARDS} triggers that guard the ledger are missing."
