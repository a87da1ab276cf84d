"""`manage.py run_exports`: makes the files that people asked for in the background, one at a time.

Start as many of these as files may be made at once, on any machine that has the database and EXPORT_DIR.
"""

import logging
import os
import signal
import socket
import threading
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from orders.exports import jobs, take_over
from orders.exports.tasks import QUEUE

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Makes files in the background until it is interrupted; an unfinished one goes back to the queue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks at the queue")
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is left to do")

    def handle(self, *args: Any, interval: float, until_idle: bool, **options: Any) -> None:
        # The engine tells of every look at an empty queue.
        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).setLevel(logging.WARNING)
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: jobs.stopping.set())
        worker = _Worker(f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"[:64])
        while not jobs.stopping.is_set():
            try:
                close_old_connections()
                take_over()
                if worker.did_something():
                    continue
            except Error:
                # The database is away or busy. Leases outlast that; we look again.
                logger.exception("exports can't be looked up")
            if until_idle:
                return
            jobs.stopping.wait(interval)


class _Worker(Worker):
    """The engine's own worker, a task at a time, so that we can look after exports in between."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(
            queue_names=[QUEUE],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=worker_id,
            excluded_queue_names=[],
        )

    def did_something(self) -> bool:
        """Run one task if there is one."""
        self._run_tasks = 0
        self.run()
        return bool(self._run_tasks)
