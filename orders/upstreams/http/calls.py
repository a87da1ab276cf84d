"""One call: attempts with their identifiers, one renewal of the token, one deadline."""

import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from orders.domain.errors import Busy, ForeignAnswer, TimedOut, UpstreamError
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.redaction import Redactor
from orders.domain.retry_rules import Failing
from orders.domain.urgency import Urgency
from orders.upstreams.answer_matching import Echo, echo_of
from orders.upstreams.base import Answer, Parameters, Problem
from orders.upstreams.http import retry_policy
from orders.upstreams.http.client_rate import ClientRate
from orders.upstreams.http.retry_policy import NoResponse, Outcome, Response
from orders.upstreams.http.retry_quota import RetryQuota

_LONGEST_MESSAGE = 300
_LONGEST_CODE = 64
_LONGEST_LOOKED_AT = 50_000  # far more than any secret, so that none is cut in two before it is found

_SHORTEST_ATTEMPT = 0.05  # no attempt starts with less time than this, in seconds

FOREIGN = "the answer to another question came: {}"

_CORRELATION_ID = re.compile(r"[A-Za-z0-9._-]{1,100}")


class TokenSource(Protocol):
    """Where the bearer token comes from. `deadline` is an instant of `time.monotonic`.

    Both methods raise `orders.domain.errors.UpstreamError`. `renew` is told which token was
    refused, so that callers who come late get the new one that somebody else fetched already.
    """

    @property
    def configured(self) -> bool: ...
    @property
    def is_renewable(self) -> bool: ...
    def current(self, deadline: float) -> str: ...
    def renew(self, rejected_token: str, deadline: float) -> str: ...


class ClientConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What all calls to one upstream share. `send` takes address, headers and seconds left."""

    source: str
    tokens: TokenSource
    redactor: Redactor
    headers: Mapping[str, str]
    attempts: int
    send: Callable[[str, Mapping[str, str], float], Outcome]
    read_problem: Callable[[int, bytes], Problem]
    sleep: Callable[[float], None]
    now: Callable[[], float]
    jitter: Callable[[], float]
    new_id: Callable[[], str]
    rate: ClientRate | None
    quota: RetryQuota


class Call:
    """One call under way, until `deadline` (an instant of `config.now`). It raises nothing."""

    def __init__(
        self,
        config: ClientConfig,
        *,
        path: str,
        params: Parameters,
        deadline: float,
        urgency: Urgency = Urgency.PAGE,
        method: str = "GET",
        send: Callable[[str, Mapping[str, str], float], Outcome] | None = None,
    ) -> None:
        """`send` is that of `config`, unless the call is another one than a GET."""
        self._config = config
        self._method = method
        self._send = send or config.send
        self._path = path
        self._query = tuple(params)
        self._urgency = urgency
        self.deadline = deadline
        self._started = config.now()
        self._started_at = datetime.now(UTC)
        self._attempts: list[Attempt] = []
        self._upstream_request_id = ""
        self._taken_up = ""  # a correlation ID that an earlier call began with

    @property
    def exchange(self) -> Exchange:
        return Exchange(
            source=self._config.source,
            method=self._method,
            path=self._path,
            query=self._query,
            attempts=tuple(self._attempts),
            duration=self._config.now() - self._started,
            started_at=self._started_at,
            upstream_request_id=self._upstream_request_id,
        )

    def out_of_time(self) -> UpstreamError:
        return TimedOut(
            source=self._config.source,
            exchange=self.exchange,
            detail="no time was left to ask",
        )

    def _has_turn(self) -> bool:
        return self._config.rate is None or self._config.rate.wait(self._urgency, self._seconds_left())

    def _slow_down(self, seconds: float | None) -> None:
        if self._config.rate is not None:
            self._config.rate.slow_down(seconds)

    def _out_of_turn(self) -> UpstreamError:
        return Busy(
            source=self._config.source,
            exchange=self.exchange,
            retry_after=1,
            detail="not asked: as many requests as are allowed were made within a second",
        )

    def _foreign(self, status: int) -> ForeignAnswer:
        detail = FOREIGN.format("it carries another request's ID")
        return ForeignAnswer(source=self._config.source, exchange=self.exchange, status=status, detail=detail)

    def _is_foreign(self, response: Response) -> bool:
        """Whether the answer repeats a request ID that this intent never had.

        Adobe replays an intent's answer, and with it perhaps the ID of an earlier attempt; of an intent
        that an earlier page began we no longer know them all.
        """
        intent = self._attempts[-1].correlation_id
        asked = [one.request_id for one in self._attempts if one.correlation_id == intent]
        echo = echo_of(response.headers.get("x-request-id", ""), asked)
        return echo is Echo.FOREIGN and intent != self._taken_up

    def result(self, url: str, correlation_id: str) -> Answer | UpstreamError:
        """Ask until there is an answer, an error that stays, or no time."""
        if not _CORRELATION_ID.fullmatch(correlation_id):
            correlation_id = self._config.new_id()
        else:
            self._taken_up = correlation_id
        token = self._token()
        renewed = False
        made = 0
        error: UpstreamError | None = None
        while not isinstance(token, UpstreamError):
            if not self.has_time:
                # A wait can take longer than planned; what came before it still says what is wrong.
                return error if error is not None else self.out_of_time()
            if not self._has_turn():
                return error if error is not None else self._out_of_turn()
            made += 1
            outcome = self._attempt(url, token, correlation_id)
            if isinstance(outcome, Response):
                if self._is_foreign(outcome):
                    if not retry_policy.says_it_by_its_status(outcome):
                        return self._foreign(outcome.status)
                    outcome = msgspec.structs.replace(outcome, body=b"")
                if retry_policy.is_success(outcome):
                    self._config.quota.answered(retries=made - 1)
                    # Upstreams have been seen to echo what they were sent, even in a success.
                    body = self._config.redactor.clean_body(outcome.body)
                    return Answer(body=body, exchange=self.exchange)
                # Any answer spends the correlation ID: upstream would replay that answer for days.
                correlation_id = self._config.new_id()
            problem = self._problem(outcome)
            if not renewed and self._is_stale(outcome, problem):
                # Not a failed attempt: it may be repeated even where it was the last one allowed.
                renewed = True
                token = self._token(rejected=token)
                continue
            error = retry_policy.error_for(
                outcome,
                problem,
                source=self._config.source,
                exchange=self.exchange,
                wall_clock=time.time(),
            )
            if not self._waited(made, outcome):
                return error
        token.exchange = self.exchange
        return token

    @property
    def has_time(self) -> bool:
        """Whether there is time left for one attempt."""
        return self._seconds_left() >= _SHORTEST_ATTEMPT

    def _seconds_left(self) -> float:
        return self.deadline - self._config.now()

    def _waited(self, made: int, outcome: Outcome) -> bool:
        """Wait for the next attempt; False, without waiting, where there should be none."""
        wait = retry_policy.wait_before(
            made, outcome, self._config.attempts, chance=self._config.jitter(), wall_clock=time.time()
        )
        failing = retry_policy.failing(outcome)
        if failing is Failing.THROTTLED and isinstance(outcome, Response):
            self._slow_down(retry_policy.asked_wait(outcome, time.time()))
        if wait is None or wait + _SHORTEST_ATTEMPT > self._seconds_left():
            return False
        is_passing = failing is Failing.PASSING and not retry_policy.was_stale(outcome)
        if is_passing and not self._config.quota.take():
            return False
        if wait > 0:
            self._config.sleep(wait)
        return True

    def _attempt(self, url: str, token: str, correlation_id: str) -> Outcome:
        request_id = self._config.new_id()
        headers = {
            **self._config.headers,
            "Authorization": f"Bearer {token}",
            "X-Request-Id": request_id,
            "X-Correlation-Id": correlation_id,
        }
        started_at, started = datetime.now(UTC), self._config.now()
        outcome = self._send(url, headers, self.deadline - started)
        ending, status, theirs = _reading(outcome)
        self._attempts.append(
            Attempt(
                request_id=request_id,
                correlation_id=correlation_id,
                started_at=started_at,
                duration=self._config.now() - started,
                status=status,
                outcome=ending,
            )
        )
        self._upstream_request_id = theirs and safe_text(theirs, self._config.redactor, longest=128)
        return outcome

    def _token(self, rejected: str = "") -> str | UpstreamError:
        # Token sources know no clock but the real one.
        deadline = time.monotonic() + self._seconds_left()
        try:
            if rejected:
                return self._config.tokens.renew(rejected, deadline)
            return self._config.tokens.current(deadline)
        except UpstreamError as error:
            return error.with_traceback(None)

    def _problem(self, outcome: Outcome) -> Problem:
        """What the adapter reads in an error's body, safe to show; nothing where it can't."""
        if isinstance(outcome, NoResponse) or outcome.status < 400:
            return Problem()
        try:
            found = self._config.read_problem(outcome.status, outcome.body)
        # Whatever an upstream sends in an error, it stays that error.
        except Exception:
            return Problem()
        redactor = self._config.redactor
        return Problem(
            cause=found.cause,
            code=safe_text(found.code, redactor, longest=_LONGEST_CODE),
            message=safe_text(found.message, redactor),
            parameter=safe_text(found.parameter, redactor, longest=_LONGEST_CODE),
        )

    def _is_stale(self, outcome: Outcome, problem: Problem) -> bool:
        """Whether the answer means that our token has run out, and we can get another."""
        refused = isinstance(outcome, Response) and outcome.status == 401
        return self._config.tokens.is_renewable and (refused or problem.cause == "stale-token")


def _reading(outcome: Outcome) -> tuple[str, int | None, str]:
    """How an attempt ended, its status, and the upstream's own ID for it."""
    if isinstance(outcome, NoResponse):
        return outcome.outcome, None, ""
    # An answer too long to take was made nevertheless: the intent behind it is spent.
    ending = "unreadable" if outcome.flaw else "answered"
    return ending, outcome.status, outcome.headers.get("x-request-id", "")


def safe_text(text: object, redactor: Redactor, *, longest: int = _LONGEST_MESSAGE) -> str:
    """A vendor's text on one line, cut, without secrets, control and other unseen characters."""
    visible = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character
        for character in str(text)[:_LONGEST_LOOKED_AT]
    )
    cleaned = " ".join(redactor.clean(visible).split())
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1] + "…"
