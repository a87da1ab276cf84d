"""What a column is."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext

from orders.domain.instants import parse_instant
from orders.domain.results import LineRow, OrderRow
from orders.presentation import formatters
from orders.presentation.texts.phrases import Text

Row = TypeVar("Row", OrderRow, LineRow)
FileValue = str | int | Decimal | datetime | bool | None


# The classes of columns that give way, by their turn.
YIELDS = ("", "yields-1", "yields-2", "yields-3")


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """A column of tables and files. Its texts are marked for translation where they stand.

    `style` is the class of its cells. In a table with too little room the columns that declare `yields` give
    way: 1 first, then 2, then 3; with 0 a column stays. The rest explains the values to their readers:
    `meaning`, the upstream's own `source_field` (several with commas between; `.*` at its end means all
    within it), the `unit` they are in (empty for texts and codes), an `example` as it stands in a CSV file
    (where those of one upstream look different, in `examples`), and whether they are `is_personal` data.

    A column that `needs_reveal` holds nothing but personal data: a file has it only for a reason.
    """

    name: str
    heading: Text
    value: Callable[[Row], FileValue]
    cell: Callable[[Row], Any] | None = None
    style: str = ""
    yields: int = 0
    source_field: str = ""
    meaning: Text = ""
    unit: Text = ""
    example: str = ""
    examples: Mapping[str, str] = field(default_factory=dict)
    is_personal: bool = False
    needs_reveal: bool = False
    # Of a line item's column that says something of the order: the same for all its lines.
    order_value: Callable[[OrderRow], FileValue] | None = None

    @property
    def cell_style(self) -> str:
        """All classes of its cells and its heading."""
        return " ".join(filter(None, (self.style, YIELDS[self.yields])))

    @property
    def heading_text(self) -> str:
        """The heading in the reader's language; files have the name instead, which never changes."""
        return gettext(str(self.heading)) if self.heading else ""

    @property
    def meaning_text(self) -> str:
        return gettext(str(self.meaning)) if self.meaning else ""

    @property
    def unit_text(self) -> str:
        return gettext(str(self.unit)) if self.unit else ""

    @cached_property
    def value_type(self) -> type[str | int | bool | Decimal | datetime]:
        """What its values are where there are any: texts, unless a unit and the example say otherwise."""
        if not self.unit:
            return str
        if self.example in {"true", "false"}:
            return bool
        if parse_instant(self.example) is not None and not self.example.isdecimal():
            return datetime
        if re.fullmatch(r"-?\d+", self.example):
            return int
        return Decimal if re.fullmatch(r"-?\d+\.\d+", self.example) else str

    @cached_property
    def source_paths(self) -> tuple[str, ...]:
        """The upstream's fields that its values are made of: `orderId (Adobe), id (fabric)` are two."""
        return tuple(part.partition(" ")[0] for part in self.source_field.split(", "))

    def reads(self, path: str) -> bool:
        """Whether a value depends on the upstream's field at `path`, or on anything within it."""
        path = path.casefold()  # the same field is spelt in several ways
        return any(
            source == path
            or source.startswith(f"{path}.")
            or (source.endswith(".*") and path.startswith(source[:-1]))
            for source in map(str.casefold, self.source_paths)
        )

    def example_of(self, source: str) -> str:
        return self.examples.get(source, self.example)

    def draw(self, row: Row) -> Any:
        """What stands in the cell: safe HTML, or text that is still to be escaped."""
        if self.cell is not None:
            return self.cell(row)
        return formatters.plain(self.value(row))


def registry(columns: Iterable[Column[Row]]) -> dict[str, Column[Row]]:
    """The columns by name. ValueError for a name that stands twice: one of the two is never seen."""
    found: dict[str, Column[Row]] = {}
    for column in columns:
        if column.name in found:
            raise ValueError(f"the column {column.name} is declared twice")
        found[column.name] = column
    return found


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, in the order of the lines."""
    if not values:
        return ""
    return "; ".join([value for value in values if value])


def in_step(values: Sequence[str]) -> str:
    """Several values in one cell, so that the n-th of one column belongs to the n-th of another.

    Whoever splits at `; ` gets as many: an empty value is `\\0`, a `; ` within one is `;\\ `, `\\` is two.
    """
    if not values:
        return ""
    text = "; ".join(values)
    if "\\" not in text and text.count("; ") == len(values) - 1 and "" not in values:
        return text
    return "; ".join([_escaped(value) for value in values])


def each_once(values: Iterable[str]) -> str:
    """Several values in one cell, each where it comes first."""
    return "; ".join(filter(None, dict.fromkeys(values)))


def _escaped(value: str) -> str:
    if not value:
        return r"\0"
    return value.replace("\\", "\\\\").replace("; ", ";\\ ")
