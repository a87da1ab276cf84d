"""What was asked: the tests' memory of every request."""

import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from orders.sandbox.http.messages import Request


@dataclass
class RecordedRequest:
    """One request as it arrived; `status` stays None while (or if) nothing is answered."""

    source: str
    method: str
    path: str
    query: list[tuple[str, str]]
    raw_target: str
    headers: dict[str, str]
    body: bytes = b""
    customer_id: str | None = None
    status: int | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "at": self.at.isoformat(),
            "body": self.body.decode("utf-8", "replace"),
        }


class RequestLog:
    def __init__(self, keep: int = 100_000) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._entries: list[RecordedRequest] = []
        self._in_flight = 0
        self.peak_in_flight = 0

    def arrived(self, source: str, request: Request) -> RecordedRequest:
        entry = RecordedRequest(
            source=source,
            method=request.method,
            path=request.path,
            query=request.query,
            raw_target=request.raw_target,
            headers=dict(request.headers),
            body=request.body,
            customer_id=request.customer_id,
        )
        with self._lock:
            self._entries.append(entry)
            if len(self._entries) > self._keep:
                del self._entries[: self._keep // 10]
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
        return entry

    def done(self) -> None:
        with self._lock:
            self._in_flight -= 1

    def entries(self) -> list[RecordedRequest]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.peak_in_flight = self._in_flight
