"""Threads that add to the ledger at the same time take turns, and whose turn it is writes for all of them.

There is one chain, so entries come one after the other whatever we do. In a transaction each, eight people
who look at eight pages would wait for seven commits, and on SQLite do so asleep. Together they wait for two.

Where somebody holds the chain and does not let go, the line must not grow: who wrote in vain has done so for
all who waited, and until somebody gets through again nobody waits for long.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
# What one statement may hold on every database.
TOGETHER = 50
# Seconds that a thread stands in line while the last attempt to write was in vain.
_BRIEFLY = 0.3


class TooManyWaiting(Exception):
    """Others are in line, and the line does not move."""


@dataclass(eq=False)
class _Waiting(Generic[Entry]):
    entry: Entry
    is_written: bool = False
    error: Exception | None = None

    @property
    def is_settled(self) -> bool:
        return self.is_written or self.error is not None


class GroupCommit(Generic[Entry]):
    """`commit` writes entries in a transaction of its own, all of them or none.

    `hits_all` says of what it raised whether it would hit whoever tries: a lock that is held does, a
    connection that was lost does not. `max_wait` is how many seconds one waits in line at most.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Entry]], None],
        hits_all: Callable[[Exception], bool],
        max_wait: float = 10.0,
    ) -> None:
        self._commit = commit
        self._hits_all = hits_all
        self._max_wait = max_wait
        self.start_afresh()

    def start_afresh(self) -> None:
        """After a fork: whoever had the turn, or waited for it, is not here."""
        self._queue: deque[_Waiting[Entry]] = deque()
        self._changed = Condition()
        self._turn_is_taken = False
        self.is_failing = False

    @property
    def waiting(self) -> int:
        """How many entries nobody has taken up yet."""
        return len(self._queue)

    def note(self, error: Exception | None) -> None:
        """How an attempt to write ended, here or in a caller's own transaction; None where it was written."""
        self.is_failing = error is not None and self._hits_all(error)

    def write(self, entry: Entry) -> None:
        """Return when the entry is committed; raise what `commit` raised where it is not, or
        `TooManyWaiting`.
        """
        own = _Waiting(entry)
        if self._takes_turn(own):
            try:
                self._write_with_others(own)
            finally:
                with self._changed:
                    self._turn_is_taken = False
                    self._changed.notify_all()
        if own.error is not None:
            raise own.error

    def _takes_turn(self, own: _Waiting[Entry]) -> bool:
        """Wait until the turn is ours, or until another has dealt with the entry meanwhile."""
        deadline = time.monotonic() + (_BRIEFLY if self.is_failing else self._max_wait)
        with self._changed:
            self._queue.append(own)
            while self._turn_is_taken and not own.is_settled:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    break
            if own.is_settled:
                return False
            if self._turn_is_taken:
                self._leave(own)
                return False
            self._turn_is_taken = True
            return True

    def _leave(self, own: _Waiting[Entry]) -> None:
        """Out of the line. Whose turn it is may hold the entry already: then it is written for nothing."""
        own.error = TooManyWaiting()
        if own in self._queue:
            self._queue.remove(own)

    def _write_with_others(self, own: _Waiting[Entry]) -> None:
        together = self._take(own)
        try:
            self._commit([each.entry for each in together])
        except Exception as error:
            self.note(error)
            if self.is_failing:
                # Nobody has to wait for that once more.
                for each in together:
                    each.error = error
            elif len(together) > 1:
                # Whose fault it was is not known. The others find theirs unwritten, and write it themselves.
                self._write_alone(own)
            else:
                own.error = error
        else:
            self.note(None)
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
        with self._changed:
            while self._queue and len(together) < TOGETHER:
                each = self._queue.popleft()
                # One that another has dealt with meanwhile may still stand here.
                if each is not own and not each.is_settled:
                    together.append(each)
        return together
