"""What was seen to change of one order: as far as somebody, a file or a refresh looked."""

from datetime import datetime
from typing import NamedTuple

from orders.index.models import StatusChange

_MOST = 50


class SeenChange(NamedTuple):
    """It was still `was` at `not_before`, and `now` when it was seen at `seen_at`. Codes; lines as in
    `orders.index.models.IndexedOrder`.
    """

    was: str
    now: str
    lines_were: str
    lines_now: str
    not_before: datetime
    seen_at: datetime


def seen_changes(source: str, customer_id: str, order_id: str) -> list[SeenChange]:
    """The latest, oldest first."""
    rows = StatusChange.objects.filter(
        customer__source=source, customer__customer_id=customer_id, order_id=order_id
    ).order_by("-seen_at")
    found = [SeenChange(*row) for row in rows.values_list(*SeenChange._fields)[:_MOST]]
    return found[::-1]
