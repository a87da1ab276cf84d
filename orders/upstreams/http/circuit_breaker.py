"""Stops asking an upstream that keeps failing, for all workers, and remembers its health."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from orders.domain.errors import CircuitOpen
from orders.upstreams.http.recent_calls import Recent, RecentCalls
from orders.upstreams.http.shared_state import Cache, SharedState

# An hour without any call tells nothing about an upstream; then it is asked as if nothing had been.
_REMEMBERED = 3600.0
_HEALTH_KEPT = 7 * 86400.0
_STATE_KEPT = 400 * 86400.0
# A success is noted at most this often by each worker: health is for people, not worth a write a
# call.
_NOTE_EVERY = 5.0

# How a call ended, as far as the upstream's health goes: these causes are failures, `bad-answer`
# and what never reached the upstream say nothing, and every other answer proves that it works.
_FAILURES = frozenset({"unavailable", "timeout"})
_NEUTRAL = frozenset({"bad-answer", "not-configured", "busy"})
# Answers that people should see and that are no success: it works, but not for us, or not so often.
_REFUSALS = frozenset({"credentials", "rate-limited"})
# A customer for whom a call failed is no probe for so long: it may be the reason.
_NO_PROBE_FOR = 60.0


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls of all workers tell about an upstream. `retry_after` is in seconds.

    `asked_since` is when the breaker closed, or the first answer that anybody remembers; single calls
    may have failed since.
    """

    last_success: datetime | None = None
    last_failure: datetime | None = None
    last_cause: str = ""
    failing_since: datetime | None = None
    asked_since: datetime | None = None
    is_open: bool = False
    retry_after: int | None = None


class Permit(msgspec.Struct, frozen=True):
    """Leave to make one call. Give it back with `CircuitBreaker.record`."""

    is_probe: bool = False
    seen_failing: bool = False
    customer: str = ""


class CircuitBreaker:
    """Opens for `open_for` seconds once half of the last half minute's calls failed: of at least
    `fewest_calls`, and for at least `fewest_customers` different customers, so that no single one,
    however often asked for, closes an upstream for all.

    After that exactly one call, the probe, may pass, for a customer that did not fail lately: an answer
    closes the breaker, a failure opens it again. A probe that is never heard of again blocks the
    next one for `probe_for` seconds, which must be longer than a call's deadline. No lock is held
    while a call runs. Without its cache the breaker is closed.
    """

    def __init__(
        self,
        cache: Cache,
        *,
        source: str,
        fewest_calls: int = 10,
        fewest_customers: int = 3,
        open_for: float = 15.0,
        probe_for: float = 60.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._state = SharedState(cache, prefix=f"upstream-breaker:{source}:")
        self._source = source
        self._fewest_calls = fewest_calls
        self._fewest_customers = fewest_customers
        self._open_for = open_for
        self._probe_for = probe_for
        self._now = now
        self._noted_success = 0.0
        self._recent = RecentCalls(self._state, now)

    def admit(self, customer_id: str = "") -> Permit:
        """Leave to call about a customer (blank: about none), or `CircuitOpen` with the whole seconds
        until the next probe."""
        customer = blake2b(customer_id.encode(), digest_size=12).hexdigest()
        state = self._state.get_many("open-until", "failing-since")
        seen_failing = "failing-since" in state
        until = _number(state.get("open-until"))
        if until is None:
            return Permit(seen_failing=seen_failing, customer=customer)
        may_probe = self._now() >= until and self._state.get(f"failed:{customer}") is None
        if may_probe and self._state.add("probe", 1, self._probe_for):
            # The last probe may have ended between our look and our lock: then its verdict counts.
            until = _number(self._state.get("open-until"))
            if until is None or self._now() >= until:
                return Permit(is_probe=True, seen_failing=True, customer=customer)
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
            "asked-since",
        )
        state = self._state.get_many(*names)
        until = _number(state.get("open-until"))
        return Health(
            last_success=_instant(state.get("last-success")),
            last_failure=_instant(state.get("last-failure")),
            last_cause=str(state.get("last-cause", "")),
            failing_since=_instant(state.get("failing-since")),
            asked_since=None if until is not None else _instant(state.get("asked-since")),
            is_open=until is not None,
            retry_after=None if until is None else self._seconds_until(until),
        )

    def _record_failure(self, permit: Permit, cause: str) -> None:
        moment = self._now()
        self._state.add("failing-since", moment, _REMEMBERED)
        self._note_failure(moment, cause)
        self._state.set(f"failed:{permit.customer}", 1, _NO_PROBE_FOR)
        recent = self._recent.failed(permit.customer)
        if permit.is_probe:
            self._state.set("open-until", moment + self._open_for, _REMEMBERED)
            self._state.delete("probe")
        elif self._is_enough(recent):
            # Not a second time for a call that was under way when it opened: nobody asked since.
            self._state.add("open-until", moment + self._open_for, _REMEMBERED)

    def _is_enough(self, recent: Recent) -> bool:
        return (
            recent.calls >= self._fewest_calls
            and 2 * recent.failures >= recent.calls
            and recent.customers >= self._fewest_customers
        )

    def _note_failure(self, moment: float, cause: str) -> None:
        self._state.set("last-failure", moment, _HEALTH_KEPT)
        self._state.set("last-cause", cause, _HEALTH_KEPT)
        self._noted_success = 0.0  # the next success is news

    def _record_answer(self, permit: Permit, cause: str) -> None:
        moment = self._now()
        if permit.is_probe:
            self._recent.forget()
            self._state.set("asked-since", moment, _STATE_KEPT)
            self._state.delete("failing-since", "open-until", "probe")
        elif permit.seen_failing and self._state.get("open-until") is None:
            self._state.delete("failing-since")
        self._recent.answered()
        if cause in _REFUSALS:
            self._note_failure(moment, cause)
        elif abs(moment - self._noted_success) >= _NOTE_EVERY:
            self._noted_success = moment
            self._state.set("last-success", moment, _HEALTH_KEPT)
            self._state.add("asked-since", moment, _STATE_KEPT)

    def _seconds_until(self, until: float) -> int:
        return max(1, math.ceil(until - self._now()))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _instant(value: object) -> datetime | None:
    number = _number(value)
    return None if number is None else datetime.fromtimestamp(number, UTC)
