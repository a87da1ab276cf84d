"""All orders of a result, each once, on the disk, though the result may change while it is read; and an
honest word on what is not there.

Pages are cut by position, so an order that comes or goes while we read moves all after it: one is met
twice, or never. The window's end is pinned to make that rare; here it is noticed (an ID comes again, or
the total changes) and mended: the first page that is not as we read it is found by halving, and everything
from it on is read again. A result that has moved once is believed only after it was read twice the same.
"""

from collections import Counter, deque
from collections.abc import Generator, Sequence
from contextlib import closing

import msgspec
from django.utils.translation import gettext, ngettext

from orders.exports.engine.page_fetcher import PageFetcher
from orders.exports.engine.pages import Page
from orders.exports.engine.spool import Spool, digest_of, keys_of
from orders.infrastructure.languages import in_ours

# An order that was pushed to the next page is met again at once; what is further away waits for the end.
NEAR_PAGES = 20
_MOST_REPAIRS = 4
_IDS_AT_ONCE = 50_000


class Findings(msgspec.Struct, kw_only=True):
    """What was learnt on the way. `missing` holds a sentence for each thing that is not in the spool, and
    `unreadable` counts by column the values that could not be read.
    """

    missing: tuple[str, ...] = ()
    unreadable: dict[str, int] = {}
    searched_from: str = ""
    searched_to: str = ""


class Reconciler:
    """Fills a spool from pages, and compares what stands in it with what the upstream says by then.

    `label` is what the upstream is called. `findings` are what is known so far, and all once `run` ended.
    """

    def __init__(
        self, fetcher: PageFetcher, spool: Spool, *, label: str, findings: Findings | None = None
    ) -> None:
        self.findings = findings or Findings()
        self._fetcher = fetcher
        self._spool = spool
        self._label = label
        self._withheld: tuple[int, int] | None = None
        self._notices: dict[str, None] = {}
        self._total: int | None = spool.last.total if spool.last.has_total else None
        self._tolerated: set[str] = set()  # came twice from pages that have not changed
        self._known: set[str] = set()  # stand in the spool, further back than we look
        self._has_moved = False
        self._holds_repeats = False
        self._keeps_moving = False
        self._near: deque[Sequence[str]] = deque()
        self._seen: set[str] = set()

    def run(self) -> Generator[None, None, None]:
        """Stops for its caller after each page, and a few times a second in between.

        Raises `UpstreamError` where a page can't be had; the spool then holds all pages before it.
        """
        for repairs in range(_MOST_REPAIRS + 1):
            is_last_try = repairs == _MOST_REPAIRS
            has_shifted = yield from self._fill(heed=not is_last_try)
            if is_last_try:
                self._holds_repeats = bool(_repeats(self._spool))
                self._keeps_moving = (
                    self._agrees() and (yield from self._first_page_not_confirmed()) is not None
                )
                break
            if not has_shifted and self._forgot_repeats():
                continue
            if has_shifted or not self._agrees():
                changed = yield from self._first_changed_page()
            elif self._has_moved:
                changed = yield from self._first_page_not_confirmed()
            else:
                break
            if changed is not None:
                self._spool.rewind(changed)
            elif not has_shifted:
                break  # the result stands still, and is not what the upstream counts
        self.findings.unreadable = self._spool.unreadable()
        self.findings.missing = self._missing()

    def _agrees(self) -> bool:
        last = self._spool.last
        return last.orders + last.lost == self._total and not self._holds_repeats

    def _fill(self, *, heed: bool) -> Generator[None, None, bool]:
        """Read to the end. True, and stopped, as soon as `heed` is given and the result is seen to move."""
        spool = self._spool
        self._remember_recent()
        if spool.pages and self._total is not None and spool.last.next_offset >= self._total:
            return False
        step = spool.last.step or 100
        with closing(self._fetcher.pages(spool.last.next_offset, total=self._total, step=step)) as pages:
            for page in pages:
                if page is None:
                    yield
                    continue
                self._note(page)
                keys = keys_of(page.ids)
                repeated = self._repeated(keys)
                has_moved = None not in (page.total, self._total) and page.total != self._total
                if heed and (has_moved or {keys[index] for index in repeated} - self._tolerated):
                    # Should the earlier pages turn out to be unchanged, then so it is.
                    self._tolerated |= {keys[index] for index in repeated}
                    self._total, self._has_moved = page.total, True
                    return True
                self._total = page.total if page.total is not None else self._total
                if page.received or not spool.pages:
                    spool.append(page, leave_out=repeated)
                    self._remember(keys)
                    yield
        return False

    def _note(self, page: Page) -> None:
        if page.searched_to or page.searched_from:
            self.findings.searched_from = page.searched_from
            self.findings.searched_to = page.searched_to
        self._withheld = page.withheld or self._withheld
        self._notices |= dict.fromkeys(page.notices)

    def _repeated(self, keys: Sequence[str]) -> frozenset[int]:
        """Positions of orders that are in the spool already. An order without an ID is like no other."""
        if self._seen.isdisjoint(keys) and len(set(keys)) == len(keys):
            return frozenset()
        met = set(self._seen)
        found = set()
        for index, key in enumerate(keys):
            if key and key in met:
                found.add(index)
            met.add(key)
        return frozenset(found)

    def _remember(self, keys: Sequence[str]) -> None:
        self._near.append(keys)
        self._seen.update(keys)
        if len(self._near) > NEAR_PAGES:
            self._seen.difference_update(self._near.popleft())
            self._seen |= self._known

    def _remember_recent(self) -> None:
        self._near = deque(self._spool.recent_ids(NEAR_PAGES))
        self._seen = set(self._known).union(*self._near)

    def _first_changed_page(self) -> Generator[None, None, int | None]:
        """The first page that is not as it was read, supposing that all after it have moved too."""
        unchanged, end = 0, self._spool.pages
        while unchanged < end:
            middle = (unchanged + end) // 2
            if (yield from self._is_as_read(middle)):
                unchanged = middle + 1
            else:
                end = middle
        return end if end < self._spool.pages else None

    def _first_page_not_confirmed(self) -> Generator[None, None, int | None]:
        """Read everything once more, side by side, up to the first page that differs."""
        index = 0
        step = self._spool.mark(0).step
        with closing(self._fetcher.pages(0, total=self._total, step=step)) as pages:
            for page in pages:
                yield
                if page is None:
                    continue
                mark = self._spool.mark(index)
                if page.total != self._total:
                    self._total = page.total
                    return index
                is_same = (page.offset, page.next_offset) == (mark.offset, mark.next_offset)
                if not is_same or digest_of(page.ids) != mark.digest:
                    return index
                index += 1
                if index == self._spool.pages:
                    return None
        return None

    def _is_as_read(self, index: int) -> Generator[None, None, bool]:
        mark = self._spool.mark(index)
        page = yield from self._fetcher.page(mark.offset)
        received = mark.next_offset - mark.offset
        return page.received >= received and digest_of(page.ids[:received]) == mark.digest

    def _forgot_repeats(self) -> bool:
        """Look for orders that came twice far apart; go back to the first of the second ones."""
        repeats = _repeats(self._spool)
        if not repeats:
            return False
        page = min(second for _, second in repeats.values())
        self._known |= {key for key, (first, _) in repeats.items() if first < page}
        self._tolerated |= self._known
        self._spool.rewind(page)
        return True

    def _missing(self) -> tuple[str, ...]:
        """As a file says it: alike for everybody, and whoever makes it again."""
        with in_ours():
            return self._in_words()

    def _in_words(self) -> tuple[str, ...]:
        last, said = self._spool.last, []
        if last.lost:
            said.append(gettext("%(orders)s could not be read.") % {"orders": _orders(last.lost)})
        if self.findings.unreadable:
            said.append(
                gettext("Some values could not be read and are blank: %(counts)s.")
                % {"counts": _counts(self.findings.unreadable)}
            )
        if self._withheld:
            sent, exist = self._withheld
            said.append(
                gettext("%(label)s says that %(orders)s exist and sent %(sent)s.")
                % {"label": self._label, "orders": _orders(exist), "sent": sent}
            )
        said += [f"{self._label}: {notice.rstrip('.')}." for notice in self._notices]
        if self._keeps_moving:
            said.append(
                gettext("%(label)s's result kept changing while it was read; some orders may be missing.")
                % {"label": self._label}
            )
        if self._total is None:
            said.append(gettext("%(label)s gives no total to compare with.") % {"label": self._label})
        elif not self._agrees():
            came = last.orders + last.lost
            counts = gettext("%(label)s counts %(orders)s; %(came)s different ones came.") % {
                "label": self._label,
                "orders": _orders(self._total),
                "came": came,
            }
            twice = gettext("%(orders)s came twice.") % {"orders": _orders(last.duplicates)}
            said.append(f"{counts} {twice}" if last.duplicates else counts)
        return tuple(said)


def _counts(by_column: dict[str, int]) -> str:
    return ", ".join(f"{column} {count}" for column, count in by_column.items())


def _orders(number: int) -> str:
    return ngettext("%(count)s order", "%(count)s orders", number) % {"count": number}


def _repeats(spool: Spool) -> dict[str, tuple[int, int]]:
    """IDs that stand in the spool more than once, with the pages of the first and the second time."""
    suspects = _repeated_lines(spool)
    if not suspects:
        return {}
    firsts: dict[bytes, int] = {}
    found: dict[str, tuple[int, int]] = {}
    for page, line in spool.ids():
        if line in suspects:
            first = firsts.setdefault(line, page)
            if first != page:
                found.setdefault(line[:-1].decode(), (first, page))
    return found


def _repeated_lines(spool: Spool) -> set[bytes]:
    """In parts, so that a longer result takes more time but no more memory."""
    parts = spool.last.orders // _IDS_AT_ONCE + 1
    found: set[bytes] = set()
    for part in range(parts):
        with spool.open_ids() as file:
            lines = [line for line in file if hash(line) % parts == part]
        if len(set(lines)) != len(lines):
            found |= {line for line, times in Counter(lines).items() if times > 1}
    return found
