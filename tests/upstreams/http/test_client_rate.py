"""No more requests a second than agreed, over all processes; pages before files before refreshes."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from orders.domain.errors import Busy
from orders.domain.urgency import Urgency
from orders.infrastructure.shared_counts import DatabaseCounts
from orders.upstreams.http.client_rate import ClientRate
from orders.upstreams.http.shared_state import SharedState
from tests.faultserver import FaultServer, answer
from tests.upstreams.doubles import fresh_cache, transport_to
from tests.upstreams.shared_caches import DeadCache, redis_cache

PAGE, FILE, REFRESH = Urgency


class Clock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["locmem", "redis", "database"])
def cache(request):
    """Where is counted; None is the database."""
    if request.param == "database":
        request.getfixturevalue("db")
        return None
    return fresh_cache() if request.param == "locmem" else redis_cache()


def limited(cache, clock: Clock, rate: float = 20, name: str = "") -> ClientRate:
    prefix = f"{name or uuid4()}:"
    counts: Any = SharedState(cache or fresh_cache(), prefix=prefix)
    if cache is None:
        counts = DatabaseCounts(prefix=prefix, meanwhile=counts, now=clock)
    return ClientRate(counts, rate, takes_ahead=cache is None, now=clock, sleep=clock.sleep)


def admitted(rate: ClientRate, urgency: Urgency = PAGE, seconds: float = 0.0) -> int:
    count = 0
    while rate.wait(urgency, seconds):
        count += 1
    return count


def test_a_burst_is_one_seconds_worth(cache, clock):
    rate = limited(cache, clock)

    assert admitted(rate) == 20
    clock.sleep(0.5)
    assert admitted(rate) == 0
    clock.sleep(1.0)
    assert admitted(rate) == 10  # half of what was asked is still less than a second ago


def test_over_a_minute_it_is_the_rate(cache, clock):
    rate = limited(cache, clock)
    began = clock.time

    made = sum(rate.wait(FILE, 10) for _ in range(600))

    assert made == 600
    assert 600 / 20 - 1 <= (clock.time - began) * 0.9 <= 600 / 20 + 2


def test_all_processes_share_it(cache, clock):
    name = str(uuid4())
    one, other = (limited(cache, clock, name=name) for _ in range(2))

    assert admitted(one) + admitted(other) == 20


@pytest.mark.django_db
def test_in_the_database_a_busy_process_counts_many_at_once(clock, django_assert_max_num_queries):
    rate = limited(None, clock, rate=150)
    for _ in range(60):
        assert rate.wait(PAGE, 0)
    clock.sleep(1.0)

    with django_assert_max_num_queries(1 + 4 * 3):  # a transaction is three
        assert all(rate.wait(PAGE, 0) for _ in range(60))


@pytest.mark.django_db
def test_while_the_database_is_away_a_process_counts_for_itself(clock, monkeypatch):
    def away(*_):
        raise OperationalError("away")

    monkeypatch.setattr("orders.infrastructure.shared_counts.transaction_waiting", away)

    assert admitted(limited(None, clock)) == 20


@pytest.mark.parametrize(("urgency", "most"), [(PAGE, 20), (FILE, 18), (REFRESH, 15)])
def test_files_and_refreshes_leave_some_for_pages(cache, clock, urgency, most):
    assert admitted(limited(cache, clock), urgency) == most


def test_a_page_waits_half_a_second_and_a_file_as_long_as_it_may(cache, clock):
    rate = limited(cache, clock, rate=1)
    assert rate.wait(PAGE, 8)
    began = clock.time
    assert not rate.wait(PAGE, 8)
    assert clock.time - began == pytest.approx(0.5, abs=0.06)
    assert rate.wait(FILE, 8)


def test_after_a_429_it_is_half_for_as_long_as_was_asked(cache, clock):
    rate = limited(cache, clock)
    rate.slow_down(30)
    assert admitted(rate) == 10


def test_without_its_cache_nothing_is_held_back(clock):
    rate = limited(DeadCache(), clock, rate=1)

    assert all(rate.wait(PAGE, 0) for _ in range(50))


def test_a_call_out_of_turn_is_not_made(clock):
    rate = limited(fresh_cache(), clock, rate=2)
    with FaultServer() as server, transport_to(server.url, rate=rate) as transport:
        for _ in range(2):
            transport.get("/v3/x")
        with pytest.raises(Busy) as refused:
            transport.get("/v3/x")

    assert refused.value.retry_after == 1
    assert len(server.requests) == 2


def test_a_retry_takes_its_turn_as_well(clock):
    rate = limited(fresh_cache(), clock, rate=2)
    with FaultServer() as server, transport_to(server.url, rate=rate, sleep=clock.sleep) as transport:
        server.scripts.extend([answer(500)] * 3)
        with pytest.raises(Exception, match="HTTP 500"):
            transport.get("/v3/x")

    assert len(server.requests) == 2
