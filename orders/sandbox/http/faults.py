"""Faults as data: what may be scripted, and the queues from which each request takes its own."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orders.sandbox.http.mangling import MANGLERS
from orders.sandbox.http.messages import Answer, Request, dump, json_answer
from orders.sandbox.http.vendor_errors import HTML_PAGE, adobe_gateway_error, fabric_error, vendor_error

FaultEntry = int | str | Mapping[str, Any] | None

# No answer arrives at all, or none that is HTTP.
SOCKET_WORDS = ("timeout", "reset", "close", "garbage")
# The normal answer, delivered badly.
DELIVERY_WORDS = ("drip-headers", "drip-body", "cut", "oversized")
# An answer of its own, made by `_spoken`.
SPOKEN_WORDS = (
    "html",
    "html-502",
    "not-json",
    "empty",
    "wrong-shape",
    "wrong-types",
    "redirect",
    "unauthorized",
    "echo-token",
    "rate-limited",
    "rate-limited-no-header",
    "gateway-504",
    "refused-in-200",
)
WORDS = frozenset({"normal", "slow", *SOCKET_WORDS, *DELIVERY_WORDS, *SPOKEN_WORDS, *MANGLERS})
KEYS = frozenset(
    {"status", "code", "message", "body", "headers", "content_type", "retry_after", "delay", "word"}
)
SLOW_SECONDS = 2.0
SOURCES = ("adobe", "fabric", "adobe-token", "fabric-token")

_totals = itertools.count(1)


def check(entry: FaultEntry) -> FaultEntry:
    """Refuse a misspelt fault now, rather than let a test pass without its fault."""
    if isinstance(entry, bool):
        raise ValueError(f"not a fault: {entry!r}")
    if entry is None or isinstance(entry, int):
        return entry
    if isinstance(entry, str):
        if entry not in WORDS:
            raise ValueError(f"unknown fault {entry!r}; known are {', '.join(sorted(WORDS))}")
        return entry
    unknown = set(entry) - KEYS
    if unknown:
        raise ValueError(f"unknown keys in a fault: {', '.join(sorted(unknown))}")
    if "word" in entry:
        check(entry["word"])
    return entry


def apply(
    entry: FaultEntry, source: str, request: Request, normal: Callable[[], Answer], base: str
) -> Answer:
    """The answer under this fault; `normal` makes what the contract would have given."""
    if entry is None or entry == "normal":
        return normal()
    if isinstance(entry, int):
        extra = {"Retry-After": "1"} if entry == 429 else {}
        return _with(vendor_error(source, entry), extra)
    if isinstance(entry, Mapping):
        return _described(entry, source, request, normal, base)
    if entry == "slow":
        return replace(normal(), delay=SLOW_SECONDS)
    if entry in SOCKET_WORDS:
        return Answer(0, delivery=entry)
    if entry == "oversized":
        return Answer(200, delivery=entry)
    if entry in DELIVERY_WORDS:
        return replace(normal(), delivery=entry)
    if entry in MANGLERS:
        return MANGLERS[entry](normal(), base, next(_totals))
    return _spoken(entry, source, request, base)


def _described(
    entry: Mapping[str, Any],
    source: str,
    request: Request,
    normal: Callable[[], Answer],
    base: str,
) -> Answer:
    if "word" in entry:
        answer = apply(entry["word"], source, request, normal, base)
    elif "status" in entry:
        answer = vendor_error(source, entry["status"], entry.get("code"), entry.get("message"))
    else:
        answer = normal()
    if "body" in entry:
        body = entry["body"]
        text = body if isinstance(body, str) else dump(body)
        answer = replace(answer, body=text.encode())
    if "content_type" in entry:
        answer = replace(answer, content_type=entry["content_type"])
    headers = dict(entry.get("headers", {}))
    if "retry_after" in entry:
        headers["Retry-After"] = str(entry["retry_after"])
    return replace(_with(answer, headers), delay=float(entry.get("delay", answer.delay)))


def _with(answer: Answer, headers: Mapping[str, str]) -> Answer:
    return replace(answer, headers=answer.headers + tuple(headers.items()))


def _spoken(word: str, source: str, request: Request, base: str) -> Answer:
    match word:
        case "html":
            return Answer(200, HTML_PAGE, "text/html; charset=utf-8")
        case "html-502":
            return Answer(502, HTML_PAGE, "text/html; charset=utf-8")
        case "not-json":
            return Answer(200, b'{"totalCount": 3, "items": [{"orderId": "0012')
        case "empty":
            return Answer(200, b"")
        case "wrong-shape":
            return json_answer(200, [{"unexpected": True}, None, 7])
        case "wrong-types":
            wrong = {"totalCount": "many", "items": "none", "links": [], "data": "none"}
            return json_answer(200, wrong | {"responseStatus": 200, "message": ["?"]})
        case "redirect":
            # Another host by name, this server in truth: a follower is caught in the log.
            elsewhere = base.replace("127.0.0.1", "localhost") + "/elsewhere" + request.raw_target
            return Answer(302, b"", "text/plain").with_headers(Location=elsewhere)
        case "unauthorized":
            return vendor_error(source, 401)
        case "echo-token":
            return _echo(source, request)
        case "rate-limited":
            return vendor_error(source, 429).with_headers(Retry_After="1")
        case "rate-limited-no-header":
            return vendor_error(source, 429)
        case "gateway-504":
            if source == "fabric":
                return fabric_error(504)
            return adobe_gateway_error(504, "504001", "Gateway timeout")
        case "refused-in-200":
            refusal = {"responseStatus": "BAD_REQUEST", "message": "Invalid customer id"}
            return json_answer(200, refusal)
    raise ValueError(word)


def _echo(source: str, request: Request) -> Answer:
    """A refusal that repeats the caller's secrets, as a real gateway has been seen to do."""
    token = request.headers.get("authorization", "")
    key = request.headers.get("x-api-key", "")
    if source == "fabric":
        text = f"Authorization header lacks the 'Credential' parameter. Authorization={token}"
        return json_answer(403, {"message": text})
    text = f"Access refused for Authorization: {token}, X-Api-Key: {key}"
    return json_answer(403, {"code": "4115", "message": text, "additionalDetails": [token, key]})


@dataclass
class _Script:
    source: str
    entries: deque[FaultEntry]
    customer_id: str | None = None
    path_contains: str | None = None

    def matches(self, source: str, request: Request) -> bool:
        return (
            source == self.source
            and (self.customer_id is None or self.customer_id == request.customer_id)
            and (self.path_contains is None or self.path_contains in request.raw_target)
        )


@dataclass
class FaultScripts:
    """Queues of faults; each matching request consumes one, then all is normal again."""

    _scripts: list[_Script] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        source: str,
        entries: Iterable[FaultEntry],
        customer_id: str | None = None,
        path_contains: str | None = None,
    ) -> None:
        if source not in SOURCES:
            raise ValueError(f"unknown source {source!r}; known are {', '.join(SOURCES)}")
        if isinstance(entries, str | Mapping):
            raise ValueError("a script is a list of faults")
        queue = deque(check(entry) for entry in entries)
        with self._lock:
            self._scripts.append(_Script(source, queue, customer_id, path_contains))

    def take(self, source: str, request: Request) -> FaultEntry:
        with self._lock:
            for script in self._scripts:
                if script.entries and script.matches(source, request):
                    return script.entries.popleft()
        return None

    def pending(self) -> int:
        with self._lock:
            return sum(len(script.entries) for script in self._scripts)

    def clear(self) -> None:
        with self._lock:
            self._scripts.clear()
