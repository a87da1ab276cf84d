"""Asks one upstream: credentials, identifiers, retries, one deadline for everything, and an error named by
its cause.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from uuid import uuid4

from orders.domain.errors import (
    BadAnswer,
    BadRequest,
    Busy,
    CircuitOpen,
    ForeignAnswer,
    NotConfigured,
    NotFound,
    OurFault,
    OutOfRange,
    UpstreamError,
)
from orders.domain.exchanges import Exchange
from orders.domain.redaction import Redactor
from orders.domain.urgency import Urgency
from orders.upstreams.base import Answer, Parameters, Problem
from orders.upstreams.http import addresses
from orders.upstreams.http.bulkhead import Bulkhead
from orders.upstreams.http.calls import FOREIGN, Call, ClientConfig, TokenSource
from orders.upstreams.http.circuit_breaker import CircuitBreaker
from orders.upstreams.http.client_rate import ClientRate
from orders.upstreams.http.retry_policy import Outcome
from orders.upstreams.http.retry_quota import RetryQuota
from orders.upstreams.http.sender import Limits, Sender

logger = logging.getLogger("orders.upstreams")

# What a person's input or an earlier failure explains is no news.
_NO_NEWS = (BadRequest, OutOfRange, NotFound, NotConfigured, CircuitOpen, Busy)


class Transport:
    """Asks one upstream, for all threads. Raises `UpstreamError` alone, and logs each once."""

    def __init__(
        self,
        *,
        source: str,
        base_url: str,
        tokens: TokenSource,
        limits: Limits,
        redactor: Redactor,
        breaker: CircuitBreaker,
        bulkhead: Bulkhead | None = None,
        rate: ClientRate | None = None,
        quota: RetryQuota | None = None,
        read_problem: Callable[[int, bytes], Problem],
        headers: Mapping[str, str] | None = None,
        reading_posts: frozenset[str] = frozenset(),
        observe: Callable[[Exchange, str], None] = lambda exchange, cause: None,
        observe_foreign: Callable[[str], None] = lambda source: None,
        sender: Sender | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """Raises `ValueError`, without the value, for a base URL or header that cannot be sent.

        `observe` is told of each call's end: what was said, and the error's cause or nothing;
        `observe_foreign` of each answer to another question, by the source's name.
        """
        self._base_url = addresses.check_base_url(base_url)
        self._limits = limits
        self._breaker = breaker
        self._bulkhead = bulkhead if bulkhead is not None else Bulkhead(source, places=0)
        self._reading_posts = reading_posts
        self._observe = observe
        self._observe_foreign = observe_foreign
        self._sender = sender if sender is not None else Sender()
        all_headers = {
            "User-Agent": "orders-portal",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        for name, value in all_headers.items():
            addresses.check_header(name, value)
        self._config = ClientConfig(
            source=source,
            tokens=tokens,
            redactor=redactor,
            headers=all_headers,
            attempts=limits.attempts,
            send=self._send,
            read_problem=read_problem,
            sleep=sleep,
            now=now,
            jitter=jitter,
            new_id=new_id,
            rate=rate,
            quota=quota if quota is not None else RetryQuota(),
        )

    def get(
        self,
        path: str,
        params: Parameters = (),
        *,
        customer_id: str = "",
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
        deadline: float | None = None,
        display_path: str = "",
    ) -> Answer:
        """The whole body of a 200, or an `UpstreamError`; either with what was said on the way.

        `urgency` says who waits for it: where too many calls are under way, pages come first.
        `path` is percent-encoded and follows the base URL; `display_path` stands for it in the
        exchange. `correlation_id` is that of an earlier call which got no answer. `deadline` is an
        instant of `time.monotonic` which several calls may share; the transport's own holds anyway.
        """
        ends_at = self._config.now() + self._limits.deadline
        call = Call(
            self._config,
            path=display_path or path,
            params=params,
            deadline=ends_at if deadline is None else min(deadline, ends_at),
            urgency=urgency,
        )
        return self._answered(call, path, params, customer_id, urgency, correlation_id)

    def read_by_post(
        self, path: str, body: bytes, params: Parameters = (), *, urgency: Urgency = Urgency.PAGE
    ) -> Answer:
        """As `get`, for a question that is too long for an address. Nothing but what the manifest names as
        reading only is ever sent so: `ValueError` for any other path.
        """
        if path not in self._reading_posts:
            raise ValueError("this address does not only read")

        def send(url: str, headers: Mapping[str, str], seconds: float) -> Outcome:
            return self._sender.send(
                "POST", url, headers=headers, body=body, budget=seconds, limits=self._limits
            )

        ends_at = self._config.now() + self._limits.deadline
        call = Call(
            self._config,
            path=path,
            params=params,
            deadline=ends_at,
            urgency=urgency,
            method="POST",
            send=send,
        )
        return self._answered(call, path, params, "", urgency, "")

    def _answered(
        self,
        call: Call,
        path: str,
        params: Parameters,
        customer_id: str,
        urgency: Urgency,
        correlation_id: str,
    ) -> Answer:
        result = self._result(call, path, params, customer_id, urgency, correlation_id)
        self._observe(call.exchange, "" if isinstance(result, Answer) else result.cause)
        if isinstance(result, Answer):
            return result
        if isinstance(result, BadAnswer):
            self._doubt(result)
        # Raised here, far from the frames and exceptions that knew tokens and addresses.
        raise _logged(result)

    def bad_answer(self, answer: Answer, detail: str) -> BadAnswer:
        """For an adapter to raise where a complete answer makes no sense; `detail` is its word."""
        error = BadAnswer(
            source=self._config.source,
            exchange=answer.exchange,
            status=200,
            detail=detail,
        )
        self._doubt(error)
        _logged(error)
        return error

    def foreign_answer(self, answer: Answer, detail: str) -> ForeignAnswer:
        """For an adapter to raise where an answer belongs to another question; `detail` is its word."""
        error = ForeignAnswer(
            source=self._config.source,
            exchange=answer.exchange,
            status=200,
            detail=FOREIGN.format(detail),
        )
        self._doubt(error)
        _logged(error)
        return error

    def _doubt(self, error: BadAnswer) -> None:
        """Where one answer was wrong, the connections of others may have lost their place as well."""
        self._sender.close()
        if isinstance(error, ForeignAnswer):
            self._observe_foreign(self._config.source)

    def _result(
        self,
        call: Call,
        path: str,
        params: Parameters,
        customer_id: str,
        urgency: Urgency,
        correlation_id: str,
    ) -> Answer | UpstreamError:
        source = self._config.source
        try:
            addresses.check_path(path)
            query = addresses.query_string(params)
        except (ValueError, TypeError):
            detail = "not asked, because the address cannot be sent safely"
            return BadRequest(source=source, exchange=call.exchange, detail=detail)
        if not self._config.tokens.configured:
            return NotConfigured(source=source, exchange=call.exchange)
        if not call.has_time:
            return call.out_of_time()
        try:
            permit = self._breaker.admit(customer_id)
        except CircuitOpen as error:
            error.exchange = call.exchange
            return error.with_traceback(None)
        url = f"{self._base_url}{path}?{query}" if query else self._base_url + path
        cause = "bad-answer"  # which tells the breaker nothing, should there be no result at all
        try:
            result = self._asked(call, url, correlation_id, urgency)
            # What is wrong with our requests says nothing of the upstream's health.
            cause = "bad-answer" if isinstance(result, OurFault) else getattr(result, "cause", "")
        finally:
            self._breaker.record(permit, cause)
        return result

    def _asked(self, call: Call, url: str, correlation_id: str, urgency: Urgency) -> Answer | UpstreamError:
        try:
            with self._bulkhead.place(urgency, until=call.deadline) as place:
                result = call.result(url, correlation_id)
                place.was_answered = isinstance(result, Answer) or result.status is not None
                return result
        except Busy as error:
            error.exchange = call.exchange
            return error.with_traceback(None)

    def _send(self, url: str, headers: Mapping[str, str], seconds: float) -> Outcome:
        return self._sender.send("GET", url, headers=headers, budget=seconds, limits=self._limits)


def _logged(error: UpstreamError) -> UpstreamError:
    level = logging.INFO if isinstance(error, _NO_NEWS) else logging.WARNING
    if isinstance(error, OurFault | ForeignAnswer):
        level = logging.ERROR
    logger.log(level, "%s", error)
    return error
