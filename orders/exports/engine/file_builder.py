"""From what is asked for to a file on the disk, whole and synced before anybody is told of it."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils.translation import ngettext

from orders.domain.granted_rights import Rights
from orders.domain.retry_rules import RetryLimits
from orders.exports.engine.about_sheet import about_file
from orders.exports.engine.backoff import Backoff
from orders.exports.engine.formats import SpooledSheet
from orders.exports.engine.page_fetcher import PageFetcher
from orders.exports.engine.pages import Reader
from orders.exports.engine.reconciler import Findings, Reconciler
from orders.exports.engine.spool import Mark, Spool
from orders.exports.specification import ExportSpec

_SHEET_NAMES = {"orders": "Orders", "lines": "Line items"}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How far a file is. `sync` makes everything before it outlive a power cut.

    `is_read` says that all of the result is there, and only the file remains to be written.
    """

    pages: int
    mark: Mark
    findings: Findings
    is_read: bool
    sync: Callable[[], None]


class BuiltFile(msgspec.Struct, frozen=True, kw_only=True):
    """`orders` and `rows` are how many stand in it, headings not counted."""

    path: Path
    size: int
    sha256: str
    orders: int
    rows: int
    findings: Findings


class FileBuilder:
    """One file in the making; a context manager. Whoever has it made goes from step to step:

        for step in builder.build():
            builder.rights = …  # its owner's as they are now: they may lose them meanwhile

    and has it in `file` afterwards. `directory` is its own; of what is there, `pages` pages are
    kept, and `findings` are what was learnt with them. Steps come a few times a second and after every
    page; who stops in between can go on later.
    """

    def __init__(
        self,
        spec: ExportSpec,
        directory: Path,
        *,
        rights: Rights,
        retry_limits: RetryLimits,
        pages: int = 0,
        findings: Findings | None = None,
    ) -> None:
        self.spec = spec
        self.directory = directory
        self.findings = findings or Findings()
        self._built: BuiltFile | None = None
        self._retry_limits = retry_limits
        self._is_read = False
        self._reader = Reader(spec, rights)
        encode = spec.file_format.encode
        heads = {sheet: spec.file_format.heading(self._headings(sheet)) for sheet in spec.sheets}
        # A list that comes whole is asked for again, with all that its answer said of it.
        self.spool = Spool(directory, heads, encode, pages=pages if self._reader.pages_upstream else 0)

    def __enter__(self) -> "FileBuilder":
        return self

    def __exit__(self, *_: object) -> None:
        self.spool.__exit__()

    @property
    def rights(self) -> Rights:
        """With which the next pages are asked for."""
        return self._reader.rights

    @rights.setter
    def rights(self, rights: Rights) -> None:
        self._reader.rights = rights

    @property
    def file(self) -> BuiltFile:
        """The file, once all steps have been gone through."""
        if self._built is None:
            raise ValueError("the file is not finished")
        return self._built

    @property
    def step(self) -> Step:
        spool = self.spool
        return Step(
            pages=spool.pages,
            mark=spool.last,
            findings=self.findings,
            is_read=self._is_read,
            sync=spool.sync,
        )

    def build(self) -> Iterator[Step]:
        """All orders into the spool, and from there into the file. Raises `UpstreamError`."""
        with PageFetcher(self._reader, Backoff(self._retry_limits, settings.EXPORT_WORKERS)) as fetcher:
            label = self.spec.description.short_label
            reconciler = Reconciler(fetcher, self.spool, label=label, findings=self.findings)
            for _ in reconciler.run():
                yield self.step
        self.findings.missing += _not_found(self.spec, self.spool)
        self._is_read = True
        yield self.step
        yield from self.finish()

    def finish(self) -> Iterator[Step]:
        """The file of what is in the spool. It gets its name when all of it is on the disk.

        The spool stays as it is, so that an incomplete file can be continued.
        """
        path = self.directory / f"file.{self.spec.file_format.extension}"
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        self.spool.sync()
        last, missing = self.spool.last, self.findings.missing
        writing = self.spec.file_format.finish(
            unfinished,
            self._spooled(),
            about=about_file(self.spec, self.findings, orders=last.orders, rows=last.rows),
            made_at=self.spec.made_at,
            is_final=not missing,
        )
        for _ in writing:
            yield self.step
        unfinished.chmod(0o600)
        with unfinished.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        _sync(unfinished)
        unfinished.replace(path)
        _sync(self.directory)
        self._built = BuiltFile(
            path=path,
            size=path.stat().st_size,
            sha256=sha256,
            orders=last.orders,
            rows=last.rows,
            findings=self.findings,
        )

    def _headings(self, sheet: str) -> list[str]:
        return [column.name for column in self.spec.columns_of(sheet)]

    def _spooled(self) -> list[SpooledSheet]:
        return [
            SpooledSheet(name=_SHEET_NAMES[sheet], headings=self._headings(sheet), path=path)
            for sheet, path in zip(self.spec.sheets, self.spool.paths, strict=True)
        ]


def _not_found(spec: ExportSpec, spool: Spool) -> tuple[str, ...]:
    """A sentence where orders that somebody selected are not in the result any more."""
    selected = frozenset(spec.query.order_ids)
    if not selected:
        return ()
    gone = selected - {line[:-1].decode() for _, line in spool.ids()}
    said = ngettext(
        "%(count)s of the selected orders is not in the result any more.",
        "%(count)s of the selected orders are not in the result any more.",
        len(gone),
    )
    return (said % {"count": len(gone)},) if gone else ()


def _sync(path: Path) -> None:
    """What it holds, or the names in it, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
