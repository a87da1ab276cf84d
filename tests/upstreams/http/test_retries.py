"""Which error a call ends in, what it repeats, after which wait, and under which identifiers."""

import time

import pytest

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.upstreams.http.sender import Limits
from tests import faultserver
from tests.faultserver import FaultServer, Script, answer
from tests.upstreams.doubles import Sleeps, failure, ids, transport_to

OUTCOMES = [
    # status, error, HTTP attempts
    (201, errors.BadAnswer, 1),
    (204, errors.BadAnswer, 1),
    (206, errors.BadAnswer, 1),
    (301, errors.BadAnswer, 1),
    (302, errors.BadAnswer, 1),
    (304, errors.BadAnswer, 1),
    (307, errors.BadAnswer, 1),
    (400, errors.BadRequest, 1),
    (401, errors.CredentialsRefused, 1),
    (403, errors.CredentialsRefused, 1),
    (404, errors.NotFound, 1),
    (405, errors.BadRequest, 1),
    (407, errors.ProxyRefused, 1),
    (409, errors.BadRequest, 1),
    (410, errors.BadRequest, 1),
    (414, errors.BadRequest, 1),
    (418, errors.BadRequest, 1),
    (422, errors.BadRequest, 1),
    (429, errors.RateLimited, 3),
    (500, errors.Unavailable, 3),
    (501, errors.Unavailable, 1),
    (502, errors.Unavailable, 3),
    (503, errors.Unavailable, 3),
    (504, errors.Unavailable, 3),
    (599, errors.Unavailable, 1),
    (600, errors.BadAnswer, 1),
]


NO_ANSWER: list[tuple[Script, type[UpstreamError]]] = [
    (faultserver.reset, errors.Unavailable),
    (faultserver.hang_up, errors.Unavailable),
    (faultserver.stall_after_headers, errors.TimedOut),
    (faultserver.silence, errors.TimedOut),
    (answer(408), errors.TimedOut),
    (answer(declared=10), errors.BadAnswer),
    (faultserver.raw(b"HTTP/1.1 200 OK\r\nContent-Type: applic"), errors.BadAnswer),
    (
        faultserver.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
        errors.BadAnswer,
    ),
]


@pytest.mark.parametrize(("status", "kind", "attempts"), OUTCOMES)
def test_each_status_has_its_error_and_any_answer_spends_the_correlation_id(
    status: int, kind: type[UpstreamError], attempts: int
) -> None:
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        body = b"" if status in {204, 304} else b'{"code": "77", "message": "no"}'
        server.default = answer(status, body, {"Location": "/elsewhere"})
        error = failure(transport, correlation_id="given-by-the-page")
        assert type(error) is kind
        assert error.status == status
        assert len(server.requests) == attempts
        request_ids, correlation_ids = ids(server)
    assert len(set(request_ids)) == attempts
    assert len(set(correlation_ids)) == attempts
    assert correlation_ids[0] == "given-by-the-page"
    exchange = error.exchange
    assert exchange is not None
    assert [one.request_id for one in exchange.attempts] == request_ids
    assert [one.correlation_id for one in exchange.attempts] == correlation_ids
    assert {one.status for one in exchange.attempts} == {status}
    assert not exchange.got_no_answer


@pytest.mark.parametrize(("script", "kind"), NO_ANSWER)
def test_without_a_complete_answer_the_correlation_id_is_kept(
    script: Script, kind: type[UpstreamError]
) -> None:
    limits = Limits(read_timeout=0.6)
    with (
        FaultServer() as server,
        transport_to(server.url, limits=limits, sleep=Sleeps()) as transport,
    ):
        server.default = script
        error = failure(transport, correlation_id="given-by-the-page")
        request_ids, correlation_ids = ids(server)
    assert type(error) is kind
    assert len(set(request_ids)) == 3
    assert correlation_ids == ["given-by-the-page"] * 3
    assert error.status is None
    assert error.exchange is not None
    assert error.exchange.got_no_answer


@pytest.mark.parametrize("first", [one for one, _ in NO_ANSWER])
def test_one_failure_is_repaired_by_a_repetition(first: Script) -> None:
    limits = Limits(read_timeout=0.6)
    with FaultServer(first) as server, transport_to(server.url, limits=limits) as transport:
        assert transport.get("/v3/x").body == b"{}"
        assert len(server.requests) == 2


def test_ids_change_from_the_first_answer_on() -> None:
    with (
        FaultServer(faultserver.hang_up, answer(500), faultserver.hang_up) as server,
        transport_to(server.url, sleep=Sleeps(), limits=Limits(attempts=4)) as transport,
    ):
        transport.get("/v3/x")
        _, (first, second, third, fourth) = ids(server)
    assert first == second
    assert third == fourth
    assert second != third


def test_the_last_attempt_decides_which_error_it_is() -> None:
    scripts = [answer(503), answer(429), faultserver.hang_up]
    with FaultServer(*scripts) as server, transport_to(server.url, sleep=Sleeps()) as transport:
        error = failure(transport)
    assert isinstance(error, errors.Unavailable)
    assert error.status is None
    assert error.exchange is not None
    assert [one.status for one in error.exchange.attempts] == [503, 429, None]


def test_a_wait_that_took_longer_than_planned_leaves_the_error_that_was() -> None:
    """On a busy machine a sleep of 50 ms may last until the deadline is past."""
    moment = [1000.0]

    def oversleep(seconds: float) -> None:
        moment[0] += 60.0

    with (
        FaultServer() as server,
        transport_to(server.url, sleep=oversleep, now=lambda: moment[0]) as transport,
    ):
        server.default = answer(503)
        error = failure(transport)
    assert isinstance(error, errors.Unavailable)
    assert error.status == 503
    assert len(server.requests) == 1


def test_a_deadline_within_the_wait_leaves_the_error_that_was() -> None:
    limits = Limits(deadline=0.5)
    with (
        FaultServer() as server,
        transport_to(server.url, limits=limits, jitter=lambda: 0.999) as transport,
    ):
        server.default = answer(429)
        started = time.monotonic()
        assert isinstance(failure(transport), errors.RateLimited)
        assert time.monotonic() - started < 0.2
        assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "waits"), [(500, [0.05, 0.1]), (503, [0.05, 0.1]), (429, [1.0, 2.0])])
def test_waits_double_and_are_random_from_nothing_up(status: int, waits: list[float]) -> None:
    for chance in (1.0, 0.5, 0.0):
        slept = Sleeps()
        with (
            FaultServer() as server,
            transport_to(server.url, sleep=slept, jitter=lambda at=chance: at) as transport,
        ):
            server.default = answer(status)
            failure(transport)
        assert list(slept) == [wait * chance for wait in waits if chance]


RETRY_AFTER = [
    # header, slept before the first repetition, reported
    ("1", 1.0, 1),
    ("3", 3.0, 3),
    ("30", None, 30),
    ("86400", None, 3600),
    ("9" * 40, None, 3600),
    ("0", 0.25, None),
    ("-5", 0.25, None),
    ("soon", 0.25, None),
    ("300s", 0.25, None),
    ("1e3", 0.25, None),
    ("", 0.25, None),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0.25, None),
    ("Thu, 99 Foo 2099 00:00:00 GMT", 0.25, None),
    ("Fri, 31 Dec 9999 23:59:59 GMT", None, 3600),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("value", "slept", "reported"), RETRY_AFTER)
def test_retry_after_is_obeyed_where_it_fits_and_reported_where_it_does_not(
    status: int, value: str, slept: float | None, reported: int | None
) -> None:
    sleeps = Sleeps()
    with (
        FaultServer() as server,
        transport_to(server.url, sleep=sleeps, jitter=lambda: 0.25) as transport,
    ):
        server.default = answer(status, headers={"Retry-After": value})
        error = failure(transport)
        asked = len(server.requests)
    assert error.retry_after == reported
    if slept is None:
        assert (list(sleeps), asked) == ([], 1)
    else:
        usual = slept == 0.25 and status == 503
        assert sleeps[0] == (0.25 * 0.05 if usual else slept)
        assert asked == 3


def test_retry_after_as_a_date_is_measured_against_the_answers_own_clock() -> None:
    sleeps = Sleeps()
    headers = {
        "Retry-After": "Mon, 01 Jan 2001 00:00:02 GMT",
        "Date": "Mon, 01 Jan 2001 00:00:00 GMT",
    }
    with (
        FaultServer(answer(429, headers=headers)) as server,
        transport_to(server.url, sleep=sleeps) as transport,
    ):
        transport.get("/v3/x")
        assert list(sleeps) == [2.0]
        sleeps.clear()
        server.scripts.append(answer(429, headers={"Retry-After": faultserver.http_date(3)}))
        transport.get("/v3/x")
        assert 1.5 < sleeps[0] <= 3.0
