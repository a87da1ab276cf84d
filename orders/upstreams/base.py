"""What every upstream offers the rest of the portal, and what an adapter offers the transport."""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from orders.domain.descriptions import Description
from orders.domain.exchanges import Exchange
from orders.domain.queries import FetchedOrder, FetchedPage, Window

Parameters = Sequence[tuple[str, str]]

__all__ = ["Answer", "Description", "OrderSource", "Parameters", "Problem"]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter reads from an answer that isn't a success.

    `cause` is a word of `orders.domain.errors`, or empty where the HTTP status alone decides.
    """

    cause: str = ""
    code: str = ""
    message: str = ""
    parameter: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A successful answer's body, whole, with the exchange that brought it."""

    body: bytes
    exchange: Exchange


class OrderSource(Protocol):
    """One upstream, ready to be asked. Both methods raise `orders.domain.errors.UpstreamError`."""

    description: Description

    def list_orders(
        self, customer_id: str, query: Any, window: Window, *, correlation_id: str = ""
    ) -> FetchedPage: ...

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        correlation_id: str = "",
    ) -> FetchedOrder: ...

    def check(self) -> None:
        """Ask whether the upstream answers and accepts our credentials; raise if it doesn't."""
