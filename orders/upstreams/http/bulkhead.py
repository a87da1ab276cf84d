"""A wall between upstreams: at most so many calls of this process are under way at one of them.

Whoever asks a silent upstream holds a thread of the web server until the deadline. Without a limit the first
silent upstream takes them all, and pages that ask nobody wait behind it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Protocol

from orders.domain.errors import Busy
from orders.domain.urgency import Urgency

LONGEST_WAIT = 0.5  # seconds that a page waits for a place
FLOWS_WITHIN = 0.5  # an upstream that answered nobody for so long, while asked, is taken to be silent
_FEWEST_WAITING = 2  # pages that may wait for a silent upstream; each holds a thread
# Threads of the web server for pages that ask nobody: one in so many, and no more than that.
_ONE_SPARE_IN = 8
_MOST_SPARE = 2

# What a file and a refresh leave free for pages, as a share of the places.
_SHARES = {Urgency.PAGE: 1.0, Urgency.FILE: 2 / 3, Urgency.REFRESH: 1 / 2}


class Threads:
    """The threads of this process's web server, which all its bulkheads share; no limit elsewhere."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: Counter[str] = Counter()
        self._count: int | None = None

    def are(self, count: int) -> None:
        self._count = count

    def for_one(self) -> int:
        """How many may wait or ask at an upstream that is silent: half, since the other may be as well."""
        return (self._count or 0) // 2

    def take(self, source: str, *, is_silent: bool = False) -> bool:
        """Whether there is one for a page at `source`. While that answers nobody, some stay free for the
        others, and for all else.
        """
        with self._lock:
            spare = min(_MOST_SPARE, (self._count or 0) // _ONE_SPARE_IN)
            mine, of_all = self._taken[source], self._taken.total()
            if (
                self._count is not None
                and is_silent
                and (of_all >= self._count - spare or mine >= self._count - 2 * spare)
            ):
                return False
            self._taken[source] += 1
            return True

    def give_back(self, source: str) -> None:
        with self._lock:
            self._taken[source] -= 1


web_threads = Threads()


class Bulkhead:
    """`places` for calls to one upstream; the next one waits, a page at most half a second.

    Places that come free go to pages first, then to files, then to refreshes. While nothing is answered at
    all only a few wait, the others are refused at once. `places` 0 is no limit.
    """

    def __init__(
        self,
        source: str,
        *,
        places: int,
        threads: Threads = web_threads,
        observe: "Observer | None" = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._places = places
        self._threads = threads
        self._observe: Observer = observe if observe is not None else _Unobserved()
        self._now = now
        self._lock = Lock()
        # One for each urgency: to wake all who wait whenever one may go on costs more than their pages.
        self._free = {urgency: Condition(self._lock) for urgency in Urgency}
        self._under_way = 0
        self._waiting = dict.fromkeys(Urgency, 0)
        # When it last answered, or was first asked since; None while there is nothing to wait for.
        self._flows_since: float | None = None

    @contextmanager
    def place(self, urgency: Urgency, until: float) -> Iterator["Place"]:
        """A place for one call, or `Busy`. `until` is an instant of the bulkhead's clock."""
        # A file asks from threads of its own, not from the web server's.
        holds_thread = urgency is Urgency.PAGE
        if holds_thread and not self._threads.take(self._source, is_silent=self._is_silent()):
            raise self._busy()
        try:
            self._take(urgency, min(until, self._now() + LONGEST_WAIT) if holds_thread else until)
            place = Place()
            try:
                yield place
            finally:
                self._give_back(place)
        finally:
            if holds_thread:
                self._threads.give_back(self._source)

    def _take(self, urgency: Urgency, until: float) -> None:
        with self._lock:
            if not self._has_place(urgency):
                self._wait(urgency, until)
            self._under_way += 1
            if self._flows_since is None:
                self._flows_since = self._now()
            self._observe.in_flight(self._source, self._under_way)

    def _wait(self, urgency: Urgency, until: float) -> None:
        # Who waits costs a thread, who is refused and asks again costs the processor.
        most_waiting = max(_FEWEST_WAITING, self._threads.for_one() - self._places)
        if urgency is Urgency.PAGE and self._is_silent() and self._waiting[urgency] >= most_waiting:
            raise self._busy()
        self._count_waiting(urgency, 1)
        try:
            while not self._has_place(urgency):
                left = until - self._now()
                if left <= 0 or not self._free[urgency].wait(left):
                    if self._has_place(urgency):
                        return
                    raise self._busy()
        finally:
            self._count_waiting(urgency, -1)
            self._wake()  # whoever was less urgent than this one may be next

    def _has_place(self, urgency: Urgency) -> bool:
        if not self._places:
            return True
        before = any(self._waiting[other] for other in Urgency if other < urgency)
        return not before and self._under_way < max(1, int(self._places * _SHARES[urgency]))

    def _is_silent(self) -> bool:
        return self._flows_since is not None and self._now() - self._flows_since > FLOWS_WITHIN

    def _give_back(self, place: "Place") -> None:
        with self._lock:
            self._under_way -= 1
            if place.was_answered:
                self._flows_since = self._now() if self._under_way else None
            self._observe.in_flight(self._source, self._under_way)
            self._wake()

    def _wake(self) -> None:
        for urgency in Urgency:
            if self._waiting[urgency] and self._has_place(urgency):
                self._free[urgency].notify()
                return

    def _count_waiting(self, urgency: Urgency, change: int) -> None:
        self._waiting[urgency] += change
        self._observe.waiting(self._source, sum(self._waiting.values()))

    def _busy(self) -> Busy:
        self._observe.refused(self._source)
        return Busy(source=self._source, retry_after=1, detail="not asked: too many calls are under way")


class Place:
    """`was_answered` is set where the upstream said anything: then it is slow perhaps, but not silent."""

    was_answered = False


class Observer(Protocol):
    """Told of what a bulkhead does: how many calls are under way and wait now, and each that it refused."""

    def in_flight(self, source: str, count: int) -> None: ...
    def waiting(self, source: str, count: int) -> None: ...
    def refused(self, source: str) -> None: ...


class _Unobserved:
    def in_flight(self, source: str, count: int) -> None:
        pass

    def waiting(self, source: str, count: int) -> None:
        pass

    def refused(self, source: str) -> None:
        pass
