"""The retry clock: whether an order needs somebody, and when the next attempt is.

The upstream's own fields say it only in part, so the rules are these, all from recorded answers:
- `used` counts retries, not attempts, and the last failure does not raise it: an order cancelled
  with 2 of 3 retries used has had all three.
- A failure moves the scheduled date to the next attempt. Where it has not moved yet, the date is
  the last status change plus the days between, and we say that it is estimated.
- An error may stay on an order that is in flight again, or that went through: then it is history.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec

from orders.domain.instants import day
from orders.domain.orders import Order, Retry
from orders.domain.terms import NOTHING, Term, vocabulary

WILL_RETRY = Term("will-retry", "Will retry", "wait", "An attempt failed; another one is planned.")
RETRYING_NOW = Term("retrying-now", "Retrying now", "busy", "A retry is under way.")
RETRIES_EXHAUSTED = Term(
    "retries-exhausted", "Retries exhausted", "bad", "All retries failed; no more will follow."
)
FAILED_NO_RETRY = Term(
    "failed-no-retry", "Failed, no retry", "bad", "It failed for good; no retry will follow."
)
RECOVERED = Term("recovered", "Recovered", "good", "It went through after an earlier failure.")
CANCELED_WHILE_RETRYING = Term(
    "canceled-while-retrying", "Cancelled while retrying", "off", "Cancelled with retries left."
)

STATES = vocabulary(
    WILL_RETRY,
    RETRYING_NOW,
    RETRIES_EXHAUSTED,
    FAILED_NO_RETRY,
    RECOVERED,
    CANCELED_WHILE_RETRYING,
)

_MOST_DAYS = 3660
_EXPIRY = re.compile(r"(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})")
_YEARS_A_CARD_MAY_BE_OLD = 20


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """Where an order stands with its retries.

    `retries_used` is as sent; the other two counts are None where they would mean nothing.
    """

    state: Term = NOTHING
    next_attempt: datetime | None = None
    is_estimated: bool = False
    is_overdue: bool = False
    retries_used: int | None = None
    retries_left: int | None = None
    retries_allowed: int | None = None
    card_has_expired: bool = False


_NONE = Attention()
# Statuses that tell of retries all by themselves.
_SPEAKING = frozenset({"RETRY", "FAILED"})


def attention(order: Order, *, now: datetime) -> Attention:
    """The state of `order` at `now`. An order of an upstream without retries has none."""
    status = _plain(order.status.code)
    if not (order.retry or order.failure or order.payment or order.scheduled_at or status in _SPEAKING):
        return _NONE  # an upstream without retries: the usual case, and there are millions
    used, allowed = _counts(order.retry)
    state = _state(order, status, used, allowed)
    next_attempt, is_estimated = _next_attempt(order, status, state)
    return Attention(
        state=state,
        next_attempt=next_attempt,
        is_estimated=is_estimated,
        is_overdue=next_attempt is not None and next_attempt.date() < now.astimezone(UTC).date(),
        retries_used=used,
        retries_left=_left(state, used, allowed),
        retries_allowed=allowed,
        card_has_expired=_has_expired(order.payment.expiry if order.payment else "", now),
    )


def retry_family(order: Order) -> str:
    """`payment`, `inventory`, `other`, or nothing where there has been no retry."""
    if order.retry is None:
        return ""
    kind = _plain(order.retry.kind.code)
    if kind.startswith("PAYMENT"):
        return "payment"
    return "inventory" if kind.startswith(("INVENTORY", "INTENTORY")) else "other"


def sentence(order: Order, attention: Attention, now: datetime) -> str:
    """What an agent can read out; empty where retries have no part in the order."""
    failure = failure_text(order)
    retries = _retries_text(attention)
    when = next_attempt_text(attention, now)
    said: tuple[str, ...]
    match attention.state.code:
        case "will-retry":
            said = (failure, retries, when)
        case "retrying-now":
            said = ("A retry is under way.", retries, _before(failure))
        case "retries-exhausted":
            said = (failure, _exhausted_text(attention))
        case "failed-no-retry":
            said = (failure, "The order failed and will not be tried again.")
        case "recovered":
            said = ("The order went through after an earlier failure.", retries, _before(failure))
        case "canceled-while-retrying":
            said = ("The order was cancelled while it had retries left.", retries, _before(failure))
        case _:
            return ""
    return " ".join(filter(None, said))


def advice(order: Order, attention: Attention) -> str:
    """What to do, or to tell the customer; empty where there is nothing to do."""
    state = attention.state
    if state not in {WILL_RETRY, RETRYING_NOW, RETRIES_EXHAUSTED, FAILED_NO_RETRY}:
        return ""
    if state == RETRYING_NOW:
        return "Nothing yet: the order is being tried again. Look again in a few minutes."
    is_over = state in {RETRIES_EXHAUSTED, FAILED_NO_RETRY}
    match retry_family(order):
        case "payment":
            return _payment_advice(attention, is_over)
        case "inventory" if is_over:
            return "The item was not in stock. There is nothing the customer can do about it."
        case "inventory":
            return "The item is not in stock. The customer need not do anything."
    code = order.failure.code if order.failure else ""
    reference = f"order {order.order_id}" + (f" and error code {code}" if code else "")
    return f"The customer can't mend this. Escalate it with {reference}."


def _payment_advice(attention: Attention, is_over: bool) -> str:
    reason = "The card on file has expired. " if attention.card_has_expired else ""
    if is_over:
        return f"{reason}Ask the customer to update the card; the order itself will not be retried."
    return f"{reason}Ask the customer to update the card before the next attempt."


def failure_text(order: Order) -> str:
    """`Payment declined (140).`"""
    if order.failure is None:
        return ""
    message, code = order.failure.message.strip().rstrip("."), order.failure.code
    if message and code:
        return f"{message} ({code})."
    return f"{message}." if message else f"Error {code}." if code else ""


def next_attempt_text(attention: Attention, now: datetime) -> str:
    """`Next attempt Thu 5 Jan 2023 (in 2 days), estimated.`"""
    if attention.next_attempt is None:
        return ""
    date = f"{attention.next_attempt:%a} {day(attention.next_attempt)}"
    distance = _distance(attention.next_attempt, now)
    estimated = ", estimated" if attention.is_estimated else ""
    if attention.is_overdue:
        return f"Overdue: the next attempt was due {date} ({distance}){estimated}."
    return f"Next attempt {date} ({distance}){estimated}."


@lru_cache(maxsize=256)
def _plain(code: str) -> str:
    plain = " ".join(code.upper().replace("_", " ").split())
    return "CANCELED" if plain == "CANCELLED" else plain


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
    match status:
        case "SCHEDULED" | "RETRY":
            if order.is_deleted or not (has_retry or status == "RETRY"):
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
    if state not in {WILL_RETRY, RETRYING_NOW, CANCELED_WHILE_RETRYING}:
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


def _retries_text(attention: Attention) -> str:
    if attention.retries_used is None:
        return ""
    allowed = attention.retries_allowed
    of = f" of {allowed}" if allowed is not None else ""
    return f"Retries used: {attention.retries_used}{of}."


def _exhausted_text(attention: Attention) -> str:
    allowed = attention.retries_allowed
    if allowed is None:
        return "All retries failed, and the order will not be tried again."
    if allowed == 1:
        return "The only retry failed, and the order will not be tried again."
    return f"All {allowed} retries failed, and the order will not be tried again."


def _before(failure: str) -> str:
    return f"Earlier: {failure}" if failure else ""


def _distance(moment: datetime, now: datetime) -> str:
    days = (moment.astimezone(UTC).date() - now.astimezone(UTC).date()).days
    if abs(days) < 2:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"
