"""An order as scripts get it: a record with a field for each column that its files can have.

The types are made of the columns, so that a new column is a new field, in answers and in their description.
What a page shows in parts is one field here, under the file's name for it: so JSON and files say the same.
"""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import msgspec

from orders.domain.instants import zulu
from orders.domain.results import LineRow, OrderRow
from orders.presentation.columns import Column, FileValue, columns_for

# Amounts are exact decimals, which a number of JSON is not to most who read it.
Amount = Annotated[str, msgspec.Meta(extra_json_schema={"format": "decimal"})]
Instant = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
_WRITTEN: dict[type, Any] = {str: str, bool: bool, int: int, Decimal: Amount, datetime: Instant}


class RecordType(msgspec.Struct, frozen=True):
    """What an upstream's orders are made into: `order` has a list of `line`s beside its own columns."""

    order: type[msgspec.Struct]
    line: type[msgspec.Struct]
    order_columns: tuple[Column[OrderRow], ...]
    line_columns: tuple[Column[LineRow], ...]

    def record(self, row: OrderRow) -> msgspec.Struct:
        """The order as it was masked for whoever asked; first its own lines, then those that it cancels."""
        lines = [LineRow(parent=row, line=line) for line in row.order.lines]
        lines += [LineRow(parent=row, line=line, is_cancelled=True) for line in row.order.cancelling_lines]
        return self.order(**_values(self.order_columns, row), lines=[self._line(each) for each in lines])

    def _line(self, row: LineRow) -> msgspec.Struct:
        return self.line(**_values(self.line_columns, row))


@cache
def record_type(source: str) -> RecordType:
    """KeyError for an upstream that there is not."""
    order_columns = columns_for(source, "orders", with_prices=True, is_revealed=True)
    # What says the same in every line of an order stands in the order.
    of_lines = columns_for(source, "lines", with_prices=True, is_revealed=True)
    line_columns = tuple(each for each in of_lines if each.order_value is None)
    name = source.capitalize()
    line = msgspec.defstruct(f"{name}Line", list(map(_field, line_columns)), frozen=True, kw_only=True)
    fields = [*map(_field, order_columns), ("lines", list[line])]  # type: ignore[valid-type]  # made here
    order = msgspec.defstruct(f"{name}Order", fields, frozen=True, kw_only=True)
    return RecordType(order, line, order_columns, line_columns)


def _field(column: Column[Any]) -> tuple[str, Any]:
    return column.name, _WRITTEN[column.value_type] | None


def _values(columns: tuple[Column[Any], ...], row: OrderRow | LineRow) -> dict[str, Any]:
    return {column.name: written(column.value(row)) for column in columns}


def written(value: FileValue) -> str | int | bool | None:
    """A file's value in JSON: texts, whole numbers and truths as they are, null for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return f"{value:f}"
    return zulu(value) if isinstance(value, datetime) else value
