"""What an export has so far, on the disk: the rows of each sheet, the order IDs, and a journal.

The journal holds one record of fixed size for each page, with the size that every file had after it. So
any page is a place to go back to, whether a process was killed or the result has shifted: cut the files
there and go on.
"""

import csv
import hashlib
import io
import os
import shutil
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from orders.exports.pages import Page, SheetPart
from orders.exports.values import Cell, whole_text

_IDS, _JOURNAL = "ids", "journal"
_MODE = 0o600
_BUFFER = 2**18  # each write lets go of the interpreter, which takes milliseconds to get back from 16 threads

Row = Sequence[Cell]
Encode = Callable[[Iterable[Row]], bytes]


class Mark(NamedTuple):
    """Where an export stood after a page. Counts are of everything so far; `digest` is of this page."""

    offset: int = 0
    next_offset: int = 0
    total: int = 0
    has_total: int = 0
    step: int = 0
    orders: int = 0
    rows: int = 0
    lost: int = 0
    duplicates: int = 0
    digest: int = 0
    ids_size: int = 0
    first_size: int = 0
    second_size: int = 0


_RECORD = struct.Struct(f"<{len(Mark._fields)}Q")


class Csv:
    """Rows of texts as RFC 4180 has them, one call for a whole page.

    Most pages have nothing that needs quotes. They are joined, which is three times as fast; the count of
    separators tells afterwards whether that was right.
    """

    def __init__(self) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")

    def __call__(self, rows: Iterable[Sequence[Any]]) -> bytes:
        rows = list(rows)
        if not rows:
            return b""
        text = "\r\n".join(map(",".join, rows)) + "\r\n"
        if not _is_simple(text, len(rows), len(rows[0])):
            text = self._quoted(rows)
        try:
            return text.encode()
        except UnicodeEncodeError:
            return whole_text(text).encode()

    def _quoted(self, rows: Iterable[Sequence[Any]]) -> str:
        self._text.seek(0)
        self._text.truncate()
        self._writer.writerows(rows)
        return self._text.getvalue()


def _is_simple(text: str, rows: int, columns: int) -> bool:
    """Whether every separator in `text` is one of ours, and no row could be taken for a blank line."""
    return (
        '"' not in text
        and text.count(",") == rows * (columns - 1)
        and text.count("\n") == text.count("\r") == rows
        and columns > 1
    )


def packed(rows: Iterable[Row]) -> bytes:
    """Rows with their types, for a workbook, which can only be written at the end: a size, then the bytes."""
    body = msgspec.msgpack.encode(list(rows))
    return len(body).to_bytes(4, "big") + body


def unpacked(file: IO[bytes]) -> Iterator[Row]:
    while size := file.read(4):
        yield from msgspec.msgpack.decode(file.read(int.from_bytes(size, "big")))


def digest_of(ids: Sequence[str]) -> int:
    """The same for the same IDs in the same order, in every process."""
    packed_ids = msgspec.msgpack.encode(ids)
    return int.from_bytes(hashlib.blake2b(packed_ids, digest_size=8).digest(), "big")


class Spool:
    """Holds its files open; a context manager. One process at a time may have a directory."""

    def __init__(
        self, directory: Path, heads: Mapping[str, bytes], encode: Encode, *, pages: int = 0
    ) -> None:
        """`heads` are what each sheet's file begins with; `pages` are kept of what is there already."""
        directory.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.directory = directory
        self.paths = [directory / f"{sheet}.rows" for sheet in heads]
        self.pages, self.last = 0, Mark()
        self._heads = list(heads.values())
        self._encode = encode
        self._files = [_opened(path) for path in self.paths]
        self._ids = _opened(directory / _IDS)
        self._journal = _opened(directory / _JOURNAL)
        self._resume(pages)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        for file in (*self._files, self._ids, self._journal):
            file.close()

    def mark(self, page: int) -> Mark:
        """Where things stood after the page with this index; -1 is before the first."""
        if page < 0:
            sizes = [len(head) for head in self._heads]
            return Mark(first_size=sizes[0], second_size=sum(sizes[1:]))
        self._journal.flush()
        return Mark._make(_RECORD.unpack(os.pread(self._journal.fileno(), _RECORD.size, page * _RECORD.size)))

    def append(self, page: Page, *, leave_out: frozenset[int] = frozenset()) -> None:
        """Write a page, without the orders at the positions to `leave_out`."""
        ids, parts = page.ids, page.parts
        if leave_out:
            kept = [index not in leave_out for index in range(len(ids))]
            ids, parts = tuple(compress(ids, kept)), tuple([_only(kept, part) for part in parts])
        written = [self._encode(zip(*part.columns, strict=True)) for part in parts]
        for file, data in zip(self._files, written, strict=True):
            file.write(data)
        named = "".join([f"{key}\n" for key in keys_of(ids) if key]).encode()
        self._ids.write(named)
        last = self.last
        mark = Mark(
            offset=page.offset,
            next_offset=page.next_offset,
            total=page.total or 0,
            has_total=page.total is not None,
            step=page.step,
            orders=last.orders + len(ids),
            rows=last.rows + sum([sum(part.rows_of) for part in parts]),
            lost=last.lost + page.lost,
            duplicates=last.duplicates + len(leave_out),
            digest=digest_of(page.ids),
            ids_size=last.ids_size + len(named),
            first_size=last.first_size + len(written[0]),
            second_size=last.second_size + sum([len(data) for data in written[1:]]),
        )
        self._journal.write(_RECORD.pack(*mark))
        self.pages, self.last = self.pages + 1, mark

    def rewind(self, pages: int) -> None:
        """Forget everything after the first so many pages."""
        self.pages, self.last = pages, self.mark(pages - 1)
        for file, size in zip(
            (*self._files, self._ids, self._journal),
            (*self._sizes(self.last), self.last.ids_size, pages * _RECORD.size),
            strict=True,
        ):
            file.flush()
            file.truncate(size)
            file.seek(size)

    def sync(self) -> None:
        """Everything written so far outlives a power cut."""
        for file in (*self._files, self._ids, self._journal):
            file.flush()
            os.fsync(file.fileno())

    def recent_ids(self, pages: int) -> list[list[str]]:
        """The IDs of the latest pages, a list for each."""
        self._ids.flush()
        found = []
        for index in range(max(0, self.pages - pages), self.pages):
            start, end = self.mark(index - 1).ids_size, self.mark(index).ids_size
            self._ids.seek(start)
            found.append(self._ids.read(end - start).decode().splitlines())
        self._ids.seek(0, os.SEEK_END)
        return found

    def open_ids(self) -> IO[bytes]:
        """Every ID on a line of its own, without the empty ones."""
        self._ids.flush()
        return (self.directory / _IDS).open("rb")

    def ids(self) -> Iterator[tuple[int, bytes]]:
        """Every line of IDs with the index of its page."""
        with self.open_ids() as file:
            read, page, end = 0, 0, self.mark(0).ids_size
            for line in file:
                while read >= end:
                    page, end = page + 1, self.mark(page + 1).ids_size
                read += len(line)
                yield page, line

    def sha256(self) -> str:
        """Of the first sheet's file, as it is now."""
        self._files[0].flush()
        with self.paths[0].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _resume(self, pages: int) -> None:
        """Fewer pages where the journal has fewer, none where the files hold less than it says."""
        pages = min(pages, os.fstat(self._journal.fileno()).st_size // _RECORD.size)
        last = self.mark(pages - 1)
        if any(
            os.fstat(file.fileno()).st_size < size
            for file, size in zip((*self._files, self._ids), (*self._sizes(last), last.ids_size), strict=True)
        ):
            pages = 0
        self.rewind(pages)
        if not pages:
            for file, head in zip(self._files, self._heads, strict=True):
                file.seek(0)
                file.truncate(0)
                file.write(head)

    def _sizes(self, mark: Mark) -> tuple[int, ...]:
        return (mark.first_size, mark.second_size)[: len(self._files)]


def copy_of(old: Path, new: Path) -> None:
    """What another process may still be writing to is left to it; we go on with a copy."""
    new.mkdir(parents=True, mode=0o700)
    for path in old.iterdir():
        if path.name in (_IDS, _JOURNAL) or path.suffix == ".rows":
            shutil.copyfile(path, new / path.name)


def _opened(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _MODE), "r+b", buffering=_BUFFER)


def keys_of(ids: Sequence[str]) -> Sequence[str]:
    """The IDs as texts of one line each."""
    together = "".join(ids)
    if together.isascii() and together.isprintable():
        return ids
    return [each if each.isascii() and each.isprintable() else ascii(each) for each in ids]


def _only(kept: Sequence[bool], part: SheetPart) -> SheetPart:
    """The part without the rows of some orders."""
    rows = [keep for keep, size in zip(kept, part.rows_of, strict=True) for _ in range(size)]
    return SheetPart(
        [list(compress(column, rows)) for column in part.columns], list(compress(part.rows_of, kept))
    )
