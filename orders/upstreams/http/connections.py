"""Connections that keep to a budget and stand under the watchdog, and their pools.

A connection is used again only after an answer that leaves no doubt where it ended, and only for a
question whose answer cannot be taken for another's: any question where the upstream repeats our request
ID on its answers, the same address where it does not.
"""

import socket
import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any

import msgspec
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
)

from orders.upstreams.answer_matching import Echo, echo_of
from orders.upstreams.http.deadlines import Guard, current_guard
from orders.upstreams.http.framing import FramedResponse

# Load balancers and address translators forget a silent connection after about a minute, some
# without telling us; a request on such a connection would wait for its whole read timeout.
MAX_IDLE = 50.0

_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]


_ANYTHING = ""


class _Question(msgspec.Struct, frozen=True):
    """What an answer is held against: the address without its query, and the request ID."""

    method: str
    path: str
    request_id: str


class _Guarded(HTTPConnection):
    """What the plain and the TLS connection have in common."""

    guard: Guard | None = None
    idle_since = 0.0
    was_used = False
    _question = _Question("", "", "")
    _answer: FramedResponse | None = None
    _kept_for = _ANYTHING  # the one path that may be asked for next

    def _new_conn(self) -> socket.socket:
        self.was_used = False
        self._kept_for = _ANYTHING
        timeout = self.timeout if isinstance(self.timeout, int | float) else 10.0
        sock = self._dial(monotonic() + timeout)
        self._come_under_guard(sock)
        return sock

    def _dial(self, give_up_at: float) -> socket.socket:
        # One budget for all addresses: the usual loop gives the full timeout to each of them.
        addresses = self._resolve(give_up_at)
        for position, (family, kind, protocol, _, address) in enumerate(addresses):
            share = (give_up_at - monotonic()) / (len(addresses) - position)
            sock = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(max(0.001, share))
                sock.connect(address)
                sock.settimeout(self.timeout)
                return sock
            except OSError as error:
                sock.close()
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, "no connection in time")
        raise NewConnectionError(self, failure.strerror or type(failure).__name__)

    def _resolve(self, give_up_at: float) -> list[_Address]:
        try:
            addresses = resolve(self._dns_host, self.port or self.default_port, give_up_at)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from None
        if addresses is None:
            raise ConnectTimeoutError(self, "no answer from the name service in time")
        return addresses

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        headers: Mapping[str, str] = kwargs.get("headers") or {}
        self._question = _Question(method, url.partition("?")[0], headers.get("X-Request-Id", ""))
        self._answer = None
        if self.sock is not None and self._kept_for not in (_ANYTHING, self._question.path):
            self._end_but_keep_the_way()  # and a new one is opened for what is sent
        if self.sock is not None:  # kept alive, or TLS, which connects before it is asked to send
            self._come_under_guard(self.sock)
        super().request(method, url, *args, **kwargs)

    def _end_but_keep_the_way(self) -> None:
        """Closed, a connection forgets that its way leads through a proxy, and to where."""
        host, scheme = self._tunnel_host, self._tunnel_scheme
        port, headers = self._tunnel_port, getattr(self, "_tunnel_headers", None)
        self.close()
        if host is not None:
            self.set_tunnel(host, port, headers, scheme or "http")

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> FramedResponse:  # type: ignore[override]
        """Where http.client looks for the class to make an answer of."""
        self._answer = FramedResponse(sock, *args, **kwargs)
        return self._answer

    def _come_under_guard(self, sock: socket.socket) -> None:
        guard = current_guard()
        if guard is not None and guard is not self.guard:
            guard.attach(sock)
            guard.reused = self.was_used
            self.guard = guard

    def retire(self) -> None:
        """Back to the pool: another call may own the socket next, so the guard lets go first."""
        guard, self.guard = self.guard, None
        if (guard is not None and not guard.detach()) or not self._may_be_kept():
            self.close()
        self._answer = None
        self.was_used = True
        self.idle_since = monotonic()

    def _may_be_kept(self) -> bool:
        """Any doubt is a no. Token services are asked once in a while: theirs are never kept."""
        answer, question = self._answer, self._question
        if answer is None or not answer.may_be_followed or question.method != "GET":
            return False
        said = ",".join(answer.headers.get_all("x-request-id") or ())
        echo = echo_of(said, (question.request_id,))
        self._kept_for = _ANYTHING if echo is Echo.OURS else question.path
        return echo is not Echo.FOREIGN


class GuardedHTTPConnection(_Guarded):
    """A plain connection under the watchdog."""


class GuardedHTTPSConnection(_Guarded, HTTPSConnection):
    """A TLS connection under the watchdog, its handshake included."""


class _GuardedPool(HTTPConnectionPool):
    def _get_conn(self, timeout: float | None = None) -> _Guarded:
        conn = super()._get_conn(timeout)
        assert isinstance(conn, _Guarded)
        if conn.sock is not None and monotonic() - conn.idle_since > MAX_IDLE:
            conn.close()
        return conn

    def _put_conn(self, conn: object) -> None:
        if isinstance(conn, _Guarded):
            conn.retire()
        super()._put_conn(conn)  # type: ignore[arg-type]  # handed through


class GuardedHTTPPool(_GuardedPool):
    ConnectionCls = GuardedHTTPConnection


class GuardedHTTPSPool(_GuardedPool, HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


def resolve(host: str, port: int, give_up_at: float) -> list[_Address] | None:
    """The host's addresses; None where the name service didn't answer by `give_up_at` (monotonic).

    Raises `socket.gaierror` for a name that doesn't exist. The system's resolver cannot be given
    a time limit, so it runs in a thread of its own, which ends when the resolver does.
    """
    try:
        return _look_up(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass
    outcome: list[list[_Address] | socket.gaierror] = []
    done = threading.Event()

    def look_up() -> None:
        try:
            outcome.append(_look_up(host, port, 0))
        except socket.gaierror as error:
            outcome.append(error)
        except (OSError, UnicodeError):
            outcome.append(socket.gaierror(socket.EAI_NONAME, "not a host name"))
        finally:
            done.set()

    threading.Thread(target=look_up, name="name-look-up", daemon=True).start()
    if not done.wait(max(0.0, give_up_at - monotonic())):
        return None
    if isinstance(outcome[0], socket.gaierror):
        raise outcome[0]
    return outcome[0]


def _look_up(host: str, port: int, flags: int) -> list[_Address]:
    found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, flags)
    return found  # type: ignore[return-value]  # typed for every family of sockets
