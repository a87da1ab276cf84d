"""The sandbox's HTTP server, and the handle by which tests and the demo hold it."""

import contextlib
import socket
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from orders.sandbox import credentials, customers
from orders.sandbox.adobe.api import Adobe, request_id_of, utc_now
from orders.sandbox.fabric.api import Fabric
from orders.sandbox.http import faults
from orders.sandbox.http.control import control_answer
from orders.sandbox.http.delivery import deliver
from orders.sandbox.http.log import RecordedRequest, RequestLog
from orders.sandbox.http.messages import Answer, Request
from orders.sandbox.http.tokens import TokenDesk


class SandboxServer:
    """Both upstreams under one address; a context manager, or `start()` and `stop()`."""

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        latency: float = 0.0,
        now: Callable[[], datetime] = utc_now,
        on_request: Callable[[RecordedRequest], None] | None = None,
    ) -> None:
        self.latency = latency
        self.silent: set[str] = set()  # upstreams that take each question and answer none
        self.stopping = threading.Event()
        self._address = (host, port)
        self._on_request = on_request
        self._log = RequestLog()
        self._scripts = faults.FaultScripts()
        self._tokens = TokenDesk()
        self._adobe = Adobe(self._tokens, now)
        self._fabric = Fabric(self._tokens, now)
        self._http: _HttpServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        self.stopping.clear()
        self._http = _HttpServer(self._address, self)
        # The port, once known, is kept: a stopped sandbox comes back under the same URL.
        self._address = (self._address[0], self._http.server_address[1])
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.03,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._http is None or self._thread is None:
            return
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.hang_up()
        self._thread.join()
        self._http = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._address[1]

    @property
    def url(self) -> str:
        host = self._address[0]
        everywhere = host in ("", "0.0.0.0")  # noqa: S104 (read here, not bound to)
        return f"http://{'127.0.0.1' if everywhere else host}:{self.port}"

    @property
    def requests(self) -> list[RecordedRequest]:
        return self._log.entries()

    @property
    def peak_in_flight(self) -> int:
        """The most requests that were unanswered at one time, since the last `clear()`."""
        return self._log.peak_in_flight

    @property
    def triggered(self) -> list[str]:
        """Orders somebody placed by way of `trigger-now`; it must stay empty."""
        return self._fabric.triggered

    @property
    def pending_faults(self) -> int:
        return self._scripts.pending()

    @property
    def token_lifetime(self) -> int | None:
        """Seconds that new tokens live; None means each vendor's own."""
        return self._tokens.lifetime

    @token_lifetime.setter
    def token_lifetime(self, seconds: int | None) -> None:
        self._tokens.lifetime = seconds

    def revoke_tokens(self) -> None:
        self._tokens.revoke()

    def script(
        self,
        source: str,
        entries: Iterable[faults.FaultEntry],
        *,
        customer_id: str | None = None,
        path_contains: str | None = None,
    ) -> None:
        """Queue faults; each request that matches takes one, then all is normal again."""
        self._scripts.add(source, entries, customer_id, path_contains)

    def clear_faults(self) -> None:
        self._scripts.clear()

    def clear_log(self) -> None:
        self._log.clear()

    def add_adobe_orders(
        self, customer_id: str, orders: Sequence[Any], *, term_start: datetime | None = None
    ) -> None:
        """Orders sent as they are; they replace what a known customer had."""
        self._adobe.add_orders(customer_id, orders, term_start)

    def move_adobe_customer(self, customer_id: str) -> None:
        """The customer goes to another partner: 1116 on every address, until added orders are forgotten."""
        self._adobe.move(customer_id)

    def add_fabric_orders(
        self,
        customer_id: str,
        orders: Sequence[Any],
        *,
        dialect: str = "live",
        honours_paging: bool = True,
    ) -> None:
        """Orders sent as they are; they replace what a known customer had."""
        self._fabric.add_orders(customer_id, orders, dialect, honours_paging)

    def forget_added_orders(self) -> None:
        self._adobe.forget_added()
        self._fabric.forget_added()

    def clear(self) -> None:
        """Forget the log, the scripted faults, the spent IDs and the issued tokens."""
        self._log.clear()
        self._scripts.clear()
        self.silent.clear()
        self._adobe.spent.clear()
        self._tokens.revoke()
        self._tokens.lifetime = None
        self._fabric.triggered.clear()

    def handle(self, request: Request, send: Callable[[Answer], None]) -> None:
        """Answer one request; only what an upstream would see is logged and delayed."""
        if request.path == "/" or request.path.startswith("/_sandbox"):
            send(control_answer(self, request))
            return
        source = source_of(request)
        entry = self._log.arrived(source, request)
        try:
            answer = self._answer(source, request)
            entry.status = answer.status or None
            self.stopping.wait(self.latency + answer.delay)
            while source in self.silent and not self.stopping.wait(0.05):
                pass
            send(answer)
        finally:
            self._log.done()
            if self._on_request is not None:
                self._on_request(entry)

    def _answer(self, source: str, request: Request) -> Answer:
        if source == "adobe":
            replayed = self._adobe.replay(request)
            if replayed is not None:
                return replayed.with_headers(X_Request_Id=request_id_of(request))
            answer = self._under_fault(source, request, self._adobe.answer, self._adobe.refusal)
            self._adobe.spent.remember(request, answer)
            return answer.with_headers(X_Request_Id=request_id_of(request))
        if source == "fabric":
            return self._under_fault(source, request, self._fabric.answer, self._fabric.refusal)
        if source in ("adobe-token", "fabric-token"):
            vendor = source.removesuffix("-token")
            return self._under_fault(source, request, lambda r: self._tokens.answer(vendor, r))
        return Answer(404, b"nothing here", "text/plain")

    def _under_fault(
        self,
        source: str,
        request: Request,
        answer: Callable[[Request], Answer],
        refusal: Callable[[Request], Answer | None] | None = None,
    ) -> Answer:
        """A scripted fault comes first; a customer's own fault only to those let in."""
        entry = self._scripts.take(source, request)
        if entry is None and refusal is not None and refusal(request) is None:
            entry = customers.fault_of(source, request.customer_id)
        return faults.apply(entry, source, request, lambda: answer(request), self.url)


def source_of(request: Request) -> str:
    path = request.path
    if path == credentials.ADOBE_TOKEN_PATH:
        return "adobe-token"
    if path == credentials.FABRIC_TOKEN_PATH:
        return "fabric-token"
    if path.startswith("/data-subscription/"):
        return "fabric"
    if path.startswith(("/v3/", "/partnerservice/")):
        return "adobe"
    return "unknown"


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # The parent looks the host's name up, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]  # a pair

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Without the parent's orderly shutdown, which would soften a reset into a close."""
        self._open.discard(request)
        self.close_request(request)

    def hang_up(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sandbox", ""
    disable_nagle_algorithm = True

    def answer_any(self) -> None:
        length = self.headers.get("Content-Length", "")
        request = Request(
            method=self.command,
            raw_target=self.requestline.split(" ")[1],
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)) if length.isdigit() else b"",
        )
        try:
            self.server.sandbox.handle(request, self._send)
        except OSError:
            self.close_connection = True
        except Exception:  # a bug of ours must be seen, not hang the client
            traceback.print_exc()
            self._send(Answer(500, b"the sandbox itself failed", "text/plain"))

    do_GET = do_HEAD = do_POST = answer_any  # noqa: N815 (the parent's names)
    do_PUT = do_PATCH = do_DELETE = answer_any  # noqa: N815 (likewise)

    def _send(self, answer: Answer) -> None:
        deliver(self, answer, self.server.sandbox.stopping)

    def log_message(self, *args: Any) -> None:
        """The request log replaces the parent's lines on standard error."""
