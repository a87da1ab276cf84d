"""An order of an upstream that has no writer of its own: its status by name, with the meaning we know."""

from datetime import datetime

from django.utils.translation import gettext

from orders.domain.orders import Order
from orders.domain.retry_status import RetryStatus
from orders.presentation.texts import state_words
from orders.presentation.texts.line_texts import lines_clause
from orders.presentation.texts.phrases import day_of, paragraph
from orders.presentation.texts.unread_texts import without_status


def sentence(order: Order, _status: RetryStatus, now: datetime) -> str:
    """Status, meaning, and lines that are in another state. The order's ID is not in it."""
    if order.created_at is None:
        name = gettext("Your order")
    else:
        name = gettext("Your order of %(day)s") % {"day": day_of(order.created_at, now)}
    if not order.status:
        return str(without_status(order)) % {"order": name}
    lines = lines_clause(order)
    values = {"order": name, "lines": lines, "status": state_words.word(order.status)}
    if not order.status.known:
        if lines:
            return gettext("%(order)s is in a state that we do not know, and %(lines)s.") % values
        return gettext("%(order)s is in a state that we do not know.") % values
    if lines:
        return gettext("%(order)s has the status “%(status)s”, but %(lines)s.") % values
    return paragraph(
        gettext("%(order)s has the status “%(status)s”.") % values, state_words.meaning(order.status)
    )
