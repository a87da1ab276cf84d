"""What gunicorn calls at the turns of its life; `gunicorn.conf.py` names these."""

import atexit
import os
import shutil
import tempfile
from typing import Any


def share_metrics() -> None:
    """A directory in which all processes of this server keep their numbers, unless one is named already.

    To be called before anything is counted. It is gone when the server is.
    """
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return
    directory = tempfile.mkdtemp(prefix="portal-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)


def post_worker_init(worker: Any) -> None:
    from orders.infrastructure import lifecycle
    from orders.upstreams.http.bulkhead import web_threads

    web_threads.are(worker.cfg.threads)

    lifecycle.ends_when(lambda: not worker.alive)


def child_exit(server: Any, worker: Any) -> None:
    """What a process that ended had in hand no longer counts; what it had counted still does."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the library's
