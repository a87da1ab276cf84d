"""Whether and when to ask again: one rule for a page's attempts, a token's and the calls of a file.

- Throttled (429): as long as the upstream asks; where it doesn't say, longer from time to time.
- Passing (no answer, an upstream's own trouble; for a file also an answer that made no sense): likewise, but
  a shorter while. The next answer may be a good one.
- Final (everything else): not at all. What is wrong with the question stays wrong.

Each has its own limits, because a person waits a second and a background file a minute.
"""

from enum import Enum, auto

import msgspec

from orders.domain.errors import (
    BadAnswer,
    Busy,
    OurFault,
    ProxyRefused,
    RateLimited,
    TimedOut,
    Unavailable,
    UpstreamError,
)


class Failing(Enum):
    """What a failure means for whoever would ask again."""

    THROTTLED = auto()
    PASSING = auto()
    FINAL = auto()


class RetryLimits(msgspec.Struct, frozen=True, kw_only=True):
    """`tries` in all, where it is passing; `throttles` are pauses in a row. Pauses are in seconds.

    The first pause is doubled each time. No pause is longer than `longest_pause`: rather, give up.
    """

    tries: int
    throttles: int
    first_pause: float
    first_pause_throttled: float
    longest_pause: float = float("inf")


def failing(error: UpstreamError) -> Failing:
    """What the failure of a whole call means, which has made its attempts already."""
    if isinstance(error, RateLimited | Busy):
        return Failing.THROTTLED
    if isinstance(error, OurFault | ProxyRefused):
        return Failing.FINAL
    return Failing.PASSING if isinstance(error, Unavailable | TimedOut | BadAnswer) else Failing.FINAL


def pause_before(
    repetition: int, failing: Failing, retry_limits: RetryLimits, *, asked: float | None, chance: float = 1.0
) -> float | None:
    """Seconds before the n-th repetition (from 1); None where there should be none.

    `asked` is what the upstream asked for. Where it says nothing, `chance` (from 0 to 1) spreads those who
    were refused together.
    """
    most = retry_limits.throttles if failing is Failing.THROTTLED else retry_limits.tries - 1
    if failing is Failing.FINAL or repetition > most:
        return None
    first = retry_limits.first_pause_throttled if failing is Failing.THROTTLED else retry_limits.first_pause
    pause = chance * first * 2.0 ** (repetition - 1) if asked is None else asked
    return pause if pause <= retry_limits.longest_pause else None
