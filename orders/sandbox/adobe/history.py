"""One Adobe customer's orders, newest first, ready to be searched and sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from orders.sandbox.http.messages import dump

DEFAULT_RESELLER = "1000004242"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Row:
    """One entry of `items`; odd customers hold entries that are no order at all."""

    order: Any
    created: datetime
    reseller_id: str = DEFAULT_RESELLER

    @cached_property
    def text(self) -> str:
        return dump(self.order)


@dataclass
class History:
    customer_id: str
    term_start: datetime
    rows: Sequence[Row] = ()
    # Extra members of the list's envelope, such as recommendations.
    envelope: dict[str, Any] = field(default_factory=dict)
    # Orders since this date may carry prices.
    priced_since: datetime = _NEVER

    @cached_property
    def ages(self) -> list[float]:
        return [-row.created.timestamp() for row in self.rows]

    def find(self, order_id: str) -> Row | None:
        return self._by_id.get(order_id)

    @cached_property
    def _by_id(self) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for row in self.rows:
            if isinstance(row.order, dict) and row.order.get("orderId"):
                found.setdefault(str(row.order["orderId"]), row)
        return found


def verbatim_rows(orders: Sequence[Any], newest: datetime) -> list[Row]:
    """Rows as given, newest first; a row without a readable date keeps its neighbour's place."""
    rows = []
    neighbour = newest
    for order in orders:
        created = _read_date(order) or neighbour
        rows.append(Row(order, created))
        neighbour = created
    return sorted(rows, key=lambda row: row.created, reverse=True)


def _read_date(order: Any) -> datetime | None:
    value = order.get("creationDate") if isinstance(order, dict) else None
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
