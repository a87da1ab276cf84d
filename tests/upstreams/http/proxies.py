"""An outward proxy of a test's own: it opens tunnels, passes plain requests on, and remembers both."""

import base64
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


class _Handler(socketserver.StreamRequestHandler):
    server: "Proxy"
    rbufsize = 0  # what follows the head is passed on, and may not wait in a buffer here

    def handle(self) -> None:
        first = self.rfile.readline().decode("latin-1")
        head = []
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            head.append(line)
        if not first:
            return
        method, target, _ = first.split(" ")
        self.server.asked.append(f"{method} {target}")
        if self.server.password and not any(self.server.is_ours(line) for line in head):
            self.wfile.write(REFUSED)
            return
        where = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((where.hostname or "", where.port or 80)) as far:
            if method == "CONNECT":
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = target.partition(where.netloc)[2]
                far.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(head) + b"\r\n")
            threading.Thread(target=_copy, args=[self.connection, far], daemon=True).start()
            _copy(far, self.connection)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Proxy(socketserver.ThreadingTCPServer):
    """`asked` holds the method and target of each request to the proxy itself."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, password: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.password = password

    @property
    def url(self) -> str:
        who = f"portal:{self.password}@" if self.password else ""
        return f"http://{who}127.0.0.1:{self.server_address[1]}"

    def is_ours(self, line: bytes) -> bool:
        pair = base64.b64encode(f"portal:{self.password}".encode())
        return line.strip() == b"Proxy-Authorization: Basic " + pair

    def handle_error(self, *_: Any) -> None:
        """What breaks off is the tests' doing."""


@contextmanager
def proxy(password: str = "") -> Iterator[Proxy]:
    with Proxy(password) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
