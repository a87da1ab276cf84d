"""What the service hands to pages and files: rows with all they need, and the truth about the result."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from orders.domain.exchanges import Exchange
from orders.domain.freshness import ASKED_NOW, Freshness
from orders.domain.granted_rights import Rights
from orders.domain.month_counts import MonthCounts
from orders.domain.orders import Line, Order
from orders.domain.retry_status import RetryStatus


class OrderRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order as a table or a file shows it. `customer_id` is the one that was asked for."""

    source: str
    customer_id: str
    order: Order
    retry_status: RetryStatus


class LineRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line item with the order it belongs to; one that the order cancels `is_cancelled`."""

    parent: OrderRow
    line: Line
    is_cancelled: bool = False


class ResultPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a customer's order history.

    `total_count` counts the whole filtered result, None where the upstream gives no total. `offset` and
    `limit` are those in force, which need not be those asked for. `is_complete` is False where the
    upstream says that more orders exist than it gave us; `known_total` is then the number it named.
    """

    rows: tuple[OrderRow, ...]
    total_count: int | None
    offset: int
    limit: int
    has_next: bool
    exchange: Exchange
    fetched_at: datetime
    freshness: Freshness = ASKED_NOW
    is_complete: bool = True
    unfiltered_count: int | None = None  # orders before our own filters, where we filter ourselves
    known_total: int | None = None
    applied_here: tuple[str, ...] = ()  # query fields that were applied here, not upstream
    not_applied: tuple[str, ...] = ()  # those that can't be, because not all of the result is at hand
    stated_count: int | None = None  # what the upstream says of this page and of the whole, where that
    stated_total: int | None = None  # differs from what it sent
    ordering: str = ""
    # Of the whole result, by month; None where not all of it is at hand, or nobody wants to know.
    months: Mapping[int, MonthCounts] | None = None
    retry_status_counts: tuple[tuple[str, int], ...] = ()
    searched_from: str = ""
    searched_to: str = ""
    unreadable: tuple[str, ...] = ()
    lost: int = 0
    notices: tuple[str, ...] = ()

    @property
    def next_offset(self) -> int:
        """Advance by what was received: a page may be shorter than its limit."""
        return self.offset + (self._received or self.limit)

    @property
    def previous_offset(self) -> int:
        return max(0, self.offset - self.limit)

    @property
    def first(self) -> int:
        """The position of the first row shown, counted from one."""
        return self.offset + 1 if self._received else 0

    @property
    def last(self) -> int:
        return self.offset + self._received

    @property
    def _received(self) -> int:
        """Unreadable rows take up room on an upstream's page, but not on one that is cut here."""
        return len(self.rows) + (self.lost if self.unfiltered_count is None else 0)


class OrderDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One order with everything its page shows. `raw` is its JSON object, cleared of secrets.

    `rights` are those of whoever asked; `is_revealed` says that personal data is in the clear.
    """

    row: OrderRow
    raw: dict[str, Any]
    exchange: Exchange
    fetched_at: datetime
    freshness: Freshness = ASKED_NOW
    unreadable: tuple[str, ...] = ()
    rights: Rights = Rights()
    is_revealed: bool = False

    @property
    def order(self) -> Order:
        return self.row.order
