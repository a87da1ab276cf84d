"""Adobe VIP Marketplace as a source of orders, of who the customer is, what they own, and which orders belong
together.
"""

from contextlib import suppress

import msgspec

from orders.domain.customers import FetchedCustomer, FetchedSubscriptions
from orders.domain.errors import BadRequest, NotFound
from orders.domain.offers import FetchedOffers
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest, ParsedPage
from orders.domain.resellers import CustomersQuery, FetchedCustomers
from orders.domain.urgency import Urgency
from orders.upstreams.adobe_vip_marketplace.parse import parse_order, parse_page
from orders.upstreams.adobe_vip_marketplace.parse_account import parse_customer, parse_subscriptions
from orders.upstreams.adobe_vip_marketplace.parse_offers import parse_offers
from orders.upstreams.adobe_vip_marketplace.parse_resellers import parse_customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import (
    PRICE_LIST,
    PRICE_PARAMETER,
    AdobeOrderQuery,
    customer_path,
    list_path,
    order_path,
    params,
    reseller_customers_path,
    subscriptions_path,
)
from orders.upstreams.answer_matching import Foreign, check_customer, check_order
from orders.upstreams.base import Answer
from orders.upstreams.reading.decoding import Unreadable
from orders.upstreams.upstream_client import UpstreamClient

# Nobody's ID: an answer to it, even 'no such customer', shows that our credentials were accepted.
_NOBODY = "0"
# An order's returns: one page of them.
_MOST_REFERRING = 50
_OFFERS_A_PAGE = 100


class AdobeVipMarketplace:
    """Asks over `transport`, which has Adobe's address, headers and credentials."""

    def __init__(self, transport: UpstreamClient) -> None:
        self._transport = transport

    def list_orders(
        self,
        customer_id: str,
        query: AdobeOrderQuery,
        page_request: PageRequest,
        *,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedPage:
        answer = self._transport.get(
            list_path(customer_id),
            params(query, page_request),
            customer_id=customer_id,
            urgency=urgency,
            correlation_id=correlation_id,
        )
        return FetchedPage(page=self._page(answer, customer_id), exchange=answer.exchange)

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedOrder:
        # Prices are an extra of 2026; an order is never asked for them unless a person wants them.
        asked = [(PRICE_PARAMETER, "true")] if with_prices else []
        answer = self._transport.get(
            order_path(customer_id, order_id),
            asked,
            customer_id=customer_id,
            urgency=urgency,
            correlation_id=correlation_id,
        )
        return self._order(answer, customer_id, order_id)

    def get_relative(
        self, customer_id: str, order_id: str, *, deadline: float, correlation_id: str = ""
    ) -> FetchedOrder:
        answer = self._transport.get(
            order_path(customer_id, order_id),
            customer_id=customer_id,
            deadline=deadline,
            correlation_id=correlation_id,
        )
        return self._order(answer, customer_id, order_id)

    def list_referring(self, customer_id: str, order_id: str, *, since: str, deadline: float) -> FetchedPage:
        query = AdobeOrderQuery(reference_order_id=order_id, created_from=since)
        answer = self._transport.get(
            list_path(customer_id),
            params(query, PageRequest(limit=_MOST_REFERRING)),
            customer_id=customer_id,
            deadline=deadline,
        )
        return FetchedPage(page=self._page(answer, customer_id), exchange=answer.exchange)

    def _order(self, answer: Answer, customer_id: str, order_id: str) -> FetchedOrder:
        try:
            parsed = parse_order(answer.body)
            check_order(parsed.order, order_id)
            check_customer([parsed.order.customer_id], customer_id, parsed.unreadable)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None
        return FetchedOrder(parsed=parsed, exchange=answer.exchange)

    def get_customer(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedCustomer:
        answer = self._transport.get(
            customer_path(customer_id),
            customer_id=customer_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        try:
            customer = parse_customer(answer.body)
            check_customer([customer.customer_id], customer_id, customer.unreadable)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None
        return FetchedCustomer(customer=customer, exchange=answer.exchange)

    def list_subscriptions(
        self, customer_id: str, *, deadline: float | None = None, correlation_id: str = ""
    ) -> FetchedSubscriptions:
        """All of them, in one answer, which says whose they are nowhere but in its links."""
        answer = self._transport.get(
            subscriptions_path(customer_id),
            customer_id=customer_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        try:
            parsed = parse_subscriptions(answer.body)
            check_customer([parsed.named], customer_id, ())
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None
        return FetchedSubscriptions(
            subscriptions=parsed.subscriptions,
            exchange=answer.exchange,
            total_count=parsed.total_count,
            lost=parsed.lost,
            unreadable=parsed.unreadable,
        )

    def list_customers(
        self, reseller_id: str, query: CustomersQuery, *, deadline: float, correlation_id: str = ""
    ) -> FetchedCustomers:
        """A page of those of one status; a limit above fifty is not documented, and never asked for."""
        asked = [("limit", str(query.limit)), ("offset", str(query.offset))]
        asked += [("company-name", query.pattern)] if query.pattern else []
        asked += [("status", query.status)] if query.status else []
        answer = self._transport.get(
            reseller_customers_path(reseller_id), asked, deadline=deadline, correlation_id=correlation_id
        )
        try:
            customers, received, total = parse_customers(answer.body)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        return FetchedCustomers(
            customers=tuple(customers),
            exchange=answer.exchange,
            received=received,
            total_count=total,
            lost=received - len(customers),
        )

    def list_offers(
        self, *, region: str, currency: str, segment: str, month: str, offset: int
    ) -> FetchedOffers:
        """A page of the price list. Behind its end, and where there is none, it is `NotFound`."""
        asked = {
            "region": region,
            "marketSegment": segment,
            "currency": currency,
            "priceListMonth": month,
            "includeOfferAttributes": ["additionalDetail", "language"],
        }
        answer = self._transport.read_by_post(
            PRICE_LIST,
            msgspec.json.encode(asked),
            [("offset", str(offset)), ("limit", str(_OFFERS_A_PAGE))],
            urgency=Urgency.REFRESH,
        )
        try:
            offers, received, total = parse_offers(answer.body)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        return FetchedOffers(
            offers=tuple(offers), exchange=answer.exchange, received=received, total_count=total
        )

    def check(self) -> None:
        with suppress(BadRequest, NotFound):
            # Should there be an answer after all, it has to be a history.
            self._page(self._transport.get(list_path(_NOBODY), [("limit", "1")]), None)

    def _page(self, answer: Answer, customer_id: str | None) -> ParsedPage:
        """The history of one customer; None where it doesn't matter whose it is."""
        try:
            page = parse_page(answer.body)
            if customer_id is not None:
                named = [order.customer_id for order in page.orders]
                check_customer(named, customer_id, page.unreadable)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None
        return page
