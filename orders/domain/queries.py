"""What is asked for: a query per upstream, which page of the result, and the page that comes back."""

from typing import Any

import msgspec

from orders.domain.exchanges import Exchange
from orders.domain.orders import Order


class PageRequest(msgspec.Struct, frozen=True):
    """Which part of the result: `limit` orders after the first `offset`."""

    offset: int = 0
    limit: int = 25

    def last_offset(self, total: int) -> int:
        """Where the last page of `total` orders begins."""
        return max(0, (total - 1) // self.limit * self.limit)


class OrderQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every upstream's filters: each field has a default that asks for everything.

    A query is declared where it is evaluated: Adobe's in its adapter, fabric's in `selection.py`. `order_ids`
    are orders that somebody selected in a list: no upstream is asked for several by their IDs.
    """

    order_ids: tuple[str, ...] = ()


class ParsedPage(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter read from one list answer.

    `total_count`, `offset` and `limit` are as the upstream echoed them, None where it did not or where
    they made no sense. `has_next` is the upstream's own hint. `unreadable` names by path what could not
    be read (`items[3].creationDate`); `lost` counts whole rows. `notices` are the upstream's own words.
    `is_impersonal` says that nothing about a person can stand in these orders but in their own references,
    origins and links: their types hold no other text, and the answer no sign of an e-mail address.
    """

    orders: tuple[Order, ...] = ()
    received: int = 0  # rows in the answer, readable or not
    total_count: int | None = None
    stated_count: int | None = None  # how many rows the upstream says the answer has
    offset: int | None = None
    limit: int | None = None
    has_next: bool | None = None
    searched_from: str = ""  # the range the upstream says it searched, where it says so
    searched_to: str = ""
    unreadable: tuple[str, ...] = ()
    lost: int = 0
    notices: tuple[str, ...] = ()
    is_impersonal: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all came that the upstream counts, where it counts."""
        return self.total_count is None or self.received >= self.total_count


class ParsedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order with the JSON object it was read from."""

    order: Order
    raw: dict[str, Any]
    unreadable: tuple[str, ...] = ()


class FetchedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A parsed page with what was asked to get it."""

    page: ParsedPage
    exchange: Exchange


class FetchedOrder(msgspec.Struct, frozen=True, kw_only=True):
    parsed: ParsedOrder
    exchange: Exchange
