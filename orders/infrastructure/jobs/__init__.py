"""Work in the background: jobs in queues, and what is done every so many seconds.

A job is a function under `@task(queue_name=…)` (Django's tasks API). `enqueue` makes its row, in the same
transaction as whatever it is about; `manage.py run_worker` runs it, on either engine (`WORKER_ENGINE`). A job
whose worker died runs again, so it has to be idempotent. docs/architecture.md says how to add one.
"""

from orders.infrastructure.background_tasks import task
from orders.infrastructure.job_queues import FILES, QUEUES, REFRESHES, SCHEDULES, WATCHES
from orders.infrastructure.jobs.registry import every, sweep
from orders.infrastructure.jobs.signals import stopping
from orders.infrastructure.jobs.state import QueueState, alive_workers, enqueue_once, queue_states, waiting

__all__ = [
    "FILES",
    "QUEUES",
    "REFRESHES",
    "SCHEDULES",
    "WATCHES",
    "QueueState",
    "alive_workers",
    "enqueue_once",
    "every",
    "queue_states",
    "stopping",
    "sweep",
    "task",
    "waiting",
]
