"""`manage.py run_worker`: runs everything that happens in the background, until it is interrupted.

Start as many of these as are needed, on any machine that has the database and the files' directory.
"""

import logging
import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orders.exports.jobs import file_place
from orders.infrastructure import background_tasks, metrics_server
from orders.infrastructure import job_queues as queues
from orders.infrastructure.jobs import signals
from orders.infrastructure.jobs.worker import Worker
from orders_portal import server_hooks


class Command(BaseCommand):
    help = (
        "Makes files, refreshes, watches and schedules in the background until it is interrupted; what is "
        "unfinished then goes back to its queue."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queues",
            default=settings.WORKER_QUEUES,
            help="which queues, and how many jobs of each at once, as in files=2,refreshes=1 "
            "(default: WORKER_QUEUES, %(default)s)",
        )
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks at the queues")
        parser.add_argument("--until-idle", action="store_true", help="end when nothing is left to do")

    def handle(self, *args: Any, interval: float, until_idle: bool, **options: Any) -> None:
        try:
            slots = queues.parsed(options["queues"])
        except queues.BadQueues as error:
            raise CommandError(str(error)) from None
        for name in (background_tasks.LOGGER, "django_tasks_db", "celery"):
            logging.getLogger(name).setLevel(logging.WARNING)  # it tells of every job
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signals.stop)
        try:
            file_place.confirm(may_be_first=not until_idle)
        except file_place.OtherPlace as reason:
            raise CommandError(str(reason)) from None
        if settings.WORKER_METRICS_PORT and not until_idle:
            _serve_metrics(settings.WORKER_METRICS_PORT)
        if settings.WORKER_ENGINE == "celery" and not until_idle:
            from orders.infrastructure.jobs import celery_worker  # its packages need not be there

            sys.exit(celery_worker.serve(slots, interval=interval))
        worker = Worker(slots, interval=interval)
        if until_idle:
            worker.run_until_idle()
        else:
            worker.run()


def _serve_metrics(port: int) -> None:
    """On the engine `celery` each queue has a process, which keeps its numbers where this one finds them."""
    if settings.WORKER_ENGINE == "celery":
        server_hooks.share_metrics()
    try:
        metrics_server.start(port)
    except OSError:
        raise CommandError(
            f"Port {port} (WORKER_METRICS_PORT) is in use: each worker needs its own."
        ) from None
