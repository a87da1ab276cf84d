"""What waits, since when, and who works: for pages, metrics, and whoever enqueues."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.infrastructure.background_tasks import TaskResultStatus
from orders.infrastructure.job_queues import QUEUES
from orders.infrastructure.jobs.models import WorkerSign


class QueueState(NamedTuple):
    """How many jobs of a queue wait, and for how long the oldest of them has; how many run."""

    waiting: int
    oldest_seconds: float
    running: int


def waiting(job: Any) -> int:
    """How many of this job wait for a worker."""
    rows = DBTaskResult.objects.ready()
    return rows.filter(task_path=job.module_path, queue_name=job.queue_name).count()


def enqueue_once(job: Any, *args: Any, **kwargs: Any) -> bool:
    """Enqueue the job unless one with the same arguments waits or runs; whether it was.

    Two who ask at the same moment may both do so: a job is idempotent.
    """
    same = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING),
        task_path=job.module_path,
        args_kwargs={"args": list(args), "kwargs": kwargs},
    )
    if same.exists():
        return False
    job.enqueue(*args, **kwargs)
    return True


def queue_states() -> dict[str, QueueState]:
    """By queue; each of them is there. Asks the database once."""
    now, ready, running = timezone.now(), TaskResultStatus.READY, TaskResultStatus.RUNNING
    rows = (
        DBTaskResult.objects.filter(status__in=(ready, running), queue_name__in=QUEUES)
        .order_by()
        .values("queue_name")
        .annotate(
            waiting=Count("pk", filter=Q(status=ready)),
            running=Count("pk", filter=Q(status=running)),
            oldest=Min("enqueued_at", filter=Q(status=ready)),
        )
    )
    found = {
        row["queue_name"]: QueueState(
            row["waiting"],
            max(0.0, (now - row["oldest"]).total_seconds()) if row["oldest"] else 0.0,
            row["running"],
        )
        for row in rows
    }
    return {name: found.get(name, QueueState(0, 0.0, 0)) for name in QUEUES}


def alive_workers() -> int:
    """Workers that have given a sign of life lately."""
    last = timezone.now() - timedelta(seconds=settings.EXPORT_LEASE)
    return WorkerSign.objects.filter(seen_at__gte=last).count()
