"""From a column's value to what stands in a cell: the same text everywhere, typed where a file has types.

A spreadsheet runs a text that begins like a formula, so such a text gets a leading `'`. A text that
begins with `'` gets one too: removing one leading `'` always gives the original back.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from operator import itemgetter

from orders.columns import FileValue
from orders.domain.instants import zulu

Cell = str | int | float | bool | None
CellMaker = Callable[[list[FileValue]], list[Cell]]  # for a column's values on one page

# Formula signs, their full-width twins, and what programs skip before them.
_GUARDED = frozenset("=+-@\t\r\n\0＝＋－＠'")
_FIRST = itemgetter(slice(1))

_MOST_DIGITS = 15  # a spreadsheet's numbers are doubles
_TOO_LARGE = 10**_MOST_DIGITS
_LONGEST_TEXT = 32_767  # of a spreadsheet's cell, in UTF-16 units
_CUT = " … [cut: a cell holds no more]"
_SURROGATES = re.compile("[\ud800-\udfff]")


def guarded(text: str) -> str:
    return f"'{text}" if text[:1] in _GUARDED else text


def whole_text(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return _SURROGATES.sub("\ufffd", text)


def csv_cells(values: list[FileValue]) -> list[Cell]:
    """As `csv_cell` for each, but for texts that may stay as they are: nearly all, and there are millions."""
    if set(map(type, values)) == {str} and _GUARDED.isdisjoint(map(_FIRST, values)):  # type: ignore[arg-type]  # texts
        return values  # type: ignore[return-value]  # texts
    return list(map(csv_cell, values))


def workbook_cells(values: list[FileValue]) -> list[Cell]:
    return list(map(workbook_cell, values))


def csv_cell(value: FileValue) -> str:
    """Plain: no exponent, no thousands separators, nothing for nothing."""
    kind = value.__class__
    if kind is str:
        return f"'{value}" if value[:1] in _GUARDED else value  # type: ignore[index, return-value]  # a text
    if value is None:
        return ""
    if kind is int:
        return str(value)
    if kind is datetime:
        return zulu(value)  # type: ignore[arg-type]  # a datetime
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return guarded(str(value))


def workbook_cell(value: FileValue) -> Cell:
    """Numbers as numbers, unless a spreadsheet would round them; everything else as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_TOO_LARGE < value < _TOO_LARGE else str(value)
    if isinstance(value, Decimal):
        is_exact = len(value.as_tuple().digits) <= _MOST_DIGITS and abs(value) < _TOO_LARGE
        return float(value) if is_exact else f"{value:f}"
    if isinstance(value, datetime):
        return zulu(value)
    return _short(guarded(whole_text(str(value))))


def _short(text: str) -> str:
    if len(text) * 2 <= _LONGEST_TEXT or len(text.encode("utf-16-le")) // 2 <= _LONGEST_TEXT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (_LONGEST_TEXT - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT
