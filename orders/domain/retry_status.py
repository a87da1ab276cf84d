"""The retry status: whether an order needs somebody, and when the next attempt is. Facts, no words.

The upstream's own fields say it only in part, so the rules are these, all from recorded answers:
- `used` counts retries, not attempts, and the last failure does not raise it: an order cancelled
  with 2 of 3 retries used has had all three.
- A failure moves the scheduled date to the next attempt. Where it has not moved yet, the date is
  the last status change plus the days between, and we say that it is estimated.
- An attempt that should have been made on an earlier day is overdue: nobody knows whether it will come.
- An error may stay on an order that is in flight again, or that went through: then it is history.
"""

import re
from datetime import UTC, datetime, timedelta

import msgspec

from orders.domain.orders import Order, Retry
from orders.domain.terms import NOTHING, Term, plain_code, vocabulary

# What they are called, and what they mean in words, stands in orders/presentation/texts/state_words.py.
WILL_RETRY = Term("will-retry", tone="wait")
OVERDUE = Term("overdue", tone="late")
RETRYING_NOW = Term("retrying-now", tone="busy")
RETRIES_EXHAUSTED = Term("retries-exhausted", tone="bad")
FAILED_NO_RETRY = Term("failed-no-retry", tone="bad")
RECOVERED = Term("recovered", tone="good")
CANCELED_WHILE_RETRYING = Term("canceled-while-retrying", tone="off")

STATES = vocabulary(
    WILL_RETRY,
    OVERDUE,
    RETRYING_NOW,
    RETRIES_EXHAUSTED,
    FAILED_NO_RETRY,
    RECOVERED,
    CANCELED_WHILE_RETRYING,
)

_MOST_DAYS = 3660
_EXPIRY = re.compile(r"(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})")
_YEARS_A_CARD_MAY_BE_OLD = 20


class RetryStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands with its retries.

    `retries_used` is as sent; the other two counts are None where they would mean nothing.
    """

    state: Term = NOTHING
    next_attempt: datetime | None = None
    is_estimated: bool = False
    retries_used: int | None = None
    retries_left: int | None = None
    retries_allowed: int | None = None
    card_has_expired: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.state is OVERDUE


_NONE = RetryStatus()
# Statuses that tell of retries all by themselves.
_SPEAKING = frozenset({"RETRY", "FAILED"})


def retry_status(order: Order, *, now: datetime) -> RetryStatus:
    """The state of `order` at `now`. An order of an upstream without retries has none."""
    status = plain_code(order.status.code)
    if not (order.retry or order.failure or order.payment or order.scheduled_at or status in _SPEAKING):
        return _NONE  # an upstream without retries: the usual case, and there are millions
    used, allowed = _counts(order.retry)
    state = _state(order, status, used, allowed)
    next_attempt, is_estimated = _next_attempt(order, status, state)
    if next_attempt is not None and next_attempt.date() < now.astimezone(UTC).date():
        state = OVERDUE
    return RetryStatus(
        state=state,
        next_attempt=next_attempt,
        is_estimated=is_estimated,
        retries_used=used,
        retries_left=_left(state, used, allowed),
        retries_allowed=allowed,
        card_has_expired=_has_expired(order.payment.expiry if order.payment else "", now),
    )


def retry_family(order: Order) -> str:
    """`payment`, `inventory`, `other`, or nothing where there has been no retry.

    By the words in the type, whatever stands around them: filter and advice both ask here.
    """
    if order.retry is None:
        return ""
    words = set(plain_code(order.retry.kind.code).split())
    if "PAYMENT" in words:
        return "payment"
    # INTENTORY is how the API spells it.
    return "inventory" if words & {"INVENTORY", "INTENTORY"} else "other"


def is_pending(order: Order) -> bool:
    """Whether the order is still to be placed, or being placed."""
    return plain_code(order.status.code) in {"SCHEDULED", "RETRY", "SUBMITTED"}


def _counts(retry: Retry | None) -> tuple[int | None, int | None]:
    """Retries used and allowed, without values that make no sense."""
    if retry is None:
        return None, None
    used = retry.used if retry.used is not None and retry.used >= 0 else None
    allowed = retry.allowed if retry.allowed is not None and retry.allowed > 0 else None
    return used, allowed


def _state(order: Order, status: str, used: int | None, allowed: int | None) -> Term:
    has_retry = order.retry is not None
    known = used is not None and allowed is not None
    is_used_up = used is not None and allowed is not None and used >= allowed
    if order.is_deleted and is_pending(order):
        return NOTHING  # nobody knows what becomes of it, but for sure it is not tried again
    match status:
        case "SCHEDULED" | "RETRY":
            if not (has_retry or status == "RETRY"):
                return NOTHING
            return RETRIES_EXHAUSTED if is_used_up else WILL_RETRY
        case "SUBMITTED":
            return RETRYING_NOW if has_retry else NOTHING
        case "SUCCESS":
            return RECOVERED if has_retry or order.failure else NOTHING
        case "FAILED":
            return RETRIES_EXHAUSTED if is_used_up else FAILED_NO_RETRY
        case "CANCELED":
            if not has_retry:
                return NOTHING
            # The last failure is not counted.
            is_last = known and (used or 0) >= (allowed or 0) - 1
            return RETRIES_EXHAUSTED if is_last else CANCELED_WHILE_RETRYING
    return NOTHING


def _left(state: Term, used: int | None, allowed: int | None) -> int | None:
    if state == RETRIES_EXHAUSTED:
        return 0
    if state not in {WILL_RETRY, OVERDUE, RETRYING_NOW, CANCELED_WHILE_RETRYING}:
        return None
    if used is None or allowed is None:
        return None
    # The retry in flight is neither used nor left.
    return max(0, allowed - used - (state == RETRYING_NOW))


def _next_attempt(order: Order, status: str, state: Term) -> tuple[datetime | None, bool]:
    if status not in {"SCHEDULED", "RETRY"} or order.is_deleted or state == RETRIES_EXHAUSTED:
        return None, False
    scheduled, changed = order.scheduled_at, order.status_updated_at
    if state != WILL_RETRY or changed is None or (scheduled is not None and scheduled > changed):
        return scheduled, False
    days = order.retry.days_between if order.retry else None
    if days is None or not 0 <= days <= _MOST_DAYS:
        return None, False
    try:
        return changed + timedelta(days=days), True
    except OverflowError:
        return None, False


def _has_expired(expiry: str, now: datetime) -> bool:
    """A card is good to the end of its month. `09/00` is rubbish, not a card of the year 2000."""
    read = _EXPIRY.fullmatch(expiry.strip())
    if read is None:
        return False
    month, year = int(read[1]), 2000 + int(read[2])
    if now.year - year > _YEARS_A_CARD_MAY_BE_OLD:
        return False
    return (year, month) < (now.year, now.month)
