"""What every upstream offers the rest of the portal, and what an adapter offers the transport."""

from collections.abc import Sequence
from typing import Protocol, TypeVar, runtime_checkable

import msgspec

from orders.domain.customers import FetchedCustomer, FetchedSubscriptions
from orders.domain.exchanges import Exchange
from orders.domain.offers import FetchedOffers
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest
from orders.domain.resellers import CustomersQuery, FetchedCustomers
from orders.domain.urgency import Urgency

Parameters = Sequence[tuple[str, str]]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter reads from an answer that isn't a success.

    `cause` is a word of `orders.domain.errors` (a cause, or a finer kind), or empty where the HTTP status
    alone decides. A web server or a gateway says 404 and 400 of all that it doesn't know: an adapter calls
    that `wrong-address`, unless the refusal is in the vendor's own form.
    """

    cause: str = ""
    code: str = ""
    message: str = ""
    parameter: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A successful answer's body, whole, with the exchange that brought it."""

    body: bytes
    exchange: Exchange


Query = TypeVar("Query", contravariant=True)


class OrderSource(Protocol[Query]):
    """One upstream, ready to be asked. Both methods raise `orders.domain.errors.UpstreamError`."""

    def list_orders(
        self,
        customer_id: str,
        query: Query,
        page_request: PageRequest,
        *,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedPage: ...

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedOrder: ...

    def check(self) -> None:
        """Ask whether the upstream answers and accepts our credentials; raise if it doesn't."""


@runtime_checkable
class AccountSource(Protocol):
    """An upstream that also tells who a customer is and what they own. Both raise `UpstreamError`.

    `deadline` is an instant of `time.monotonic`, for a budget that is smaller than an upstream's own.
    """

    def get_customer(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedCustomer: ...

    def list_subscriptions(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedSubscriptions: ...


@runtime_checkable
class FamilySource(Protocol):
    """An upstream whose orders name each other. Both raise `UpstreamError`; `deadline` is as above."""

    def get_relative(
        self, customer_id: str, order_id: str, *, deadline: float, correlation_id: str = ""
    ) -> FetchedOrder: ...

    def list_referring(self, customer_id: str, order_id: str, *, since: str, deadline: float) -> FetchedPage:
        """The orders made since then (`YYYY-MM-DD`) that name this one; a page of them."""


@runtime_checkable
class ResellerSource(Protocol):
    """An upstream that lists the customers of a reseller. It raises `UpstreamError`."""

    def list_customers(
        self, reseller_id: str, query: CustomersQuery, *, deadline: float, correlation_id: str = ""
    ) -> FetchedCustomers: ...


@runtime_checkable
class ProductSource(Protocol):
    """An upstream that lists what it sells. It raises `UpstreamError`."""

    def list_offers(
        self, *, region: str, currency: str, segment: str, month: str, offset: int
    ) -> FetchedOffers: ...
