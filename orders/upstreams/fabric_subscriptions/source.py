"""fabric Subscriptions as a source of orders: one list, of which each order is a part."""

from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import msgspec

from orders.domain.descriptions import Description
from orders.domain.errors import BadRequest, NotFound, UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.domain.orders import Order
from orders.domain.queries import (
    FabricOrderQuery,
    FetchedOrder,
    FetchedPage,
    ParsedPage,
    Window,
)
from orders.upstreams.base import Answer
from orders.upstreams.decoding import Unreadable
from orders.upstreams.door import Door
from orders.upstreams.fabric_subscriptions import terms
from orders.upstreams.fabric_subscriptions.asking import further_params, list_path, params
from orders.upstreams.fabric_subscriptions.parse import Refused, find_order, parse_page
from orders.upstreams.refusals import shown

DESCRIPTION = Description(
    name="fabric",
    label="fabric Subscriptions",
    short_label="fabric",
    pages_upstream=False,
    supports=frozenset(),
    columns=(
        "orderId",
        "scheduledDate",
        "status",
        "attention",
        "nextAttempt",
        "errorCode",
        "totalAmount",
        "lineItemCount",
    ),
    line_columns=(
        "lineItemId",
        "title",
        "frequency",
        "quantity",
        "price",
        "taxAmount",
        "shippingAmount",
    ),
    statuses=terms.STATUSES,
    address_pattern=rf"/data-subscription/v1/customers/(?P<customer>{IDENTIFIER_PATTERN})/orders",
    customer_id_pattern=r"[0-9a-fA-F]{24}",
    default_limit=100,
    ordering="-scheduledDate",
    totals_note="Shipping is not in them.",
)

# Nobody's ID: an answer to it, even 'no such customer', shows that our token was accepted.
_NOBODY = "0" * 24

_MOST_PAGES = 50
_REST_IS_MISSING = "The rest of the list could not be fetched ({})."


class FabricSubscriptions:
    """Asks over `transport`; all calls for one page share `budget` seconds."""

    description = DESCRIPTION

    def __init__(self, transport: Door, *, budget: float = 8.0) -> None:
        self._transport = transport
        self._budget = budget

    def list_orders(
        self,
        customer_id: str,
        query: FabricOrderQuery,
        window: Window,
        *,
        correlation_id: str = "",
    ) -> FetchedPage:
        """The complete list, whatever `query` and `window` say: fabric itself can do neither."""
        pages, exchanges = [], []
        try:
            for answer, page in self._pages(customer_id, correlation_id):
                pages.append(page)
                exchanges.append(answer.exchange)
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
        correlation_id: str = "",
    ) -> FetchedOrder:
        """From the list: the address of a single order is one step from the one that places it."""
        exchanges, received, total = [], 0, None
        for answer, page in self._pages(customer_id, correlation_id):
            exchanges.append(answer.exchange)
            received, total = received + page.received, page.total_count
            if any(order.order_id == order_id for order in page.orders):
                parsed = find_order(answer.body, order_id)
                if parsed is not None:
                    return FetchedOrder(parsed=parsed, exchange=_one(exchanges))
        raise NotFound(
            source=DESCRIPTION.name,
            exchange=_one(exchanges),
            status=200,
            detail="the order is not in the customer's list"
            if total is None or received >= total
            else f"the order is not among the {received} of {total} that fabric sent",
        )

    def check(self) -> None:
        with suppress(BadRequest, NotFound):
            self._parsed(self._transport.get(list_path(_NOBODY), params()))

    def _pages(self, customer_id: str, correlation_id: str) -> Iterator[tuple[Answer, ParsedPage]]:
        """The documented answer, and, where that says there is more, the rest if it can be had.

        How `offset` counts is not documented: a page without a new order ends the walk.
        """
        path = list_path(customer_id)
        deadline = monotonic() + self._budget
        answer = self._transport.get(path, params(), correlation_id=correlation_id, deadline=deadline)
        page = self._parsed(answer)
        yield answer, page
        seen = {order.order_id for order in page.orders}
        received, total = page.received, page.total_count
        for _ in range(_MOST_PAGES - 1):
            if total is None or not page.received or received >= total or monotonic() >= deadline:
                return
            try:
                answer = self._transport.get(path, further_params(received), deadline=deadline)
                page = _without(self._parsed(answer), seen)
            except BadRequest:  # an upstream without paging may refuse to be asked
                return
            if not page.orders:
                return
            yield answer, page
            seen |= {order.order_id for order in page.orders}
            received += page.received

    def _parsed(self, answer: Answer) -> ParsedPage:
        try:
            return parse_page(answer.body)
        except Refused as refused:
            kind = {"not-found": NotFound, "bad-request": BadRequest}.get(refused.problem.cause)
            if kind is None:
                raise self._transport.bad_answer(answer, refused.detail) from None
            raise kind(
                source=DESCRIPTION.name,
                exchange=answer.exchange,
                status=200,
                vendor_code=shown(refused.problem.code),
                vendor_message=shown(refused.problem.message),
            ) from None
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None


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
