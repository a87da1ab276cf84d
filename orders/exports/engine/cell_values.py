"""From a column's value to what stands in a cell: the same text everywhere, typed where a file has types.

A spreadsheet runs a text that begins like a formula, and it may see a beginning where there is none: one
that splits at semicolons (German, French and Dutch settings do) heeds no quotes in the middle of what is a
cell of ours. So a text of which any part begins like a formula gets a leading `'`, and each such part
another one. `unguarded` gives every text back.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from operator import itemgetter

from orders.domain.instants import zulu
from orders.presentation.columns import FileValue

Cell = str | int | float | bool | datetime | None

# Where some reader of files begins a new cell or a new line.
_SEPARATORS = ";,\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# What programs skip before a formula: blanks, what nobody sees, quotes. A separator among them is where the
# next part begins, so that a run of them is looked at once.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
_SKIPPED = re.escape(
    "".join(sorted({*_BLANKS, *'\0"\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff'} - {*_SEPARATORS}))
)
_SIGNS = "=+\\-@＝＋－＠"
# Any beginning that a text may not have as it is; the sign of the guard itself, so that it can be taken away.
_BEGINNING = f"[{_SKIPPED}]*[{_SIGNS}]"
_RISKY = re.compile(f"[\t\r\n\0']|{_BEGINNING}|(?s:.*)[{_SEPARATORS}]{_BEGINNING}")
_PART = re.compile(f"(?<=[{_SEPARATORS}])(?={_BEGINNING}|')")
_GUARD = re.compile(f"(?<=[{_SEPARATORS}])'")

_RISKY_WITHIN = re.compile(f"[{_SEPARATORS}]{_BEGINNING}")

# A text that begins with none of these begins like no formula: nearly all are.
_SAFE_BEFORE = frozenset({*"=+-@＝＋－＠'", *_BLANKS, *'\0"\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff'})
_FIRST = itemgetter(slice(1))

_MOST_DIGITS = 15  # a spreadsheet's numbers are doubles
_TOO_LARGE = 10**_MOST_DIGITS
_FIRST_YEAR = 1901  # of its dates, of which those of 1900 are off by a day
_LONGEST_TEXT = 32_767  # of a spreadsheet's cell, in UTF-16 units
_CUT = " … [cut: a cell holds no more]"
_SURROGATES = re.compile("[\ud800-\udfff]")


def guarded(text: str) -> str:
    return "'" + _PART.sub("'", text) if _RISKY.match(text) else text


def unguarded(cell: str) -> str:
    """What a cell's text was before it was guarded."""
    return _GUARD.sub("", cell[1:]) if cell.startswith("'") else cell


def whole_text(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return _SURROGATES.sub("\ufffd", text)


def csv_cells(values: list[FileValue]) -> list[Cell]:
    """As `csv_cell` for each, but for texts that may stay as they are: nearly all, and there are millions."""
    first = values[0] if values else None
    # Equal texts are the same text, which can't be said of numbers: 1.0 equals 1.00.
    if (first is None or first.__class__ is str) and values.count(first) == len(values):
        return [csv_cell(first)] * len(values)
    if (
        set(map(type, values)) == {str}
        and _SAFE_BEFORE.isdisjoint(map(_FIRST, values))  # type: ignore[arg-type]  # texts
        # None begins like a formula; between them stands a letter, after which no part begins.
        and not _RISKY_WITHIN.search("x".join(values))  # type: ignore[arg-type]  # texts
    ):
        return values  # type: ignore[return-value]  # texts
    return list(map(csv_cell, values))


def workbook_cells(values: list[FileValue]) -> list[Cell]:
    return list(map(workbook_cell, values))


def csv_cell(value: FileValue) -> str:
    """Plain: no exponent, no thousands separators, nothing for nothing."""
    kind = value.__class__
    if kind is str:
        return guarded(value)  # type: ignore[arg-type]  # a text
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
    """Numbers as numbers and instants as dates, unless a spreadsheet can't hold them; all else as text."""
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
        return value if value.astimezone(UTC).year >= _FIRST_YEAR else zulu(value)
    # One more character than a cell holds, so that it is seen to be too long.
    return _short(guarded(whole_text(str(value)[: _LONGEST_TEXT + 1])))


def _short(text: str) -> str:
    if len(text) * 2 <= _LONGEST_TEXT or len(text.encode("utf-16-le")) // 2 <= _LONGEST_TEXT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (_LONGEST_TEXT - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT
