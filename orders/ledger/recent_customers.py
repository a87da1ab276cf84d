"""The customers a person looked at last, read from what the ledger has of them."""

from datetime import datetime

import msgspec
from django.contrib.auth.models import User

from orders.ledger.models import Action, LedgerEntry

SHOWN = 10
# Someone who pages through one customer's history leaves many entries in a row.
LOOKED_THROUGH = 400


class RecentCustomer(msgspec.Struct, frozen=True):
    source: str
    customer_id: str
    seen_at: datetime


def recent_customers(person: User) -> list[RecentCustomer]:
    """Whom they have looked at themselves, the latest first."""
    seen = (
        LedgerEntry.objects.filter(
            actor=person, outcome="ok", action__in=(Action.VIEW_LIST, Action.VIEW_ORDER, Action.REVEAL)
        )
        .exclude(details__contains='"by": "schedule"')  # nobody looked
        .order_by("-id")
        .values_list("source", "customer_id", "at")[:LOOKED_THROUGH]
    )
    found: dict[tuple[str, str], RecentCustomer] = {}
    for source, customer_id, at in seen:
        found.setdefault((source, customer_id), RecentCustomer(source, customer_id, at))
    return list(found.values())[:SHOWN]
