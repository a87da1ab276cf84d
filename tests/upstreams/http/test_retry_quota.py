"""A dead upstream gets few retries; one that fails now and then gets them all."""

from uuid import uuid4

import pytest

from orders.domain.errors import Unavailable
from orders.infrastructure.shared_counts import DatabaseCounts
from orders.upstreams.http.retry_quota import MOST_RETRIES, RetryQuota
from orders.upstreams.http.shared_state import SharedState
from tests.faultserver import FaultServer, answer
from tests.upstreams.doubles import Sleeps, failure, fresh_cache, transport_to
from tests.upstreams.shared_caches import DeadCache, redis_cache


def test_five_hundred_calls_to_a_dead_upstream_make_few_attempts_more():
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        server.default = answer(503)
        for _ in range(500):
            failure(transport)

    assert len(server.requests) == 500 + MOST_RETRIES <= 536


@pytest.fixture(params=["locmem", "redis", "database"])
def counts(request):
    prefix = f"{uuid4()}:"
    if request.param == "database":
        request.getfixturevalue("db")
        return DatabaseCounts(prefix=prefix, meanwhile=SharedState(fresh_cache(), prefix=prefix))
    return SharedState(fresh_cache() if request.param == "locmem" else redis_cache(), prefix=prefix)


def test_all_processes_share_them_and_whoever_is_left_earns_them_back(counts):
    one, other = (RetryQuota(counts, most=3) for _ in range(2))
    assert [one.take(), other.take(), one.take(), other.take(), one.take()] == [True] * 3 + [False] * 2

    for _ in range(20):
        other.answered(retries=0)
    assert [one.take() for _ in range(4)] == [True, True, True, False]


def test_while_nobody_can_count_each_process_has_its_own():
    quota = RetryQuota(SharedState(DeadCache(), prefix=""), most=2)

    assert [quota.take() for _ in range(3)] == [True, True, False]


def test_where_one_call_in_five_fails_each_has_its_retry():
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        for _ in range(60):
            server.scripts.extend([answer(503), answer(200), *[answer(200)] * 4])
            for _ in range(5):
                transport.get("/v3/x")

    assert len(server.requests) == 60 * 6


def test_what_was_spent_is_earned_back_by_answers():
    quota = RetryQuota(most=2)
    assert [quota.take() for _ in range(3)] == [True, True, False]
    for _ in range(5):
        quota.answered(retries=0)
    assert [quota.take() for _ in range(2)] == [True, False]
    quota.answered(retries=2)
    quota.answered(retries=2)
    assert [quota.take() for _ in range(3)] == [True, True, False]


def test_a_throttled_call_waits_and_costs_nothing():
    with (
        FaultServer() as server,
        transport_to(server.url, sleep=Sleeps(), quota=RetryQuota(most=0)) as transport,
    ):
        server.scripts.extend([answer(429), answer(200)])
        transport.get("/v3/x")

    assert len(server.requests) == 2


def test_without_quota_the_first_failure_stands():
    with (
        FaultServer() as server,
        transport_to(server.url, sleep=Sleeps(), quota=RetryQuota(most=0)) as transport,
    ):
        server.default = answer(503)
        assert isinstance(failure(transport), Unavailable)

    assert len(server.requests) == 1
