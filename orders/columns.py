"""Every column of every table and file, declared once.

A column's `value` is what a file holds: text, a whole number, an exact amount, an instant, a truth value,
or None for nothing. `cell` draws the same value on a page where plain text isn't enough. The first
columns of each registry keep the names and the order of the file contract; new ones come at the end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from orders import cells
from orders.domain.masking import HIDDEN
from orders.domain.results import LineRow, OrderRow

Row = TypeVar("Row", OrderRow, LineRow)
FileValue = str | int | Decimal | datetime | bool | None


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """`style` is the class of its cells; `unit` and `source_field` explain the value to its readers."""

    name: str
    heading: str
    value: Callable[[Row], FileValue]
    cell: Callable[[Row], Any] | None = None
    style: str = ""
    source_field: str = ""
    meaning: str = ""

    def draw(self, row: Row) -> Any:
        """What stands in the cell: safe HTML, or text that is still to be escaped."""
        if self.cell is not None:
            return self.cell(row)
        return cells.plain(self.value(row))


def registry(columns: Iterable[Column[Row]]) -> dict[str, Column[Row]]:
    return {column.name: column for column in columns}


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, in the order of the lines."""
    return "; ".join(value for value in values if value)


ORDER_COLUMNS: dict[str, Column[OrderRow]] = registry(
    [
        Column(
            name="customerId",
            heading="Customer",
            value=lambda row: row.order.customer_id or row.customer_id,
            style="id",
            source_field="customerId",
            meaning="The customer the order belongs to.",
        ),
        Column(
            name="orderId",
            heading="Order",
            value=lambda row: row.order.order_id,
            cell=cells.order_link,
            style="id",
            source_field="orderId (Adobe), id (fabric)",
            meaning="The upstream's own ID of the order.",
        ),
        Column(
            name="externalReferenceId",
            heading="Your reference",
            value=lambda row: row.order.external_reference_id,
            style="id extra",
            source_field="externalReferenceId",
            meaning="The reference given when the order was placed. It need not be unique.",
        ),
        Column(
            name="orderType",
            heading="Type",
            value=lambda row: row.order.order_type.code,
            cell=cells.order_type,
            style="kind",
            source_field="orderType",
            meaning="What kind of order it is, as the upstream codes it.",
        ),
        Column(
            name="referenceOrderId",
            heading="Refers to",
            value=lambda row: row.order.reference_order_id,
            style="id extra",
            source_field="referenceOrderId",
            meaning="The order this one returns, renews or switches.",
        ),
        Column(
            name="status",
            heading="Status",
            value=lambda row: row.order.status.code,
            cell=cells.status,
            style="state",
            source_field="status",
            meaning="The status as the upstream codes it.",
        ),
        Column(
            name="statusMeaning",
            heading="Status in words",
            value=lambda row: row.order.status.word,
            source_field="status",
            meaning="The status in words.",
        ),
        Column(
            name="currencyCode",
            heading="Currency",
            value=lambda row: (
                row.order.currency_code or (row.order.totals.currency if row.order.totals else "")
            ),
            source_field="currencyCode",
            meaning="ISO code; empty where the lines carry their own.",
        ),
        Column(
            name="creationDate",
            heading="Created, UTC",
            value=lambda row: row.order.created_at,
            cell=lambda row: cells.instant(row.order.created_at),
            style="when",
            source_field="creationDate",
            meaning="When the order was placed.",
        ),
        Column(
            name="lineItemCount",
            heading="Lines",
            value=lambda row: len(row.order.lines),
            style="num extra",
            source_field="lineItems",
            meaning="How many lines the order has.",
        ),
        Column(
            name="totalQuantity",
            heading="Quantity",
            value=lambda row: row.order.total_quantity,
            cell=lambda row: cells.count(row.order.total_quantity),
            style="num extra",
            source_field="lineItems.quantity",
            meaning="The quantities of all lines added up.",
        ),
        Column(
            name="promotionCodes",
            heading="Promotions",
            value=lambda row: joined(promotion.code for promotion in row.order.promotions),
            cell=cells.promotions,
            style="promotions",
            source_field="lineItems.promotions.code, lineItems.flexDiscounts.code",
            meaning="Codes of all promotions, in the order of the lines.",
        ),
        Column(
            name="promotionResults",
            heading="Promotion results",
            value=lambda row: joined(promotion.result.code for promotion in row.order.promotions),
            source_field="lineItems.promotions.result, lineItems.flexDiscounts.result",
            meaning="Whether each promotion was applied, in the same order as the codes.",
        ),
        Column(
            name="attention",
            heading="Attention",
            value=lambda row: row.attention.state.word,
            cell=cells.attention,
            style="state",
            source_field="status, retry, error",
            meaning="What becomes of the order: will retry, retrying now, retries exhausted, …",
        ),
        Column(
            name="scheduledDate",
            heading="Scheduled, UTC",
            value=lambda row: row.order.scheduled_at,
            cell=lambda row: cells.instant(row.order.scheduled_at),
            style="when",
            source_field="scheduledDate",
            meaning="When the order is or was due. A retry moves it forward.",
        ),
        Column(
            name="nextAttempt",
            heading="Next attempt, UTC",
            value=lambda row: row.attention.next_attempt,
            cell=cells.next_attempt,
            style="when",
            source_field="scheduledDate, statusUpdatedAt, retry.retryAfterDays",
            meaning="When the order will be tried again.",
        ),
        Column(
            name="nextAttemptIsEstimated",
            heading="Estimated",
            value=lambda row: row.attention.is_estimated if row.attention.next_attempt else None,
            source_field="scheduledDate, statusUpdatedAt, retry.retryAfterDays",
            meaning="Whether we derived the next attempt rather than read it.",
        ),
        Column(
            name="retryType",
            heading="Retry type",
            value=lambda row: row.order.retry.kind.code if row.order.retry else None,
            cell=lambda row: row.order.retry.kind.word if row.order.retry else "",
            source_field="retry.retryType",
            meaning="Why it is tried again: payment, inventory or other.",
        ),
        Column(
            name="retryCount",
            heading="Retries used",
            value=lambda row: row.order.retry.used if row.order.retry else None,
            cell=cells.retries,
            style="num",
            source_field="retry.retryCount",
            meaning="Retries used; the first attempt is not counted.",
        ),
        Column(
            name="maxRetries",
            heading="Retries allowed",
            value=lambda row: row.order.retry.allowed if row.order.retry else None,
            style="num",
            source_field="retry.maxRetries",
            meaning="How many retries there are in all.",
        ),
        Column(
            name="retryAfterDays",
            heading="Days between",
            value=lambda row: row.order.retry.days_between if row.order.retry else None,
            style="num",
            source_field="retry.retryAfterDays",
            meaning="Days from one attempt to the next.",
        ),
        Column(
            name="errorCode",
            heading="Reason",
            value=lambda row: row.order.failure.code if row.order.failure else None,
            cell=cells.reason,
            style="reason",
            source_field="error.errorCode",
            meaning="The error code the order carries, as sent.",
        ),
        Column(
            name="errorMessage",
            heading="Error message",
            value=lambda row: row.order.failure.message if row.order.failure else None,
            source_field="error.errorMessage",
            meaning="The error message the order carries, as sent.",
        ),
        Column(
            name="totalAmount",
            heading="Total",
            value=lambda row: row.order.totals.amount if row.order.totals else None,
            cell=cells.total,
            style="num",
            source_field="totalAmount",
            meaning="The upstream's total. Shipping is not in it.",
        ),
        Column(
            name="totalTax",
            heading="Tax",
            value=lambda row: row.order.totals.tax if row.order.totals else None,
            style="num",
            source_field="totalTax",
            meaning="The upstream's tax total, without tax on shipping.",
        ),
        Column(
            name="totalDiscount",
            heading="Discount",
            value=lambda row: row.order.totals.discount if row.order.totals else None,
            style="num",
            source_field="totalDiscount",
            meaning="The upstream's discount total.",
        ),
        Column(
            name="createdAt",
            heading="Created, UTC",
            value=lambda row: row.order.created_at,
            cell=lambda row: cells.instant(row.order.created_at),
            style="when",
            source_field="createdAt",
            meaning="When the order was made.",
        ),
        Column(
            name="updatedAt",
            heading="Updated, UTC",
            value=lambda row: row.order.updated_at,
            cell=lambda row: cells.instant(row.order.updated_at),
            style="when",
            source_field="updatedAt",
            meaning="When the order last changed.",
        ),
        Column(
            name="statusUpdatedAt",
            heading="Status since, UTC",
            value=lambda row: row.order.status_updated_at,
            cell=lambda row: cells.instant(row.order.status_updated_at),
            style="when",
            source_field="statusUpdatedAt",
            meaning="When the status last changed.",
        ),
        Column(
            name="isDeleted",
            heading="Deleted",
            value=lambda row: row.order.is_deleted,
            source_field="isDeleted",
            meaning="Whether the upstream marks the order as deleted.",
        ),
        Column(
            name="subscriptionIds",
            heading="Subscriptions",
            value=lambda row: joined(dict.fromkeys(line.subscription_id for line in row.order.lines)),
            style="id extra",
            source_field="lineItems.subscription.id",
            meaning="The subscriptions the lines belong to, each once.",
        ),
    ]
)

LINE_COLUMNS: dict[str, Column[LineRow]] = registry(
    [
        Column(
            name="extLineItemNumber",
            heading="Line",
            value=lambda row: row.line.number,
            style="num",
            source_field="lineItems.extLineItemNumber",
            meaning="The line's number within its order.",
        ),
        Column(
            name="offerId",
            heading="Offer",
            value=lambda row: row.line.offer_id,
            cell=cells.offer,
            style="item",
            source_field="lineItems.offerId",
            meaning="The offer that was ordered.",
        ),
        Column(
            name="quantity",
            heading="Quantity",
            value=lambda row: row.line.quantity,
            cell=cells.quantity,
            style="num",
            source_field="lineItems.quantity",
            meaning="How many were ordered. Returns don't lower it.",
        ),
        Column(
            name="subscriptionId",
            heading="Subscription",
            value=lambda row: row.line.subscription_id,
            style="id extra",
            source_field="lineItems.subscriptionId, lineItems.subscription.id",
            meaning="The subscription the line belongs to.",
        ),
        Column(
            name="status",
            heading="Status",
            value=lambda row: row.line.status.code,
            cell=lambda row: cells.term(row.line.status),
            style="state",
            source_field="lineItems.status",
            meaning="The line's own status; it can differ from the order's.",
        ),
        Column(
            name="deploymentId",
            heading="Deployment",
            value=lambda row: row.line.deployment_id,
            style="id extra",
            source_field="lineItems.deploymentId",
            meaning="The deployment the line belongs to.",
        ),
        Column(
            name="promotionCodes",
            heading="Promotions",
            value=lambda row: joined(promotion.code for promotion in row.line.promotions),
            cell=cells.line_promotions,
            style="promotions",
            source_field="lineItems.promotions.code, lineItems.flexDiscounts.code",
            meaning="Codes of the line's promotions.",
        ),
        Column(
            name="currencyCode",
            heading="Currency",
            value=lambda row: row.line.currency_code,
            source_field="lineItems.currencyCode",
            meaning="The line's own ISO code; global orders have one per line.",
        ),
        Column(
            name="discountCode",
            heading="Discount",
            value=lambda row: row.line.discount_code,
            style="id",
            source_field="lineItems.discountCode",
            meaning="The volume discount's code.",
        ),
        Column(
            name="proratedDays",
            heading="Prorated days",
            value=lambda row: row.line.prorated_days,
            style="num",
            source_field="lineItems.proratedDays",
            meaning="For how many days the line is invoiced.",
        ),
        Column(
            name="isDealRegistered",
            heading="Deal registered",
            value=lambda row: row.line.is_deal_registered,
            source_field="lineItems.isDealRegistered",
            meaning="Whether a registered deal applies; blank where the upstream doesn't say.",
        ),
        Column(
            name="referenceLineItemNumber",
            heading="Line of the other order",
            value=lambda row: row.line.reference_line_number,
            style="num",
            source_field="cancellingItems.referenceLineItemNumber",
            meaning="The line of the new order that takes this one's place.",
        ),
        Column(
            name="linePrices",
            heading="Prices",
            value=lambda row: joined(
                f"{price.name} {price.money.currency} "
                f"{HIDDEN if price.money.is_masked else price.money.amount}"
                for price in row.line.prices
            ),
            cell=cells.prices,
            style="prices",
            source_field="lineItems.pricing",
            meaning="The line's prices under the upstream's own names, without tax.",
        ),
        Column(
            name="lineItemId",
            heading="Line",
            value=lambda row: row.line.line_id,
            style="id",
            source_field="lineItems.lineItemId",
            meaning="The line's own ID.",
        ),
        Column(
            name="planId",
            heading="Plan ID",
            value=lambda row: row.line.plan.plan_id,
            style="id extra",
            source_field="lineItems.subscription.plan.id",
            meaning="The subscription's plan.",
        ),
        Column(
            name="lineAttributes",
            heading="Attributes",
            value=lambda row: joined(
                f"{attribute.name}: {attribute.value}" for attribute in row.line.attributes
            ),
            style="promotions",
            source_field="lineItems.customAttributes",
            meaning="What else the line carries, by name.",
        ),
        Column(
            name="title",
            heading="Item",
            value=lambda row: row.line.title,
            cell=cells.item,
            style="item",
            source_field="lineItems.item.title",
            meaning="The item's title.",
        ),
        Column(
            name="frequency",
            heading="Plan",
            value=lambda row: row.line.plan.frequency,
            cell=cells.plan,
            source_field="lineItems.subscription.plan.frequency",
            meaning="How often the item is sent, in units of frequencyType.",
        ),
        Column(
            name="price",
            heading="Price",
            value=lambda row: row.line.price.amount,
            cell=lambda row: cells.money(row.line.price),
            style="num",
            source_field="lineItems.item.price",
            meaning="The price of one, before tax and discount.",
        ),
        Column(
            name="taxAmount",
            heading="Tax",
            value=lambda row: row.line.tax.amount,
            cell=lambda row: cells.money(row.line.tax),
            style="num",
            source_field="lineItems.item.tax",
            meaning="Tax on the line.",
        ),
        Column(
            name="shippingAmount",
            heading="Shipping",
            value=lambda row: row.line.shipping.cost.amount,
            cell=cells.shipping,
            style="extra",
            source_field="lineItems.shipping",
            meaning="What shipping costs; it is not in the order's total.",
        ),
    ]
)
