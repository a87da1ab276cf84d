"""The embedded engine: jobs wait in the database, and threads of this process run them."""

import logging
import threading
import time
from collections.abc import Mapping

from django.db import Error, connections

from orders.infrastructure.job_queues import QUEUES
from orders.infrastructure.jobs import running
from orders.infrastructure.jobs.maintenance import Maintenance
from orders.infrastructure.jobs.signals import stopping, woken

logger = logging.getLogger(__name__)

GRACE = 25.0  # seconds for jobs to save how far they are; what is not back by then begins anew


class Worker:
    """`slots` says how many jobs of each queue run at once."""

    def __init__(self, slots: Mapping[str, int], *, interval: float) -> None:
        self._slots = {name: slots[name] for name in QUEUES if slots.get(name)}
        self._interval = interval
        self._maintenance = Maintenance(self._slots)
        self._lock = threading.Lock()
        self._threads: dict[threading.Thread, str] = {}

    def run(self) -> None:
        """Until it is told to stop; then what runs is given `GRACE` seconds."""
        while not stopping.is_set():
            self._maintenance.look()
            while not stopping.is_set() and (row := self._claim(self._free())) is not None:
                self._start(row)
            woken.wait(self._interval)
            woken.clear()
        self._end()

    def run_until_idle(self) -> None:
        """In this thread, one job after the other, until nothing waits."""
        while not stopping.is_set():
            self._maintenance.look()
            row = self._claim(list(self._slots))
            if row is None:
                break
            running.run(row)
        self._maintenance.sign_off()

    def _claim(self, queues: list[str]) -> running.Row | None:
        try:
            return running.claim(self._maintenance.worker_id, queues) if queues else None
        except Error:
            logger.exception("jobs can't be looked up")
            return None

    def _free(self) -> list[str]:
        with self._lock:
            taken = list(self._threads.values())
        return [name for name, slots in self._slots.items() if taken.count(name) < slots]

    def _start(self, row: running.Row) -> None:
        thread = threading.Thread(target=self._work, args=[row], name=f"job-{row.pk}", daemon=True)
        with self._lock:
            self._threads[thread] = row.queue_name
        thread.start()

    def _work(self, row: running.Row) -> None:
        try:
            running.run(row)
        finally:
            connections.close_all()
            with self._lock:
                del self._threads[threading.current_thread()]
            woken.set()

    def _end(self) -> None:
        deadline = time.monotonic() + GRACE
        for thread in list(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))
        self._maintenance.sign_off()
