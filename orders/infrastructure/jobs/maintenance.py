"""What each worker does beside its jobs, on either engine: signs of life, sweeps, periodic jobs."""

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from uuid import uuid4

from django.conf import settings
from django.db import Error, close_old_connections

from orders.infrastructure.jobs import periodic_jobs, recovery, registry

logger = logging.getLogger(__name__)

_BETWEEN_SIGNS = 5.0  # seconds; oftener where the lease is short
_BETWEEN_CLEANINGS = 60.0


class Maintenance:
    """Of one worker. `look` is called about once a second, always by the same thread."""

    def __init__(self, queues: Mapping[str, int]) -> None:
        registry.load()
        self.worker_id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"[-64:]
        self._queues = queues
        self._sign_due = self._cleaning_due = 0.0

    def look(self) -> None:
        """Raises nothing: leases outlast a database that is away, and we look again."""
        close_old_connections()
        self._attempt(self._give_sign)
        for look in registry.sweeps:
            self._attempt(look)
        self._attempt(periodic_jobs.enqueue_due)
        if time.monotonic() >= self._cleaning_due:
            self._cleaning_due = time.monotonic() + _BETWEEN_CLEANINGS
            self._attempt(recovery.forget_finished)

    def sign_off(self) -> None:
        self._attempt(lambda: recovery.sign_off(self.worker_id))

    def _give_sign(self) -> None:
        if time.monotonic() < self._sign_due:
            return
        self._sign_due = time.monotonic() + min(_BETWEEN_SIGNS, settings.EXPORT_LEASE / 4)
        recovery.give_sign(self.worker_id, self._queues)
        recovery.give_back_lost(self.worker_id)

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Error:
            self._sign_due = 0.0
            logger.exception("jobs can't be looked up")
        except Exception:
            logger.exception("a look of the worker's failed")
