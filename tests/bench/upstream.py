"""An upstream that is never the bottleneck: answers made once, sent after a latency that can be set.

`Upstream` runs it as a process of its own. It knows no tokens and no filters; `GET /-/latency/50` sets
the milliseconds that every later answer waits, `GET /-/panels/400` those of what stands beside the orders.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Any

from tests.bench.payloads import adobe_page, fabric_list

_LIST = re.compile(r"GET /v3/customers/([^/?]+)/orders\?(\S*) ")
_FABRIC = re.compile(r"GET /data-subscription/v1/customers/([^/?]+)/orders[? ]")
_PANEL = re.compile(r"GET /v3/customers/([^/?]+)(/subscriptions)?[? ]")
_LATENCY = re.compile(r"GET /-/(latency|panels)/(\d+) ")
_NUMBERS = re.compile(r"(limit|offset)=(\d+)")


def _answer(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@cache
def _adobe(customer_id: str, limit: int, offset: int) -> bytes:
    return _answer(adobe_page(customer_id, limit=limit, offset=offset))


@cache
def _fabric(customer_id: str) -> bytes:
    return _answer(fabric_list(customer_id))


@cache
def _panel(customer_id: str, *, owned: bool) -> bytes:
    if owned:
        return _answer(b'{"totalCount": 0, "items": []}')
    company = {"companyName": "Bench", "preferredLanguage": "en-US"}
    return _answer(
        json.dumps({"customerId": customer_id, "status": "1000", "companyProfile": company}).encode()
    )


_latencies = {"latency": 0.0, "panels": 0.0}


def reply_to(head: str) -> bytes:
    """The answer to a request, made at its first time and kept."""
    if found := _LIST.match(head):
        window = dict(_NUMBERS.findall(found[2]))
        return _adobe(found[1], int(window.get("limit", 25)), int(window.get("offset", 0)))
    if found := _FABRIC.match(head):
        return _fabric(found[1])
    if found := _PANEL.match(head):
        return _panel(found[1], owned=bool(found[2]))
    if found := _LATENCY.match(head):
        _latencies[found[1]] = int(found[2]) / 1000
        return _answer(b"{}")
    return _answer(b"{}", "404 Not Found")


class _Speaker(asyncio.Protocol):
    """One kept-alive connection. asyncio sets TCP_NODELAY itself."""

    transport: asyncio.Transport

    def __init__(self, later: Callable[..., Any]) -> None:
        self.received = b""
        self.later = later

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            text = head.decode("latin-1")
            answer = reply_to(text)
            latency = _latencies["panels" if _PANEL.match(text) else "latency"]
            if latency:
                self.later(latency, self.transport.write, answer)
            else:
                self.transport.write(answer)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Speaker(loop.call_later), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  (how our parent learns it)
    # The parent holds our standard input open for as long as it lives.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()
    # Connections that are still open must not hold us up.
    os._exit(0)


class Upstream:
    """`with Upstream() as upstream:` starts the process; it ends with us, whatever happens."""

    def __enter__(self) -> "Upstream":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.upstream"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=3)
        self._process.stdout.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


if __name__ == "__main__":
    asyncio.run(_serve())
