"""A worker on the engine `celery`: Celery's own, with threads, for each queue a process of its own."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from celery import bootsteps
from celery import signals as celery_signals
from django.db import Error, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.infrastructure import processes
from orders.infrastructure.celery_engine import RUN_JOB, announce, app, name_of, waiting_messages
from orders.infrastructure.jobs import registry, running
from orders.infrastructure.jobs.maintenance import Maintenance
from orders.infrastructure.jobs.signals import stopping, woken
from orders.infrastructure.jobs.worker import GRACE

logger = logging.getLogger(__name__)

_BETWEEN_COUNTS = 3.0  # seconds
# A job this young has its message on the way; and so many are told again at once.
_ON_THE_WAY, _AT_ONCE = timedelta(seconds=2), 100


def serve(slots: Mapping[str, int], *, interval: float) -> int:
    """Until it is told to stop; the exit status. `slots` are how many jobs of each queue run at once."""
    if len(slots) > 1:
        return _serve_each(slots, interval)
    ((queue, count),) = slots.items()
    keeper = Maintenance(slots)
    registry.sweep(_Recount(queue))
    app.steps["consumer"].add(_Pulse)
    app.task(_runner(keeper.worker_id, queue), name=RUN_JOB)
    celery_signals.setup_logging.connect(_leave_logging_alone)
    celery_signals.worker_shutting_down.connect(_stop)
    looking = threading.Thread(target=_look, args=[keeper, interval], name="keeper", daemon=True)
    looking.start()
    app.Worker(
        hostname=keeper.worker_id,
        queues=[name_of(queue)],
        pool="threads",
        concurrency=count,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()
    _stop()
    looking.join(GRACE)
    keeper.sign_off()
    return 0


class _Pulse(bootsteps.StartStopStep):
    """Wakes the loop: between two messages of RabbitMQ it would sleep on, and not see that it is to end."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, consumer: Any) -> None:
        self._beat = consumer.timer.call_repeatedly(1.0, bool)

    def stop(self, consumer: Any) -> None:
        self._beat.cancel()


def _look(keeper: Maintenance, interval: float) -> None:
    while not stopping.is_set():
        keeper.look()
        woken.wait(interval)
        woken.clear()
    connections.close_all()


def _stop(**_: Any) -> None:
    stopping.set()
    woken.set()


def _leave_logging_alone(**_: Any) -> None:
    """Whoever is connected here keeps Celery from setting up logs."""


def _runner(worker_id: str, queue: str) -> Callable[[str], None]:
    """What a message makes a worker do: the job of its queue that is next, whichever the message names."""

    def run_job(job_id: str) -> None:
        if stopping.is_set():
            return
        try:
            row = running.claim(worker_id, [queue])
            if row is not None:
                running.run(row)
        except Error:  # the job still waits, and is told again
            logger.exception("job %s can't be looked up", job_id)
        finally:
            connections.close_all()

    return run_job


class _Recount:
    """A sweep: where more jobs wait than messages, some got lost, and are told again."""

    def __init__(self, queue: str) -> None:
        self._queue, self._due = queue, 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _BETWEEN_COUNTS
        old = timezone.now() - _ON_THE_WAY
        waiting = DBTaskResult.objects.ready().filter(queue_name=self._queue, enqueued_at__lt=old)
        if not (jobs := waiting.count()) or (messages := waiting_messages(self._queue)) is None:
            return
        for job_id in list(waiting.values_list("pk", flat=True)[: min(max(0, jobs - messages), _AT_ONCE)]):
            if not announce(self._queue, str(job_id)):
                break


def _serve_each(slots: Mapping[str, int], interval: float) -> int:
    """A process for each queue, so that a long job of one keeps no other back. Where one ends by itself, all
    do: whoever started us starts us again.
    """
    own = [sys.executable, "-m", "orders_portal", "run_worker", "--interval", str(interval), "--queues"]
    without_port = {**os.environ, "WORKER_METRICS_PORT": "0"}  # it is ours
    children = [
        subprocess.Popen([*own, f"{queue}={count}"], env=without_port, preexec_fn=processes.end_with_parent)
        for queue, count in slots.items()
    ]
    while not stopping.is_set() and all(child.poll() is None for child in children):
        stopping.wait(0.2)
    is_wanted = stopping.is_set()
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE + 5
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if is_wanted else 1
