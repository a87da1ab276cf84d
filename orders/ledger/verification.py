"""Finding out whether the ledger is whole: nothing changed, nothing missing, nothing that we didn't write."""

import json
from collections.abc import Iterator, Sequence

import msgspec

from orders.ledger import chain, triggers
from orders.ledger.head_notes import Noted
from orders.ledger.models import Action, LedgerCheckpoint, LedgerEntry, LedgerHead


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
    number, followed = _beginning(keys, problems)
    kept_promise = promised is None or (promised.number == number and promised.hash in followed)
    checked, seal = 0, followed[0]
    for entry in _entries(up_to):
        checked += 1
        if promised is not None and entry.id == promised.number:
            kept_promise = entry.hash == promised.hash
        problems += _problems_of(entry, number, followed, keys)
        number, seal = entry.id, entry.hash
        followed = (seal,)
    if up_to is None:
        problems += _end(keys, promised, kept_promise, number)
        problems += triggers.problems()
    return Verdict(problems=tuple(problems), checked=checked, number=number, hash=seal)


def _problems_of(
    entry: LedgerEntry, number: int, followed: tuple[str, ...], keys: list[bytes]
) -> Iterator[str]:
    """What is wrong with an entry that comes after the one of this number, and follows one of these seals."""
    if entry.id != number + 1:
        yield _missing(number + 1, entry.id - 1)
    elif entry.previous_hash not in followed:
        yield f"Entry {entry.id} does not follow entry {number}: one of them was replaced."
    if not chain.is_any(entry.hash, (chain.seal_of_entry(entry, key) for key in keys)):
        yield f"Entry {entry.id} does not match its seal: it was changed, or not written by this portal."
    elif entry.action == Action.LEDGER_BREAK:
        yield f"Before entry {entry.id}, {json.loads(entry.details)['fault']}."


def head_number() -> int:
    """The number of the last entry, as the record of it says; 0 where there is none."""
    return LedgerHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _entries(up_to: int | None) -> Iterator[LedgerEntry]:
    entries = LedgerEntry.objects.order_by("id")
    if up_to is not None:
        entries = entries.filter(id__lte=up_to)
    return entries.iterator(chunk_size=2000)


def _beginning(keys: list[bytes], problems: list[str]) -> tuple[int, tuple[str, ...]]:
    """What the first entry follows, by number and by the seals that this may have: the newest checkpoint, or
    the sealed beginning.
    """
    newest = None
    for newest in LedgerCheckpoint.objects.order_by("up_to"):
        if not chain.is_any(newest.seal, (chain.seal_of_checkpoint(newest, key) for key in keys)):
            problems.append(f"The checkpoint at entry {newest.up_to} was not written by this portal.")
    return (0, chain.beginnings(keys)) if newest is None else (newest.up_to, (newest.hash,))


def _missing(first: int, last: int) -> str:
    if last < first:
        return f"Entry {last + 1} stands where it does not belong."
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."


def _end(keys: list[bytes], promised: LedgerHead | None, kept_promise: bool, number: int) -> Iterator[str]:
    if promised is None:
        yield "The record of the last entry is missing."
        return
    if not chain.is_any(promised.seal, (chain.seal_of_head(promised, key) for key in keys)):
        yield "The record of the last entry does not match its seal."
    if promised.number > number:
        yield _missing(number + 1, promised.number)
    elif not kept_promise:
        yield f"Entry {promised.number} is not the one that was written last."
    latest = LedgerHead.objects.get(pk=1).number
    if latest < number:
        yield f"Entries after {latest} were not written by this portal."


def problems_with_notes(noted: Sequence[Noted]) -> Iterator[str]:
    """A ledger that was put back whole, to an older state, is only found out by what was noted elsewhere."""
    checkpoint = LedgerCheckpoint.objects.order_by("-up_to").first()
    pruned = 0 if checkpoint is None else checkpoint.up_to
    seals = dict(LedgerEntry.objects.filter(id__in=[each.number for each in noted]).values_list("id", "hash"))
    if checkpoint is not None:
        seals[checkpoint.up_to] = checkpoint.hash
    for number, seal in noted:
        if number == 0 or (number < pruned and number not in seals):
            continue  # before the first entry, or pruned since: the checkpoint stands for it
        if number not in seals:
            yield f"Entry {number}, which was noted elsewhere, is not in the ledger."
        elif seals[number] != seal:
            yield f"Entry {number} is not the one that was noted elsewhere."
