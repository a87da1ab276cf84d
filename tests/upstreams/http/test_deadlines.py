"""No upstream, however it misbehaves, holds a call longer than its deadline."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from orders.domain.errors import BadAnswer, TimedOut, Unavailable, UpstreamError
from orders.upstreams.http.sender import Limits
from tests import faultserver
from tests.faultserver import Certificate, FaultServer, Script
from tests.upstreams.doubles import transport_to

DEADLINE = 1.0
SLACK = 0.25
LIMITS = Limits(connect_timeout=0.8, read_timeout=30, deadline=DEADLINE, max_body=1_000_000)

SLOW = [
    faultserver.silence,
    faultserver.stall_after_headers,
    faultserver.stall_within_body,
    faultserver.drip_headers,
    faultserver.drip_body,
    faultserver.drip_unbounded_body,
    faultserver.drip_chunks,
]
BROKEN = {
    faultserver.reset: Unavailable,
    faultserver.hang_up: Unavailable,
    faultserver.reset_within_body: BadAnswer,
    faultserver.endless: BadAnswer,
    faultserver.answer(declared=10): BadAnswer,
    faultserver.answer(declared=10_000_000): BadAnswer,
    faultserver.raw(b"SSH-2.0-OpenSSH_9.2\r\n"): BadAnswer,
    faultserver.raw(b"\x00" * 100_000): BadAnswer,
    faultserver.raw(b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 500 + b"\r\n{}"): BadAnswer,
}


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Threads and sockets are back within a second; the watchdog's own thread stays."""
    with FaultServer() as server, transport_to(server.url) as transport:
        transport.get("/warm-up")  # starts what is there for good
    threads, descriptors = set(threading.enumerate()), _descriptors()
    yield
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        if set(threading.enumerate()) <= threads and _descriptors() <= descriptors:
            return
        time.sleep(0.02)
    assert set(threading.enumerate()) <= threads
    assert _descriptors() <= descriptors


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def _failure_and_seconds(url: str, ca_file: str = "") -> tuple[UpstreamError, float]:
    """How a call ended, and the shortest it took in up to three goes.

    A busy machine may wake us late; what holds a call up for real does so every time.
    """
    shortest = float("inf")
    with transport_to(url, limits=LIMITS, ca_file=ca_file) as transport:
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(UpstreamError) as caught:
                transport.get("/v3/customers/1/orders")
            shortest = min(shortest, time.monotonic() - started)
            if shortest <= DEADLINE + SLACK:
                break
        return caught.value, shortest


@pytest.mark.parametrize("script", SLOW, ids=lambda script: script.__name__)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_slow_upstream_is_given_up_at_the_deadline(
    script: Script, scheme: str, request: pytest.FixtureRequest
) -> None:
    tls = request.getfixturevalue("certificate") if scheme == "https" else None
    with FaultServer(certificate=tls) as server:
        server.default = script
        error, seconds = _failure_and_seconds(server.url, str(tls.path) if tls else "")
    assert isinstance(error, TimedOut)
    assert DEADLINE - 0.05 <= seconds <= DEADLINE + SLACK
    assert error.exchange is not None
    assert error.exchange.attempts[-1].outcome == "deadline"
    assert error.exchange.got_no_answer


@pytest.mark.parametrize(("script", "kind"), BROKEN.items())
def test_a_broken_upstream_fails_within_the_deadline(script: Script, kind: type[UpstreamError]) -> None:
    with FaultServer() as server:
        server.default = script
        error, seconds = _failure_and_seconds(server.url)
    assert type(error) is kind
    assert seconds <= DEADLINE + SLACK


@pytest.mark.parametrize(
    "handshake", [faultserver.silence, lambda connection: connection.drip(b"\x16\x03\x01" * 99)]
)
def test_a_slow_tls_handshake_is_given_up(handshake: Script, certificate: Certificate) -> None:
    with FaultServer(certificate=certificate) as server:
        server.handshake = handshake
        error, seconds = _failure_and_seconds(server.url, str(certificate.path))
    assert isinstance(error, TimedOut | Unavailable)
    assert seconds <= DEADLINE + SLACK


def test_a_host_that_drops_our_packets_is_given_up() -> None:
    # A listener whose queue is full behaves like a host behind a silent firewall.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        time.sleep(0.05)
        error, seconds = _failure_and_seconds(f"http://127.0.0.1:{listener.getsockname()[1]}")
        for filler in fillers:
            filler.close()
    assert isinstance(error, TimedOut)
    assert seconds <= DEADLINE + SLACK


def test_a_stalled_name_service_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    look_up = socket.getaddrinfo

    def stalled(host: str, port: int, family: int, kind: int, protocol: int, flags: int) -> Any:
        if flags:
            return look_up(host, port, family, kind, protocol, flags)
        answered.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", stalled)
    error, seconds = _failure_and_seconds("http://upstream.example")
    answered.set()
    assert isinstance(error, TimedOut)
    assert seconds <= DEADLINE + SLACK


def unknown(host: str, *_: object) -> object:
    raise socket.gaierror(socket.EAI_NONAME, f"{host} is not known")


def test_unknown_hosts_refused_connections_and_bad_certificates_are_unavailable(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as server:
        closed = server.url
    error, _ = _failure_and_seconds(closed)
    assert (error.cause, error.detail) == ("unavailable", "the connection was refused")
    with monkeypatch.context() as patch:
        # The real name service may take its time to say so.
        patch.setattr(socket, "getaddrinfo", unknown)
        error, _ = _failure_and_seconds("http://no-such-host.invalid")
    assert (error.cause, error.detail) == ("unavailable", "its host name could not be resolved")
    with FaultServer(certificate=certificate) as server:
        error, _ = _failure_and_seconds(server.url)
        assert error.cause == "unavailable"
        assert error.detail.startswith("its TLS certificate could not be verified (self")
        assert server.requests == []
        assert error.exchange is not None
        assert len(error.exchange.attempts) == 1


def test_a_plain_server_behind_an_https_address_is_unavailable() -> None:
    with FaultServer() as server:
        server.handshake = faultserver.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        error, seconds = _failure_and_seconds(server.url.replace("http:", "https:"))
    assert isinstance(error, Unavailable)
    assert seconds <= DEADLINE + SLACK


def test_healthy_calls_beside_slow_ones_are_never_hurt() -> None:
    limits = Limits(connect_timeout=0.5, read_timeout=5, deadline=0.5)
    worst = 0.0
    with (
        FaultServer() as slow,
        FaultServer() as healthy,
        transport_to(slow.url, limits=limits) as to_slow,
        transport_to(healthy.url, limits=limits) as to_healthy,
        ThreadPoolExecutor(32) as pool,
    ):
        slow.default = faultserver.drip_body
        started = time.monotonic()

        def slow_call() -> float:
            begun = time.monotonic()
            with pytest.raises(TimedOut):
                to_slow.get("/slow")
            return time.monotonic() - begun

        slow_calls = [pool.submit(slow_call) for _ in range(24)]
        answers = [pool.submit(to_healthy.get, "/healthy") for _ in range(400)]
        assert all(one.result().body == b"{}" for one in answers)
        worst = max(one.result() for one in slow_calls)
        assert time.monotonic() - started < 5
    assert worst <= 0.5 + SLACK


def test_a_connection_that_was_answered_just_before_the_deadline_serves_again_or_is_gone() -> None:
    """Whoever wins the race, no later call meets a socket that was shut down for an earlier one."""
    ended = {"answered": 0, "late": 0}

    def at_the_last_moment(connection: faultserver.Connection) -> None:
        time.sleep(0.0585 + (time.monotonic_ns() % 7) / 4000)
        faultserver.answer()(connection)

    with FaultServer() as server, transport_to(server.url) as transport:
        for _ in range(60):
            server.scripts.append(at_the_last_moment)
            try:
                transport.get("/slow", deadline=time.monotonic() + 0.06)
                ended["answered"] += 1
            except TimedOut:
                ended["late"] += 1
            server.scripts.clear()
            answer = transport.get("/quick")
            assert [one.outcome for one in answer.exchange.attempts] == ["answered"]
    assert sum(ended.values()) == 60


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # it is what gunicorn does
def test_a_forked_process_keeps_deadlines_and_opens_its_own_connections() -> None:
    with FaultServer() as server, transport_to(server.url, limits=LIMITS) as transport:
        transport.get("/same")
        assert server.connections == 1
        server.scripts.extend([faultserver.answer(), faultserver.silence])  # for the child
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            verdict = b"failed"
            try:
                transport.get("/same")
                started = time.monotonic()
                try:
                    transport.get("/same")
                except TimedOut:
                    verdict = b"ok" if time.monotonic() - started < DEADLINE + SLACK else b"late"
            finally:
                os.write(writing, verdict)
                os._exit(0)
        os.close(writing)
        with open(reading, "rb") as pipe:
            verdict = pipe.read()
        os.waitpid(child, 0)
        assert transport.get("/same").body == b"{}"
        assert verdict == b"ok"
        assert server.connections == 2


def test_calls_may_share_a_deadline() -> None:
    with FaultServer() as server, transport_to(server.url) as transport:
        shared = time.monotonic() + 0.3
        transport.get("/first", deadline=shared)
        server.default = faultserver.silence
        started = time.monotonic()
        with pytest.raises(TimedOut):
            transport.get("/second", deadline=shared)
        assert time.monotonic() - started < 0.5
        with pytest.raises(TimedOut) as caught:
            transport.get("/third", deadline=shared)
        assert caught.value.exchange is not None
        assert caught.value.exchange.attempts == ()
        assert len(server.requests) == 2


def test_the_certificate_of_another_host_is_refused(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *asked: look_up("127.0.0.1", *asked))
    with FaultServer(certificate=certificate) as server:
        url = server.url.replace("127.0.0.1", "other.example")
        error, _ = _failure_and_seconds(url, str(certificate.path))
        assert error.detail.startswith("its TLS certificate could not be verified (Hostname")
        assert server.requests == []
