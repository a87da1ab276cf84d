"""What is said of an order of which something was sent that nobody could read."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.orders import Order
from orders.presentation.texts.phrases import Text

_NO_STATUS = _("%(order)s came without a status.")
_UNREAD_STATUS = _("%(order)s came with a status that could not be read.")
# The upstreams' names of what a sentence rests upon, apart from the order's own status.
_TOLD = re.compile(
    r"orderType|isDeleted|deletedAt|scheduledDate|statusUpdatedAt|(?:[rR]etry|error)(?:\..*)?"
    r"|lineItems(?:\[\d+\](?:\.(?:status|promotions.*|flexDiscounts.*))?)?"
)


def without_status(order: Order) -> Text:
    """Where there is no status to tell: none came, or it could not be read."""
    return _UNREAD_STATUS if "status" in order.unreadable else _NO_STATUS


def unread_note(order: Order) -> str:
    """Empty where all that is told could be read."""
    if any(map(_TOLD.fullmatch, order.unreadable)):
        return gettext("Part of what was sent about it could not be read, so this may not be all.")
    return ""
