"""From what is wanted to a file on the disk, whole and synced before anybody is told of it."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import OperationalError, connection

from orders import services
from orders.domain.rights import Rights
from orders.exports.collecting import Collector, Findings
from orders.exports.pages import Page, Reader
from orders.exports.patience import Pacing, Patience
from orders.exports.spool import Csv, Spool, packed, unpacked
from orders.exports.walk import Walk
from orders.exports.wanted import Wanted
from orders.exports.workbook import write_workbook

# Seconds after which the owner's rights are looked at again.
_BETWEEN_QUESTIONS = 1.0

_SHEET_NAMES = {"orders": "Orders", "lines": "Line items"}
_BOM = b"\xef\xbb\xbf"

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class MadeFile(msgspec.Struct, frozen=True, kw_only=True):
    """`orders` and `rows` are how many stand in it, headings not counted."""

    path: Path
    size: int
    sha256: str
    orders: int
    rows: int
    findings: Findings


class Making:
    """One file in the making, for `owner` as they are at each moment: they may lose their rights meanwhile.

    `directory` is its own; of what is there, `pages` pages are kept.

    `tick` is called a few times a second and after every page; what it raises ends the work.
    """

    def __init__(
        self,
        wanted: Wanted,
        directory: Path,
        *,
        owner: Callable[[], Any],
        patience: Patience,
        pages: int = 0,
        tick: Callable[["Making"], None] = lambda making: None,
    ) -> None:
        self.wanted = wanted
        self.directory = directory
        self.findings = Findings()
        self._owner = owner
        self._then = tick
        self._reader = Reader(wanted, self._admitted())
        is_csv = wanted.format == "csv"
        # A list that comes whole is asked for again, with all that its answer said of it.
        kept = pages if self._reader.pages_upstream else 0
        self.spool = Spool(directory, self._heads(), Csv() if is_csv else packed, pages=kept)
        self._patience = patience

    def __enter__(self) -> "Making":
        return self

    def __exit__(self, *_: object) -> None:
        self.spool.__exit__()

    def _admitted(self) -> Rights:
        self._admitted_at = time.monotonic()
        return services.export_admitted(
            actor=self._owner(), source=self.wanted.source, customer_id=self.wanted.customer_id
        )

    def _tick(self) -> None:
        if time.monotonic() - self._admitted_at >= _BETWEEN_QUESTIONS:
            try:
                self._reader.rights = self._admitted()
            except OperationalError:  # the database is away or busy; asked again in a moment
                connection.close_if_unusable_or_obsolete()
        self._then(self)

    def collect(self, *, check_first: Callable[[Page], None] = lambda page: None) -> None:
        """All orders into the spool. `check_first` sees the first page that is read, and may raise."""
        pacing = Pacing(self._patience, settings.EXPORT_WORKERS)
        label = services.describe(self.wanted.source).short_label
        read = _first_to(check_first, self._reader) if not self.spool.pages else self._reader
        with Walk(read, pacing, self._tick) as walk:
            collector = Collector(walk, self.spool, label=label, after_page=self._tick)
            self.findings = collector.collect()

    def finish(self, name: str) -> MadeFile:
        """The file, under `name` in the directory: it gets that name when all of it is on the disk.

        The spool stays as it is, so that an incomplete file can be continued.
        """
        path = self.directory / name
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        self.spool.sync()
        if self.wanted.format == "csv":
            sha256 = self.spool.sha256()
            self._take_rows(unfinished)
        else:
            self._write_workbook(unfinished)
            with unfinished.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        unfinished.chmod(0o600)
        _sync(unfinished)
        unfinished.replace(path)
        _sync(self.directory)
        last = self.spool.last
        return MadeFile(
            path=path,
            size=path.stat().st_size,
            sha256=sha256,
            orders=last.orders,
            rows=last.rows,
            findings=self.findings,
        )

    def _headings(self, sheet: str) -> list[str]:
        return [column.name for column in self.wanted.columns_of(sheet)]

    def _heads(self) -> dict[str, bytes]:
        if self.wanted.format == "xlsx":
            return dict.fromkeys(self.wanted.sheets, b"")
        mark = _BOM if self.wanted.dialect == "excel" else b""
        return {sheet: mark + Csv()([self._headings(sheet)]) for sheet in self.wanted.sheets}

    def _take_rows(self, path: Path) -> None:
        """The spooled rows are the file; one that may still grow is copied."""
        rows = self.spool.paths[0]
        if self.findings.missing:
            shutil.copyfile(rows, path)
            return
        try:
            os.link(rows, path)
        except OSError:  # not every file system can
            shutil.copyfile(rows, path)

    def _write_workbook(self, path: Path) -> None:
        with ExitStack() as opened:
            sheets = [
                (
                    _SHEET_NAMES[sheet],
                    self._headings(sheet),
                    unpacked(opened.enter_context(rows.open("rb"))),
                )
                for sheet, rows in zip(self.wanted.sheets, self.spool.paths, strict=True)
            ]
            write_workbook(path, sheets, made_at=self.wanted.made_at, tick=self._tick)


def _first_to(check: Callable[[Page], None], read: Callable[[int], Page]) -> Callable[[int], Page]:
    def checked(offset: int) -> Page:
        page = read(offset)
        if offset == 0:
            check(page)
        return page

    return checked


def _sync(path: Path) -> None:
    """What it holds, or the names in it, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
