"""What /metrics counts. Names and labels are few and fixed: no customer, person or address is among them."""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.registry import REGISTRY

from orders.domain.exchanges import Exchange

_PAGE_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 10, 30)
_CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 6, 8, 10)

requests = Counter("portal_requests", "Answered requests", ["view", "method", "status"])
request_seconds = Histogram(
    "portal_request_seconds", "Time to answer, by view", ["view"], buckets=_PAGE_SECONDS
)
calls = Counter("portal_upstream_calls", "Calls to upstreams by how they ended", ["source", "outcome"])
call_seconds = Histogram(
    "portal_upstream_call_seconds",
    "Time of a call, retries included",
    ["source", "outcome"],
    buckets=_CALL_SECONDS,
)
attempts = Counter("portal_upstream_attempts", "HTTP requests to upstreams", ["source", "outcome"])


def count_request(*, view: str, method: str, status: int, seconds: float) -> None:
    method = method if method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
    requests.labels(view, method, str(status)).inc()
    request_seconds.labels(view).observe(seconds)


def count_call(exchange: Exchange, cause: str) -> None:
    """`cause` is a word of `orders.domain.errors`, empty for a success."""
    outcome = cause or "ok"
    calls.labels(exchange.source, outcome).inc()
    call_seconds.labels(exchange.source, outcome).observe(exchange.duration)
    for attempt in exchange.attempts:
        ending = str(attempt.status) if attempt.status is not None else attempt.outcome
        attempts.labels(exchange.source, ending).inc()


def registry() -> CollectorRegistry:
    """This process's numbers, or those of all workers where they share a directory for them."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    from prometheus_client.multiprocess import MultiProcessCollector

    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library's
    return shared
