"""An upstream's failure as a page: the status and the words of the outer contract, one row each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from orders.domain.errors import CircuitOpen, NotYours, OutOfRange, UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.queries import Window
from orders.escalation import escalation_text
from orders.failure_words import FAILURES, Words
from orders.views import retry_tokens
from orders.views.addresses import with_changes
from orders.views.requests import PortalRequest

STATUSES = {
    "bad-request": 400,
    "out-of-range": 404,
    "credentials": 502,
    "not-found": 404,
    "rate-limited": 503,
    "unavailable": 502,
    "timeout": 504,
    "bad-answer": 502,
    "not-configured": 503,
}
# How a call ends whose intent may be unspent: silence, and a connection refused or reset.
NO_ANSWER_CAUSES = frozenset({"timeout", "unavailable"})
# Where an upstream that asks us to wait doesn't say how long.
DEFAULT_WAIT = 30  # seconds


@dataclass(frozen=True)
class Failure:
    """Everything the error card shows. `wait` is in seconds; None where waiting is no cure."""

    error: UpstreamError
    words: Words
    label: str
    status: int
    retry_address: str
    escalation: str
    at: datetime
    wait: int | None = None
    last_page_address: str = ""
    first_page_address: str = ""

    @property
    def exchange(self) -> Exchange | None:
        return self.error.exchange

    @property
    def title(self) -> str:
        return self.words.title.format(label=self.label)

    @property
    def text(self) -> str:
        return self.words.text.format(label=self.label)

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Give the response the failure's status and headers."""
        response.status_code = self.status
        if self.wait is not None:
            response.headers["Retry-After"] = str(self.wait)
        return response


def failure_of(
    request: PortalRequest, error: UpstreamError, *, label: str, what: str, limit: int = 25
) -> Failure:
    """How `error` is shown on the page that `request` asked for; `what` is 'customer' or 'order'."""
    waits = isinstance(error, CircuitOpen) or error.cause == "rate-limited"
    retry: dict[str, object | None] = {}
    if error.cause in NO_ANSWER_CAUSES and error.exchange is not None and error.exchange.got_no_answer:
        retry["retry"] = retry_tokens.issue(request, error.exchange.correlation_id)
    first = last = ""
    if isinstance(error, OutOfRange):
        first = with_changes(request.GET, {"offset": None})
        last = with_changes(request.GET, {"offset": None, "page": "last"})
        if error.total_count:
            offset = Window(limit=limit).last_offset(error.total_count)
            last = with_changes(request.GET, {"offset": offset})
    key = "open" if isinstance(error, CircuitOpen) else error.cause
    if error.cause == "not-found":
        key = "not-found-yours" if isinstance(error, NotYours) else f"not-found-{what}"
    return Failure(
        error=error,
        words=FAILURES[key],
        label=label,
        status=503 if waits else STATUSES[error.cause],
        retry_address=with_changes(request.GET, retry),
        escalation=(
            escalation_text(
                label=label,
                exchange=error.exchange,
                page=request.build_absolute_uri(request.path),
                error=error,
                meaning=FAILURES[key].title.format(label=label),
            )
            if error.exchange is not None and error.exchange.attempts
            else ""
        ),
        at=datetime.now(UTC),
        wait=(error.retry_after or DEFAULT_WAIT) if waits else None,
        first_page_address=first,
        last_page_address=last,
    )
