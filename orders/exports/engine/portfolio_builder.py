"""One file over all customers of some accounts: each is read and reconciled like a file of their own, several
side by side, and what they have is put together in the order of the file as soon as its turn has come.

What is behind a customer's turn lies on the disk meanwhile, so that memory does not grow with them. The spool
counts customers as it else counts pages: whoever goes on later begins with the first who is not in it.
"""

import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.utils.translation import gettext

from orders.domain.errors import UpstreamError
from orders.domain.retry_rules import Failing, RetryLimits, failing, pause_before
from orders.exports.engine.cell_values import Cell
from orders.exports.engine.file_builder import FileBuilder
from orders.exports.engine.notes import Notes
from orders.exports.engine.page_fetcher import LOOK_ROUND, Askers, PageFetcher
from orders.exports.engine.pages import Page, Reader, SheetPart
from orders.exports.engine.reconciler import Findings, Reconciler
from orders.exports.engine.spool import Mark, Spool

_PARTS = "parts"
_OPEN_BY_THREAD = 3  # customers who are read at once, so that no thread waits for us
_READY_BY_THREAD = 8  # and those who have been read and wait for their turn beside them
_MOST_TRIES = 3  # of a customer's page: the others wait meanwhile
# So many customers in a row who can't be read for a passing cause are an upstream that can't.
OUTAGE = 12
_MOST_OUTAGES, _PAUSE_OF_OUTAGE = 3, 16  # pauses in a row; how much longer than for one page


class CustomerOf(NamedTuple):
    """A customer of the file, with the name of their account."""

    account: str
    customer_id: str


class PortfolioBuilder(FileBuilder):
    """As its parent; `customers` are in the order of the file and the same for whoever goes on with it."""

    def __init__(
        self,
        *given: Any,
        customers: Sequence[CustomerOf],
        retry_limits: RetryLimits,
        **more: Any,
    ) -> None:
        tries = min(retry_limits.tries, _MOST_TRIES)
        of_one = msgspec.structs.replace(retry_limits, tries=tries)
        super().__init__(*given, retry_limits=of_one, **more)
        self._customers = customers
        self._usual_limits = retry_limits
        self._notes = Notes(self.directory, places=self.spool.pages)
        self._in_a_row: list[UpstreamError] = []
        self._outages = 0

    def _pages_kept(self, pages: int) -> int:
        return pages

    @property
    def known_missing(self) -> tuple[str, ...]:
        return self._notes.sentences

    def sync(self) -> None:
        super().sync()
        self._notes.sync()

    def _gather(self, askers: Askers) -> Iterator[None]:
        parts = self.directory / _PARTS
        shutil.rmtree(parts, ignore_errors=True)  # of those whose turn had not come
        while self.spool.pages < len(self._customers):
            try:
                yield from self._read_on(askers, parts)
            except _Outage as outage:
                yield from self._wait_out(outage.error)
            finally:
                shutil.rmtree(parts, ignore_errors=True)
        self.findings.unreadable = self.spool.unreadable()
        self.findings.missing = self._notes.sentences

    def _read_on(self, askers: Askers, parts: Path) -> Iterator[None]:
        """From the first customer who is not there yet to the last. Raises `_Outage`."""
        threads = askers.threads
        coming = iter(range(self.spool.pages, len(self._customers)))
        open_: deque[_Part] = deque()
        # A place on the disk serves one customer after the other: making and removing one takes longer.
        unused = [parts / str(number) for number in range(_READY_BY_THREAD * threads)]

        def room() -> int:
            return max(2, 2 * threads // max(1, sum(not part.is_over for part in open_)))

        try:
            while True:
                askers.woken.clear()
                under_way = sum(not part.is_over for part in open_)
                while under_way < _OPEN_BY_THREAD * threads and len(open_) < _READY_BY_THREAD * threads:
                    place = next(coming, None)
                    if place is None:
                        break
                    fetcher = PageFetcher(self._reader_of(place), askers, room=room)
                    open_.append(_Part(self, place, fetcher, unused.pop()))
                    under_way += 1
                for part in open_:
                    part.go_on()
                while open_ and open_[0].is_over:
                    part = open_.popleft()
                    self._take(part)
                    unused.append(part.directory)
                yield
                if not open_:
                    break
                if all(part.is_over or part.is_waiting for part in open_):
                    askers.woken.wait(LOOK_ROUND)
        finally:
            for part in open_:
                part.close()
        self._heed_total_failure()

    def _reader_of(self, place: int) -> "_PartReader":
        customer = self._customers[place]
        spec = msgspec.structs.replace(self.spec, customer_id=customer.customer_id)
        first = self.spec.file_format.cells([customer.account, self.spec.source])
        return _PartReader(Reader(spec, lambda: self.rights), first)

    def _take(self, part: "_Part") -> None:
        """What a customer has, now that it is their turn; or why there is nothing of them."""
        error, findings = part.error, part.findings
        who = self._customers[part.place]
        names = {"customer": who.customer_id, "account": who.account}
        if error is None:
            self._in_a_row.clear()
            self._outages = 0
            self.findings.searched_from = self.findings.searched_from or findings.searched_from
            self.findings.searched_to = self.findings.searched_to or findings.searched_to
            self.spool.append_all_of(part.directory, part.mark)
            if findings.missing:
                text = gettext("%(customer)s (%(account)s): %(said)s")
                self._notes.add(part.place, [text % {**names, "said": each} for each in findings.missing])
        else:
            if error.cause == "credentials":  # of nobody any more will be told
                raise error
            passes = failing(error) is not Failing.FINAL
            self._in_a_row = [*self._in_a_row, error] if passes else []
            self.spool.append_all_of(part.directory, None)
            text = gettext("%(customer)s (%(account)s) could not be read: %(cause)s.")
            self._notes.add(part.place, [text % {**names, "cause": error.cause}], is_lost=True)
            if len(self._in_a_row) >= OUTAGE:
                raise _Outage(error)

    def _heed_total_failure(self) -> None:
        """A file of nobody is none."""
        lost = sum(note.is_lost for note in self._notes.all)
        if lost and lost == len(self._customers) and self._in_a_row:
            raise _Outage(self._in_a_row[-1])

    def _wait_out(self, error: UpstreamError) -> Iterator[None]:
        """Until the upstream may be back; who could not be read is read again. Raises `error` in the end."""
        first_again = self.spool.pages - len(self._in_a_row)
        self.spool.rewind(first_again)
        self._notes.rewind(first_again)
        self._in_a_row.clear()
        self._outages += 1
        limits = msgspec.structs.replace(
            self._usual_limits,
            tries=_MOST_OUTAGES + 1,
            first_pause=self._usual_limits.first_pause * _PAUSE_OF_OUTAGE,
        )
        pause = pause_before(self._outages, Failing.PASSING, limits, asked=None)
        if pause is None:
            raise error
        until = time.monotonic() + min(pause, self._usual_limits.longest_pause)
        while (left := until - time.monotonic()) > 0:
            yield
            time.sleep(min(left, LOOK_ROUND))


class _Outage(Exception):
    def __init__(self, error: UpstreamError) -> None:
        self.error = error
        super().__init__(error.cause)


class _PartReader:
    """Pages of one customer, with the cells that say whose they are before each row."""

    def __init__(self, read: Reader, first: Sequence[Cell]) -> None:
        self._read = read
        self._first = first

    def __call__(self, offset: int) -> Page:
        page = self._read(offset)
        return msgspec.structs.replace(page, parts=tuple(map(self._begun, page.parts)))

    def _begun(self, part: SheetPart) -> SheetPart:
        rows = sum(part.rows_of)
        return SheetPart([*([cell] * rows for cell in self._first), *part.columns], part.rows_of)


class _Part:
    """One customer while they are read. `error` says why they could not be."""

    def __init__(self, builder: PortfolioBuilder, place: int, fetcher: PageFetcher, directory: Path) -> None:
        self.place = place
        self.error: UpstreamError | None = None
        self.is_over = False
        spec = builder.spec
        self.directory = directory
        self._spool = Spool(directory, dict.fromkeys(spec.sheets, b""), spec.file_format.encode)
        self._fetcher = fetcher
        self._reconciler = Reconciler(fetcher, self._spool, label=spec.description.short_label)
        self._steps = self._reconciler.run()

    @property
    def is_waiting(self) -> bool:
        return self._fetcher.is_waiting

    @property
    def findings(self) -> Findings:
        return self._reconciler.findings

    @property
    def mark(self) -> Mark:
        return self._spool.last

    def go_on(self) -> None:
        if self.is_over:
            return
        try:
            next(self._steps)
        except StopIteration:
            self.close()
        except UpstreamError as error:
            self.error = error
            self.close()

    def close(self) -> None:
        """What waits for its turn holds no file open."""
        self.is_over = True
        self._steps.close()
        self._spool.__exit__()
