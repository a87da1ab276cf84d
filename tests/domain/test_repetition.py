"""One rule for asking again: what each failure means, how long to wait, and when to give up."""

import pytest

from orders.domain import errors
from orders.domain.errors import UpstreamError
from orders.domain.retry_rules import Failing, RetryLimits, failing, pause_before
from orders.exports.engine.backoff import BACKGROUND, INLINE
from orders.upstreams.http import retry_policy
from orders.upstreams.http.retry_policy import NoResponse, Response

PATIENCE = RetryLimits(tries=3, throttles=4, first_pause=0.5, first_pause_throttled=2.0, longest_pause=9.0)


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        (errors.RateLimited, Failing.THROTTLED),
        (errors.Unavailable, Failing.PASSING),
        (errors.CircuitOpen, Failing.PASSING),
        (errors.TimedOut, Failing.PASSING),
        (errors.BadAnswer, Failing.PASSING),
        (errors.ForeignAnswer, Failing.PASSING),
        (errors.OurFault, Failing.FINAL),
        (errors.ProxyRefused, Failing.FINAL),
        (errors.NotFound, Failing.FINAL),
        (errors.BadRequest, Failing.FINAL),
        (errors.OutOfRange, Failing.FINAL),
        (errors.CredentialsRefused, Failing.FINAL),
        (errors.NotConfigured, Failing.FINAL),
    ],
)
def test_what_the_failure_of_a_whole_call_means(kind: type[UpstreamError], means: Failing) -> None:
    assert failing(kind(source="adobe")) is means


@pytest.mark.parametrize(
    ("outcome", "means"),
    [
        (Response(429, {}), Failing.THROTTLED),
        (NoResponse("timeout", ""), Failing.PASSING),
        (NoResponse("refused", "", may_repeat=False), Failing.FINAL),
        *((Response(status, {}), Failing.PASSING) for status in (500, 502, 503, 504)),
        *((Response(status, {}), Failing.FINAL) for status in (200, 302, 400, 401, 404, 407, 501, 599)),
    ],
)
def test_what_a_failed_attempt_means(outcome: retry_policy.Outcome, means: Failing) -> None:
    assert retry_policy.failing(outcome) is means


def pauses(failing: Failing, asked: float | None = None, chance: float = 1.0) -> list[float | None]:
    return [
        pause_before(repetition, failing, PATIENCE, asked=asked, chance=chance) for repetition in range(1, 6)
    ]


def test_pauses_double_until_patience_ends() -> None:
    assert pauses(Failing.PASSING) == [0.5, 1.0, None, None, None]
    assert pauses(Failing.THROTTLED) == [2.0, 4.0, 8.0, None, None]  # the next would be too long
    assert pauses(Failing.FINAL) == [None] * 5


def test_what_the_upstream_asks_for_counts_where_it_is_not_too_long() -> None:
    assert pauses(Failing.PASSING, asked=3.0) == [3.0, 3.0, None, None, None]
    assert pauses(Failing.THROTTLED, asked=0.0) == [0.0] * 4 + [None]
    assert pauses(Failing.THROTTLED, asked=9.5) == [None] * 5


def test_those_who_were_refused_together_come_back_apart() -> None:
    assert pauses(Failing.THROTTLED, chance=0.25) == [0.5, 1.0, 2.0, 4.0, None]


def test_who_has_a_person_waiting_gives_up_first() -> None:
    attempts = retry_policy.retry_limits(3)
    assert attempts.first_pause < INLINE.first_pause < BACKGROUND.first_pause
    assert INLINE.longest_pause < BACKGROUND.longest_pause
    assert INLINE.tries < BACKGROUND.tries
