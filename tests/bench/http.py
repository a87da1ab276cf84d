"""Clients for measuring: as little of their own work as possible, on raw sockets."""

import re
import selectors
import socket
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_PATIENCE = 20.0


class BrokenAnswer(Exception):
    """Not a 200 with a length: then nothing that was measured counts."""


@dataclass(frozen=True)
class Timing:
    """`first` and `last` byte in seconds after the request, or after the dialling where it is new."""

    first: float
    last: float
    size: int


def request_bytes(path: str, *, cookie: str = "", gzip: bool = False, close: bool = False) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += ["Accept-Encoding: gzip"] if gzip else []
    lines += ["Connection: close"] if close else []
    return "\r\n".join([*lines, "", ""]).encode()


def _dial(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def whole_length(received: bytes | bytearray) -> int | None:
    """How many bytes the answer has with its head; None until the head is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = _LENGTH.search(received, 0, end)
    if not received.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")) or length is None:
        raise BrokenAnswer(bytes(received[: min(end, 200)]))
    return end + 4 + int(length[1])


class Connection:
    """One client that keeps its connection, or dials anew for each request."""

    def __init__(self, port: int, *, is_new_each_time: bool = False) -> None:
        self._port = port
        self._is_new_each_time = is_new_each_time
        self._sock: socket.socket | None = None
        self.body = b""

    def ask(self, request: bytes) -> Timing:
        if self._sock is not None and self._has_ended(self._sock):
            self.close()
        started = time.perf_counter()
        if self._sock is None:
            self._sock = _dial(self._port)
            if not self._is_new_each_time:
                started = time.perf_counter()
        try:
            self._sock.sendall(request)
            received = bytearray(self._receive(self._sock))
            first = time.perf_counter() - started
            while (length := whole_length(received)) is None or len(received) < length:
                received += self._receive(self._sock)
        except BaseException:
            self.close()
            raise
        last = time.perf_counter() - started
        self.body = bytes(received.partition(b"\r\n\r\n")[2])
        if self._is_new_each_time:
            self.close()
        return Timing(first, last, len(self.body))

    @staticmethod
    def _has_ended(sock: socket.socket) -> bool:
        """Whether the server has closed the idle connection meanwhile."""
        sock.setblocking(False)
        try:
            return not sock.recv(1)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            sock.settimeout(_PATIENCE)

    @staticmethod
    def _receive(sock: socket.socket) -> bytes:
        data = sock.recv(262_144)
        if not data:
            raise BrokenAnswer("the connection ended early")
        return data

    def close(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None


def pages_per_second(port: int, request: bytes, *, clients: int, seconds: float) -> float:
    """`clients` kept-alive connections, each asking again as soon as it has its answer.

    All of them live in this one thread: a Python thread each would cost more than the pages.
    """
    with selectors.DefaultSelector() as selector:
        socks = [_dial(port) for _ in range(clients)]
        try:
            for sock in socks:
                selector.register(sock, selectors.EVENT_READ, bytearray())
                sock.sendall(request)
            done, started = 0, time.perf_counter()
            ends_at = started + seconds
            # A rate needs one answer at least, however slow.
            while (now := time.perf_counter()) < ends_at or (not done and now < started + _PATIENCE):
                for key, _ in selector.select(max(0.01, ends_at - now)):
                    done += _one_step(key, request)
            if not done:
                raise BrokenAnswer("no answer in time")
            return done / (time.perf_counter() - started)
        finally:
            for sock in socks:
                sock.close()


def _one_step(key: selectors.SelectorKey, request: bytes) -> int:
    """Take what has come; 1 where that completes an answer, and the next one is asked for."""
    sock, received = key.fileobj, key.data
    assert isinstance(sock, socket.socket)
    data = sock.recv(262_144)
    if not data:
        raise BrokenAnswer("the connection ended early")
    received += data
    length = whole_length(received)
    if length is None or len(received) < length:
        return 0
    received.clear()
    sock.sendall(request)
    return 1
