"""How the calls of the last hour ended and how long they took, in steps of five minutes, by all workers.

For people to look at: nothing is decided by it, and a number may come a few seconds late.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Lock

from orders.domain.call_history import Slot
from orders.domain.exchanges import Exchange
from orders.upstreams.http.shared_state import SharedState

SLOTS = 12
SLOT = 300  # seconds
_BETWEEN_WRITES = 2.0
# Upper ends in seconds; what takes longer stands in one more.
_ENDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_FAILED = "failed"
_FAILURES = frozenset(
    {"unavailable", "timeout", "bad-answer", "credentials", "rate-limited", "not-configured"}
)


class LastHour:
    """`now` is in seconds since 1970."""

    def __init__(self, state: SharedState, now: Callable[[], float] = time.time) -> None:
        self._state = state
        self._now = now
        self._lock = Lock()
        self._counted: Counter[str] = Counter()
        self._written_at = 0.0

    def note(self, exchange: Exchange, cause: str) -> None:
        """A call's end: `cause` is a word of `orders.domain.errors`, empty for a success."""
        if not exchange.attempts:
            return  # nobody was asked
        column = _FAILED if cause in _FAILURES else str(bisect_left(_ENDS, exchange.duration))
        with self._lock:
            self._counted[f"{int(self._now() // SLOT)}:{column}"] += 1
            is_due = abs(self._now() - self._written_at) >= _BETWEEN_WRITES
        if is_due:
            self._write()

    def slots(self) -> Sequence[Slot]:
        """The oldest first; the last one is still being counted."""
        self._write()
        newest = int(self._now() // SLOT)
        numbers = range(newest - SLOTS + 1, newest + 1)
        columns = [str(each) for each in range(len(_ENDS) + 1)]
        found = self._state.get_many(
            *(f"{number}:{column}" for number in numbers for column in (*columns, _FAILED))
        )

        def count(number: int, column: str) -> int:
            return int(found.get(f"{number}:{column}", 0))

        return [
            _slot(number, [count(number, column) for column in columns], count(number, _FAILED))
            for number in numbers
        ]

    def _write(self) -> None:
        with self._lock:
            counted, self._counted = self._counted, Counter()
            self._written_at = self._now()
        for key, count in counted.items():
            self._state.count(key, (SLOTS + 1) * SLOT, by=count)


def _slot(number: int, counts: Sequence[int], failures: int) -> Slot:
    return Slot(
        began=datetime.fromtimestamp(number * SLOT, UTC),
        answers=sum(counts),
        failures=failures,
        median=_within(counts, 0.5),
        p95=_within(counts, 0.95),
    )


def _within(counts: Sequence[int], share: float) -> float | None:
    """Seconds within which this share of the answers came, to the end of the step it falls into."""
    total, reached = sum(counts), 0
    for end, count in zip((*_ENDS, _ENDS[-1]), counts, strict=True):
        reached += count
        if total and reached >= total * share:
            return end
    return None
