"""Values that an upstream sent and nobody could read: their cells are blank, and they are counted.

A cell that is made of several values, like a sum, is blank as soon as one of them could not be read.
"""

import re
from collections.abc import Sequence
from typing import Any

from orders.domain.results import OrderRow
from orders.exports.engine.cell_values import Cell
from orders.presentation.columns import Column

Loss = tuple[int, str]  # the order's position on its page, and the column

# What a path is counted under that belongs to no cell: a line item that is in no row.
_LOST_LINES = "lineItems"
_INDEX = re.compile(r"\[\d+\]")
_LINE = re.compile(r"(lineItems|cancellingItems)\[(\d+)\]\.")


class _Losses:
    """Blanks cells of a page's sheets, and remembers each value once."""

    def __init__(self, blank: Cell) -> None:
        self._blank = blank
        self._found: dict[tuple[int, str, str], None] = {}

    @property
    def found(self) -> tuple[Loss, ...]:
        return tuple([(order, column) for order, _, column in self._found])

    def in_orders(
        self, order: int, path: str, columns: Sequence[Column[Any]], cells: list[list[Cell]], *, at: int
    ) -> None:
        for column, values in zip(columns, cells, strict=True):
            if column.reads(_INDEX.sub("", path)):
                values[at] = self._blank
                self._found[order, "", column.name] = None

    def in_lines(
        self,
        order: int,
        row: OrderRow,
        path: str,
        columns: Sequence[Column[Any]],
        cells: list[list[Cell]],
        *,
        start: int,
    ) -> None:
        """`start` is where the order's rows begin."""
        plain = _INDEX.sub("", path)
        lines, cancelled = len(row.order.lines), len(row.order.cancelling_lines)
        if plain in ("lineItems", "cancellingItems"):
            self._found[order, path, _LOST_LINES] = None
            return
        of_line = _LINE.match(path)
        if of_line is None:
            places = range(start, start + lines + cancelled)
        else:
            at = int(of_line[2]) + (lines if of_line[1] == "cancellingItems" else 0)
            places = range(start + at, start + at + 1)
            plain = plain.replace("cancellingItems", "lineItems", 1)
        for column, values in zip(columns, cells, strict=True):
            is_of_order = column.order_value is not None
            if not (is_of_order and of_line) and column.reads(plain):
                for place in places:
                    values[place] = self._blank
                if places:
                    self._found[order, of_line[0] if of_line else "", column.name] = None


def blank_unreadable(
    rows: Sequence[OrderRow],
    sheets: Sequence[tuple[str, Sequence[Column[Any]], list[list[Cell]], Sequence[int]]],
    blank: Cell,
) -> tuple[Loss, ...]:
    """For each sheet its name, columns, cells column by column, and how many rows each order has in it."""
    losses = _Losses(blank)
    for name, columns, cells, sizes in sheets:
        start = 0
        for order, (row, size) in enumerate(zip(rows, sizes, strict=True)):
            # An order of which every line is lost has no rows, and neither has one that wasn't chosen.
            is_left_out = not size and bool(name == "orders" or row.order.lines or row.order.cancelling_lines)
            for path in () if is_left_out else row.order.unreadable:
                if name == "orders":
                    losses.in_orders(order, path, columns, cells, at=start)
                else:
                    losses.in_lines(order, row, path, columns, cells, start=start)
            start += size
    return losses.found
