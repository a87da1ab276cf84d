"""Parcel House's codes in our words, and what its list can be asked for."""

from orders.domain.queries import OrderQuery
from orders.domain.terms import Term, vocabulary
from orders.domain.translatable import gettext_noop as _

STATUSES = vocabulary(
    Term("SENT", _("Sent"), "good", _("It left the house.")),
    Term("LOST", _("Lost"), "bad", _("Nobody knows where it is.")),
)


class ParcelQuery(OrderQuery, frozen=True, kw_only=True):
    statuses: tuple[str, ...] = ()
