"""Adobe VIP Marketplace as a source of orders."""

from contextlib import suppress

from orders.domain.descriptions import Description
from orders.domain.errors import BadRequest, NotFound
from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.domain.queries import AdobeOrderQuery, FetchedOrder, FetchedPage, Window
from orders.upstreams.adobe_vip_marketplace import terms
from orders.upstreams.adobe_vip_marketplace.asking import list_path, order_path, params
from orders.upstreams.adobe_vip_marketplace.parse import parse_order, parse_page
from orders.upstreams.decoding import Unreadable
from orders.upstreams.door import Door

DESCRIPTION = Description(
    name="adobe",
    label="Adobe VIP Marketplace",
    short_label="Adobe",
    pages_upstream=True,
    supports=frozenset({*AdobeOrderQuery.__struct_fields__, "limit", "offset"}),
    columns=(
        "orderId",
        "creationDate",
        "orderType",
        "status",
        "externalReferenceId",
        "lineItemCount",
        "totalQuantity",
        "promotionCodes",
    ),
    line_columns=(
        "extLineItemNumber",
        "offerId",
        "quantity",
        "status",
        "currencyCode",
        "discountCode",
        "promotionCodes",
        "proratedDays",
        "linePrices",
        "isDealRegistered",
        "referenceLineItemNumber",
    ),
    statuses=terms.STATUSES,
    order_types=terms.ORDER_TYPES,
    ordering="-creationDate",
    address_pattern=(
        rf"/v3/customers/(?P<customer>{IDENTIFIER_PATTERN})"
        rf"/orders(?:/(?P<order>{IDENTIFIER_PATTERN}))?"
    ),
    customer_id_pattern=r"(?=.{4,40}\Z)[A-Z]{0,2}[0-9]+",
    default_limit=25,
    offers_prices=True,
    totals_note="They need not be the sum of the lines, and hold no tax.",
)

# Nobody's ID: an answer to it, even 'no such customer', shows that our credentials were accepted.
_NOBODY = "0"


class AdobeVipMarketplace:
    """Asks over `transport`, which has Adobe's address, headers and credentials."""

    description = DESCRIPTION

    def __init__(self, transport: Door) -> None:
        self._transport = transport

    def list_orders(
        self,
        customer_id: str,
        query: AdobeOrderQuery,
        window: Window,
        *,
        correlation_id: str = "",
    ) -> FetchedPage:
        answer = self._transport.get(
            list_path(customer_id), params(query, window), correlation_id=correlation_id
        )
        try:
            page = parse_page(answer.body)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        return FetchedPage(page=page, exchange=answer.exchange)

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        correlation_id: str = "",
    ) -> FetchedOrder:
        # Prices are an extra of 2026; an order is never asked for them unless a person wants them.
        asked = [("fetch-price", "true")] if with_prices else []
        answer = self._transport.get(order_path(customer_id, order_id), asked, correlation_id=correlation_id)
        try:
            parsed = parse_order(answer.body)
        except Unreadable as unreadable:
            raise self._transport.bad_answer(answer, unreadable.detail) from None
        return FetchedOrder(parsed=parsed, exchange=answer.exchange)

    def check(self) -> None:
        with suppress(BadRequest, NotFound):
            self._transport.get(list_path(_NOBODY), [("limit", "1")])
