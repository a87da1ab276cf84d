"""One call for all who ask the same at once, and what those get who waited for it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from orders.domain import errors
from orders.domain.errors import CircuitOpen, TimedOut, Unavailable, UpstreamError
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.granted_rights import EVERYTHING
from orders.domain.queries import PageRequest
from orders.infrastructure import metrics, sealed_cache
from orders.sandbox import customers
from orders.services import shared_failures
from orders.services.saved_answers import Wish, pages
from orders.services.single_flight import SingleFlight
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.processes import wait_until

LARGE = customers.ADOBE_LARGE


def process() -> SingleFlight[str]:
    """What one of several processes knows of the others' calls: what stands in the cache."""
    return SingleFlight()


class Office:
    """People who ask one question at once; the call ends when `let_it_land` says so."""

    def __init__(self, ending):
        self.asked = 0
        self.let_it_land = threading.Event()
        self.saved = None
        self._ending = ending

    def ask(self):
        self.asked += 1
        assert self.let_it_land.wait(10)
        if isinstance(self._ending, UpstreamError):
            raise self._ending
        self.saved = self._ending
        return self._ending

    def outcome_in(self, flights, seconds=10.0):
        """What one of them gets: an answer and whether it was asked for them, or an error."""
        try:
            return flights.answer("q", self.ask, lambda: self.saved, source="adobe", seconds=seconds)
        except UpstreamError as error:
            return error

    def outcomes_in(self, *processes):
        """What all of them get, each in the process named for it; the first of them asks."""
        with ThreadPoolExecutor(len(processes)) as pool:
            running = [pool.submit(self.outcome_in, processes[0])]
            wait_until(lambda: self.asked, pause=0.005)
            running += [pool.submit(self.outcome_in, each) for each in processes[1:]]
            time.sleep(0.15)
            self.let_it_land.set()
            return [each.result(10) for each in running]


def failure():
    attempt = Attempt(
        request_id="r-1",
        correlation_id="c-1",
        started_at=datetime(2026, 11, 27, tzinfo=UTC),
        duration=0.1,
        outcome="timeout",
    )
    exchange = Exchange(source="adobe", method="GET", path="/v3/customers/1/orders", attempts=(attempt,))
    return Unavailable(source="adobe", exchange=exchange, status=503, vendor_message="dana@example.com")


@pytest.fixture(params=["one process", "two processes"])
def processes(request):
    """Where five people's requests arrive."""
    one, other = process(), process()
    return [one] * 5 if request.param == "one process" else [one, other, other, one, other]


def test_all_who_ask_at_once_get_what_one_of_them_asked_for(processes):
    office = Office("an answer")

    outcomes = office.outcomes_in(*processes)

    assert outcomes == [("an answer", True), *[("an answer", False)] * 4]
    assert office.asked == 1


def test_where_the_call_fails_all_who_waited_get_its_error(processes):
    office = Office(failure())

    first, *others = office.outcomes_in(*processes)

    assert office.asked == 1
    assert first is office._ending
    assert all(type(other) is Unavailable for other in others)
    assert {(other.exchange, other.status, other.vendor_message) for other in others} == {
        (first.exchange, 503, "dana@example.com")
    }
    assert [error.is_anothers for error in (first, *others)] == [False, True, True, True, True]


def test_nobody_waits_longer_than_a_page_may_take():
    office, flights = Office("late"), process()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(office.outcome_in, flights)
        wait_until(lambda: office.asked, pause=0.005)
        here = office.outcome_in(flights, seconds=0.1)
        elsewhere = office.outcome_in(process(), seconds=0.1)
        office.let_it_land.set()

        assert first.result(10) == ("late", True)
    assert (type(here), type(elsewhere)) == (TimedOut, TimedOut)
    assert here.exchange is None


def test_the_turn_of_a_process_that_was_killed_ends_by_itself():
    sealed_cache.take_turn("q", "killed", 0.2)
    office = Office("an answer")
    office.let_it_land.set()

    assert office.outcome_in(process()) == ("an answer", True)


def test_a_fault_of_ours_leaves_nobody_waiting():
    flights, endings = process(), [RuntimeError("ours"), "an answer"]
    began = threading.Event()

    def ask():
        ending = endings.pop(0)
        if isinstance(ending, RuntimeError):
            began.set()
            time.sleep(0.1)
            raise ending
        return ending

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.answer, "q", ask, lambda: None, source="adobe", seconds=5)
        began.wait(5)
        second = flights.answer("q", ask, lambda: None, source="adobe", seconds=5)

        assert second == ("an answer", True)
        with pytest.raises(RuntimeError, match="ours"):
            first.result(5)


def test_without_a_cache_each_process_asks_once(cache_away):
    office = Office("an answer")
    one, other = process(), process()

    outcomes = office.outcomes_in(one, other, one, other)

    assert [answer for answer, _ in outcomes] == ["an answer"] * 4
    assert office.asked == 2


@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, UpstreamError)],
)
def test_every_failure_is_told_as_it_was(kind):
    error = kind(source="adobe", status=500, retry_after=7, failing_since=datetime(2026, 1, 1, tzinfo=UTC))

    told = shared_failures.told(shared_failures.written(error))

    assert (type(told), vars(told)) == (kind, vars(error) | {"is_anothers": True})


def test_fifty_who_open_one_customer_at_once_make_one_call(upstreams, settings):
    settings.CACHE_FRESH, settings.UPSTREAM_IN_FLIGHT = 20, 50
    registry.forget_connections()
    upstreams.latency = 0.3
    ready = threading.Barrier(50)

    def look(_):
        ready.wait(10)
        return pages.answer(
            "adobe",
            ("a question",),
            Wish(rights=EVERYTHING, scope="all"),
            lambda: registry.connect("adobe").list_orders(LARGE, AdobeOrderQuery(), PageRequest()),
        )

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(look, range(50)))

    assert len(upstreams.requests) == 1
    assert sorted({answer.freshness.state for answer in answers}) == ["live", "saved"]
    assert len({answer.fetched.exchange.request_id for answer in answers}) == 1


def test_who_waits_for_somebody_elses_call_counts_as_in_flight(upstreams, settings):
    settings.CACHE_FRESH, settings.UPSTREAM_IN_FLIGHT = 20, 3
    registry.forget_connections()
    office = Office("somebody may go on")

    def look(question="one"):
        try:
            return pages.answer(
                "adobe", (question,), Wish(rights=EVERYTHING, scope="all"), ask
            ).freshness.state
        except UpstreamError as error:
            return error.cause

    def ask():
        office.ask()
        # The caller has a place already, though those who wait for it have all the others.
        return registry.connect("adobe").list_orders(LARGE, AdobeOrderQuery(), PageRequest())

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(look)
        wait_until(lambda: office.asked, pause=0.005)
        others = [pool.submit(look) for _ in range(2)]
        wait_until(lambda: in_flight("adobe") == 3, pause=0.005)

        assert (look(), look("another")) == ("busy", "busy")
        office.let_it_land.set()
        assert [first.result(10), *[each.result(10) for each in others]] == ["live", "saved", "saved"]
    assert (look(), in_flight("adobe"), len(upstreams.requests)) == ("saved", 0, 1)


def in_flight(source):
    return metrics.in_flight.labels(source)._value.get()


def test_while_a_breaker_is_open_nobody_waits_for_anybody():
    office = Office(CircuitOpen(source="adobe", retry_after=5))
    office.let_it_land.set()

    assert type(office.outcome_in(process())) is CircuitOpen
