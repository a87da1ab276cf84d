"""Stops asking an upstream that keeps failing, for all workers, and remembers its health."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from orders.domain.errors import CircuitOpen
from orders.upstreams.sharing import Cache, SharedState

# An hour without any call tells nothing about an upstream; then it is asked as if nothing had been.
_REMEMBERED = 3600.0
_HEALTH_KEPT = 7 * 86400.0
# A success is noted at most this often by each worker: health is for people, not worth a write a
# call.
_NOTE_EVERY = 5.0

# How a call ended, as far as the upstream's health goes: these causes are failures, `bad-answer`
# and what never reached the upstream say nothing, and every other answer proves that it works.
_FAILURES = frozenset({"unavailable", "timeout", "rate-limited"})
_NEUTRAL = frozenset({"bad-answer", "not-configured"})


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls of all workers tell about an upstream. `retry_after` is in seconds."""

    last_success: datetime | None = None
    last_failure: datetime | None = None
    last_cause: str = ""
    failing_since: datetime | None = None
    is_open: bool = False
    retry_after: int | None = None


class Permit(msgspec.Struct, frozen=True):
    """Leave to make one call. Give it back with `Breaker.record`."""

    is_probe: bool = False
    seen_failing: bool = False


class Breaker:
    """Opens for `open_for` seconds after `threshold` failed calls in a row within `window` s.

    After that exactly one call, the probe, may pass: its success closes the breaker, its failure
    opens it again. A probe that is never heard of again blocks the next one for `probe_for`
    seconds, which must be longer than a call's deadline. No lock is held while a call runs.
    Without its cache the breaker is closed.
    """

    def __init__(
        self,
        cache: Cache,
        *,
        source: str,
        threshold: int = 10,
        window: float = 60.0,
        open_for: float = 15.0,
        probe_for: float = 60.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._state = SharedState(cache, prefix=f"upstream-breaker:{source}:")
        self._source = source
        self._threshold = threshold
        self._window = window
        self._open_for = open_for
        self._probe_for = probe_for
        self._now = now
        self._noted_success = 0.0

    def admit(self) -> Permit:
        """Leave to call, or `CircuitOpen` with the whole seconds until the next probe."""
        state = self._state.get_many("open-until", "failing-since")
        seen_failing = "failing-since" in state
        until = _number(state.get("open-until"))
        if until is None:
            return Permit(seen_failing=seen_failing)
        if self._now() >= until and self._state.add("probe", 1, self._probe_for):
            # The last probe may have ended between our look and our lock: then its verdict counts.
            until = _number(self._state.get("open-until"))
            if until is None or self._now() >= until:
                return Permit(is_probe=True, seen_failing=True)
            self._state.delete("probe")
        raise CircuitOpen(
            source=self._source,
            retry_after=self._seconds_until(until),
            failing_since=_instant(state.get("failing-since")),
            detail="not asked, because it has been failing",
        )

    def record(self, permit: Permit, cause: str = "") -> None:
        """How the permitted call ended: a word of `orders.domain.errors`, empty for a success."""
        if cause in _FAILURES:
            self._record_failure(permit, cause)
        elif cause in _NEUTRAL:
            if permit.is_probe:
                self._state.delete("probe")
        else:
            self._record_answer(permit, cause)

    def health(self) -> Health:
        """For the home page; everything empty where nothing is known."""
        names = (
            "last-success",
            "last-failure",
            "last-cause",
            "failing-since",
            "open-until",
        )
        state = self._state.get_many(*names)
        until = _number(state.get("open-until"))
        return Health(
            last_success=_instant(state.get("last-success")),
            last_failure=_instant(state.get("last-failure")),
            last_cause=str(state.get("last-cause", "")),
            failing_since=_instant(state.get("failing-since")),
            is_open=until is not None,
            retry_after=None if until is None else self._seconds_until(until),
        )

    def _record_failure(self, permit: Permit, cause: str) -> None:
        moment = self._now()
        self._state.add("failing-since", moment, _REMEMBERED)
        self._note_failure(moment, cause)
        failures = self._state.count("failures", self._window)
        if permit.is_probe:
            self._state.set("open-until", moment + self._open_for, _REMEMBERED)
            self._state.delete("probe")
        elif failures >= self._threshold:
            # Not a second time for a call that was under way when it opened: nobody asked since.
            self._state.add("open-until", moment + self._open_for, _REMEMBERED)

    def _note_failure(self, moment: float, cause: str) -> None:
        self._state.set("last-failure", moment, _HEALTH_KEPT)
        self._state.set("last-cause", cause, _HEALTH_KEPT)
        self._noted_success = 0.0  # the next success is news

    def _record_answer(self, permit: Permit, cause: str) -> None:
        moment = self._now()
        if permit.seen_failing:
            self._state.delete("failures", "failing-since", "open-until")
        if permit.is_probe:
            self._state.delete("probe")
        if cause == "credentials":
            # It works, but not for us: people should see that, and not a success.
            self._note_failure(moment, cause)
        elif abs(moment - self._noted_success) >= _NOTE_EVERY:
            self._noted_success = moment
            self._state.set("last-success", moment, _HEALTH_KEPT)

    def _seconds_until(self, until: float) -> int:
        return max(1, math.ceil(until - self._now()))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _instant(value: object) -> datetime | None:
    number = _number(value)
    return None if number is None else datetime.fromtimestamp(number, UTC)
