"""File formats: each is one class, and all of them stand in one list.

A format says what a file is called and how it is sent, which cells it makes of values, how a page's rows
are encoded as they come, and how the whole becomes a file at the end.
"""

import csv
import io
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
from django.utils.translation import gettext_lazy as _

from orders.exports.engine.cell_values import Cell, csv_cells, whole_text, workbook_cells
from orders.exports.engine.workbook import Sheet, write_workbook
from orders.presentation.columns import FileValue
from orders.presentation.texts.phrases import Text

_BOM = b"\xef\xbb\xbf"

Row = Sequence[Cell]


class SpooledSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of rows as they lie on the disk, encoded by the format that is to finish them."""

    name: str
    headings: Sequence[str]
    path: Path


class FileFormat(ABC):
    """A kind of file. `dialect` tells apart those of the same `name`, as the address calls both."""

    name: str
    dialect: str = ""
    words: Text
    reader: Text = ""  # what opens this dialect
    extension: str
    content_type: str
    holds_several_sheets: bool = False

    @abstractmethod
    def cells(self, values: list[FileValue]) -> list[Cell]:
        """A column's values on one page as they stand in the file."""

    @abstractmethod
    def heading(self, names: Sequence[str]) -> bytes:
        """What a sheet's encoded rows begin with."""

    @abstractmethod
    def encode(self, rows: Iterable[Row]) -> bytes:
        """One page's rows."""

    @abstractmethod
    def finish(
        self,
        path: Path,
        sheets: Sequence[SpooledSheet],
        *,
        about: Sequence[tuple[str, str]],
        made_at: datetime,
        is_final: bool,
    ) -> Iterator[None]:
        """Write the file; stops for its caller now and then.

        `about` says in words what the file holds, for a format that has room for it. Rows that are not
        `is_final` may still grow under the same name on the disk.
        """


class Csv(FileFormat):
    """RFC 4180 in UTF-8, a call for each page; for Excel with the mark by which it knows UTF-8.

    Most pages have nothing that needs quotes. They are joined, which is three times as fast; the count of
    separators tells afterwards whether that was right.
    """

    name = extension = "csv"
    content_type = "text/csv; charset=utf-8"
    words: Text = "CSV"
    reader: Text = _("programs")

    def __init__(
        self, dialect: str = "", *, words: Text = "", reader: Text = "", separator: str = ","
    ) -> None:
        self.dialect = dialect
        self.words = words or self.words
        self.reader = reader or self.reader
        self._separator = separator
        self._mark = _BOM if dialect else b""

    def cells(self, values: list[FileValue]) -> list[Cell]:
        return csv_cells(values)

    def heading(self, names: Sequence[str]) -> bytes:
        return self._mark + self.encode([names])

    def encode(self, rows: Iterable[Sequence[Any]]) -> bytes:
        rows = list(rows)
        if not rows:
            return b""
        text = "\r\n".join(map(self._separator.join, rows)) + "\r\n"
        if not self._is_simple(text, len(rows), len(rows[0])):
            text = self._quoted(rows)
        try:
            return text.encode()
        except UnicodeEncodeError:
            return whole_text(text).encode()

    def _is_simple(self, text: str, rows: int, columns: int) -> bool:
        """Whether every separator in `text` is one of ours, and no row could be taken for a blank line."""
        return (
            '"' not in text
            and text.count(self._separator) == rows * (columns - 1)
            and text.count("\n") == text.count("\r") == rows
            and columns > 1
        )

    def _quoted(self, rows: Iterable[Sequence[Any]]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n", delimiter=self._separator).writerows(rows)
        return text.getvalue()

    def finish(
        self,
        path: Path,
        sheets: Sequence[SpooledSheet],
        *,
        about: Sequence[tuple[str, str]],
        made_at: datetime,
        is_final: bool,
    ) -> Iterator[None]:
        """The spooled rows are the file; those that may still grow are copied."""
        (sheet,) = sheets
        try:
            if not is_final:
                raise OSError
            os.link(sheet.path, path)
        except OSError:  # not every file system can
            shutil.copyfile(sheet.path, path)
        yield


class Xlsx(FileFormat):
    """An Excel workbook, which can only be written at the end: until then rows lie there with their types."""

    name = extension = "xlsx"
    words = _("Excel workbook")
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    holds_several_sheets = True

    def cells(self, values: list[FileValue]) -> list[Cell]:
        return workbook_cells(values)

    def heading(self, names: Sequence[str]) -> bytes:
        return b""

    def encode(self, rows: Iterable[Row]) -> bytes:
        """A size, then the bytes."""
        body = msgspec.msgpack.encode(list(rows))
        return len(body).to_bytes(4, "big") + body

    def finish(
        self,
        path: Path,
        sheets: Sequence[SpooledSheet],
        *,
        about: Sequence[tuple[str, str]],
        made_at: datetime,
        is_final: bool,
    ) -> Iterator[None]:
        tables = [Sheet(each.name, each.headings, _rows_of(each.path)) for each in sheets]
        return write_workbook(path, tables, about=about, made_at=made_at)


def _rows_of(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        yield from _decoded(file)


def _decoded(file: IO[bytes]) -> Iterator[Row]:
    while size := file.read(4):
        yield from msgspec.msgpack.decode(file.read(int.from_bytes(size, "big")))


FORMATS: tuple[FileFormat, ...] = (
    Csv(),
    Csv("excel", words=_("CSV for Excel (comma)"), reader=_("Excel (comma)")),
    Csv(
        "excel-semicolon",
        words=_("CSV for Excel (semicolon)"),
        reader=_("Excel (semicolon)"),
        separator=";",
    ),
    Xlsx(),
)


def format_names() -> list[str]:
    return list(dict.fromkeys(each.name for each in FORMATS))


def dialects() -> list[str]:
    return list(dict.fromkeys(each.dialect for each in FORMATS))


def format_of(name: str, dialect: str = "") -> FileFormat:
    """KeyError where there is no such format."""
    return {(each.name, each.dialect): each for each in FORMATS}[name, dialect]
