"""An upstream that keeps failing is left alone, and one probe finds out when it is back."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

import pytest

from orders.domain.errors import CircuitOpen
from orders.upstreams.http.circuit_breaker import CircuitBreaker, Health, Permit
from tests.upstreams.doubles import fresh_cache
from tests.upstreams.shared_caches import DeadCache, redis_cache

START = 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["locmem", "redis"])
def cache(request: pytest.FixtureRequest) -> Any:
    return fresh_cache() if request.param == "locmem" else redis_cache()


@pytest.fixture
def breaker(cache: Any, clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(cache, source=f"test-{uuid4()}", fewest_calls=3, now=clock)


def fail(breaker: CircuitBreaker, times: int = 1, cause: str = "unavailable", about: str = "") -> None:
    """So many calls fail, each for another customer, unless they are all `about` one."""
    for _ in range(times):
        breaker.record(breaker.admit(about or f"customer-{uuid4()}"), cause)


def answer(breaker: CircuitBreaker, times: int = 1, cause: str = "") -> None:
    for _ in range(times):
        breaker.record(breaker.admit(), cause)


def is_open(breaker: CircuitBreaker) -> bool:
    try:
        breaker.record(breaker.admit(), "not-configured")
    except CircuitOpen:
        return True
    return False


@pytest.mark.parametrize("cause", ["unavailable", "timeout"])
def test_it_opens_after_enough_failures(breaker: CircuitBreaker, cause: str) -> None:
    fail(breaker, 2, cause)
    assert not is_open(breaker)
    fail(breaker, 1, cause)
    assert is_open(breaker)


ANSWERS = ["", "bad-request", "out-of-range", "not-found", "credentials", "rate-limited"]


@pytest.mark.parametrize("cause", ANSWERS)
def test_any_answer_counts_against_the_failures(breaker: CircuitBreaker, cause: str) -> None:
    answer(breaker, 5, cause)
    fail(breaker, 4)
    assert not is_open(breaker)
    fail(breaker, 1)
    assert is_open(breaker)


def test_the_next_answer_says_that_it_no_longer_fails(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    answer(breaker)
    assert breaker.health().failing_since is None


@pytest.mark.parametrize("cause", ["bad-answer", "not-configured", "busy"])
def test_what_tells_nothing_does_not_count(breaker: CircuitBreaker, cause: str) -> None:
    fail(breaker, 5, cause)
    assert not is_open(breaker)
    fail(breaker, 2)
    fail(breaker, 5, cause)
    fail(breaker, 1)
    assert is_open(breaker)


def test_one_customer_never_opens_it_however_often_they_are_asked_for(breaker: CircuitBreaker) -> None:
    fail(breaker, 100, about="1000000137")
    fail(breaker, 100, about="1000000138")
    assert not is_open(breaker)
    fail(breaker, 1)
    assert is_open(breaker)


def test_half_of_all_calls_failing_opens_it(cache: Any, clock: Clock) -> None:
    breaker = CircuitBreaker(cache, source=f"test-{uuid4()}", now=clock)
    for _ in range(4):
        answer(breaker)
        fail(breaker)
        assert not is_open(breaker)
    answer(breaker)
    fail(breaker)
    assert is_open(breaker)


def test_answers_that_another_worker_got_count_as_well(cache: Any, clock: Clock) -> None:
    source = f"test-{uuid4()}"
    one, other = (CircuitBreaker(cache, source=source, now=clock) for _ in range(2))
    answer(one)
    answer(one, 19)
    clock.time += 1
    answer(one)
    fail(other, 12)
    assert not is_open(other)
    fail(other, 9)
    assert is_open(one)


def test_failures_far_apart_do_not_open_it(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 2)
    clock.time += 31
    fail(breaker, 2)
    assert not is_open(breaker)
    fail(breaker)
    assert is_open(breaker)


def test_it_says_since_when_and_until_when(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker)
    clock.time += 7
    fail(breaker, 2, "timeout")
    clock.time += 4.5
    with pytest.raises(CircuitOpen) as caught:
        breaker.admit()
    assert caught.value.retry_after == 11
    assert caught.value.failing_since == datetime.fromtimestamp(START, UTC)
    assert breaker.health() == Health(
        last_failure=datetime.fromtimestamp(START + 7, UTC),
        last_cause="timeout",
        failing_since=datetime.fromtimestamp(START, UTC),
        is_open=True,
        retry_after=11,
    )


def test_a_probe_that_succeeds_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.time += 15
    probe = breaker.admit()
    assert probe.is_probe
    assert is_open(breaker)
    breaker.record(probe)
    assert not is_open(breaker)
    health = breaker.health()
    assert (health.is_open, health.failing_since) == (False, None)
    assert health.last_success == health.asked_since == datetime.fromtimestamp(START + 15, UTC)
    fail(breaker, 2)
    assert not is_open(breaker)


def test_a_customer_that_failed_lately_is_no_probe(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 2)
    fail(breaker, 1, about="1000000137")
    clock.time += 15
    with pytest.raises(CircuitOpen):
        breaker.admit("1000000137")
    assert breaker.admit("1000000138").is_probe


def test_a_probe_that_fails_opens_it_again(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.time += 15
    fail(breaker, 1, "timeout")
    clock.time += 14.9
    assert is_open(breaker)
    clock.time += 0.1
    assert breaker.admit().is_probe


def test_a_probe_that_tells_nothing_leaves_room_for_the_next(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.time += 15
    breaker.record(breaker.admit(), "bad-answer")
    assert breaker.admit().is_probe


def test_a_probe_that_is_never_heard_of_again_does_not_block_for_good(cache: Any) -> None:
    breaker = CircuitBreaker(
        cache, source=f"test-{uuid4()}", fewest_calls=1, fewest_customers=1, open_for=0.0, probe_for=1
    )
    fail(breaker)
    assert breaker.admit().is_probe
    assert is_open(breaker)
    time.sleep(1.1)
    assert breaker.admit().is_probe


def test_late_failures_do_not_keep_it_open_longer(breaker: CircuitBreaker, clock: Clock) -> None:
    under_way = [breaker.admit(f"under-way-{number}") for number in range(5)]
    fail(breaker, 3)
    clock.time += 10
    for permit in under_way:
        breaker.record(permit, "timeout")
    clock.time += 5
    assert breaker.admit().is_probe


def test_one_probe_for_many_threads(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.time += 15
    barrier = threading.Barrier(32)

    def ask(_: int) -> Permit | None:
        barrier.wait()
        try:
            return breaker.admit()
        except CircuitOpen:
            return None

    with ThreadPoolExecutor(32) as pool:
        permits = [permit for permit in pool.map(ask, range(32)) if permit is not None]
    assert [permit.is_probe for permit in permits] == [True]


def test_threads_do_not_wait_for_each_other(breaker: CircuitBreaker) -> None:
    def call(_: int) -> None:
        permit = breaker.admit()
        time.sleep(0.2)
        breaker.record(permit)

    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(8)))
    assert time.monotonic() - started < 1.2  # one after the other would take 1.6


def test_a_success_is_noted_but_not_every_time(breaker: CircuitBreaker, clock: Clock) -> None:
    for seconds in (0, 3, 3):
        clock.time += seconds
        breaker.record(breaker.admit())
    assert breaker.health().last_success == datetime.fromtimestamp(START + 6, UTC)
    clock.time += 4
    breaker.record(breaker.admit())
    assert breaker.health().last_success == datetime.fromtimestamp(START + 6, UTC)


def test_it_says_since_when_it_lets_calls_pass(breaker: CircuitBreaker, clock: Clock) -> None:
    assert breaker.health().asked_since is None
    breaker.record(breaker.admit())
    clock.time += 3600
    fail(breaker)
    breaker.record(breaker.admit())
    assert breaker.health().asked_since == datetime.fromtimestamp(START, UTC)
    clock.time += 31
    fail(breaker, 3)
    assert (breaker.health().is_open, breaker.health().asked_since) == (True, None)


def test_refused_credentials_prove_that_it_answers_but_are_no_success(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.record(breaker.admit(), "credentials")
    health = breaker.health()
    assert (health.last_cause, health.last_success) == ("credentials", None)
    assert health.failing_since is None


def test_without_its_cache_it_is_closed() -> None:
    cache = DeadCache()
    breaker = CircuitBreaker(cache, source="adobe", fewest_calls=1, fewest_customers=1)
    fail(breaker, 5)
    breaker.record(breaker.admit())
    assert breaker.health() == Health()
    assert cache.asked == 1  # and is left alone for a while


def test_two_sources_have_nothing_to_do_with_each_other() -> None:
    cache = fresh_cache()
    one, other = (
        CircuitBreaker(cache, source=name, fewest_calls=1, fewest_customers=1) for name in ("one", "other")
    )
    fail(one)
    assert is_open(one)
    assert not is_open(other)


def _probes(source: str, threads: int, results: Any) -> None:
    breaker = CircuitBreaker(redis_cache(), source=source, fewest_calls=1, fewest_customers=1)
    barrier = threading.Barrier(threads)

    def ask(_: int) -> int:
        barrier.wait()
        try:
            return int(breaker.admit().is_probe)
        except CircuitOpen:
            return 0

    with ThreadPoolExecutor(threads) as pool:
        results.put(sum(pool.map(ask, range(threads))))


@pytest.fixture
def workers() -> Any:
    redis_cache().close()
    return get_context("spawn")


def test_one_probe_for_several_processes(workers: Any) -> None:
    source = f"test-{uuid4()}"
    breaker = CircuitBreaker(redis_cache(), source=source, fewest_calls=1, fewest_customers=1, open_for=0.0)
    fail(breaker)
    results = workers.Queue()
    processes = [workers.Process(target=_probes, args=(source, 16, results)) for _ in range(2)]
    for process in processes:
        process.start()
    assert sum(results.get(timeout=30) for _ in processes) == 1
    for process in processes:
        process.join(10)
    results.close()
    results.join_thread()
