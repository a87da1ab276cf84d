"""The text of a file as lines with five cells each. A line whose cells can't be told apart for sure says why.

Nothing is guessed: a line has exactly as many cells as the heading, or it is an error. A comma that nobody
quoted, a line with other separators and a quote left open would each put words into columns where their
author didn't mean them.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from orders.people.account_import.decoding import Unreadable
from orders.people.account_import.look_alikes import strip_unseen
from orders.people.account_import.pauses import with_pauses

COLUMNS = ("account", "reseller_id", "source", "customer_id", "manager")
MOST_LINES = 50_000
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# Excel's own first line, which names the separator: https://superuser.com/q/773644
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_END_OF_FILE = "\x1a"  # Ctrl-Z, which CP/M and DOS wrote behind the last line


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line below the heading; `problem` says why its cells can't be told apart, where they can't."""

    number: int
    problem: str = ""
    account: str = ""
    reseller_id: str = ""
    source: str = ""
    customer_id: str = ""
    manager: str = ""


class Contents(msgspec.Struct, frozen=True):
    """All lines that are not blank; how many are; and the headings that are not ours, which aren't read."""

    lines: tuple[Line, ...]
    blank: int
    ignored: tuple[str, ...]


class _Record(msgspec.Struct, frozen=True):
    """What the CSV reader takes for one line: from `first` to `last`, and more than one if quotes say so."""

    first: int
    last: int
    cells: list[str]
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        return self.first == self.last and not self.problem and not any(map(strip_unseen, self.cells))


def read(text: str) -> Contents:
    """The lines of a file; raises `Unreadable` where there are none, too many, or no such heading."""
    text, skipped, separators = _beginning(text)
    headed = [(separator, *_heading(_records(text, separator))) for separator in separators]
    separator, names, number = max(headed, key=lambda each: len(set(COLUMNS) & set(each[1])))
    _check_heading(names)
    lines: list[Line] = []
    blank = 0
    for record in with_pauses(_records(text, separator)):
        if record.first <= number:
            continue
        if record.is_blank:
            blank += 1
            continue
        lines.extend(_lines(record, names, separator, skipped))
        if len(lines) > MOST_LINES:
            raise Unreadable(
                gettext("The file has more than %(most)s lines.")
                % {"most": number_format(MOST_LINES, force_grouping=True)}
            )
    if not lines:
        raise Unreadable(gettext("The file has no lines below its heading."))
    ignored = tuple(dict.fromkeys(name for name in names if name and name not in COLUMNS))
    return Contents(tuple(lines), blank, ignored)


def _beginning(text: str) -> tuple[str, int, tuple[str, ...]]:
    """The text without what programs put around it, how many lines that was, and the separators to try."""
    text = text.removeprefix("\ufeff").rstrip(_END_OF_FILE)
    named = _SEPARATOR_LINE.match(text)
    if named is None:
        return text, 0, tuple(_SEPARATORS)
    return text[named.end() :], 1, (named[1],)


def _records(text: str, separator: str) -> Iterator[_Record]:
    """What stands between two line ends. After a fault in one the next begins on the line below."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    last = 0
    while True:
        first = last + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = reader.line_num
            yield _Record(
                first, last, [], gettext("This can't be read as CSV: %(error)s.") % {"error": error}
            )
        else:
            last = reader.line_num
            yield _Record(first, last, cells)


def _heading(records: Iterator[_Record]) -> tuple[list[str], int]:
    """The names in the first line that isn't blank, and that line's number."""
    for record in records:
        names = ["_".join(strip_unseen(cell).casefold().replace("-", " ").split()) for cell in record.cells]
        if any(names) or record.problem:
            return names, record.last
    return [], 0


def _check_heading(names: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Unreadable(
            gettext("The first line must name the columns; missing: %(value)s.")
            % {"value": ", ".join(missing)}
        )
    twice = [name for name, times in Counter(names).items() if times > 1 and name in COLUMNS]
    if twice:
        raise Unreadable(
            gettext("The first line names a column more than once: %(value)s.") % {"value": ", ".join(twice)}
        )


def _lines(record: _Record, names: list[str], separator: str, skipped: int) -> Iterator[Line]:
    """The record's line; where its quotes reach over several, one for each, and none of them is imported."""
    first = record.first + skipped
    if record.last > record.first:
        problem = gettext("A quote that opens here reaches to line %(value)s: close it in its own line.") % {
            "value": record.last + skipped
        }
        yield Line(number=first, problem=problem)
        for number in range(first + 1, record.last + skipped + 1):
            yield Line(
                number=number,
                problem=gettext("This stands in quotes that open in line %(first)s.") % {"first": first},
            )
        return
    problem = record.problem or _wrong_shape(record.cells, names, separator)
    if problem:
        yield Line(number=first, problem=problem)
        return
    given = {
        name: strip_unseen(cell) for name, cell in zip(names, record.cells, strict=True) if name in COLUMNS
    }
    yield Line(number=first, **given)


def _wrong_shape(cells: list[str], names: list[str], separator: str) -> str:
    if len(cells) != len(names):
        said = ngettext(
            "There is %(cells)s cell, and %(headings)s headings.",
            "There are %(cells)s cells, and %(headings)s headings.",
            len(cells),
        ) % {"cells": len(cells), "headings": len(names)}
        return f"{said} {_advice(cells, names, separator)}"
    if any(strip_unseen(cell) for name, cell in zip(names, cells, strict=True) if not name):
        return gettext("A cell stands below no heading.")
    if [strip_unseen(cell).casefold() for cell in cells] == names:
        return gettext("This line repeats the heading.")
    return ""


def _advice(cells: list[str], names: list[str], separator: str) -> str:
    if len(cells) > len(names):
        return gettext("A cell that holds the separator itself must stand in quotes.")
    others = [words for mark, words in _SEPARATORS.items() if mark != separator and mark in "".join(cells)]
    if others:
        return gettext("The heading has %(separator)s between its cells, not %(others)s.") % {
            "separator": _SEPARATORS.get(separator, separator),
            "others": others[0],
        }
    return gettext("Write the separators of blank cells too.")
