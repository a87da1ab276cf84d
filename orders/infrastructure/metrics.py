"""What /metrics counts. Names and labels are few and fixed: no customer, person or address is among them."""

import os
import platform

import django
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.registry import REGISTRY

from orders.domain.exchanges import Exchange
from orders_portal import __version__

_PAGE_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 10, 30)
_LEDGER_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
_AGE_SECONDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900)
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
foreign_answers = Counter(
    "portal_upstream_foreign_answers", "Answers to another question, none of which was shown", ["source"]
)
answers = Counter(
    "portal_cache",
    "Questions of pages, by what answered them",
    ["outcome"],
)
answer_ages = Histogram(
    "portal_cache_age_seconds",
    "How old the saved answers were",
    ["outcome"],
    buckets=_AGE_SECONDS,
)
ledger_append_seconds = Histogram(
    "portal_ledger_append_seconds",
    "Time until an entry of the ledger is written, waiting for its turn included",
    buckets=_LEDGER_SECONDS,
)
ledger_failures = Counter("portal_ledger_failures", "Entries of the ledger that could not be written")
sign_ins = Counter("portal_sign_in", "Tries to sign in, by how they ended", ["outcome"])
reveals = Counter("portal_reveals", "Reveals of personal data, by the person's roles", ["role"])
exports = Counter("portal_exports", "Files begun, by the person's roles", ["role"])
files = Counter("portal_files", "Files that came to an end, by which", ["outcome"])
threads_busy = Gauge(
    "portal_threads_busy", "Requests that are being answered now", multiprocess_mode="livesum"
)
token_expiry = Gauge(
    "portal_token_expiry_seconds",
    "When the upstream's token ends, in seconds since 1970",
    ["source"],
    multiprocess_mode="mostrecent",
)
attempts = Counter("portal_upstream_attempts", "HTTP requests to upstreams", ["source", "outcome"])
in_flight = Gauge("portal_upstream_in_flight", "Calls under way", ["source"], multiprocess_mode="livesum")
waiting = Gauge(
    "portal_upstream_waiting", "Calls that wait for a place", ["source"], multiprocess_mode="livesum"
)
refused = Counter("portal_upstream_refused", "Calls not made, because too many were under way", ["source"])
index_written = Counter("portal_index_written", "Orders remembered")
index_dropped = Counter("portal_index_dropped", "Orders that were seen and not remembered", ["reason"])
index_waiting = Gauge(
    "portal_index_waiting", "Orders that wait to be remembered", multiprocess_mode="livesum"
)
# Which build answers; the newest worker's word counts while an old one still ends.
build_info = Gauge(
    "portal_build_info",
    "The running versions; always 1",
    ["version", "django", "python"],
    multiprocess_mode="livemostrecent",
)
build_info.labels(__version__, django.__version__, platform.python_version()).set(1)


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


def count_answer(outcome: str, age: float | None = None) -> None:
    """`outcome`: `asked`, `asked-anew` (by a wish), `saved`, `stale`, or `waited` for another's call.

    `age` is that of what was saved, in seconds.
    """
    answers.labels(outcome).inc()
    if age is not None:
        answer_ages.labels(outcome).observe(age)


def count_foreign_answer(source: str) -> None:
    foreign_answers.labels(source).inc()


class Calls:
    """Counts what a bulkhead does."""

    def in_flight(self, source: str, count: int) -> None:
        in_flight.labels(source).set(count)

    def waiting(self, source: str, count: int) -> None:
        waiting.labels(source).set(count)

    def refused(self, source: str) -> None:
        refused.labels(source).inc()


def registry() -> CollectorRegistry:
    """This process's numbers, or those of all workers where they share a directory for them."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    from prometheus_client.multiprocess import MultiProcessCollector

    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library's
    return shared
