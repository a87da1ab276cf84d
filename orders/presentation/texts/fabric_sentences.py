"""An order of fabric Subscriptions, as it is said to a customer: first what becomes of it, then why."""

from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders.domain.orders import Order
from orders.domain.retry_status import RetryStatus, is_pending
from orders.domain.terms import plain_code
from orders.presentation.texts.phrases import Text, day_of, on_day, paragraph, shortened
from orders.presentation.texts.unread_texts import without_status

# Where retries have no part in it.
_OUTCOMES: dict[str, Text] = {
    "SCHEDULED": _("%(order)s is scheduled, but its date is not known."),
    "SUBMITTED": _("%(order)s is being placed now, and the outcome is still open."),
    "SUCCESS": _("%(order)s went through."),
    "CANCELED": _("%(order)s was cancelled and will not be placed."),
    "SKIPPED": _("%(order)s was skipped and will not be placed."),
}


def sentence(order: Order, status: RetryStatus, now: datetime) -> str:
    """Outcome, reason, retries and dates. The order's ID is not in it."""
    name = _name(order, now)
    if order.is_deleted:
        return _deleted(order, status, name, now)
    return _living(order, status, name, now)


def _living(order: Order, status: RetryStatus, name: str, now: datetime) -> str:
    match status.state.code:
        case "will-retry":
            return paragraph(_will_retry(status, name, now), _given_reason(order), _used(status))
        case "overdue":
            return _overdue(order, status, name, now)
        case "retrying-now":
            return paragraph(
                gettext("%(order)s is being tried again now.") % {"order": name},
                _current_retry(status),
                _earlier_reason(order),
            )
        case "retries-exhausted":
            return paragraph(
                gettext("%(order)s did not go through and will not be tried again.") % {"order": name},
                _all_failed(status),
                _given_reason(order) or gettext("No reason is given."),
            )
        case "failed-no-retry":
            return paragraph(
                gettext("%(order)s did not go through and will not be tried again.") % {"order": name},
                _given_reason(order) or gettext("No reason is given."),
            )
        case "recovered":
            return paragraph(
                gettext("%(order)s went through after an earlier attempt had failed.") % {"order": name},
                _earlier_reason(order),
            )
        case "canceled-while-retrying":
            return paragraph(_cancelled(status, name), _had_used(status), _earlier_reason(order))
    return _without_retries(order, status, name, now)


def _without_retries(order: Order, status: RetryStatus, name: str, now: datetime) -> str:
    code = plain_code(order.status.code)
    if not code:
        return paragraph(str(without_status(order)) % {"order": name}, _recorded(order))
    outcome = _OUTCOMES.get(code, _("%(order)s is in a state that we do not know."))
    said = str(outcome) % {"order": name}
    if code == "SCHEDULED" and status.next_attempt is not None:
        said = gettext("%(order)s will be placed %(when)s.") % {
            "order": name,
            "when": on_day(status.next_attempt, now),
        }
    due = ""
    if code in {"CANCELED", "SKIPPED"} and order.scheduled_at is not None:
        due = gettext("It was scheduled for %(day)s.") % {"day": day_of(order.scheduled_at, now)}
    next_one = gettext("A new order follows one cycle later.") if code == "SKIPPED" else ""
    return paragraph(said, due, _recorded(order), next_one)


def _deleted(order: Order, status: RetryStatus, name: str, now: datetime) -> str:
    """Nothing is placed any more once it is deleted, whatever its status still says."""
    if not is_pending(order):
        return paragraph(_living(order, status, name, now), gettext("The order has been deleted since."))
    if plain_code(order.status.code) == "SUBMITTED":
        said = gettext("%(order)s was deleted while it was being placed, and its outcome is not known.")
    else:
        said = gettext("%(order)s was deleted and will not be placed.")
    return paragraph(said % {"order": name}, _recorded(order))


def _name(order: Order, now: datetime) -> str:
    if order.created_at is None:
        return gettext("Your order")
    return gettext("Your order of %(day)s") % {"day": day_of(order.created_at, now)}


def _will_retry(status: RetryStatus, name: str, now: datetime) -> str:
    if status.next_attempt is None:
        return gettext(
            "%(order)s has not gone through yet and will be tried again, but the date is not known."
        ) % {"order": name}
    said = gettext("%(order)s has not gone through yet and will be tried again %(when)s.")
    when = {"order": name, "when": on_day(status.next_attempt, now)}
    return paragraph(said % when, _estimated(status))


def _overdue(order: Order, status: RetryStatus, name: str, now: datetime) -> str:
    if order.retry is None and plain_code(order.status.code) == "SCHEDULED":
        said = gettext("%(order)s has not been placed, and it is overdue.")
    else:
        said = gettext("%(order)s has not gone through, and its next attempt is overdue.")
    due = ""
    if status.next_attempt is not None:
        due = gettext("It was due %(when)s.") % {"when": on_day(status.next_attempt, now)}
    reason = _given_reason(order) if order.retry else _recorded(order)
    return paragraph(said % {"order": name}, due, _estimated(status), reason, _used(status))


def _estimated(status: RetryStatus) -> str:
    return gettext("The date is estimated.") if status.is_estimated else ""


def _used(status: RetryStatus) -> str:
    """`So far 1 of 3 retries has been used.`; numbers that contradict each other are left out."""
    used, allowed = status.retries_used, status.retries_allowed
    if used is None or (allowed is not None and used > allowed):
        return ""
    if used == 0:
        return gettext("No retry has been used so far.")
    if allowed is None:
        return ngettext(
            "So far %(used)s retry has been used.", "So far %(used)s retries have been used.", used
        ) % {"used": used}
    return ngettext(
        "So far %(used)s of %(allowed)s retries has been used.",
        "So far %(used)s of %(allowed)s retries have been used.",
        used,
    ) % {"used": used, "allowed": allowed}


def _cancelled(status: RetryStatus, name: str) -> str:
    if status.retries_used is None or status.retries_allowed is None:
        said = gettext("%(order)s was cancelled after an attempt had failed, and it will not be placed.")
    else:
        said = gettext("%(order)s was cancelled while it had retries left, and it will not be placed.")
    return said % {"order": name}


def _had_used(status: RetryStatus) -> str:
    used, allowed = status.retries_used, status.retries_allowed
    if not used or allowed is None or used > allowed:
        return ""
    return ngettext(
        "%(used)s of %(allowed)s retries had been used.",
        "%(used)s of %(allowed)s retries had been used.",
        used,
    ) % {"used": used, "allowed": allowed}


def _current_retry(status: RetryStatus) -> str:
    """The retry in flight is not counted yet."""
    used, allowed = status.retries_used, status.retries_allowed
    if used is None or (allowed is not None and used >= allowed):
        return ""
    if allowed is None:
        return gettext("This is retry %(number)s.") % {"number": used + 1}
    return gettext("This is retry %(number)s of %(allowed)s.") % {"number": used + 1, "allowed": allowed}


def _all_failed(status: RetryStatus) -> str:
    allowed = status.retries_allowed
    if allowed is None:
        return gettext("All retries failed.")
    if allowed == 1:
        return gettext("The only retry failed.")
    return gettext("All %(allowed)s retries failed.") % {"allowed": allowed}


def _given_reason(order: Order) -> str:
    if order.failure is None:
        return ""
    if not order.failure.message.strip():
        return gettext("The reason is given only as a code.") if order.failure.code else ""
    return gettext("The reason given is “%(reason)s”.") % {"reason": shortened(order.failure.message)}


def _earlier_reason(order: Order) -> str:
    if order.failure is None:
        return ""
    if not order.failure.message.strip():
        return gettext("The earlier failure is given only as a code.") if order.failure.code else ""
    return gettext("The reason given for the earlier failure is “%(reason)s”.") % {
        "reason": shortened(order.failure.message)
    }


def _recorded(order: Order) -> str:
    """An error of which nobody says whether it still matters."""
    if order.failure is None:
        return ""
    if not order.failure.message.strip():
        return gettext("An error is recorded on it, but only as a code.") if order.failure.code else ""
    return gettext("An error is recorded on it, “%(reason)s”.") % {"reason": shortened(order.failure.message)}
