"""Threads that add to the ledger at the same time take turns, and whose turn it is writes for all of them.

There is one chain, so entries come one after the other whatever we do. In a transaction each, eight people
who look at eight pages would wait for seven commits, and on SQLite do so asleep. Together they wait for two.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
# What one statement may hold on every database.
_TOGETHER = 50


@dataclass
class _Waiting(Generic[Entry]):
    entry: Entry
    is_written: bool = False
    error: Exception | None = None


class Turns(Generic[Entry]):
    """`commit` writes entries in a transaction of its own, all of them or none.

    `hits_all` says of what it raised whether it would hit whoever tries: a file that stays locked does, a
    connection that was lost does not.
    """

    def __init__(
        self, commit: Callable[[Sequence[Entry]], None], hits_all: Callable[[Exception], bool]
    ) -> None:
        self._commit = commit
        self._hits_all = hits_all
        self.start_afresh()

    def start_afresh(self) -> None:
        """After a fork: whoever had the turn, or waited for it, is not here."""
        self._queue: deque[_Waiting[Entry]] = deque()
        self._turn = Lock()

    def write(self, entry: Entry) -> None:
        """Return when the entry is committed; raise what `commit` raised where it is not."""
        own = _Waiting(entry)
        self._queue.append(own)
        with self._turn:
            if own.error is None and not own.is_written:
                self._write_with_others(own)
        if own.error is not None:
            raise own.error

    def _write_with_others(self, own: _Waiting[Entry]) -> None:
        together = self._take(own)
        try:
            self._commit([each.entry for each in together])
        except Exception as error:
            if self._hits_all(error):
                # Nobody has to wait for that once more.
                for each in together:
                    each.error = error
            elif len(together) > 1:
                # Whose fault it was is not known. The others find theirs unwritten, and write it themselves.
                self._write_alone(own)
            else:
                own.error = error
        else:
            for each in together:
                each.is_written = True

    def _write_alone(self, own: _Waiting[Entry]) -> None:
        try:
            self._commit([own.entry])
        except Exception as error:
            own.error = error
        else:
            own.is_written = True

    def _take(self, own: _Waiting[Entry]) -> list[_Waiting[Entry]]:
        together = [own]
        while self._queue and len(together) < _TOGETHER:
            each = self._queue.popleft()
            # One that another has dealt with meanwhile may still stand here.
            if each is not own and not each.is_written and each.error is None:
                together.append(each)
        return together
