"""A server on a raw socket that misbehaves as told, to the byte and to the second.

Each request takes the next script of the queue; a script is a function that gets the connection.
When the queue is empty `default` serves. Requests are recorded as they came.
"""

import contextlib
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Self


class Connection:
    """What a script writes to, and the request it answers. `stopping` is set when the server is closed."""

    def __init__(
        self, sock: socket.socket, stopping: threading.Event, request: "Request | None" = None
    ) -> None:
        self._sock = sock
        self._stopping = stopping
        self._request = request
        self.keep_alive = False

    @property
    def request(self) -> "Request":
        assert self._request is not None, "nothing is asked within a handshake"
        return self._request

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def stall(self, seconds: float = 30.0) -> None:
        """Say nothing until the other side hangs up, the server stops, or the time is over."""
        until = time.monotonic() + seconds
        self._sock.settimeout(0.05)
        while time.monotonic() < until and not self._stopping.is_set():
            try:
                if not self._sock.recv(4096):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def drip(self, data: bytes, every: float = 0.1) -> None:
        """One byte at a time, for as long as somebody listens."""
        for position in range(len(data)):
            if self._stopping.wait(every):
                return
            self.send(data[position : position + 1])

    def reset(self) -> None:
        """Hang up the hard way: the other side gets a reset, not an end."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()


class Request:
    """A request as it came: request line, headers by lower-case name, body."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        self.headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        self.body = body


Script = Callable[[Connection], None]


def answer(
    status: int = 200,
    body: bytes = b"{}",
    headers: Mapping[str, str] | None = None,
    *,
    declared: int | None = None,
) -> Script:
    """A plain answer; `declared` is the length it claims to have."""
    length = len(body) if declared is None else declared
    fields = {"Content-Type": "application/json", "Content-Length": str(length), **(headers or {})}
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{n}: {v}\r\n" for n, v in fields.items())

    def script(connection: Connection) -> None:
        connection.send(head.encode("latin-1") + b"\r\n" + body)
        connection.keep_alive = declared is None

    return script


def raw(data: bytes) -> Script:
    """Exactly these bytes, then the end."""
    return lambda connection: connection.send(data)


def kept(*parts: bytes, pause: float = 0.0) -> Script:
    """Exactly these bytes, a pause between the parts, and the connection stays open."""

    def script(connection: Connection) -> None:
        connection.keep_alive = True
        for number, part in enumerate(parts):
            if number and pause:
                time.sleep(pause)
            connection.send(part)

    return script


def http(
    status: int = 200, body: bytes = b"{}", *headers: str, version: str = "1.1", with_length: bool = True
) -> bytes:
    """An answer's bytes, with these header lines."""
    lines = [f"HTTP/{version} {status} Said", "Content-Type: application/json", *headers]
    lines += [f"Content-Length: {len(body)}"] if with_length else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def chunked(body: bytes, *headers: str) -> bytes:
    head = http(200, b"", "Transfer-Encoding: chunked", *headers, with_length=False)
    return head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def silence(connection: Connection) -> None:
    connection.stall()


def stall_after_headers(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    connection.stall()


def stall_within_body(connection: Connection) -> None:
    connection.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":')
    connection.stall()


def drip_headers(connection: Connection) -> None:
    connection.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000)


def drip_body(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    connection.drip(b" " * 1000)


def drip_unbounded_body(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    connection.drip(b"{}" + b" " * 1000)


def drip_chunks(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.drip(b"1\r\n \r\n" * 200)


def reset(connection: Connection) -> None:
    connection.reset()


def hang_up(connection: Connection) -> None:
    """Close without a word."""


def reset_within_body(connection: Connection) -> None:
    connection.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":')
    time.sleep(0.05)
    connection.reset()


def endless(connection: Connection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        connection.send(b" " * 65536)


class FaultServer:
    """A context manager; `url` is its address. `certificate` makes it speak TLS."""

    def __init__(self, *scripts: Script, certificate: "Certificate | None" = None) -> None:
        self.scripts: deque[Script] = deque(scripts)
        self.default: Script = answer()
        self.requests: list[Request] = []
        self.connections = 0
        self.max_requests_per_connection = 1_000_000
        self.handshake: Script | None = None
        self._tls = certificate.server_context() if certificate else None
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="faultserver", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.handshake is not None:
                self.handshake(Connection(sock, self._stopping))
                return
            if self._tls is not None:
                sock.settimeout(5)
                sock = self._tls.wrap_socket(sock, server_side=True)
            served = 0
            while served < self.max_requests_per_connection:
                request = self._read(sock)
                if request is None:
                    return
                self.requests.append(request)
                script = self.scripts.popleft() if self.scripts else self.default
                connection = Connection(sock, self._stopping, request)
                script(connection)
                served += 1
                if not connection.keep_alive:
                    return
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            sock.close()

    def _read(self, sock: socket.socket) -> Request | None:
        sock.settimeout(0.1)
        data = b""
        while b"\r\n\r\n" not in data:
            try:
                more = sock.recv(65536)
            except TimeoutError:
                if self._stopping.is_set():
                    return None
                continue
            if not more:
                return None
            data += more
        sock.settimeout(5)
        head, _, body = data.partition(b"\r\n\r\n")
        request = Request(head, body)
        length = int(request.headers.get("content-length", "0"))
        while len(request.body) < length:
            request.body += sock.recv(65536)
        return request


class Certificate:
    """A self-signed certificate for 127.0.0.1, made by the openssl command."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "certificate.pem"
        self.key = folder / "key.pem"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
                *("-keyout", str(self.key), "-out", str(self.path)),
            ],
            check=True,
            capture_output=True,
        )

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context


def http_date(seconds_from_now: float) -> str:
    return formatdate(time.time() + seconds_from_now, usegmt=True)
