"""What nobody else does: give back what a killed worker left, wake workers, delete what has expired."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from orders.exports.jobs import file_place, kept_files, storage
from orders.exports.jobs.job import settle_end
from orders.exports.jobs.leases import lapsed, startable
from orders.exports.jobs.tasks import make_next_export
from orders.exports.models import Export
from orders.infrastructure import jobs

_BETWEEN_CLEANINGS = 60.0  # seconds
_MOST_WAKE_UPS = 50

cleaning_due_at = 0.0  # by `time.monotonic`, in this process


@jobs.sweep
def reap() -> None:
    """Cheap enough to be called before every look at an export, and by every worker all the time."""
    global cleaning_due_at
    # A killed worker's export waits again; whoever was killed after it was cancelled left that undone.
    for export in Export.objects.filter(lapsed(), cancel_requested=True):
        _finish_cancelling(export)
    if Export.objects.filter(lapsed()).exists():  # a mere look takes no lock
        Export.objects.filter(lapsed()).update(state=Export.State.WAITING)
    wake_workers()
    if time.monotonic() >= cleaning_due_at:
        cleaning_due_at = time.monotonic() + _BETWEEN_CLEANINGS
        clean()


def wake_workers() -> None:
    """A task for each export that may be started, unless it is there already."""
    for _ in range(min(len(startable()) - jobs.waiting(make_next_export), _MOST_WAKE_UPS)):
        make_next_export.enqueue()


def clean() -> None:
    """Write down the ends that are owed; delete expired files and nobody's files."""
    now = timezone.now()
    for export in Export.objects.exclude(owed_end=""):
        if not settle_end(export):
            break  # the ledger is away; they are asked for again in a minute
    for export in Export.objects.filter(expires_at__lt=now).exclude(state=Export.State.EXPIRED):
        expired = Export.objects.filter(pk=export.pk, expires_at__lt=now)
        if expired.update(state=Export.State.EXPIRED, file_path="", expires_at=None):
            kept_files.discard(export)
    storage.discard_leftovers(is_kept_here=not kept_files.lie_apart())
    storage.discard_orphans()
    if kept_files.lie_apart() and file_place.is_ours():
        kept_files.discard_orphans()


def forget_old() -> int:
    """Delete the rows of files that ended long ago; says how many. Their ends are in the ledger."""
    old = timezone.now() - timedelta(days=settings.EXPORT_ROW_DAYS)
    over = (Export.State.EXPIRED, Export.State.CANCELLED, Export.State.FAILED)
    return Export.objects.filter(state__in=over, made_at__lt=old, file_path="", owed_end="").delete()[0]


def _finish_cancelling(export: Export) -> None:
    cancelled = Export.objects.filter(lapsed(), pk=export.pk, cancel_requested=True)
    over = {"state": Export.State.CANCELLED, "finished_at": timezone.now(), "owed_end": "cancelled"}
    if cancelled.update(**over):
        settle_end(export)
        kept_files.discard(export)
