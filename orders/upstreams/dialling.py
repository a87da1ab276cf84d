"""Connections that keep to a budget and stand under the watchdog, and their pools."""

import socket
import threading
from time import monotonic

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
)

from orders.upstreams.watchdog import Guard, current_guard

# Load balancers and address translators forget a silent connection after about a minute, some
# without telling us; a request on such a connection would wait for its whole read timeout.
MAX_IDLE = 50.0

_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]


class _Guarded(HTTPConnection):
    """What the plain and the TLS connection have in common."""

    guard: Guard | None = None
    idle_since = 0.0
    was_used = False

    def _new_conn(self) -> socket.socket:
        self.was_used = False
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

    def request(self, *args: object, **kwargs: object) -> None:
        if self.sock is not None:  # kept alive, or TLS, which connects before it is asked to send
            self._come_under_guard(self.sock)
        super().request(*args, **kwargs)  # type: ignore[arg-type]  # handed through

    def _come_under_guard(self, sock: socket.socket) -> None:
        guard = current_guard()
        if guard is not None and guard is not self.guard:
            guard.attach(sock)
            guard.reused = self.was_used
            self.guard = guard

    def retire(self) -> None:
        """Back to the pool: another call may own the socket next, so the guard lets go first."""
        guard, self.guard = self.guard, None
        if guard is not None and not guard.detach():
            self.close()
        self.was_used = True
        self.idle_since = monotonic()


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
