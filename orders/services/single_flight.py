"""One call for all who ask the same at once: the first asks, the others wait for what becomes of it.

Within a process they wait for each other's threads; of several processes one takes its turn in the shared
cache, and the others look for its answer there. While the cache is away each process asks once.
"""

import time
import uuid
from collections.abc import Callable
from threading import Event, Lock
from typing import Generic, TypeVar

from orders.domain.errors import TimedOut, UpstreamError
from orders.infrastructure import sealed_cache
from orders.infrastructure.sealed_cache import SealedCache
from orders.services import shared_failures
from orders.services.shared_failures import SharedFailure

_LOOK_EVERY = 0.05  # seconds between two looks for another process's answer
_FAILURES_KEPT = 10.0  # seconds; who waits looks far sooner
_failures = SealedCache("failure", SharedFailure)

Answer = TypeVar("Answer")


class _Flight(Generic[Answer]):
    """One call under way in this process, and what became of it."""

    def __init__(self) -> None:
        self.has_landed = Event()
        self.answer: Answer | None = None
        self.failure: SharedFailure | None = None


class SingleFlight(Generic[Answer]):
    """The questions of this process that are being asked now, by name."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flights: dict[str, _Flight[Answer]] = {}

    def answer(
        self,
        name: str,
        ask: Callable[[], Answer],
        look: Callable[[], Answer | None],
        *,
        source: str,
        seconds: float,
    ) -> tuple[Answer, bool]:
        """The answer, and whether it was asked for this caller; or the `UpstreamError` that came instead.

        `look` gives an answer that was saved meanwhile. Whoever waits longer than `seconds`, for a call
        that began before, gets `TimedOut`.
        """
        until = time.monotonic() + seconds
        while True:
            with self._lock:
                flight = self._flights.get(name)
                is_first = flight is None
                if flight is None:
                    flight = self._flights[name] = _Flight()
            if is_first:
                return self._lead(name, flight, ask, look, source, until)
            if not flight.has_landed.wait(max(0.0, until - time.monotonic())):
                raise _waited_in_vain(source)
            if flight.failure is not None:
                raise shared_failures.told(flight.failure)
            if flight.answer is not None:
                return flight.answer, False
            # Whoever asked came to another end than an answer or a failure: somebody else asks.

    def _lead(
        self,
        name: str,
        flight: _Flight[Answer],
        ask: Callable[[], Answer],
        look: Callable[[], Answer | None],
        source: str,
        until: float,
    ) -> tuple[Answer, bool]:
        try:
            answer, is_own = _in_turn(name, ask, look, source, until)
            flight.answer = answer
            return answer, is_own
        except UpstreamError as error:
            flight.failure = shared_failures.written(error)
            raise
        finally:
            with self._lock:
                del self._flights[name]
            flight.has_landed.set()


def _in_turn(
    name: str,
    ask: Callable[[], Answer],
    look: Callable[[], Answer | None],
    source: str,
    until: float,
) -> tuple[Answer, bool]:
    """Ask in this process's turn, or take what another process got in its own."""
    mark = uuid.uuid4().hex
    # One that was killed while it asked holds the others up no longer than any call lasts.
    while sealed_cache.take_turn(name, mark, until - time.monotonic() + 1) is False:
        other = sealed_cache.whose_turn(name)
        while other and sealed_cache.whose_turn(name) == other:
            if time.monotonic() + _LOOK_EVERY >= until:
                raise _waited_in_vain(source)
            time.sleep(_LOOK_EVERY)
        if (found := look()) is not None:
            return found, False
        if other and (failure := _failures.get(_failures.name(other))) is not None:
            raise shared_failures.told(failure)
    try:
        # It may have been answered between our last look and our turn.
        if (found := look()) is not None:
            return found, False
        return ask(), True
    except UpstreamError as error:
        _failures.set(_failures.name(mark), shared_failures.written(error), _FAILURES_KEPT)
        raise
    finally:
        if sealed_cache.whose_turn(name) == mark:
            sealed_cache.end_turn(name)


def _waited_in_vain(source: str) -> TimedOut:
    detail = "somebody else's call of the same question was not answered in time"
    return TimedOut(source=source, detail=detail)
