"""The rows of an XLSX file as texts, in time that grows with the file and no faster.

A library for workbooks took two minutes for a megabyte that a stranger had packed: it makes an object of
every cell, believes what a sheet says of its size, and reads styles. Here a part is read as it comes, what
is counted too high ends it, and nothing else is unpacked. Parts and elements: ECMA-376, part 1, 18.3, 18.4.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

# Of all parts that are read: bytes once they are unpacked, elements, and what may lie in the file.
MOST_UNPACKED, MOST_ELEMENTS, MOST_PARTS = 160 * 2**20, 3_000_000, 500
MOST_COLUMNS = 200
LONGEST_CELL = 1000
_PIECE = 2**16
_SHEETS, _TEXTS = "xl/worksheets/", "xl/sharedstrings.xml"

Row = Sequence[str]


class TooLarge(Exception):
    """More than anybody's price list has."""


class Damaged(Exception):
    """No workbook, or none that can be read."""


class Workbook:
    """Its sheets, in the order of their parts. Raises `TooLarge` and `Damaged`, here and while it is read."""

    def __init__(self, content: bytes) -> None:
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Damaged from error
        parts = self._packed.infolist()
        self._sheets = sorted((each for each in parts if _is_sheet(each.filename)), key=_number_of_sheet)
        texts = [each for each in parts if each.filename.lower() == _TEXTS]
        # A part is never unpacked further than its own entry says, so that they can be added up beforehand.
        if (
            len(parts) > MOST_PARTS
            or sum(each.file_size for each in (*self._sheets, *texts[:1])) > MOST_UNPACKED
        ):
            raise TooLarge
        self._elements = 0
        self._texts = [row[0] for part in texts[:1] for row in self._read(part, _Texts())]

    def sheets(self) -> Iterator[Iterator[Row]]:
        """Of each sheet the rows that have something in them."""
        for part in self._sheets:
            yield self._read(part, _Sheet(self._texts))

    def _read(self, part: zipfile.ZipInfo, reader: "_Reader") -> Iterator[Row]:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        parser.EntityDeclHandler = _refuse
        try:
            with self._packed.open(part) as file:
                while piece := file.read(_PIECE):
                    parser.Parse(piece, False)
                    if self._elements + reader.elements > MOST_ELEMENTS:
                        raise TooLarge
                    yield from reader.take()
                parser.Parse(b"", True)
        except (ExpatError, zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError) as error:
            raise Damaged from error
        finally:
            self._elements += reader.elements
        yield from reader.take()


def _is_sheet(name: str) -> bool:
    name = name.lower()
    return name.startswith(_SHEETS) and name.endswith(".xml") and "/" not in name[len(_SHEETS) :]


def _number_of_sheet(part: zipfile.ZipInfo) -> tuple[int, str]:
    """`sheet2.xml` stands before `sheet10.xml`."""
    return len(part.filename), part.filename


def _refuse(*_: Any) -> None:
    raise Damaged


class _Reader:
    """Collects rows while the parser calls; `wanted` says whether the text that comes is a value's."""

    def __init__(self) -> None:
        self.elements = 0
        self.wanted = False
        self.rows: list[Row] = []
        self.written = ""

    def take(self) -> list[Row]:
        rows, self.rows = self.rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        if self.wanted and len(self.written) < LONGEST_CELL:
            self.written = (self.written + data)[:LONGEST_CELL]


class _Texts(_Reader):
    """Texts that cells name by number, each a row of one cell here. How a word is spoken is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self._is_spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        name = name[name.rfind(":") + 1 :]
        if name == "si":
            self.written = ""
        elif name == "rPh":
            self._is_spoken = True
        elif name == "t":
            self.wanted = not self._is_spoken

    def end(self, name: str) -> None:
        name = name[name.rfind(":") + 1 :]
        if name == "t":
            self.wanted = False
        elif name == "rPh":
            self._is_spoken = False
        elif name == "si":
            self.rows.append((self.written,))


class _Sheet(_Reader):
    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts
        self._row: list[str] = []
        self._place = 0
        self._kind: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        name = name[name.rfind(":") + 1 :]
        if name == "c":
            place = attributes.get("r")
            self._place = self._place + 1 if place is None else _column(place, self._place)
            self._kind, self.written = attributes.get("t"), ""
        elif name == "v" or name == "t":
            self.wanted = self._place <= MOST_COLUMNS
        elif name == "row":
            self._row, self._place = [], 0

    def end(self, name: str) -> None:
        name = name[name.rfind(":") + 1 :]
        if name == "c":
            if self.written:
                self._keep(self._cell_text())
        elif name == "v" or name == "t":
            self.wanted = False
        elif name == "row" and self._row:
            self.rows.append(self._row)

    def _cell_text(self) -> str:
        if self._kind != "s":
            return self.written
        number = int(self.written)
        return self._texts[number] if 0 <= number < len(self._texts) else ""

    def _keep(self, value: str) -> None:
        missing = self._place - 1 - len(self._row)
        if missing >= 0:
            self._row += [""] * missing
            self._row.append(value)
        else:  # a place that was there before
            self._row[self._place - 1] = value


def _column(reference: str, before: int) -> int:
    """Of `AB12` the 28; without a reference the next one. Far out is one beyond those that are read."""
    letters = reference[:4].rstrip("0123456789")
    if not letters:
        return before + 1
    if len(letters) > 2 or not letters.isalpha() or not letters.isascii():
        return MOST_COLUMNS + 1
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column
