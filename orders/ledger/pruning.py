"""Taking away the ledger's oldest part, so that what is left can still be verified.

A sealed checkpoint takes the place of what goes. The database's triggers let a row be deleted only where
a checkpoint covers it, and let no checkpoint be changed: this is the only way past them, it works for the
oldest part alone, and it leaves a trace.
"""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from orders.ledger import chain
from orders.ledger.models import Action, LedgerCheckpoint, LedgerEntry
from orders.ledger.recording import record
from orders.ledger.verification import verify


class NotIntact(Exception):
    """The part to be pruned does not verify: pruning it would hide that for good."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def prune(before: datetime) -> int:
    """Delete all entries older than `before`, and say how many that were."""
    last = _last_before(before)
    if last is None:
        return 0
    # Before the transaction, so that nobody has to wait for it: these rows can't change any more.
    verdict = verify(up_to=last.id)
    if verdict.problems:
        raise NotIntact(verdict.problems)
    checkpoint = LedgerCheckpoint(up_to=last.id, hash=verdict.hash, at=timezone.now(), before=before)
    checkpoint.seal = chain.seal_of_checkpoint(checkpoint, chain.keys()[0])
    with transaction.atomic():
        checkpoint.append()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM orders_ledgerentry WHERE id <= %s", [last.id])
        record(
            Action.PRUNE,
            username="command line",
            details={"before": before, "up_to": last.id},
            row_count=verdict.checked,
        )
    return verdict.checked


def _last_before(before: datetime) -> LedgerEntry | None:
    """The last entry of the oldest part; entries are in order of time, but a clock may have been set back."""
    first_kept = LedgerEntry.objects.filter(at__gte=before).order_by("id").first()
    older = LedgerEntry.objects.order_by("-id")
    if first_kept is not None:
        older = older.filter(id__lt=first_kept.id)
    last: LedgerEntry | None = older.first()
    return last
