"""Where an order stands, whatever the time is: what failed, what is open since when, what is tried again.

Facts that a clock turns into kinds of attention. They are kept, so nothing here depends on the moment: an
order that is open is so since an instant, and whether that is too long is for whoever asks.
"""

from datetime import UTC, datetime
from enum import IntEnum

import msgspec

from orders.domain.orders import Order
from orders.domain.retry_status import (
    FAILED_NO_RETRY,
    RETRIES_EXHAUSTED,
    WILL_RETRY,
    RetryStatus,
    is_pending,
    retry_status,
)
from orders.domain.terms import Term, plain_code

# Before every date of an order, so that no attempt is overdue and no card has expired.
_BEFORE_EVERYTHING = datetime(1, 1, 1, tzinfo=UTC)

EXHAUSTED, FAILED = "retries-exhausted", "failed"


class Outcome(IntEnum):
    """What an order counts as in a picture. Cancelled, skipped, planned and unknown ones are `OTHER`."""

    OTHER = 0
    COMPLETED = 1
    OPEN = 2
    FAILED = 3


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`trouble` is `retries-exhausted`, `failed` or empty. `open_since` is when the upstream began to work on
    it, or when a retry was due: in the future for one to come, None for what is settled or merely planned.
    `changed_at` is the latest instant that the upstream gives.
    """

    trouble: str = ""
    open_since: datetime | None = None
    promotion_refused: bool = False
    next_attempt: datetime | None = None
    is_estimated: bool = False
    is_unsettled: bool = False
    outcome: Outcome = Outcome.OTHER
    changed_at: datetime | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether it is, or with time may become, something that needs somebody."""
        return bool(self.trouble or self.open_since or self.promotion_refused or self.next_attempt)


def standing(order: Order) -> Standing:
    """The facts of one order, read from its codes and instants alone."""
    retry = retry_status(order, now=_BEFORE_EVERYTHING)
    trouble = _trouble(order, retry)
    next_attempt = retry.next_attempt if retry.state == WILL_RETRY else None
    instants = (order.created_at, order.updated_at, order.status_updated_at)
    return Standing(
        trouble=trouble,
        open_since=_working_since(order) or next_attempt,
        promotion_refused=any(_is_bad(each.result) for each in order.promotions),
        next_attempt=next_attempt,
        is_estimated=retry.is_estimated and next_attempt is not None,
        is_unsettled=_is_unsettled(order),
        outcome=_outcome(order, trouble),
        changed_at=max(filter(None, instants), default=None),
    )


def _trouble(order: Order, retry: RetryStatus) -> str:
    if order.is_deleted:
        return ""
    if retry.state == RETRIES_EXHAUSTED:
        return EXHAUSTED
    failed = retry.state == FAILED_NO_RETRY or _is_bad(order.status)
    return FAILED if failed or any(_is_bad(line.status) for line in order.lines) else ""


def _working_since(order: Order) -> datetime | None:
    if order.is_deleted:
        return None
    if plain_code(order.status.code) == "SUBMITTED":
        return order.status_updated_at or order.updated_at or order.created_at
    is_busy = _is_busy(order.status) or any(_is_busy(line.status) for line in order.lines)
    return order.created_at if is_busy else None


def _is_unsettled(order: Order) -> bool:
    """Whether the upstream will still change it by itself. What nobody can read is taken as settled."""
    if order.is_deleted:
        return False
    return (
        is_pending(order) or _is_moving(order.status) or any(_is_moving(each.status) for each in order.lines)
    )


def _outcome(order: Order, trouble: str) -> Outcome:
    if trouble:
        return Outcome.FAILED
    if order.is_deleted:
        return Outcome.OTHER
    if _is_busy(order.status) or plain_code(order.status.code) == "RETRY":
        return Outcome.OPEN
    if any(_is_busy(line.status) for line in order.lines):
        return Outcome.OPEN
    return Outcome.COMPLETED if order.status.known and order.status.tone == "good" else Outcome.OTHER


def _is_bad(term: Term) -> bool:
    return term.known and term.tone == "bad"


def _is_busy(term: Term) -> bool:
    return term.known and term.tone == "busy"


def _is_moving(term: Term) -> bool:
    return term.known and term.tone in {"busy", "wait"}
