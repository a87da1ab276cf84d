"""How the calls of the last half minute ended, counted by all workers together."""

import time
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from orders.upstreams.http.shared_state import SharedState

SLOTS = 6
SLOT = 5.0  # seconds
# Answers are counted together, at most so often by each worker: they are news only beside failures.
_BETWEEN_WRITES = 1.0


class Recent(NamedTuple):
    """Within the last `SLOTS` slots: calls that ended, those that failed, and for how many customers."""

    calls: int = 0
    failures: int = 0
    customers: int = 0


class RecentCalls:
    """`now` is in seconds since 1970. A customer that fails all the time counts once in a window."""

    def __init__(self, state: SharedState, now: Callable[[], float] = time.time) -> None:
        self._state = state
        self._now = now
        self._lock = Lock()
        self._answers = 0
        self._written_at = 0.0

    def answered(self) -> None:
        with self._lock:
            self._answers += 1
            is_due = abs(self._now() - self._written_at) >= _BETWEEN_WRITES
        if is_due:
            self._write_answers()

    def failed(self, customer: str) -> Recent:
        """Count one more failure, about this customer; what has been counted by now."""
        self._write_answers()
        self._count("calls")
        self._count("failures")
        if self._state.add(f"failing:{customer}", 1, SLOTS * SLOT):
            self._count("customers")
        return self._counted()

    def forget(self) -> None:
        """What was before has nothing to say any more."""
        self._state.delete(*(name for kind in Recent._fields for name in self._names(kind)))

    def _counted(self) -> Recent:
        found = self._state.get_many(*(name for kind in Recent._fields for name in self._names(kind)))
        return Recent(
            *(sum(int(found.get(name, 0)) for name in self._names(kind)) for kind in Recent._fields)
        )

    def _write_answers(self) -> None:
        with self._lock:
            answers, self._answers = self._answers, 0
            self._written_at = self._now()
        if answers:
            self._count("calls", answers)

    def _count(self, kind: str, by: int = 1) -> None:
        self._state.count(self._names(kind)[0], (SLOTS + 1) * SLOT, by=by)

    def _names(self, kind: str) -> list[str]:
        slot = int(self._now() // SLOT)
        return [f"{kind}:{slot - age}" for age in range(SLOTS)]
