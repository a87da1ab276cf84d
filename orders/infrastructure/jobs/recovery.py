"""Signs of life, and what becomes of the jobs of workers that give none any more."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.infrastructure.background_tasks import TaskResultStatus
from orders.infrastructure.job_queues import QUEUES
from orders.infrastructure.jobs.models import WorkerSign
from orders.infrastructure.jobs.running import Row, active

logger = logging.getLogger(__name__)

# A job that was begun so often must kill its workers.
_MOST_ATTEMPTS = 50
_FINISHED_KEPT = timedelta(days=1)


def give_sign(worker_id: str, queues: Mapping[str, int]) -> None:
    now = timezone.now()
    if not WorkerSign.objects.filter(pk=worker_id).update(seen_at=now):
        WorkerSign.objects.create(pk=worker_id, queues=dict(queues), started_at=now, seen_at=now)


def sign_off(worker_id: str) -> None:
    """The worker ends by itself; what it did not get done waits again at once."""
    WorkerSign.objects.filter(pk=worker_id).delete()
    _give_back(lambda row: row.worker_ids[-1] == worker_id)


def give_back_lost(worker_id: str) -> None:
    """Jobs of workers that died wait again, and our own that nobody works on."""
    last = timezone.now() - timedelta(seconds=settings.EXPORT_LEASE)
    signs = dict(WorkerSign.objects.values_list("pk", "seen_at"))
    alive = {pk for pk, seen_at in signs.items() if seen_at >= last}
    if len(alive) < len(signs):
        WorkerSign.objects.filter(seen_at__lt=last).delete()

    def is_lost(row: Row) -> bool:
        worker = row.worker_ids[-1]
        return worker not in alive or (worker == worker_id and row.pk not in active)

    _give_back(is_lost)


def _give_back(is_lost: Callable[[Row], bool]) -> None:
    for row in DBTaskResult.objects.running().filter(queue_name__in=QUEUES):
        if not is_lost(row):
            continue
        is_worn_out = len(row.worker_ids) > _MOST_ATTEMPTS
        status = TaskResultStatus.FAILED if is_worn_out else TaskResultStatus.READY
        ended = {"finished_at": timezone.now()} if is_worn_out else {}
        same = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )
        if same.update(status=status, **ended):
            logger.warning("job %s (%s): its worker is gone", row.pk, row.task_path)


def forget_finished() -> None:
    """Delete the rows of jobs that ended a day ago, and of those in queues that nobody serves any more."""
    old = timezone.now() - _FINISHED_KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()
    DBTaskResult.objects.filter(enqueued_at__lt=old).exclude(queue_name__in=QUEUES).delete()
