"""Taking away the ledger's oldest part, so that what is left can still be verified.

A sealed checkpoint takes the place of what goes. The database's triggers let a row be deleted only where
a checkpoint covers it, and let no checkpoint be changed: this is the only way past them, it works for the
oldest part alone, and it leaves a trace.
"""

from datetime import datetime
from time import sleep

from django.db import connection, transaction
from django.utils import timezone

from orders.ledger import chain
from orders.ledger.models import Action, LedgerCheckpoint, LedgerEntry
from orders.ledger.recording import record
from orders.ledger.verification import verify

# Rows deleted at once, a few milliseconds' work; and seconds between two of them, for those who wait.
SLICE = 1000
_PAUSE = 0.01


class NotIntact(Exception):
    """The part to be pruned does not verify: pruning it would hide that for good."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def prune(before: datetime) -> int:
    """Delete all entries older than `before`, and say how many that were.

    The checkpoint alone makes them pruned: from then on nobody sees one of them. The rows go in slices, so
    that nobody waits for them; what an earlier run was too short for goes as well.
    """
    last = _last_before(before)
    checked = 0 if last is None else _place_checkpoint(last.id, before)
    _delete_pruned()
    return checked


def _place_checkpoint(last: int, before: datetime) -> int:
    # Before the transaction, so that nobody has to wait for it: these rows can't change any more.
    verdict = verify(up_to=last)
    if verdict.problems:
        raise NotIntact(verdict.problems)
    checkpoint = LedgerCheckpoint(up_to=last, hash=verdict.hash, at=timezone.now(), before=before)
    checkpoint.seal = chain.seal_of_checkpoint(checkpoint, chain.keys()[0])
    with transaction.atomic():
        checkpoint.append()
        record(
            Action.PRUNE,
            username="command line",
            details={"before": before, "up_to": last},
            row_count=verdict.checked,
        )
    return verdict.checked


def _delete_pruned() -> None:
    """Every row up to the newest checkpoint, which the database's triggers let go."""
    newest = LedgerCheckpoint.objects.order_by("-up_to").values_list("up_to", flat=True).first()
    if newest is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id) FROM orders_ledgerentry")
        (first,) = cursor.fetchone()
        while first is not None and first <= newest:
            first += SLICE
            cursor.execute("DELETE FROM orders_ledgerentry WHERE id <= %s AND id < %s", [newest, first])
            sleep(_PAUSE)


def _last_before(before: datetime) -> LedgerEntry | None:
    """The last entry of the oldest part; entries are in order of time, but a clock may have been set back."""
    first_kept = LedgerEntry.objects.filter(at__gte=before).order_by("id").first()
    older = LedgerEntry.objects.order_by("-id")
    if first_kept is not None:
        older = older.filter(id__lt=first_kept.id)
    last: LedgerEntry | None = older.first()
    return last
