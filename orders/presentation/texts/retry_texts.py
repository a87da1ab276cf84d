"""What is said of retries in few words: in a cell, and beside the clock on an order's page."""

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from orders.domain.orders import Order
from orders.domain.retry_status import RETRIES_EXHAUSTED, RetryStatus, retry_family
from orders.presentation.texts.cell_texts import gettext, ngettext, reader_language

FAMILIES: dict[str, str | Promise] = {
    "payment": _("Payment"),
    "inventory": _("Inventory"),
    "other": _("Other"),
}
_FAMILIES_WITH_CODE = {
    "payment": gettext_noop("payment (%(code)s)"),
    "inventory": gettext_noop("inventory (%(code)s)"),
    "other": gettext_noop("other (%(code)s)"),
}
# An upstream's number of days between two attempts, as far as it can be meant.
_MOST_DAYS = 366


def family(order: Order) -> str:
    """Why the order is tried again, by the one rule for it; empty where it never was."""
    return str(FAMILIES.get(retry_family(order), ""))


def retries_in_brief(status: RetryStatus) -> str:
    """`1 of 3 retries used`: retries, because the first attempt is not counted.

    The upstream leaves the last failure out of its count: once all have failed, that is what is said.
    """
    is_over = status.state is RETRIES_EXHAUSTED
    return _in_brief(is_over, status.retries_used, status.retries_allowed, reader_language())


@lru_cache(maxsize=512)
def _in_brief(is_over: bool, used: int | None, allowed: int | None, language: str) -> str:
    """`language` is only here for the cache."""
    if is_over:
        return _all_failed(allowed)
    if used is None:
        return ""
    if allowed is None or used > allowed:  # numbers that contradict each other are no pair
        return ngettext("%(used)s retry used", "%(used)s retries used", used) % {"used": used}
    return ngettext("%(used)s of %(allowed)s retry used", "%(used)s of %(allowed)s retries used", allowed) % {
        "used": used,
        "allowed": allowed,
    }


def _all_failed(allowed: int | None) -> str:
    if allowed is None:
        return gettext("all retries failed")
    if allowed == 1:
        return gettext("the only retry failed")
    return gettext("all %(allowed)s retries failed") % {"allowed": allowed}


def retry_words(order: Order, status: RetryStatus) -> str:
    """`1 of 3 retries used · payment (PAYMENT RETRY) · every 3 days`."""
    retry = order.retry
    if retry is None:
        return ""
    parts = [retries_in_brief(status)]
    if retry.kind:
        said = _FAMILIES_WITH_CODE[retry_family(order)]
        parts.append(gettext(said) % {"code": retry.kind.code})
    days = retry.days_between
    if days is not None and 0 < days <= _MOST_DAYS:
        parts.append(ngettext("every day", "every %(count)s days", days) % {"count": days})
    return " · ".join(filter(None, parts))
