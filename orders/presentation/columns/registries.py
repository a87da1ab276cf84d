"""The two registries: columns of orders, and columns of line items."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop as _

from orders.domain.results import LineRow, OrderRow
from orders.presentation.columns.base import Column, registry
from orders.presentation.columns.file_only_columns import LINE_FURTHER, ORDER_FURTHER
from orders.presentation.columns.line_item_columns import LINES
from orders.presentation.columns.order_columns import BASICS
from orders.presentation.columns.order_schedule_columns import SCHEDULE
from orders.presentation.columns.people_columns import PEOPLE
from orders.presentation.columns.price_columns import LINE_PRICES, ORDER_PRICES

ORDER_COLUMNS: dict[str, Column[OrderRow]] = registry(
    [*BASICS, *SCHEDULE, *ORDER_PRICES, *ORDER_FURTHER, *PEOPLE]
)


def of_order(name: str, /, **changes: Any) -> Column[LineRow]:
    """A column of the order, for rows that are line items: the same in every line of an order."""
    column: Any = ORDER_COLUMNS[name]
    value, cell = column.value, column.cell
    return replace(
        column,
        value=lambda row: value(row.parent),
        order_value=value,
        cell=(lambda row: cell(row.parent)) if cell is not None else None,
        **changes,
    )


LINE_COLUMNS: dict[str, Column[LineRow]] = registry(
    [
        *LINES,
        *LINE_PRICES,
        *LINE_FURTHER,
        of_order("customerId"),
        of_order("orderId"),
        of_order("externalReferenceId"),
        of_order("orderType"),
        of_order("referenceOrderId"),
        of_order("status", name="orderStatus", heading=_("Order status")),
        of_order("currencyCode", name="orderCurrencyCode", heading=_("Order's currency")),
        of_order("orderSource"),
        of_order("lastModifiedDate"),
        of_order("creationDate"),
        of_order("scheduledDate"),
        Column(
            name="statusMeaning",
            heading=_("Status in words"),
            value=lambda row: row.line.status.word,
            source_field="lineItems.status",
            meaning=_("The line's own status in words."),
            example="Completed",
        ),
    ]
)
