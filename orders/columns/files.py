"""Which columns a file has. Names and order are a contract with everybody who reads our files."""

from collections.abc import Mapping, Sequence
from typing import Any

from orders import services
from orders.columns.base import Column
from orders.columns.registries import LINE_COLUMNS, ORDER_COLUMNS, of_order
from orders.domain.results import LineRow

ROW_KINDS = ("orders", "lines")

FILE_COLUMNS: dict[tuple[str, str], tuple[str, ...]] = {
    ("adobe", "orders"): (
        "customerId",
        "orderId",
        "externalReferenceId",
        "orderType",
        "referenceOrderId",
        "status",
        "statusMeaning",
        "currencyCode",
        "creationDate",
        "lineItemCount",
        "totalQuantity",
        "promotionCodes",
        "promotionResults",
    ),
    ("adobe", "lines"): (
        "customerId",
        "orderId",
        "externalReferenceId",
        "orderType",
        "referenceOrderId",
        "orderStatus",
        "creationDate",
        "extLineItemNumber",
        "offerId",
        "quantity",
        "subscriptionId",
        "status",
        "statusMeaning",
        "currencyCode",
        "deploymentId",
        "promotionCodes",
        "promotionResults",
    ),
    ("fabric", "orders"): (
        "customerId",
        "orderId",
        "status",
        "attention",
        "scheduledDate",
        "nextAttempt",
        "nextAttemptIsEstimated",
        "retryType",
        "retryCount",
        "maxRetries",
        "retryAfterDays",
        "errorCode",
        "errorMessage",
        "currencyCode",
        "totalAmount",
        "totalTax",
        "totalDiscount",
        "createdAt",
        "updatedAt",
        "statusUpdatedAt",
        "isDeleted",
        "lineItemCount",
    ),
    ("fabric", "lines"): (
        "customerId",
        "orderId",
        "status",
        "scheduledDate",
        "lineItemId",
        "subscriptionId",
        "planId",
        "frequency",
        "frequencyType",
        "sku",
        "title",
        "quantity",
        "currencyCode",
        "price",
        "taxAmount",
        "shippingAmount",
        "shipmentCarrier",
        "shipmentMethod",
        "offerId",
        "offerSource",
    ),
}

# Where a name means something else in one upstream's files: fabric's lines have no status of their own.
_ELSEWHERE: dict[tuple[str, str], dict[str, Column[LineRow]]] = {
    ("fabric", "lines"): {"status": of_order("status")},
}


def file_registry(source: str, rows: str) -> Mapping[str, Column[Any]]:
    """Every column that a file of `source` with these `rows` (`orders` or `lines`) can have, by name."""
    if rows == "orders":
        return ORDER_COLUMNS
    return {**LINE_COLUMNS, **_ELSEWHERE.get((source, rows), {})}


def columns_for(source: str, rows: str, chosen: Sequence[str] = ()) -> tuple[Column[Any], ...]:
    """A file's columns: the `chosen` ones in the order chosen, or the file's usual ones.

    KeyError for a name that there is not, or an upstream that there is not.
    """
    known = file_registry(source, rows)
    return tuple(known[name] for name in chosen or _usual(source, rows))


def _usual(source: str, rows: str) -> tuple[str, ...]:
    """The contract's; for an upstream without one, what its page shows."""
    declared = FILE_COLUMNS.get((source, rows))
    if declared is not None:
        return declared
    description = services.describe(source)
    own = description.columns if rows == "orders" else description.line_columns
    return tuple(dict.fromkeys(("customerId", "orderId", *own)))
