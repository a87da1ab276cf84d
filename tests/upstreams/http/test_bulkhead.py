"""At most so many calls of a process are under way at one upstream; the next one waits, pages first."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from orders.domain.errors import Busy
from orders.domain.urgency import Urgency
from orders.upstreams.http.bulkhead import LONGEST_WAIT, Bulkhead, Threads
from tests.faultserver import FaultServer
from tests.processes import wait_until
from tests.upstreams.doubles import failure, transport_to

PAGE, FILE, REFRESH = Urgency


class Seen:
    """What a bulkhead says of itself."""

    def __init__(self) -> None:
        self.under_way = self.most_under_way = self.waiting_now = self.refusals = 0

    def in_flight(self, source: str, count: int) -> None:
        self.under_way, self.most_under_way = count, max(self.most_under_way, count)

    def waiting(self, source: str, count: int) -> None:
        self.waiting_now = count

    def refused(self, source: str) -> None:
        self.refusals += 1


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def threads() -> Threads:
    return Threads()


@pytest.fixture
def made(seen: Seen, threads: Threads) -> Callable[[int], Bulkhead]:
    return lambda places: Bulkhead("adobe", places=places, threads=threads, observe=seen)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as found:
        yield found


def soon(seconds: float = 30.0) -> float:
    return time.monotonic() + seconds


def taken(stack: ExitStack, bulkhead: Bulkhead, urgency: Urgency = PAGE, times: int = 1) -> None:
    for _ in range(times):
        stack.enter_context(bulkhead.place(urgency, soon()))


def test_the_next_page_waits_half_a_second_and_is_refused(made, seen):
    bulkhead = made(2)
    with ExitStack() as stack:
        taken(stack, bulkhead, times=2)
        begun = time.monotonic()
        with pytest.raises(Busy) as refused, bulkhead.place(PAGE, soon()):
            pass
        waited = time.monotonic() - begun

    assert (refused.value.source, refused.value.cause, refused.value.retry_after) == ("adobe", "busy", 1)
    assert waited >= LONGEST_WAIT
    assert (seen.under_way, seen.most_under_way, seen.waiting_now, seen.refusals) == (0, 2, 0, 1)


def test_a_place_that_comes_free_meanwhile_is_taken(made, seen, pool):
    bulkhead = made(1)
    with ExitStack() as stack:
        taken(stack, bulkhead)
        waiting = pool.submit(_held, bulkhead, PAGE)
        wait_until(lambda: seen.waiting_now == 1, pause=0.005)
    assert waiting.result(10) == PAGE
    assert seen.refusals == 0


def test_places_that_come_free_go_to_pages_then_to_files_then_to_refreshes(made, seen, pool):
    bulkhead, served = made(1), list[Urgency]()
    with ExitStack() as stack:
        taken(stack, bulkhead)
        waiting: list[Future[None]] = []
        for number, urgency in enumerate((REFRESH, FILE, PAGE), start=1):
            waiting.append(pool.submit(_noted, bulkhead, urgency, served))
            wait_until(lambda: seen.waiting_now == number, pause=0.005)  # noqa: B023
    for each in waiting:
        each.result(10)

    assert served == [PAGE, FILE, REFRESH]


@pytest.mark.parametrize(("urgency", "most"), [(PAGE, 12), (FILE, 8), (REFRESH, 6)])
def test_files_and_refreshes_leave_places_for_pages(made, urgency, most):
    bulkhead = made(12)
    with ExitStack() as stack:
        taken(stack, bulkhead, urgency, times=most)
        with pytest.raises(Busy), bulkhead.place(urgency, soon(0.01)):
            pass


def test_a_file_waits_for_as_long_as_its_call_may_take(made, seen, pool):
    bulkhead = made(1)
    with ExitStack() as stack:
        taken(stack, bulkhead)
        waiting = pool.submit(_held, bulkhead, FILE)
        time.sleep(LONGEST_WAIT * 1.5)
        assert not waiting.done()
    assert waiting.result(10) == FILE


def test_few_wait_for_an_upstream_that_answers_nobody(made, seen, pool):
    bulkhead = made(1)
    with ExitStack() as stack:
        taken(stack, bulkhead)
        time.sleep(LONGEST_WAIT * 1.2)
        waiting = [pool.submit(_outcome, bulkhead) for _ in range(8)]
        at_once = [each for each in waiting if each.result(10) < LONGEST_WAIT / 2]

    assert len(at_once) >= 6
    assert seen.refusals == 8


def test_many_wait_for_one_that_answers(made, seen, pool):
    bulkhead = made(1)
    with ExitStack() as stack:
        place = stack.enter_context(bulkhead.place(PAGE, soon()))
        place.was_answered = True
        waiting = [pool.submit(_held, bulkhead, PAGE, 0.001) for _ in range(8)]
        wait_until(lambda: seen.waiting_now == 8, pause=0.005)
    assert [each.result(10) for each in waiting] == [PAGE] * 8


def test_threads_of_the_web_server_stay_free_for_pages_that_ask_nobody(seen, threads):
    adobe, fabric = (Bulkhead(name, places=12, threads=threads, observe=seen) for name in ("adobe", "fabric"))
    threads.are(16)
    with ExitStack() as stack:
        taken(stack, adobe, times=12)
        taken(stack, fabric, times=2)
        time.sleep(LONGEST_WAIT * 1.2)  # in which neither answers anybody
        with pytest.raises(Busy), fabric.place(PAGE, soon()):
            pass
        taken(stack, fabric, FILE)  # which has threads of its own
    with fabric.place(PAGE, soon()):
        pass


def test_a_server_with_few_threads_gives_them_all(seen, threads):
    bulkhead = Bulkhead("adobe", places=12, threads=threads, observe=seen)
    threads.are(4)
    with ExitStack() as stack:
        taken(stack, bulkhead, times=4)


def test_whatever_ends_a_call_gives_its_place_back(made):
    bulkhead = made(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), bulkhead.place(PAGE, soon()):
            raise ZeroDivisionError
    with bulkhead.place(PAGE, soon()):
        pass


def test_a_call_that_finds_no_place_asks_nobody_and_says_what_it_would_have_asked(made):
    bulkhead = made(1)
    with (
        FaultServer() as server,
        transport_to(server.url, bulkhead=bulkhead) as transport,
        bulkhead.place(PAGE, soon()),
    ):
        error = failure(transport, "/v3/customers/1/orders", params=[("limit", "25")])
        asked = list(server.requests)

    assert type(error) is Busy
    assert error.exchange is not None
    assert (error.exchange.path, error.exchange.query) == ("/v3/customers/1/orders", (("limit", "25"),))
    assert error.exchange.attempts == ()
    assert asked == []


def _held(bulkhead: Bulkhead, urgency: Urgency, seconds: float = 0.0) -> Urgency:
    with bulkhead.place(urgency, soon()) as place:
        time.sleep(seconds)
        place.was_answered = True
    return urgency


def _noted(bulkhead: Bulkhead, urgency: Urgency, served: list[Urgency]) -> None:
    with bulkhead.place(urgency, soon()):
        served.append(urgency)


def _outcome(bulkhead: Bulkhead) -> float:
    begun = time.monotonic()
    with pytest.raises(Busy), bulkhead.place(PAGE, soon()):
        pass
    return time.monotonic() - begun
