"""One job from its claim to its outcome. Whoever moves its row from ready to running has it."""

import logging
from collections.abc import Collection
from typing import Any, TypeAlias
from uuid import UUID

from django.db import Error
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.infrastructure.background_tasks import TaskResultStatus

logger = logging.getLogger(__name__)

Row: TypeAlias = DBTaskResult[..., Any]

_CANDIDATES = 5

# Jobs that this process works on now.
active: set[UUID] = set()


def claim(worker_id: str, queues: Collection[str]) -> Row | None:
    """A job that waits in one of the queues, ours from now on: of the highest priority, then the oldest."""
    ready = DBTaskResult.objects.ready().filter(queue_name__in=queues)
    # Another worker may be faster with any of them.
    while rows := list(ready[:_CANDIDATES]):
        for row in rows:
            if _claimed(row, worker_id):
                return row
    return None


def _claimed(row: Row, worker_id: str) -> bool:
    row.started_at, row.worker_ids = timezone.now(), [*row.worker_ids, worker_id]
    active.add(row.pk)
    try:
        was_ready = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
            status=TaskResultStatus.RUNNING, started_at=row.started_at, worker_ids=row.worker_ids
        )
    except BaseException:
        active.discard(row.pk)
        raise
    if not was_ready:
        active.discard(row.pk)
    return bool(was_ready)


def run(row: Row) -> None:
    """Call the job and write down how it ended. Raises nothing: a job that fails is in the log."""
    try:
        try:
            result = row.task_result
            value = result.task.call(*result.args, **result.kwargs)
        except Exception as error:
            logger.exception("job %s (%s) failed", row.pk, row.task_path)
            settle(row, TaskResultStatus.FAILED, exception_class_path=_path(error))
        else:
            settle(row, TaskResultStatus.SUCCESSFUL, return_value=value)
    except Error:
        # The database is away. The row still says that it runs; it is given back as one that nobody works on.
        logger.exception("job %s: its end can't be written down yet", row.pk)
    finally:
        active.discard(row.pk)


def settle(row: Row, status: Any, **fields: Any) -> None:
    """Unless it was given to somebody else meanwhile."""
    mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    if not mine.update(status=status, finished_at=timezone.now(), **fields):
        logger.warning("job %s: taken over by another worker", row.pk)


def _path(error: BaseException) -> str:
    """Only the kind: an error's text may hold what an upstream sent."""
    return f"{type(error).__module__}.{type(error).__qualname__}"
