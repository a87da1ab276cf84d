"""What comes back of a call: which bodies and connections are taken, and which error it ends in."""

import gzip
import logging
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from orders.domain import errors
from orders.upstreams.base import Problem
from orders.upstreams.credentials.tokens import NoCredentials
from orders.upstreams.http.circuit_breaker import CircuitBreaker
from orders.upstreams.http.sender import Limits, Sender
from tests import faultserver
from tests.faultserver import FaultServer, Script, answer
from tests.upstreams.doubles import API_KEY, TOKEN, Sleeps, failure, fresh_cache, ids, transport_to


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("framing", ["length", "chunked", "close", "gzip"])
def test_bodies_are_bounded_after_decompression(framing: str, extra: int) -> None:
    body = b" " * (100_000 + extra)
    packed = gzip.compress(body)
    scripts = {
        "length": answer(200, body),
        "chunked": faultserver.raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"%x\r\n" % len(body)
            + body
            + b"\r\n0\r\n\r\n"
        ),
        "close": faultserver.raw(b"HTTP/1.1 200 OK\r\n\r\n" + body),
        "gzip": answer(200, packed, {"Content-Encoding": "gzip"}),
    }
    with (
        FaultServer(scripts[framing]) as server,
        transport_to(server.url, limits=Limits(max_body=100_000)) as transport,
    ):
        if not extra:
            assert transport.get("/v3/x").body == body
        else:
            error = failure(transport)
            assert isinstance(error, errors.BadAnswer)
            assert error.detail == "the answer is longer than 100,000 bytes"
            assert error.exchange is not None
            assert not error.exchange.got_no_answer
            assert len(server.requests) == 1


def test_broken_compression_is_a_bad_answer() -> None:
    headers = {"Content-Encoding": "gzip"}
    with (
        FaultServer(answer(200, b"not gzip at all", headers)) as server,
        transport_to(server.url) as transport,
    ):
        error = failure(transport)
        assert isinstance(error, errors.BadAnswer)
        assert error.detail == "the answer could not be decompressed"


def test_connections_are_kept_alive_and_a_stale_one_is_replaced_silently() -> None:
    slept = Sleeps()
    with FaultServer() as server, transport_to(server.url, sleep=slept) as transport:
        for _ in range(5):
            transport.get("/v3/x")
        assert server.connections == 1

        # The server hangs up as the next request arrives: too late to notice before sending.
        server.scripts.append(faultserver.hang_up)
        made = transport.get("/v3/x")
        assert [one.outcome for one in made.exchange.attempts] == ["reset", "answered"]
        assert len({one.correlation_id for one in made.exchange.attempts}) == 1
        assert list(slept) == []

        # The server hangs up while nobody asks: noticed before sending.
        server.max_requests_per_connection = 1
        transport.get("/v3/x")
        time.sleep(0.05)
        assert len(transport.get("/v3/x").exchange.attempts) == 1


def test_a_long_idle_connection_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.upstreams.http.connections.MAX_IDLE", 0.05)
    with FaultServer() as server, transport_to(server.url) as transport:
        transport.get("/v3/x")
        transport.get("/v3/x")
        time.sleep(0.1)
        transport.get("/v3/x")
        assert server.connections == 2


def test_threads_share_the_pool_and_ids_never_repeat() -> None:
    with (
        FaultServer() as server,
        transport_to(server.url) as transport,
        ThreadPoolExecutor(16) as pool,
    ):
        answers = list(pool.map(lambda _: transport.get("/v3/x"), range(2000)))
        assert all(one.body == b"{}" for one in answers)
        assert server.connections <= 16
        request_ids, correlation_ids = ids(server)
    assert len(set(request_ids)) == len(set(correlation_ids)) == 2000


def test_what_the_vendor_says_is_cleaned_and_cut() -> None:
    said = f"bad \\u0007 token {TOKEN}\\u202e and Bearer abcdefgh12345678 " + "x" * 1000
    body = f'{{"code": "11\\u000032", "message": "{said}", "parameter": "offset"}}'.encode()
    with FaultServer(answer(400, body)) as server, transport_to(server.url) as transport:
        error = failure(transport)
        server.default = answer(501, body, {"X-Request-Id": f"theirs {TOKEN}"})
        exchange = failure(transport).exchange
    assert isinstance(error, errors.BadRequest)
    assert error.vendor_code == "11 32"
    assert error.parameter == "offset"
    expected = "bad token [redacted] and Bearer [redacted] "
    assert error.vendor_message.startswith(expected + "xxx")
    assert len(error.vendor_message) == 300
    assert exchange is not None
    assert exchange.upstream_request_id == "theirs [redacted]"


def test_a_cause_read_by_the_adapter_wins_over_the_status() -> None:
    with (
        FaultServer(answer(400, b'{"code": "1133"}')) as server,
        transport_to(server.url) as transport,
    ):
        assert type(failure(transport)) is errors.OutOfRange


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b'{"message": null}'])
def test_an_error_whose_body_cannot_be_read_is_still_that_error(body: bytes) -> None:
    with FaultServer(answer(404, body)) as server, transport_to(server.url) as transport:
        assert type(failure(transport)) is errors.NotFound


def test_bad_answer_keeps_the_exchange() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        made = transport.get("/v3/x")
        error = transport.bad_answer(made, "not JSON")
    assert (error.cause, error.status, error.detail) == ("bad-answer", 200, "not JSON")
    assert error.exchange is made.exchange


def test_without_credentials_nothing_is_asked() -> None:
    tokens = NoCredentials(source="adobe")
    with FaultServer() as server, transport_to(server.url, tokens=tokens) as transport:
        assert isinstance(failure(transport), errors.NotConfigured)
        assert server.connections == 0


def test_an_open_breaker_answers_without_asking() -> None:
    breaker = CircuitBreaker(fresh_cache(), source="adobe", fewest_calls=3)
    with (
        FaultServer() as server,
        transport_to(server.url, breaker=breaker, sleep=Sleeps()) as transport,
    ):
        server.default = answer(500)
        for number in range(3):
            assert type(failure(transport, customer_id=f"customer-{number}")) is errors.Unavailable
        assert len(server.requests) == 9
        started = time.monotonic()
        error = failure(transport)
        assert time.monotonic() - started < 0.1
        assert type(error) is errors.CircuitOpen
        assert error.cause == "unavailable"
        assert error.retry_after is not None
        assert 1 <= error.retry_after <= 15
        assert error.failing_since is not None
        assert error.exchange is not None
        assert len(server.requests) == 9


ECHOES = [
    answer(status, f'{{"message": "Authorization={TOKEN} and {API_KEY}"}}'.encode())
    for status in (400, 401, 403, 404, 409, 429, 500)
] + [
    faultserver.raw(f"HTTP/1.1 200 {TOKEN}\r\nContent-Length: x{TOKEN}\r\n\r\n".encode()),
    faultserver.raw(f"{API_KEY} {TOKEN}\r\n\r\n".encode()),
    answer(302, headers={"Location": f"http://127.0.0.1:1/?{TOKEN}", "X-Request-Id": TOKEN}),
    answer(200, declared=99),
    answer(200, b"{", {"Content-Length": "1, 2"}),
    answer(500, headers={"Retry-After": TOKEN, "X-Request-Id": API_KEY}),
    faultserver.reset,
    faultserver.hang_up,
]


@pytest.mark.parametrize("script", ECHOES)
def test_no_failure_tells_a_secret_or_an_address(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    for name in (None, "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    with FaultServer() as server, transport_to(server.url, sleep=Sleeps()) as transport:
        server.default = script
        error = failure(transport, "/v3/customers/4711", params=[("offer-id", "private-filter")])
    assert error.__cause__ is None
    assert error.__context__ is None
    told = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    within = [frame.f_locals for frame, _ in traceback.walk_tb(error.__traceback__)]
    told += str(within[1:]) + caplog.text + repr([vars(record) for record in caplog.records])
    assert [record.name for record in caplog.records] == ["orders.upstreams"]
    assert "private-filter" not in caplog.text
    assert "customers" not in caplog.text
    for secret in (TOKEN, API_KEY):
        assert secret not in told


def test_failures_are_logged_once_and_ordinary_ones_quietly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="orders.upstreams")
    with (
        FaultServer(answer(404), answer(403)) as server,
        transport_to(server.url) as transport,
    ):
        failure(transport)
        failure(transport)
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]
    assert caplog.messages[0].startswith("adobe: not-found, HTTP 404, request ")


class Interruptible(Sender):
    """Ctrl-C while it sends."""

    is_interrupted = False

    def send(self, *given: Any, **named: Any) -> Any:
        if self.is_interrupted:
            raise KeyboardInterrupt
        return super().send(*given, **named)


def test_a_fault_of_ours_is_an_error_in_the_log_and_no_failure_of_the_upstream(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def read_our_fault(status: int, body: bytes) -> Problem:
        return Problem(cause="our-fault", code="4119")

    breaker = CircuitBreaker(fresh_cache(), source="adobe", fewest_calls=1, fewest_customers=1)
    with (
        FaultServer() as server,
        transport_to(server.url, breaker=breaker, read_problem=read_our_fault) as transport,
    ):
        server.default = answer(400)
        for _ in range(3):
            assert type(failure(transport)) is errors.OurFault
        assert len(server.requests) == 3
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert not breaker.health().is_open


def test_an_interrupted_probe_leaves_the_breaker_usable() -> None:
    sender, before = Interruptible(), threading.active_count()  # others of this process are none of ours
    breaker = CircuitBreaker(fresh_cache(), source="adobe", fewest_calls=1, fewest_customers=1, open_for=0.0)
    with (
        FaultServer() as server,
        transport_to(server.url, breaker=breaker, sender=sender, sleep=Sleeps()) as transport,
    ):
        server.scripts.extend([answer(500)] * 3)
        failure(transport, customer_id="1")

        sender.is_interrupted = True
        with pytest.raises(KeyboardInterrupt):
            transport.get("/v3/x", customer_id="2")
        sender.is_interrupted = False
        assert transport.get("/v3/x", customer_id="2").body == b"{}"
    assert threading.active_count() < before + 10
