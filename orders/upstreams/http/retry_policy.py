"""What one HTTP attempt came to, whether and when it is repeated, and which error it is in the end.

Pure rules: no network, no clock. When to repeat is the one rule of `orders.domain.retry_rules`; here stands
what of HTTP is throttled, passing or final:
- throttled: 429;
- passing: no answer (refused, reset, silence, an answer cut short, 408), 500, 502, 503, 504;
- final: every other status, an answer that is complete but unreadable or belongs to another question, a bad
  certificate.
The wait is random between nothing and 50 ms (1 s after a 429), doubled each time, unless the upstream's
`Retry-After` says how long.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.retry_rules import Failing, RetryLimits, pause_before
from orders.upstreams.base import Problem

FIRST_PAUSE = 0.05
FIRST_PAUSE_THROTTLED = 1.0
LONGEST_REPORTED_WAIT = 3600

_PASSING_STATUSES = frozenset({500, 502, 503, 504})
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")

_BY_CAUSE: Mapping[str, type[UpstreamError]] = {
    "bad-request": errors.BadRequest,
    "out-of-range": errors.OutOfRange,
    "credentials": errors.CredentialsRefused,
    "stale-token": errors.CredentialsRefused,
    "not-found": errors.NotFound,
    "rate-limited": errors.RateLimited,
    "unavailable": errors.Unavailable,
    "timeout": errors.TimedOut,
    "bad-answer": errors.BadAnswer,
    "not-this-partner": errors.NotThisPartners,
    "our-fault": errors.OurFault,
    "wrong-address": errors.WrongAddress,
}
_NOT_THE_VENDORS = "the refusal is not in the vendor's form: is the base address right?"

# What a status means by itself, where the adapter reads no cause in the body.
_BY_STATUS: Mapping[int, tuple[type[UpstreamError], str]] = {
    401: (errors.CredentialsRefused, ""),
    403: (errors.CredentialsRefused, ""),
    404: (errors.NotFound, ""),
    407: (errors.ProxyRefused, "a proxy in between wants credentials of its own"),
    429: (errors.RateLimited, ""),
}


class Response(msgspec.Struct, frozen=True):
    """A complete answer. `flaw` says in our words why its body could not be taken, if so.

    Header names are in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    flaw: str = ""


class NoResponse(msgspec.Struct, frozen=True):
    """No complete answer. `outcome` is one of `Attempt`'s; `detail` is ours and safe to show."""

    outcome: str
    detail: str
    may_repeat: bool = True
    was_stale: bool = False  # a connection kept alive was closed by the other side meanwhile


Outcome = Response | NoResponse


def is_success(outcome: Outcome) -> bool:
    return isinstance(outcome, Response) and outcome.status == 200 and not outcome.flaw


def says_it_by_its_status(response: Response) -> bool:
    """Whether the status is all there is to know: such an answer says nothing of what was asked for."""
    return response.status in {401, 407, 429} or 500 <= response.status < 600


def retry_limits(attempts: int) -> RetryLimits:
    """As long as the deadline allows: it is the caller's to keep."""
    return RetryLimits(
        tries=attempts,
        throttles=attempts - 1,
        first_pause=FIRST_PAUSE,
        first_pause_throttled=FIRST_PAUSE_THROTTLED,
    )


def failing(outcome: Outcome) -> Failing:
    """What a failed attempt means for the next."""
    if isinstance(outcome, NoResponse):
        return Failing.PASSING if outcome.may_repeat else Failing.FINAL
    if outcome.status == 429:
        return Failing.THROTTLED
    return Failing.PASSING if outcome.status in _PASSING_STATUSES else Failing.FINAL


def was_stale(outcome: Outcome) -> bool:
    """Whether nothing is wrong but that a connection kept alive was closed meanwhile."""
    return isinstance(outcome, NoResponse) and outcome.was_stale


def wait_before(
    repetition: int, outcome: Outcome, attempts: int, *, chance: float, wall_clock: float
) -> float | None:
    """Seconds to wait before the n-th repetition (from 1) of at most `attempts` in all; None for none."""
    asked = None
    if isinstance(outcome, Response):
        asked = asked_wait(outcome, wall_clock)
    elif was_stale(outcome):
        asked = 0.0  # nothing is wrong with the upstream
    return pause_before(repetition, failing(outcome), retry_limits(attempts), asked=asked, chance=chance)


def asked_wait(response: Response, wall_clock: float) -> float | None:
    """The answer's `Retry-After` in seconds, None where it is absent, past or no such value.

    A date is measured against the answer's own `Date`, so that our clock may be wrong.
    """
    value = response.headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return float(value[:12]) or None
    then = _instant(value)
    if then is None:
        return None
    now = _instant(response.headers.get("date", ""))
    wait = then - (wall_clock if now is None else now)
    return wait if wait > 0 else None


def error_for(
    outcome: Outcome,
    problem: Problem,
    *,
    source: str,
    exchange: Exchange | None,
    wall_clock: float,
) -> UpstreamError:
    """The error an attempt amounts to, if it was the last. `problem` is safe to show."""
    if isinstance(outcome, NoResponse):
        kind = {
            "timeout": errors.TimedOut,
            "deadline": errors.TimedOut,
            "unreadable": errors.BadAnswer,
        }.get(outcome.outcome, errors.Unavailable)
        return kind(source=source, exchange=exchange, detail=outcome.detail)
    asked = asked_wait(outcome, wall_clock)
    kind, detail = _kind_of(outcome, problem)
    return kind(
        source=source,
        exchange=exchange,
        status=outcome.status,
        vendor_code=problem.code,
        vendor_message=problem.message,
        parameter=problem.parameter,
        retry_after=None if asked is None else _whole_seconds(asked),
        detail=detail,
    )


def _kind_of(response: Response, problem: Problem) -> tuple[type[UpstreamError], str]:
    if 300 <= response.status < 400:
        return errors.BadAnswer, "a redirect, which we do not follow"
    if response.status < 400 or response.status > 599:
        return (
            errors.BadAnswer,
            response.flaw or f"an unexpected HTTP status {response.status}",
        )
    if problem.cause in _BY_CAUSE:
        kind = _BY_CAUSE[problem.cause]
        return kind, _NOT_THE_VENDORS if kind is errors.WrongAddress else ""
    if response.status >= 500:
        return errors.Unavailable, ""
    return _BY_STATUS.get(response.status, (errors.BadRequest, ""))


def _whole_seconds(seconds: float) -> int:
    return max(1, min(LONGEST_REPORTED_WAIT, int(seconds) + (seconds % 1 > 0)))


def _instant(text: str) -> float | None:
    if not text or len(text) > 64:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
