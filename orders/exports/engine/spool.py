"""What an export has so far, on the disk: the rows of each sheet, the order IDs, what could not be read,
and a journal.

The journal holds one record of fixed size for each page, with the size that every file had after it. So
any page is a place to go back to, whether a process was killed or the result has shifted: cut the files
there and go on.
"""

import hashlib
import os
import shutil
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from orders.exports.engine.cell_values import Cell
from orders.exports.engine.pages import Page, SheetPart

_IDS, _LOSSES, _JOURNAL = "ids", "losses", "journal"
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
    losses_size: int = 0


_RECORD = struct.Struct(f"<{len(Mark._fields)}Q")


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
        self._losses = _opened(directory / _LOSSES)
        self._journal = _opened(directory / _JOURNAL)
        self._resume(pages)

    @property
    def _all(self) -> tuple[IO[bytes], ...]:
        return (*self._files, self._ids, self._losses, self._journal)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._all:
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
        lost = "".join([f"{column}\n" for at, column in page.unreadable if at not in leave_out]).encode()
        self._losses.write(lost)
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
            losses_size=last.losses_size + len(lost),
        )
        self._journal.write(_RECORD.pack(*mark))
        self.pages, self.last = self.pages + 1, mark

    def rewind(self, pages: int) -> None:
        """Forget everything after the first so many pages."""
        self.pages, self.last = pages, self.mark(pages - 1)
        for file, size in zip(
            self._all,
            (*self._sizes(self.last), pages * _RECORD.size),
            strict=True,
        ):
            file.flush()
            file.truncate(size)
            file.seek(size)

    def sync(self) -> None:
        """Everything written so far outlives a power cut."""
        for file in self._all:
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

    def unreadable(self) -> dict[str, int]:
        """How many values of each column could not be read."""
        self._losses.flush()
        with (self.directory / _LOSSES).open(encoding="utf-8") as file:
            return dict(Counter(line.removesuffix("\n") for line in file))

    def _resume(self, pages: int) -> None:
        """Fewer pages where the journal has fewer, none where the files hold less than it says."""
        pages = min(pages, os.fstat(self._journal.fileno()).st_size // _RECORD.size)
        last = self.mark(pages - 1)
        if any(
            os.fstat(file.fileno()).st_size < size
            for file, size in zip(self._all[:-1], self._sizes(last), strict=True)
        ):
            pages = 0
        self.rewind(pages)
        if not pages:
            for file, head in zip(self._files, self._heads, strict=True):
                file.seek(0)
                file.truncate(0)
                file.write(head)

    def _sizes(self, mark: Mark) -> tuple[int, ...]:
        """Of every file but the journal."""
        of_sheets = (mark.first_size, mark.second_size)[: len(self._files)]
        return (*of_sheets, mark.ids_size, mark.losses_size)


def is_spool(directory: Path) -> bool:
    """Whether anything was ever written down there."""
    return (directory / _JOURNAL).exists()


def copy_of(old: Path, new: Path) -> None:
    """What another process may still be writing to is left to it; we go on with a copy."""
    new.mkdir(parents=True, mode=0o700)
    for path in old.iterdir():
        if path.name in (_IDS, _LOSSES, _JOURNAL) or path.suffix == ".rows":
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
