"""An upstream's last hour in steps of five minutes, over all workers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from orders.domain.call_history import Slot
from orders.domain.exchanges import Attempt, Exchange
from orders.upstreams.http.last_hour import SLOTS, LastHour
from orders.upstreams.http.shared_state import SharedState
from tests.upstreams.doubles import fresh_cache
from tests.upstreams.shared_caches import DeadCache, redis_cache

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = START.timestamp()

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["locmem", "redis"])
def cache(request):
    return fresh_cache() if request.param == "locmem" else redis_cache()


def call(seconds: float = 0.1, attempts: int = 1) -> Exchange:
    attempt = Attempt(
        request_id="r",
        correlation_id="c",
        started_at=START,
        duration=seconds,
        status=200,
        outcome="answered",
    )
    return Exchange(
        source="adobe",
        method="GET",
        path="/x",
        query=(),
        attempts=(attempt,) * attempts,
        duration=seconds,
        started_at=START,
        upstream_request_id="",
    )


def test_answers_failures_and_times_stand_in_their_five_minutes(cache, clock):
    hour = LastHour(SharedState(cache, prefix=f"{uuid4()}:"), now=clock)
    for seconds in (0.09, 0.09, 0.09, 3.7):
        hour.note(call(seconds), "")
    hour.note(call(), "not-found")
    hour.note(call(8.0), "timeout")
    clock.time += 300
    hour.note(call(0.31), "")

    *before, full, last = hour.slots()

    assert {(slot.answers, slot.failures, slot.median, slot.p95) for slot in before} == {(0, 0, None, None)}
    assert full == Slot(began=START, answers=5, failures=1, median=0.1, p95=4.0)
    assert last == Slot(began=START + timedelta(minutes=5), answers=1, failures=0, median=0.4, p95=0.4)
    assert len(before) == SLOTS - 2


def test_after_an_hour_it_is_forgotten(cache, clock):
    hour = LastHour(SharedState(cache, prefix=f"{uuid4()}:"), now=clock)
    hour.note(call(), "")
    clock.time += 3600

    assert sum(slot.answers for slot in hour.slots()) == 0


def test_all_workers_are_counted_together(cache, clock):
    state = SharedState(cache, prefix=f"{uuid4()}:")
    one, other = LastHour(state, now=clock), LastHour(state, now=clock)
    for _ in range(3):
        one.note(call(), "")
        other.note(call(), "unavailable")
    clock.time += 2
    one.note(call(), "")
    other.note(call(), "unavailable")

    assert [(slot.answers, slot.failures) for slot in one.slots()][-1] == (4, 4)


@pytest.mark.parametrize("cause", ["busy", "not-configured", "unavailable"])
def test_what_was_not_asked_is_not_counted(clock, cause):
    hour = LastHour(SharedState(fresh_cache(), prefix="x:"), now=clock)
    hour.note(call(attempts=0), cause)

    assert sum(slot.answers + slot.failures for slot in hour.slots()) == 0


def test_without_the_cache_there_are_no_numbers(clock):
    hour = LastHour(SharedState(DeadCache(), prefix="x:"), now=clock)
    hour.note(call(), "")

    assert {slot.answers for slot in hour.slots()} == {0}
