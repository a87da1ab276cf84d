"""An upstream, and its token service, behind a proxy that has lost its place.

Every order carries its customer's mark, every token its upstream's. Whoever finds a mark where somebody
else was asked for has been handed a foreign answer.
"""

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.faultserver import Connection, FaultServer, Request, chunked, http

CUSTOMERS = {
    "adobe": [f"10000{number:05}" for number in range(8)],
    "fabric": [f"{number:024x}" for number in range(0xABC000, 0xABC008)],
}
ORDERS = 120
MARK = re.compile(r"MARK-([0-9a-f]+)-\d+")

_HINTS = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
)
_RUBBISH = (b"\r\n", b"rubbish", b"\0" * 9000, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

Said = list[bytes]  # the parts of an answer, a pause before each but the first


class MixingUpstream(FaultServer):
    """`names_itself`: it repeats request IDs and says in each order whose it is, so that even a whole
    foreign answer can be told. One that doesn't is mixed up within a connection alone.
    """

    def __init__(self, *, seed: int, names_itself: bool) -> None:
        super().__init__()
        self.default = self._answer
        self.tricks: Counter[str] = Counter()
        self.foreign_tokens = 0
        self._names_itself = names_itself
        self._random = random.Random(seed)
        self._turn = threading.Lock()
        self._granted = 0

    def _answer(self, connection: Connection) -> None:
        with self._turn:
            trick = self._random.choice(self._tricks_with(connection.request))
            dice = random.Random(self._random.random())
            self.tricks[trick.__name__] += 1
        right = self._message(connection.request, dice)
        other = self._message(connection.request, dice, of_another=self._names_itself)
        connection.keep_alive = True
        for number, part in enumerate(trick(right, other, dice)):
            if number:
                time.sleep(dice.choice((0.0, 0.002, 0.01)))
            connection.send(part)

    def _tricks_with(self, request: Request) -> "list[Trick]":
        if not self._names_itself:
            return _TRICKS
        # A token does not say whose it is: only the request ID does.
        return _TRICKS + (_SWAPS[:-1] if request.method == "POST" else _SWAPS)

    def _message(self, request: Request, dice: random.Random, *, of_another: bool = False) -> bytes:
        parts = urlsplit(request.target)
        if parts.path.startswith("/token/"):
            body = self._token(parts.path.removeprefix("/token/"), of_another)
        else:
            source = "adobe" if parts.path.startswith("/v3/") else "fabric"
            if not request.headers["authorization"].startswith(f"Bearer token-{source}-"):
                self.foreign_tokens += 1
            body = self._orders(source, parts.path, parts.query, dice, of_another)
        echo = "another-request" if of_another else request.headers.get("x-request-id", "none")
        said = json.dumps(body).encode()
        return http(200, said, *([f"X-Request-Id: {echo}"] if self._names_itself else []))

    def _token(self, source: str, of_another: bool) -> object:
        self._granted += 1
        owner = source if not of_another else {"adobe": "fabric", "fabric": "adobe"}[source]
        return {"access_token": f"token-{owner}-{self._granted}", "expires_in": 1}

    def _orders(self, source: str, path: str, query: str, dice: random.Random, of_another: bool) -> object:
        found = re.search(r"/customers/([^/]+)/orders(?:/MARK-[^/]*-(\d+))?", path)
        assert found is not None
        customer = found[1]
        if of_another:
            customer = dice.choice(sorted({*CUSTOMERS[source]} - {customer}))
        if source == "fabric":
            return {
                "responseStatus": "OK",
                "data": {"orders": [self._fabric(customer, n) for n in range(30)]},
            }
        if found[2] is not None:
            return self._adobe(customer, int(found[2]))
        asked = parse_qs(query)
        offset, limit = (int(asked.get(name, ["25"])[0]) for name in ("offset", "limit"))
        rows = [self._adobe(customer, number) for number in range(ORDERS)][offset : offset + limit]
        return {"totalCount": ORDERS, "count": len(rows), "offset": offset, "limit": limit, "items": rows}

    def _adobe(self, customer: str, number: int) -> object:
        order: dict[str, object] = {
            "orderId": f"MARK-{customer}-{number}",
            "orderType": "NEW",
            "status": "1000",
            "creationDate": "2026-05-01T10:00:00Z",
            "lineItems": [{"extLineItemNumber": 1, "offerId": "65304578CA01A12", "quantity": 1}],
        }
        return order | ({"customerId": customer} if self._names_itself else {})

    def _fabric(self, customer: str, number: int) -> object:
        order: dict[str, object] = {
            "id": f"MARK-{customer}-{number}",
            "status": "SCHEDULED",
            "scheduledDate": "2026-05-01T10:00:00Z",
        }
        return order | ({"customer": {"id": customer}} if self._names_itself else {})


# --- what may become of an answer on its way: `right` belongs here, `other` comes from somewhere else ---


def in_order(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right]


def after_hints(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [*dice.choices(_HINTS, k=dice.randint(1, 3)), right]


def with_hints(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [dice.choice(_HINTS) + right]


def doubled(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right + other]


def doubled_late(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right, other]


def with_rubbish(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right + dice.choice(_RUBBISH)]


def with_late_rubbish(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right, dice.choice(_RUBBISH)]


def after_an_empty_one(right: bytes, other: bytes, dice: random.Random) -> Said:
    status = dice.choice((b"200 OK\r\nContent-Length: 0", b"204 No Content", b"304 Not Modified"))
    return [b"HTTP/1.1 " + status + b"\r\n\r\n", dice.choice((right, other))]


def after_an_error(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [http(dice.choice((201, 206, 409, 418)), b"{}"), other]


def in_chunks(right: bytes, other: bytes, dice: random.Random) -> Said:
    head, _, body = right.partition(b"\r\n\r\n")
    echo = [line for line in head.decode().split("\r\n") if line.startswith("X-Request-Id")]
    return [chunked(body, *echo) + dice.choice((b"", other))]


def with_two_lengths(right: bytes, other: bytes, dice: random.Random) -> Said:
    found = re.search(rb"Content-Length: (\d+)", right)
    assert found is not None
    again = b"%d" % (int(found[1]) + dice.choice((0, len(other))))
    return [right.replace(found[0], found[0] + b"\r\nContent-Length: " + again) + other]


def in_old_http(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [right.replace(b"HTTP/1.1 200 Said", b"HTTP/1.0 200 Said\r\nConnection: keep-alive"), other]


def swapped(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [other]


def swapped_after_hints(right: bytes, other: bytes, dice: random.Random) -> Said:
    return [dice.choice(_HINTS), other, right]


def swapped_but_for_the_id(right: bytes, other: bytes, dice: random.Random) -> Said:
    found = re.search(rb"X-Request-Id: \S+", right)
    assert found is not None
    return [other.replace(b"X-Request-Id: another-request", found[0])]


Trick = Callable[[bytes, bytes, random.Random], Said]
_TRICKS: list[Trick] = [
    *[in_order] * 8,
    after_hints,
    with_hints,
    doubled,
    doubled_late,
    with_rubbish,
    with_late_rubbish,
    after_an_empty_one,
    after_an_error,
    in_chunks,
    with_two_lengths,
    in_old_http,
]
_SWAPS: list[Trick] = [swapped, swapped_after_hints, swapped_but_for_the_id]
