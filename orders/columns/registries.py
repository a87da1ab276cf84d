"""The two registries: columns of orders, and columns of line items."""

from dataclasses import replace
from typing import Any

from orders.columns.base import Column, registry
from orders.columns.lines import LINES
from orders.columns.order_basics import BASICS
from orders.columns.order_schedule import SCHEDULE
from orders.domain.results import LineRow, OrderRow

ORDER_COLUMNS: dict[str, Column[OrderRow]] = registry([*BASICS, *SCHEDULE])


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
        of_order("customerId"),
        of_order("orderId"),
        of_order("externalReferenceId"),
        of_order("orderType"),
        of_order("referenceOrderId"),
        of_order("status", name="orderStatus", heading="Order status"),
        of_order("creationDate"),
        of_order("scheduledDate"),
        Column(
            name="statusMeaning",
            heading="Status in words",
            value=lambda row: row.line.status.word,
            source_field="lineItems.status",
            meaning="The line's own status in words.",
            example="Completed",
        ),
    ]
)
