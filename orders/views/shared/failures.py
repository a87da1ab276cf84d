"""An upstream's failure as a page: the status and the words of the outer contract, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse
from django.urls import reverse

from orders import services
from orders.domain.errors import CircuitOpen, NotYours, OutOfRange, UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.queries import PageRequest
from orders.people.advice_texts import edited_texts
from orders.presentation.failure_texts import FAILURES, Words
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import PAGE
from orders.presentation.support_text import request_support_text
from orders.presentation.texts.advice import failure_topics, told
from orders.views.shared import retry_tokens
from orders.views.shared.query_strings import COPY, with_changes
from orders.views.shared.requests import PortalRequest

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
    "busy": 503,
}
# How a call ends whose intent may be unspent: silence, and a connection refused or reset.
NO_ANSWER_CAUSES = frozenset({"timeout", "unavailable"})
# Causes that a moment's wait cures.
_PASSING_CAUSES = frozenset({"rate-limited", "busy"})
# Where an upstream that asks us to wait doesn't say how long.
DEFAULT_WAIT = 30  # seconds


@dataclass(frozen=True)
class Elsewhere:
    """The same ID at another upstream, whose customer or order it may be."""

    label: str
    address: str


@dataclass(frozen=True)
class Failure:
    """Everything the error card shows. `wait` is in seconds; None where waiting is no cure."""

    error: UpstreamError
    words: Words
    label: str
    status: int
    retry_address: str
    support_text: str
    at: datetime
    advice: Sequence[str] = ()
    wait: int | None = None
    last_page_address: str = ""
    first_page_address: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()
    copy_address: str = ""

    @property
    def exchange(self) -> Exchange | None:
        return self.error.exchange

    @property
    def title(self) -> str:
        return self.words.title_for(self.label)

    @property
    def text(self) -> str:
        return self.words.text_for(self.label)

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Give the response the failure's status and headers."""
        response.status_code = self.status
        if self.wait is not None:
            response.headers["Retry-After"] = str(self.wait)
        return response


def _words_key(error: UpstreamError, what: str) -> str:
    if isinstance(error, CircuitOpen):
        return "open"
    if isinstance(error, NotYours):
        return "not-found-yours"
    if error.cause == "not-found" and not error.kind:
        return f"not-found-{what}"
    if error.cause == "bad-request" and error.exchange is not None and not error.parameter:
        # With parameters alone that take nothing away, it is the ID that was refused.
        asked = {name for name, _ in error.exchange.query}
        return "bad-request" if asked - PAGE - _takes_nothing_away(error.source) else "bad-request-id"
    return error.kind or error.cause


def _takes_nothing_away(source: str) -> frozenset[str]:
    return FILTERSETS[source].price_parameters() if source in FILTERSETS else frozenset()


def _elsewhere(request: PortalRequest, error: UpstreamError) -> tuple[Elsewhere, ...]:
    """Offered where an upstream has no such ID; whether another has it, only asking it tells."""
    match = request.resolver_match
    if error.cause != "not-found" or match is None or match.url_name not in {"history", "details"}:
        return ()
    given = {name: value for name, value in match.kwargs.items() if name != "source"}
    return tuple(
        Elsewhere(other.label, reverse(match.url_name, kwargs={"source": other.name, **given}))
        for other in services.sources()
        if other.name != error.source
    )


def _advice(error: UpstreamError) -> Sequence[str]:
    """What the upstream's own code means for the customer on the line; nothing where it sent none."""
    topics = failure_topics(error.source, error.vendor_code)
    return told(topics, edited_texts()) if topics else ()


def failure_of(
    request: PortalRequest,
    error: UpstreamError,
    *,
    label: str,
    what: str,
    limit: int = 25,
    has_default: bool = False,
) -> Failure:
    """How `error` is shown on the page that `request` asked for; `what` is customer, order or reseller.

    `has_default` as for `with_changes`.
    """
    waits = isinstance(error, CircuitOpen) or error.cause in _PASSING_CAUSES
    retry: dict[str, object | None] = {}
    is_unspent = error.exchange is not None and error.exchange.got_no_answer and not error.is_anothers
    if error.cause in NO_ANSWER_CAUSES and is_unspent and error.exchange is not None:
        retry["retry"] = retry_tokens.issue(request, error.exchange.correlation_id)
    first = last = ""
    if isinstance(error, OutOfRange):
        first = with_changes(request.GET, {"offset": None}, has_default=has_default)
        last = with_changes(request.GET, {"offset": None, "page": "last"})
        if error.total_count:
            offset = PageRequest(limit=limit).last_offset(error.total_count)
            last = with_changes(request.GET, {"offset": offset})
    key = _words_key(error, what)
    return Failure(
        error=error,
        words=FAILURES[key],
        label=label,
        status=503 if waits else STATUSES[error.cause],
        retry_address=with_changes(request.GET, retry),
        support_text=(
            request_support_text(
                label=label,
                exchange=error.exchange,
                page=request.build_absolute_uri(request.path),
                error=error,
                meaning=FAILURES[key].title_for(label),
            )
            if error.exchange is not None and error.exchange.attempts
            else ""
        ),
        at=datetime.now(UTC),
        advice=_advice(error),
        wait=(error.retry_after or DEFAULT_WAIT) if waits else None,
        first_page_address=first,
        last_page_address=last,
        elsewhere=_elsewhere(request, error),
        copy_address="" if error.saved_age is None else with_changes(request.GET, COPY),
    )
