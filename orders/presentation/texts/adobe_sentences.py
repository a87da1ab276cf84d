"""An order of Adobe VIP Marketplace, as it is said to a customer.

One table for what the order is called, one for its outcome, alone and beside lines in another state.
"""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from orders.domain.orders import Order
from orders.domain.retry_status import RetryStatus
from orders.presentation.texts.line_texts import lines_clause
from orders.presentation.texts.phrases import Text, day_of, paragraph
from orders.presentation.texts.unread_texts import without_status
from orders.upstreams import catalogue


class Name(NamedTuple):
    """What an order is called, with the day it was placed and without."""

    dated: Text
    plain: Text


_ORDER = Name(_("Your order of %(day)s"), _("Your order"))
_NAMES = {
    "RENEWAL": Name(_("Your renewal of %(day)s"), _("Your renewal")),
    "RETURN": Name(_("Your return of %(day)s"), _("Your return")),
    "TRANSFER": Name(_("Your transfer of %(day)s"), _("Your transfer")),
    "SWITCH": Name(_("Your product switch of %(day)s"), _("Your product switch")),
    "REVERT_SWITCH": Name(
        _("Your request of %(day)s to undo a product switch"), _("Your request to undo a product switch")
    ),
}
# Calculations: they have no outcome, whatever status they carry.
_PREVIEWS = {
    "PREVIEW": _("This was only a preview, and nothing was ordered."),
    "PREVIEW_RENEWAL": _("This was only a preview of a renewal, and nothing was renewed."),
    "PREVIEW_SWITCH": _("This was only a preview of a product switch, and nothing was switched."),
    "PREVIEW_REVERT_SWITCH": _(
        "This was only a preview of undoing a product switch, and nothing was changed."
    ),
}


class Outcome(NamedTuple):
    """How an order stands, alone and beside lines in another state; then why, where Adobe says it."""

    alone: Text
    beside_lines: Text
    reason: Text = ""


_COMPLETED = Outcome(_("%(order)s went through."), _("%(order)s is completed, but %(lines)s."))
_PROCESSING = Outcome(
    _("%(order)s is still being processed."), _("%(order)s is still being processed, but %(lines)s.")
)
_SCHEDULED = Outcome(
    _("%(order)s is scheduled and starts on a later date."),
    _("%(order)s is scheduled for a later date, but %(lines)s."),
)
_RETURNED = Outcome(
    _("%(order)s was returned in full and is cancelled."), _("%(order)s is cancelled, but %(lines)s.")
)
_CANCELLED = Outcome(_("%(order)s was cancelled."), _("%(order)s was cancelled, but %(lines)s."))
_UNKNOWN = Outcome(
    _("%(order)s is in a state that we do not know."),
    _("%(order)s is in a state that we do not know, and %(lines)s."),
)


def _failed(reason: Text) -> Outcome:
    return Outcome(
        _("%(order)s did not go through."), _("%(order)s did not go through, but %(lines)s."), reason
    )


_OUTCOMES = {
    "1000": _COMPLETED,
    "1002": _PROCESSING,
    "1004": _failed(_("Adobe gives no reason.")),
    "1009": _SCHEDULED,
    "1010": _failed(_("Adobe does not accept the address of the account.")),
    "1012": _failed(_("Adobe has blocked the account.")),
    "1014": _failed(_("Adobe already has an account like this one.")),
    "1020": _failed(_("The distributor's account at Adobe is not active.")),
    "1022": _failed(_("The reseller's account at Adobe is not active.")),
    "1024": _failed(_("Your customer account at Adobe is not active.")),
    "1026": _failed(_("Adobe does not know the customer ID that it was placed for.")),
}
_RETURNABLE = catalogue.describe("adobe").returnable_types


def sentence(order: Order, _status: RetryStatus, now: datetime) -> str:
    """Outcome, reason and promotions. The order's ID is not in it."""
    preview = _PREVIEWS.get(order.order_type.code)
    if preview is not None:
        return str(preview)
    outcome = _outcome(order)
    if outcome is None:
        return paragraph(str(without_status(order)) % {"order": _name(order, now)}, _promotions(order))
    lines = lines_clause(order)
    values = {"order": _name(order, now), "lines": lines}
    said = outcome.beside_lines if lines else outcome.alone
    # What did not go through has had no use of its promotions.
    promotions = "" if outcome.reason else _promotions(order)
    return paragraph(str(said) % values, outcome.reason, promotions)


def _outcome(order: Order) -> Outcome | None:
    code = order.status.code
    if not code:
        return None
    if code == "1008":
        return _RETURNED if order.order_type.code in _RETURNABLE else _CANCELLED
    return _OUTCOMES.get(code, _UNKNOWN)


def _name(order: Order, now: datetime) -> str:
    name = _NAMES.get(order.order_type.code, _ORDER)
    if order.created_at is None:
        return str(name.plain)
    return str(name.dated) % {"day": day_of(order.created_at, now)}


def _promotions(order: Order) -> str:
    """What became of the promotions; which of them it was stands in the page's own table."""
    results = [promotion.result.code for promotion in order.promotions]
    refused, applied = results.count("FAILURE"), results.count("SUCCESS")
    said = []
    if applied:
        said.append(_applied(applied, len(results)))
    if refused:
        said.append(_refused(refused, len(results)))
    if applied + refused < len(results):
        said.append(_unsaid(len(results) - applied - refused, len(results)))
    return paragraph(*said)


def _applied(count: int, total: int) -> str:
    if total == 1:
        return gettext("The promotion was applied.")
    if count == total == 2:
        return gettext("Both promotions were applied.")
    if count == total:
        return gettext("All %(total)s promotions were applied.") % {"total": total}
    return ngettext(
        "%(count)s of %(total)s promotions was applied.",
        "%(count)s of %(total)s promotions were applied.",
        count,
    ) % {"count": count, "total": total}


def _refused(count: int, total: int) -> str:
    if total == 1:
        return gettext("The promotion was not applied.")
    if count == total == 2:
        return gettext("Neither promotion was applied.")
    if count == total:
        return gettext("None of the %(total)s promotions was applied.") % {"total": total}
    return ngettext(
        "%(count)s of %(total)s promotions was not applied.",
        "%(count)s of %(total)s promotions were not applied.",
        count,
    ) % {"count": count, "total": total}


def _unsaid(count: int, total: int) -> str:
    if total == 1:
        return gettext("Adobe does not say whether the promotion was applied.")
    return ngettext(
        "For %(count)s of %(total)s promotions Adobe does not say whether it was applied.",
        "For %(count)s of %(total)s promotions Adobe does not say whether they were applied.",
        count,
    ) % {"count": count, "total": total}
