"""From spooled rows to an Excel workbook: IDs as text, numbers as numbers, no formula anywhere."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orders.exports.values import Cell

_MOST_ROWS = 1_048_576  # of a sheet, its headings included
_ROWS_BETWEEN_TICKS = 500
_WIDTH = 18
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]")

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]


class PlainSheet(Worksheet):
    """Texts are what they are: never markup, whatever they look like."""

    def _xml_rich_inline_string(self, string: str, attributes: Any) -> None:
        # A text from `<r>` to `</r>` would be written as it stands.
        self._xml_inline_string(string, string != string.strip(), attributes)

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        # The parent misses an escape that begins with the end of another one.
        if not isinstance(data, str):
            return data
        escaped = _ESCAPE.sub("_x005F_", data)
        return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)


def write_workbook(
    path: Path, sheets: Sequence[Sheet], *, made_at: datetime, tick: Callable[[], None]
) -> None:
    """`sheets` are names, headings and rows. The same rows give the same bytes.

    `tick` is called every few hundred rows; what it raises ends the work.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    workbook = Workbook(str(path), options)
    workbook.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    heading = workbook.add_format({"bold": True})
    try:
        for name, headings, rows in sheets:
            _write_sheet(workbook, name, headings, rows, heading, tick)
    finally:
        # It warns when it is dropped unclosed, and removes its scratch files only when it is closed.
        workbook.close()


def _write_sheet(
    workbook: Any,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    heading: Any,
    tick: Callable[[], None],
) -> None:
    """A result that is longer than a sheet goes on in another one of the same columns."""
    numbers, remaining = count(2), iter(rows)
    sheet = _new_sheet(workbook, name, headings, heading)
    at = 1
    for row in remaining:
        if at == _MOST_ROWS:
            sheet, at = _new_sheet(workbook, f"{name} {next(numbers)}", headings, heading), 1
        for column, cell in enumerate(row):
            _write_cell(sheet, at, column, cell)
        at += 1
        if at % _ROWS_BETWEEN_TICKS == 0:
            tick()


def _new_sheet(workbook: Any, name: str, headings: Sequence[str], heading: Any) -> Any:
    sheet = workbook.add_worksheet(name, PlainSheet)
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(headings):
        sheet.write_string(0, column, text, heading)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    else:
        sheet.write_number(row, column, cell)
