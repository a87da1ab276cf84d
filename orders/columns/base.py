"""What a column is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from orders import cells
from orders.domain.results import LineRow, OrderRow

Row = TypeVar("Row", OrderRow, LineRow)
FileValue = str | int | Decimal | datetime | bool | None


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """A column of tables and files.

    `style` is the class of its cells. The rest explains the values to their readers: `meaning`, the
    upstream's own `source_field`, the `unit` they are in (empty for texts and codes), an `example` as it
    stands in a CSV file, and whether they are `is_personal` data.
    """

    name: str
    heading: str
    value: Callable[[Row], FileValue]
    cell: Callable[[Row], Any] | None = None
    style: str = ""
    source_field: str = ""
    meaning: str = ""
    unit: str = ""
    example: str = ""
    is_personal: bool = False
    # Of a line item's column that says something of the order: the same for all its lines.
    order_value: Callable[[OrderRow], FileValue] | None = None

    def draw(self, row: Row) -> Any:
        """What stands in the cell: safe HTML, or text that is still to be escaped."""
        if self.cell is not None:
            return self.cell(row)
        return cells.plain(self.value(row))


def registry(columns: Iterable[Column[Row]]) -> dict[str, Column[Row]]:
    return {column.name: column for column in columns}


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, in the order of the lines."""
    if not values:
        return ""
    return "; ".join([value for value in values if value])
