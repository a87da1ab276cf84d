"""One call: attempts with their identifiers, one renewal of the token, one deadline."""

import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from orders.domain.errors import TimedOut, UpstreamError
from orders.domain.exchanges import Attempt, Exchange
from orders.domain.redaction import Redactor
from orders.upstreams import verdicts
from orders.upstreams.base import Answer, Parameters, Problem
from orders.upstreams.verdicts import Outcome, Reply, Silence

_LONGEST_MESSAGE = 300
_LONGEST_CODE = 64
_LONGEST_LOOKED_AT = 50_000  # far more than any secret, so that none is cut in two before it is found

_SHORTEST_ATTEMPT = 0.05  # no attempt starts with less time than this, in seconds

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


class Means(msgspec.Struct, frozen=True, kw_only=True):
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


class Call:
    """One call under way, until `deadline` (an instant of `means.now`). It raises nothing."""

    def __init__(self, means: Means, *, path: str, params: Parameters, deadline: float) -> None:
        self._means = means
        self._path = path
        self._query = tuple(params)
        self._deadline = deadline
        self._started = means.now()
        self._started_at = datetime.now(UTC)
        self._attempts: list[Attempt] = []
        self._upstream_request_id = ""

    @property
    def exchange(self) -> Exchange:
        return Exchange(
            source=self._means.source,
            method="GET",
            path=self._path,
            query=self._query,
            attempts=tuple(self._attempts),
            duration=self._means.now() - self._started,
            started_at=self._started_at,
            upstream_request_id=self._upstream_request_id,
        )

    def out_of_time(self) -> UpstreamError:
        return TimedOut(
            source=self._means.source,
            exchange=self.exchange,
            detail="no time was left to ask",
        )

    def result(self, url: str, correlation_id: str) -> Answer | UpstreamError:
        """Ask until there is an answer, an error that stays, or no time."""
        if not _CORRELATION_ID.fullmatch(correlation_id):
            correlation_id = self._means.new_id()
        token = self._token()
        renewed = False
        made = 0
        error: UpstreamError | None = None
        while not isinstance(token, UpstreamError):
            if not self.has_time:
                # A wait can take longer than planned; what came before it still says what is wrong.
                return error if error is not None else self.out_of_time()
            made += 1
            outcome = self._attempt(url, token, correlation_id)
            if isinstance(outcome, Reply):
                if verdicts.is_success(outcome):
                    # Upstreams have been seen to echo what they were sent, even in a success.
                    body = self._means.redactor.clean_body(outcome.body)
                    return Answer(body=body, exchange=self.exchange)
                # Any answer spends the correlation ID: upstream would replay that answer for days.
                correlation_id = self._means.new_id()
            problem = self._problem(outcome)
            if not renewed and self._is_stale(outcome, problem):
                # Not a failed attempt: it may be repeated even where it was the last one allowed.
                renewed = True
                token = self._token(rejected=token)
                continue
            error = verdicts.error_for(
                outcome,
                problem,
                source=self._means.source,
                exchange=self.exchange,
                wall_clock=time.time(),
            )
            if made >= self._means.attempts or not self._waited(made, outcome):
                return error
        token.exchange = self.exchange
        return token

    @property
    def has_time(self) -> bool:
        """Whether there is time left for one attempt."""
        return self._seconds_left() >= _SHORTEST_ATTEMPT

    def _seconds_left(self) -> float:
        return self._deadline - self._means.now()

    def _waited(self, made: int, outcome: Outcome) -> bool:
        """Wait for the next attempt; False, without waiting, where there should be none."""
        if not verdicts.is_worth_repeating(outcome):
            return False
        wait = verdicts.wait_before(made, outcome, chance=self._means.jitter(), wall_clock=time.time())
        if wait + _SHORTEST_ATTEMPT > self._seconds_left():
            return False
        if wait > 0:
            self._means.sleep(wait)
        return True

    def _attempt(self, url: str, token: str, correlation_id: str) -> Outcome:
        request_id = self._means.new_id()
        headers = {
            **self._means.headers,
            "Authorization": f"Bearer {token}",
            "X-Request-Id": request_id,
            "X-Correlation-Id": correlation_id,
        }
        started_at, started = datetime.now(UTC), self._means.now()
        outcome = self._means.send(url, headers, self._deadline - started)
        ending, status, theirs = _reading(outcome)
        self._attempts.append(
            Attempt(
                request_id=request_id,
                correlation_id=correlation_id,
                started_at=started_at,
                duration=self._means.now() - started,
                status=status,
                outcome=ending,
            )
        )
        self._upstream_request_id = theirs and safe_text(theirs, self._means.redactor, longest=128)
        return outcome

    def _token(self, rejected: str = "") -> str | UpstreamError:
        # Token sources know no clock but the real one.
        deadline = time.monotonic() + self._seconds_left()
        try:
            if rejected:
                return self._means.tokens.renew(rejected, deadline)
            return self._means.tokens.current(deadline)
        except UpstreamError as error:
            return error.with_traceback(None)

    def _problem(self, outcome: Outcome) -> Problem:
        """What the adapter reads in an error's body, safe to show; nothing where it can't."""
        if isinstance(outcome, Silence) or outcome.status < 400:
            return Problem()
        try:
            found = self._means.read_problem(outcome.status, outcome.body)
        # Whatever an upstream sends in an error, it stays that error.
        except Exception:
            return Problem()
        redactor = self._means.redactor
        return Problem(
            cause=found.cause,
            code=safe_text(found.code, redactor, longest=_LONGEST_CODE),
            message=safe_text(found.message, redactor),
            parameter=safe_text(found.parameter, redactor, longest=_LONGEST_CODE),
        )

    def _is_stale(self, outcome: Outcome, problem: Problem) -> bool:
        """Whether the answer means that our token has run out, and we can get another."""
        refused = isinstance(outcome, Reply) and outcome.status == 401
        return self._means.tokens.is_renewable and (refused or problem.cause == "stale-token")


def _reading(outcome: Outcome) -> tuple[str, int | None, str]:
    """How an attempt ended, its status, and the upstream's own ID for it."""
    if isinstance(outcome, Silence):
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
