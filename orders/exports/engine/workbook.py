"""From spooled rows to an Excel workbook: IDs as text, numbers as numbers, instants as dates, no formula."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from orders.exports.engine.cell_values import Cell

MOST_ROWS = 1_048_576  # of a sheet, its headings included
_ROWS_BETWEEN_STOPS = 500
_NARROWEST, _WIDEST, _ROOM = 8, 60, 3  # characters; a heading needs room for the filter's arrow
_INSTANT, _INSTANT_WIDTH = "yyyy-mm-dd hh:mm:ss", 19
_ABOUT = "About this file"
_NO_XML = "\0-\x08\x0b-\x1f\ufffe\uffff"
_UNWRITABLE = re.compile(f"[{_NO_XML}]")
# What reads as an escape, also where the next character's own escape would be its end.
_ESCAPE = re.compile(f"_(?=x[0-9A-Fa-f]{{4}}[_{_NO_XML}])")


class Sheet(NamedTuple):
    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


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
    path: Path, sheets: Sequence[Sheet], *, about: Sequence[tuple[str, str]] = (), made_at: datetime
) -> Iterator[None]:
    """Stops for its caller every few hundred rows. The same rows give the same bytes.

    `about` becomes a sheet of its own, behind the others: programs read the first one.
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
    try:
        writer = _SheetWriter(workbook)
        for sheet in sheets:
            yield from writer.write(sheet)
        if about:
            writer.write_about(about)
    finally:
        # It warns when it is dropped unclosed, and removes its scratch files only when it is closed.
        workbook.close()


class _SheetWriter:
    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._heading = workbook.add_format({"bold": True})
        self._instant = workbook.add_format({"num_format": _INSTANT, "align": "left"})
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    def write(self, table: Sheet) -> Iterator[None]:
        """A result that is longer than a sheet goes on in another one of the same columns."""
        numbers = count(2)
        sheet, widths = self._begin(table.name, table.headings)
        at = 1
        for row in table.rows:
            if at == MOST_ROWS:
                _end(sheet, at, widths)
                sheet, widths = self._begin(f"{table.name} {next(numbers)}", table.headings)
                at = 1
            for column, cell in enumerate(row):
                if cell is not None:
                    width = self._write_cell(sheet, at, column, cell)
                    if width > widths[column]:
                        widths[column] = width
            at += 1
            if at % _ROWS_BETWEEN_STOPS == 0:
                yield
        _end(sheet, at, widths)

    def write_about(self, facts: Sequence[tuple[str, str]]) -> None:
        sheet = self._workbook.add_worksheet(_ABOUT, PlainSheet)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 100)
        for row, (name, words) in enumerate(facts):
            sheet.write_string(row, 0, name, self._heading)
            sheet.write_string(row, 1, words, self._wrapped)

    def _begin(self, name: str, headings: Sequence[str]) -> tuple[Any, list[int]]:
        sheet = self._workbook.add_worksheet(name, PlainSheet)
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(headings):
            sheet.write_string(0, column, text, self._heading)
        return sheet, [len(text) + _ROOM for text in headings]

    def _write_cell(self, sheet: Any, row: int, column: int, cell: Cell) -> int:
        """How many characters wide it is."""
        if isinstance(cell, str):
            sheet.write_string(row, column, cell)
            return len(cell)
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None), self._instant)
            return _INSTANT_WIDTH
        else:
            sheet.write_number(row, column, cell)
        return _NARROWEST


def _end(sheet: Any, rows: int, widths: Sequence[int]) -> None:
    """What can only be said once all rows are known: widths, and the filter over all of them."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, _NARROWEST), _WIDEST))
    if widths:
        sheet.autofilter(0, 0, rows - 1, len(widths) - 1)
