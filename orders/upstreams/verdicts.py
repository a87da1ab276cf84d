"""What one HTTP attempt came to, whether and when it is repeated, and which error it is in the end.

Pure rules: no network, no clock. The retry rules:
- repeated: no answer (refused, reset, silence, an answer cut short), 429, 500, 502, 503, 504;
- never repeated: every other status, an answer that is complete but unreadable, a bad certificate;
- the wait is random between nothing and 50 ms (1 s after a 429), doubled each time, unless the
  upstream's `Retry-After` says how long.
"""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Exchange
from orders.upstreams.base import Problem

FIRST_WAIT = 0.05
FIRST_WAIT_WHEN_THROTTLED = 1.0
LONGEST_REPORTED_WAIT = 3600

_REPEATED_STATUSES = frozenset({429, 500, 502, 503, 504})
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
}


class Reply(msgspec.Struct, frozen=True):
    """A complete answer. `flaw` says in our words why its body could not be taken, if so.

    Header names are in lower case.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    flaw: str = ""


class Silence(msgspec.Struct, frozen=True):
    """No complete answer. `outcome` is one of `Attempt`'s; `detail` is ours and safe to show."""

    outcome: str
    detail: str
    may_repeat: bool = True
    was_stale: bool = False  # a connection kept alive was closed by the other side meanwhile


Outcome = Reply | Silence


def is_success(outcome: Outcome) -> bool:
    return isinstance(outcome, Reply) and outcome.status == 200 and not outcome.flaw


def is_worth_repeating(outcome: Outcome) -> bool:
    if isinstance(outcome, Silence):
        return outcome.may_repeat
    return outcome.status in _REPEATED_STATUSES


def wait_before(repetition: int, outcome: Outcome, *, chance: float, wall_clock: float) -> float:
    """Seconds to wait before the n-th repetition (from 1). `chance` is from 0 up to 1."""
    if isinstance(outcome, Silence):
        return 0.0 if outcome.was_stale else chance * FIRST_WAIT * 2.0 ** (repetition - 1)
    asked = asked_wait(outcome, wall_clock)
    if asked is not None:
        return asked
    first = FIRST_WAIT_WHEN_THROTTLED if outcome.status == 429 else FIRST_WAIT
    return chance * first * 2.0 ** (repetition - 1)


def asked_wait(reply: Reply, wall_clock: float) -> float | None:
    """The answer's `Retry-After` in seconds, None where it is absent, past or no such value.

    A date is measured against the answer's own `Date`, so that our clock may be wrong.
    """
    value = reply.headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(value):
        return float(value[:12]) or None
    then = _instant(value)
    if then is None:
        return None
    now = _instant(reply.headers.get("date", ""))
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
    if isinstance(outcome, Silence):
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


def _kind_of(reply: Reply, problem: Problem) -> tuple[type[UpstreamError], str]:
    if 300 <= reply.status < 400:
        return errors.BadAnswer, "a redirect, which we do not follow"
    if reply.status < 400 or reply.status > 599:
        return (
            errors.BadAnswer,
            reply.flaw or f"an unexpected HTTP status {reply.status}",
        )
    if problem.cause in _BY_CAUSE:
        return _BY_CAUSE[problem.cause], ""
    if reply.status >= 500:
        return errors.Unavailable, ""
    by_status: Mapping[int, type[UpstreamError]] = {
        401: errors.CredentialsRefused,
        403: errors.CredentialsRefused,
        404: errors.NotFound,
        429: errors.RateLimited,
    }
    return by_status.get(reply.status, errors.BadRequest), ""


def _whole_seconds(seconds: float) -> int:
    return max(1, min(LONGEST_REPORTED_WAIT, int(seconds) + (seconds % 1 > 0)))


def _instant(text: str) -> float | None:
    if not text or len(text) > 64:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
