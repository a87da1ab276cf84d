"""The engine `celery`: a broker (Redis, RabbitMQ) says that there is a job, the database has the job.

A job's row is written as ever, in the transaction of whatever it is about; its ID goes to the broker when
that is committed. A message is a wake-up: whoever gets it takes the job of the queue that is next. So order
and priority are those of the database, a message that comes twice does nothing, and one that got lost is made
up for by workers that count fewer messages than jobs. Nothing of a job is in a message but its ID.
"""

import logging
import time
from functools import partial
from threading import Lock
from typing import Any

from celery import Celery
from django.conf import settings
from django.db import transaction
from django_tasks_db import DatabaseBackend
from kombu.connection import Connection
from kombu.pools import producers

logger = logging.getLogger(__name__)

RUN_JOB = "orders.run_job"

# Seconds that a page waits for a broker; and for which it is left alone after it did not answer.
_TIMEOUT, _COOL_DOWN = 1, 10.0
_OF_REDIS = {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
_OF_RABBIT = {"read_timeout": _TIMEOUT, "write_timeout": _TIMEOUT}

app = Celery("orders_portal", broker=settings.CELERY_BROKER_URL, set_as_current=False)
app.conf.update(
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_ignore_result=True,
    task_acks_late=False,  # the database knows what is not done yet
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
    worker_redirect_stdouts=False,
)

_left_alone_until = 0.0
_lock = Lock()


def name_of(queue: str) -> str:
    """The broker may have other people's queues, too."""
    return f"orders-portal.{queue}"


def _connection() -> Connection:
    url = settings.CELERY_BROKER_URL
    options = _OF_REDIS if url.startswith(("redis", "sentinel", "unix")) else _OF_RABBIT
    options = {**options, "max_retries": 0}  # else kombu sleeps for two seconds where it is refused at once
    return Connection(  # type: ignore[no-untyped-call]  # the library's
        url, connect_timeout=_TIMEOUT, transport_options=options
    )


def announce(queue: str, job_id: str) -> bool:
    """Tell a worker of the queue; whether the broker took it. Raises nothing, and waits a second at most."""
    global _left_alone_until
    if time.monotonic() < _left_alone_until:
        return False
    try:
        with producers[_connection()].acquire(block=True, timeout=_TIMEOUT) as producer:
            app.send_task(RUN_JOB, [job_id], queue=name_of(queue), producer=producer, retry=False)
    except Exception as error:  # each transport has errors of its own
        with _lock:
            _left_alone_until = time.monotonic() + _COOL_DOWN
        logger.warning("the broker can't be told of job %s: %s", job_id, type(error).__name__)
        return False
    return True


def waiting_messages(queue: str) -> int | None:
    """How many the broker has that nobody has taken; None where it can't be asked."""
    try:
        with _connection() as connection, connection.channel() as channel:
            declared = channel.queue_declare(queue=name_of(queue), durable=True, auto_delete=False)
    except Exception as error:
        logger.warning("the broker can't be asked: %s", type(error).__name__)
        return None
    return int(declared.message_count)


class CeleryBackend(DatabaseBackend):
    """Django's tasks API over both."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        result: Any = super().enqueue(task, args, kwargs)
        transaction.on_commit(partial(announce, task.queue_name, str(result.id)), robust=True)
        return result
