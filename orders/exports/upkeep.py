"""What nobody else does: give back what a killed worker left, wake workers, delete what has expired."""

import time
from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from orders.exports import jobs, storage
from orders.exports.leases import lapsed, startable
from orders.exports.tasks import make_next_export
from orders.models import Export

_BETWEEN_CLEANINGS = 60.0  # seconds
_MOST_WAKE_UPS = 50
_FINISHED_TASKS_KEPT = timedelta(days=1)

_next_cleaning = 0.0


def take_over() -> None:
    """Cheap enough to be called before every look at an export, and by every worker all the time."""
    global _next_cleaning
    # A killed worker's export waits again; whoever was killed after it was cancelled left that undone.
    for export in Export.objects.filter(lapsed(), cancel_requested=True):
        _finish_cancelling(export)
    if Export.objects.filter(lapsed()).exists():  # a mere look takes no lock
        Export.objects.filter(lapsed()).update(state=Export.State.WAITING)
    wake_workers()
    if time.monotonic() >= _next_cleaning:
        _next_cleaning = time.monotonic() + _BETWEEN_CLEANINGS
        clean()


def wake_workers() -> None:
    """A task for each export that may be started, unless it is there already."""
    ready = DBTaskResult.objects.ready().filter(task_path=make_next_export.module_path).count()
    for _ in range(min(len(startable()) - ready, _MOST_WAKE_UPS)):
        make_next_export.enqueue()


def clean() -> None:
    """Delete expired files, files that belong to nobody, and records of old tasks."""
    now = timezone.now()
    for export in Export.objects.filter(expires_at__lt=now).exclude(state=Export.State.EXPIRED):
        expired = Export.objects.filter(pk=export.pk, expires_at__lt=now)
        if expired.update(state=Export.State.EXPIRED, file_path="", expires_at=None):
            storage.discard(storage.directory_of(export))
    storage.discard_leftovers()
    storage.discard_orphans()
    old = now - _FINISHED_TASKS_KEPT
    DBTaskResult.objects.filter(task_path=make_next_export.module_path, enqueued_at__lt=old).exclude(
        status=TaskResultStatus.READY
    ).delete()


def _finish_cancelling(export: Export) -> None:
    cancelled = Export.objects.filter(lapsed(), pk=export.pk, cancel_requested=True)
    if cancelled.update(state=Export.State.CANCELLED, finished_at=timezone.now()):
        jobs.write_end_if_possible(export, "cancelled")
        storage.discard(storage.directory_of(export))
