"""An upstream that is never the bottleneck: pages that are mostly made beforehand, after a set latency.

A customer's ID says how many orders there are: `1000100000` has 100,000. Each order has its own ID, 2.5
lines on average and about 750 bytes. Run it as `python -m tests.bench.exports.upstream <milliseconds>`;
it prints its port.
"""

import asyncio
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_LIST = re.compile(rb"GET /v3/customers/(\d+)/orders\?(\S*) ")
_NUMBERS = re.compile(rb"(limit|offset)=(\d+)")
_FIRST_CUSTOMER = 1_000_000_000
_FIRST_ORDER = 5_000_000_000
_PAGE = 100
PROMOTION = {"code": "SUMMER_15", "result": "SUCCESS"}


def customer_with(orders: int) -> str:
    return str(_FIRST_CUSTOMER + orders)


def _orders() -> list[dict[str, Any]]:
    pick = random.Random(748)
    return [
        {
            "referenceOrderId": "",
            "orderType": pick.choice(("NEW", "RENEWAL", "RETURN")),
            "externalReferenceId": f"PO-{pick.randrange(10**6)}",
            "customerId": "@customer",
            "orderId": "@",
            "currencyCode": "USD",
            "creationDate": f"2026-{pick.randrange(1, 12):02}-{pick.randrange(1, 28):02}T08:15:42Z",
            "status": "1000",
            "source": "API",
            "lineItems": [
                {
                    "extLineItemNumber": number + 1,
                    "offerId": f"{pick.randrange(10**8)}CA01A12",
                    "quantity": pick.randrange(1, 40),
                    "subscriptionId": f"{pick.getrandbits(120):030x}NA",
                    "status": "1000",
                    "currencyCode": "USD",
                    **({"promotions": [PROMOTION]} if pick.random() < 0.12 else {}),
                }
                for number in range(2 + index % 2)
            ],
        }
        for index in range(_PAGE)
    ]


_TEXTS = [json.dumps(order).replace("%", "%%").replace('"@"', '"%d"').encode() for order in _orders()]


@cache
def _shapes(customer: int) -> tuple[list[bytes], bytes]:
    """This customer's orders, one by one and a full page of them, with a place for each one's ID."""
    texts = [text.replace(b"@customer", b"%d" % customer) for text in _TEXTS]
    return texts, b",".join(texts)


def page(total: int, offset: int, limit: int) -> bytes:
    """The JSON of one page of the customer who has `total` orders."""
    count = max(0, min(limit, _PAGE, total - offset))
    texts, full_page = _shapes(_FIRST_CUSTOMER + total)
    shape = full_page if count == _PAGE else b",".join(texts[:count])
    first = _FIRST_ORDER + offset
    items = shape % tuple(range(first, first + count))
    return b'{"totalCount":%d,"count":%d,"offset":%d,"limit":%d,"items":[%b],"links":{}}' % (
        *(total, count, offset, limit),
        items,
    )


class _Speaker(asyncio.Protocol):
    """One kept-alive connection."""

    latency = 0.0
    transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport, self.received = transport, b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self.latency, self._answer, head)

    def _answer(self, head: bytes) -> None:
        found = _LIST.match(head)
        if found is None:
            self.transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        window = {name: int(value) for name, value in _NUMBERS.findall(found[2])}
        total = int(found[1]) - _FIRST_CUSTOMER
        body = page(total, window.get(b"offset", 0), window.get(b"limit", 25))
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        self.transport.write(answer % (len(body), body))


async def _serve(latency: float) -> None:
    _Speaker.latency = latency
    server = await asyncio.get_running_loop().create_server(_Speaker, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  (how our parent learns it)
    await server.serve_forever()


@contextmanager
def running(milliseconds: int) -> Iterator[str]:
    """The address of an upstream in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.exports.upstream", str(milliseconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]) / 1000))
