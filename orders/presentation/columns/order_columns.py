"""Columns of an order: what it is, when and by whom it was placed, and what became of it."""

from django.utils.translation import gettext_noop as _

from orders.domain.results import OrderRow
from orders.presentation import formatters
from orders.presentation.columns.base import Column, in_step

BASICS: list[Column[OrderRow]] = [
    Column(
        name="customerId",
        heading=_("Customer"),
        value=lambda row: row.order.customer_id or row.customer_id,
        style="id",
        source_field="customerId (Adobe), customer.id (fabric)",
        meaning=_("The customer the order belongs to."),
        example="1000000137",
        examples={"fabric": "6167b9c3a0f2c80009a5b0aa"},
    ),
    Column(
        name="orderId",
        heading=_("Order"),
        value=lambda row: row.order.order_id,
        cell=formatters.order_link,
        style="id",
        source_field="orderId (Adobe), id (fabric)",
        meaning=_("The upstream's own ID of the order."),
        example="0012345678",
        examples={"fabric": "6167b9c3a0f2c80009a5b010"},
    ),
    Column(
        name="externalReferenceId",
        heading=_("Your reference"),
        value=lambda row: row.order.external_reference_id,
        style="id extra gives",
        yields=3,
        source_field="externalReferenceId (Adobe), customerReferenceId (fabric)",
        meaning=_("The reference given when the order was placed. It need not be unique."),
        example="PO-00417",
        examples={"fabric": "12345"},
        is_personal=True,  # free text of whoever ordered
    ),
    Column(
        name="orderType",
        heading=_("Type"),
        value=lambda row: row.order.order_type.code,
        cell=formatters.order_type,
        style="kind",
        source_field="orderType",
        meaning=_("What kind of order it is, as the upstream codes it."),
        example="NEW",
    ),
    Column(
        name="referenceOrderId",
        heading=_("Refers to"),
        value=lambda row: row.order.reference_order_id,
        style="id extra",
        source_field="referenceOrderId, referencedOrderId",
        meaning=_("The order this one returns, renews or switches."),
        example="5120008411",
    ),
    Column(
        name="status",
        heading=_("Status"),
        value=lambda row: row.order.status.code,
        cell=formatters.status,
        style="state",
        source_field="status",
        meaning=_("The status as the upstream codes it."),
        example="1000",
        examples={"fabric": "RETRY"},
    ),
    Column(
        name="statusMeaning",
        heading=_("Status in words"),
        value=lambda row: row.order.status.word,
        source_field="status",
        meaning=_("The status in words."),
        example="Completed",
    ),
    Column(
        name="currencyCode",
        heading=_("Currency"),
        value=lambda row: row.order.currency_code or (row.order.totals.currency if row.order.totals else ""),
        source_field="currencyCode",
        meaning=_("ISO code; empty where the lines carry their own."),
        example="EUR",
        examples={"fabric": "USD"},
    ),
    Column(
        name="creationDate",
        heading=_("Created"),
        value=lambda row: row.order.created_at,
        cell=lambda row: formatters.brief_instant(row.order.created_at),
        style="when",
        source_field="creationDate",
        meaning=_("When the order was placed."),
        unit=_("instant, UTC"),
        example="2026-11-03T08:15:42Z",
    ),
    Column(
        name="lineItemCount",
        heading=_("Lines"),
        value=lambda row: row.order.line_count,
        style="num extra",
        yields=1,
        source_field="lineItems",
        meaning=_("How many lines the order has; blank where one of them could not be read."),
        unit=_("lines"),
        example="3",
    ),
    Column(
        name="totalQuantity",
        heading=_("Quantity"),
        value=lambda row: row.order.total_quantity,
        cell=lambda row: formatters.count(row.order.total_quantity),
        style="num extra",
        yields=3,
        source_field="lineItems.quantity",
        meaning=_("The quantities of all lines added up; blank where one of them is missing."),
        unit=_("pieces"),
        example="42",
    ),
    Column(
        name="promotionCodes",
        heading=_("Promotions"),
        value=lambda row: in_step([promotion.code for promotion in row.order.promotions]),
        cell=formatters.promotions,
        style="promotions gives",
        yields=3,
        source_field="lineItems.promotions.code, lineItems.flexDiscounts.code",
        meaning=_(
            "Codes of all promotions, in the order of the lines, with “; ” between. "
            "An empty one is “\\0”; a “; ” within one is “;\\ ”, and a backslash two."
        ),
        example="SUMMER_15; LOYAL_05",
    ),
    Column(
        name="promotionResults",
        heading=_("Promotion results"),
        value=lambda row: in_step([promotion.result.code for promotion in row.order.promotions]),
        source_field="lineItems.promotions.result, lineItems.flexDiscounts.result",
        meaning=_(
            "Whether each promotion was applied, in the same order as the codes and written like them."
        ),
        example="SUCCESS; FAILURE",
    ),
]
