"""fabric Subscriptions as a source of orders: one list, of which each order is a part. Customers aside."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from time import monotonic

import msgspec

from orders.domain.errors import (
    BadRequest,
    ForeignAnswer,
    NotFound,
    NotInList,
    NotInPartOfList,
    UpstreamError,
)
from orders.domain.exchanges import Exchange
from orders.domain.orders import Order
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest, ParsedPage
from orders.domain.selection import FabricOrderQuery
from orders.domain.urgency import Urgency
from orders.upstreams.answer_matching import Foreign, check_customer, is_same_id
from orders.upstreams.base import Answer
from orders.upstreams.fabric_subscriptions.account_source import FabricAccounts
from orders.upstreams.fabric_subscriptions.parse import Refused, find_order, parse_page
from orders.upstreams.fabric_subscriptions.request_parameters import further_params, list_path, params
from orders.upstreams.reading.decoding import Unreadable
from orders.upstreams.upstream_client import UpstreamClient

# Nobody's ID: an answer to it, even 'no such customer', shows that our token was accepted.
_NOBODY = "0" * 24

_MOST_PAGES = 50
_REST_IS_MISSING = "The rest of the list could not be fetched ({})."


class FabricSubscriptions(FabricAccounts):
    """Asks over `transport`; all calls for one page share `budget` seconds."""

    def __init__(self, transport: UpstreamClient, *, budget: float = 8.0) -> None:
        super().__init__(transport)
        self._budget = budget

    def list_orders(
        self,
        customer_id: str,
        query: FabricOrderQuery,
        page_request: PageRequest,
        *,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedPage:
        """The complete list, whatever `query` and `page_request` say: fabric itself can do neither."""
        pages, exchanges = [], []
        try:
            for answer, page in self._pages(customer_id, urgency, correlation_id):
                pages.append(page)
                exchanges.append(answer.exchange)
        except ForeignAnswer:
            raise
        except UpstreamError as error:
            if not pages:
                raise
            # What is here is worth showing. The total says that it isn't all, and this says why.
            pages.append(ParsedPage(notices=(_REST_IS_MISSING.format(error.cause),)))
            if error.exchange is not None:
                exchanges.append(error.exchange)
        return FetchedPage(page=_joined(pages), exchange=_one(exchanges))

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedOrder:
        """From the list: the address of a single order is one step from the one that places it."""
        exchanges, received, lost, total = [], 0, 0, None
        for answer, page in self._pages(customer_id, urgency, correlation_id):
            exchanges.append(answer.exchange)
            received, total = received + page.received, page.total_count
            lost += page.lost
            if any(order.order_id == order_id for order in page.orders):
                parsed = find_order(answer.body, order_id)
                if parsed is not None:
                    return FetchedOrder(parsed=parsed, exchange=_one(exchanges))
        raise _missing(_one(exchanges), received, lost, total)

    def check(self) -> None:
        with suppress(BadRequest, NotFound):
            self._parsed(self._transport.get(list_path(_NOBODY), params()), None)

    def _pages(
        self, customer_id: str, urgency: Urgency, correlation_id: str
    ) -> Iterator[tuple[Answer, ParsedPage]]:
        """The documented answer, and, where that says there is more, the rest if it can be had.

        How `offset` counts is not documented: a page without a new order ends the walk.
        """
        path = list_path(customer_id)
        deadline = monotonic() + self._budget
        ask = partial(self._transport.get, path, customer_id=customer_id, urgency=urgency, deadline=deadline)
        answer = ask(params(), correlation_id=correlation_id)
        page = self._parsed(answer, customer_id)
        yield answer, page
        seen = {order.order_id for order in page.orders}
        received, total = page.received, page.total_count
        for _ in range(_MOST_PAGES - 1):
            if total is None or not page.received or received >= total or monotonic() >= deadline:
                return
            try:
                answer = ask(further_params(received))
                page = _without(self._parsed(answer, customer_id), seen)
            except BadRequest:  # an upstream without paging may refuse to be asked
                return
            if not page.orders:
                return
            yield answer, page
            seen |= {order.order_id for order in page.orders}
            received += page.received

    def _parsed(self, answer: Answer, customer_id: str | None) -> ParsedPage:
        """The list of one customer; None where it doesn't matter whose it is."""
        try:
            page = parse_page(answer.body)
            if customer_id is not None:
                _check_customer(page, customer_id)
            return page
        except Refused as refused:
            raise self._refusal(answer, refused) from None
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        except Foreign as foreign:
            raise self._transport.foreign_answer(answer, foreign.detail) from None


def _check_customer(page: ParsedPage, customer_id: str) -> None:
    """Raises `Foreign`. The address may hold `customer.id`, or a reference: either will do."""
    named = [
        one
        for order in page.orders
        if not any(is_same_id(reference, customer_id) for reference in _references(order))
        for one in (order.customer_id, order.customer.customer_id if order.customer else "")
    ]
    check_customer(named, customer_id, page.unreadable)


def _references(order: Order) -> tuple[str, ...]:
    return (order.external_reference_id, order.customer.reference_id if order.customer else "")


def _missing(exchange: Exchange, received: int, lost: int, total: int | None) -> NotFound:
    """The order is not the customer's, if their whole list was read; else nobody can tell."""
    if total is not None and received < total:
        detail = f"the order is not among the {received} of {total} that fabric sent"
    elif lost:
        detail = f"{lost} of the {received} orders that fabric sent could not be read"
    else:
        detail = f"the order is not among the {received} of the customer's list"
        return NotInList(source=exchange.source, exchange=exchange, status=200, detail=detail)
    return NotInPartOfList(source=exchange.source, exchange=exchange, status=200, detail=detail)


def _without(page: ParsedPage, seen: set[str]) -> ParsedPage:
    """The page without orders that an earlier one had."""
    new = tuple(order for order in page.orders if order.order_id not in seen or not order.order_id)
    return msgspec.structs.replace(page, orders=new, received=len(new) + page.lost)


def _joined(pages: list[ParsedPage]) -> ParsedPage:
    if len(pages) == 1:
        return pages[0]
    orders: list[Order] = []
    unreadable: list[str] = []
    for number, page in enumerate(pages, start=1):
        orders += page.orders
        where = "" if number == 1 else f"page {number}: "
        unreadable += [f"{where}{path}" for path in page.unreadable]
    return msgspec.structs.replace(
        pages[0],
        orders=tuple(orders),
        received=sum(page.received for page in pages),
        unreadable=tuple(unreadable),
        lost=sum(page.lost for page in pages),
        notices=tuple(dict.fromkeys(notice for page in pages for notice in page.notices)),
    )


def _one(exchanges: list[Exchange]) -> Exchange:
    """Several calls for one page as one: the first call's question with every attempt."""
    if len(exchanges) == 1:
        return exchanges[0]
    return msgspec.structs.replace(
        exchanges[0],
        attempts=tuple(attempt for exchange in exchanges for attempt in exchange.attempts),
        duration=sum(exchange.duration for exchange in exchanges),
    )
