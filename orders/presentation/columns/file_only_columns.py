"""What else pages show of an order and its lines: columns of files alone, since pages have it elsewhere."""

import json
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop as _

from orders.domain.orders import Attribute, Promotion
from orders.domain.results import LineRow, OrderRow
from orders.presentation import product_names
from orders.presentation.columns.base import Column, each_once, in_step, joined

_TRUTH = _("true or false")
_INSTANT = _("instant, UTC")


def as_json(attributes: Iterable[Attribute]) -> str:
    """An open map in one cell, in the upstream's order."""
    given = {each.name: each.value for each in attributes}
    return json.dumps(given, ensure_ascii=False) if given else ""


def _ids_of(promotions: Sequence[Promotion]) -> str:
    """In step with the codes; nothing where none has an ID."""
    given = [each.promotion_id for each in promotions]
    return in_step(given) if any(given) else ""


ORDER_FURTHER: list[Column[OrderRow]] = [
    Column(
        name="orderSource",
        heading=_("Made by"),
        value=lambda row: row.order.origin,
        source_field="source",
        meaning=_("Who made the order, as the upstream names it."),
        example="API",
    ),
    Column(
        name="lineStatuses",
        heading=_("Statuses of the lines"),
        value=lambda row: in_step([line.status.code for line in row.order.lines]),
        source_field="lineItems.status",
        meaning=_("Each line's own status, in the order of the lines. They can differ from the order's."),
        example="1000; 1004",
    ),
    Column(
        name="lastModifiedDate",
        heading=_("Last change, UTC"),
        value=lambda row: row.order.updated_at,
        source_field="lastModifiedDate",
        meaning=_("When the order last changed."),
        unit=_INSTANT,
        example="2026-11-05T10:00:00Z",
    ),
    Column(
        name="promotionIds",
        heading=_("IDs of promotions"),
        value=lambda row: _ids_of(row.order.promotions),
        source_field="lineItems.promotions.id, lineItems.flexDiscounts.id",
        meaning=_("The upstream's own ID of each promotion, in the same order as the codes."),
        example="55555555-313b-476c-9d0b-6a610d5b91c0",
    ),
    Column(
        name="requestedPromotions",
        heading=_("Promotions asked for"),
        value=lambda row: in_step(
            list(
                dict.fromkeys(
                    code
                    for line in row.order.lines
                    if line.requested_promotions
                    for code in line.requested_promotions
                )
            )
        ),
        source_field="lineItems.flexDiscountCodes",
        meaning=_(
            "Codes that were given with the order, each once, whatever became of them; "
            "written like promotionCodes."
        ),
        example="SUMMER_15",
    ),
    Column(
        name="deploymentIds",
        heading=_("Deployments"),
        value=lambda row: each_once([line.deployment_id for line in row.order.lines]),
        source_field="lineItems.deploymentId",
        meaning=_("The deployments that the lines belong to, each once."),
        example="1450077001",
    ),
    Column(
        name="links",
        heading=_("Links"),
        value=lambda row: (
            in_step(
                [" ".join(filter(None, (link.relation, link.method, link.uri))) for link in row.order.links]
            )
            if row.order.links
            else ""
        ),
        source_field="links.*",
        meaning=_("Links as the upstream names them; the portal doesn't follow them."),
        example="self GET /v3/customers/1000000137/orders/0012345678",
    ),
    Column(
        name="orderNumber",
        heading=_("Order number"),
        value=lambda row: row.order.order_number,
        source_field="orderNumber",
        meaning=_("The number that the merchant's own system gave the order."),
        example="W-10042",
    ),
    Column(
        name="merchantId",
        heading=_("Merchant"),
        value=lambda row: row.order.merchant_id,
        source_field="merchantId",
        meaning=_("The merchant whose order it is."),
        example="60ac0de00000000000000001",
    ),
    Column(
        name="deletedAt",
        heading=_("Deleted, UTC"),
        value=lambda row: row.order.deleted_at,
        source_field="deletedAt",
        meaning=_("When the order was deleted; it means nothing without the mark."),
        unit=_INSTANT,
        example="2026-11-05T10:00:00Z",
    ),
    Column(
        name="customAttributes",
        heading=_("More"),
        value=lambda row: as_json(row.order.attributes),
        source_field="customAttributes.*",
        meaning=_("What else the order carries, as a JSON object of names and texts."),
        unit=_("JSON"),
        example='{"storeId": "1042"}',
        is_personal=True,
    ),
]

LINE_FURTHER: list[Column[LineRow]] = [
    Column(
        name="remainingQuantity",
        heading=_("Quantity left"),
        value=lambda row: row.line.remaining_quantity,
        source_field="lineItems.remainingQuantity",
        meaning=_("How many are left after returns; blank where the upstream doesn't say."),
        unit=_("pieces"),
        example="4",
    ),
    Column(
        name="productName",
        heading=_("Product"),
        value=lambda row: product_names.name_of_line(row.line),
        source_field="lineItems.productName",
        meaning=_("The product's name: the upstream's own, else the portal's catalogue's."),
        example="Creative Cloud All Apps",
    ),
    Column(
        name="lineKind",
        heading=_("Kind of line"),
        value=lambda row: "cancelled" if row.is_cancelled else "ordered",
        source_field="lineItems, cancellingItems",
        meaning=_("Whether the line is ordered, or is what the order cancels."),
        example="ordered",
    ),
    Column(
        name="promotionIds",
        heading=_("IDs of promotions"),
        value=lambda row: _ids_of(row.line.promotions),
        source_field="lineItems.promotions.id, lineItems.flexDiscounts.id",
        meaning=_("The upstream's own ID of each promotion, in the same order as the codes."),
        example="55555555-313b-476c-9d0b-6a610d5b91c0",
    ),
    Column(
        name="requestedPromotions",
        heading=_("Promotions asked for"),
        value=lambda row: in_step(row.line.requested_promotions),
        source_field="lineItems.flexDiscountCodes",
        meaning=_(
            "Codes that were given with the line, whatever became of them; written like promotionCodes."
        ),
        example="SUMMER_15",
    ),
    Column(
        name="itemId",
        heading=_("Item ID"),
        value=lambda row: row.line.item_id,
        source_field="lineItems.item.id",
        meaning=_("The upstream's own ID of the item."),
        example="65a0c0de0000000000000d01",
    ),
    Column(
        name="description",
        heading=_("Description"),
        value=lambda row: row.line.description,
        source_field="lineItems.item.description",
        meaning=_("The item's description."),
        example="Whole beans, dark roast",
    ),
    Column(
        name="weight",
        heading=_("Weight"),
        value=lambda row: row.line.weight,
        source_field="lineItems.item.weight",
        meaning=_("The weight of one."),
        unit=_("weightUnit"),
        example="1.05",
    ),
    Column(
        name="weightUnit",
        heading=_("Unit of weight"),
        value=lambda row: row.line.weight_unit,
        source_field="lineItems.item.weightUnit",
        meaning=_("The unit of weight, as the upstream names it."),
        example="kg",
    ),
    Column(
        name="taxCode",
        heading=_("Tax code"),
        value=lambda row: row.line.tax_code,
        source_field="lineItems.item.tax.taxCode",
        meaning=_("By which rule the line is taxed."),
        example="FR020000",
    ),
    Column(
        name="taxCurrencyCode",
        heading=_("Tax in"),
        value=lambda row: row.line.tax.currency,
        source_field="lineItems.item.tax.currencyCode, lineItems.item.tax.taxAmount",
        meaning=_("ISO code of taxAmount."),
        example="USD",
    ),
    Column(
        name="shippingCurrencyCode",
        heading=_("Shipping in"),
        value=lambda row: row.line.shipping.cost.currency or row.line.shipping.tax.currency,
        source_field="lineItems.shipping.currencyCode, lineItems.shipping.shippingAmount",
        meaning=_("ISO code of shippingAmount and shippingTaxAmount."),
        example="USD",
    ),
    Column(
        name="shippingTaxAmount",
        heading=_("Tax on shipping"),
        value=lambda row: row.line.shipping.tax.amount,
        source_field="lineItems.shipping.taxAmount",
        meaning=_("Tax on what shipping costs; it is not in the order's total."),
        unit=_("shippingCurrencyCode"),
        example="0.41",
    ),
    Column(
        name="shippingTaxCode",
        heading=_("Tax code of shipping"),
        value=lambda row: row.line.shipping.tax_code,
        source_field="lineItems.shipping.taxCode",
        meaning=_("By which rule shipping is taxed."),
        example="FR020000",
    ),
    Column(
        name="shipmentInstructions",
        heading=_("Shipping instructions"),
        value=lambda row: row.line.shipping.instructions,
        source_field="lineItems.shipping.shipmentInstructions",
        meaning=_("What whoever delivers is to know."),
        example="Leave with the neighbour",
        is_personal=True,
        needs_reveal=True,
    ),
    Column(
        name="offerDiscount",
        heading=_("Offer's discount"),
        value=lambda row: joined(
            f"{offer.discount:f}" for offer in row.line.offers if offer.discount is not None
        ),
        source_field="lineItems.offer.discount",
        meaning=_("What the offer takes off, as the upstream gives it."),
        example="10",
    ),
    Column(
        name="isOneTime",
        heading=_("One-time item"),
        value=lambda row: row.line.is_one_time,
        source_field="lineItems.subscription",
        meaning=_("Whether the line belongs to no subscription."),
        unit=_TRUTH,
        example="false",
    ),
    Column(
        name="customAttributes",
        heading=_("More"),
        value=lambda row: as_json(row.line.attributes),
        source_field="lineItems.customAttributes.*",
        meaning=_("What else the line carries, as a JSON object of names and texts."),
        unit=_("JSON"),
        example='{"giftWrap": "yes"}',
        is_personal=True,
    ),
]
