"""/metrics of a process that has no pages: a worker's numbers, on a port of its own, with the same token."""

import hmac
import logging
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from orders.infrastructure import metrics, secret_files

logger = logging.getLogger(__name__)


def refusal(authorization: str) -> int:
    """The status for whoever may not read the numbers: 404 where nobody may, else 401; 0 for who may."""
    secret_files.version()  # so that a new token counts
    if not settings.METRICS_TOKEN:
        return 0 if settings.DEBUG else 404
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return 0 if hmac.compare_digest(authorization.encode(), expected.encode()) else 401


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    timeout = 5  # seconds; who sends nothing holds no thread

    def log_message(self, *_: Any) -> None:
        """A scrape every few seconds is nothing to tell."""


def _answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status = refusal(environ.get("HTTP_AUTHORIZATION", "")) if environ["PATH_INFO"] == "/metrics" else 404
    if status:
        words = {401: "401 Unauthorized", 404: "404 Not Found"}[status]
        start_response(words, [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []
    text = generate_latest(metrics.registry())
    start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(text)))])
    return [text]


def start(port: int) -> None:
    """Answer on that port from a thread beside. Raises `OSError` where somebody else has it."""
    server = make_server("", port, _answer, server_class=_Server, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
