"""Beside the page, not before it: what was seen is put in line, and one thread of the process writes it.

A page hands over what it has and goes on. The line is bounded: where the database can't keep up, what does
not fit is left out and counted, since the next look sees it again.
"""

import atexit
import logging
import os
import threading
import time
from collections import deque

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from orders.index.entries import Entry, Seen, entries_of
from orders.index.writing import write
from orders.infrastructure import metrics
from orders.infrastructure.database_failures import hits_everybody, is_away

logger = logging.getLogger(__name__)

MOST_WAITING = 3000  # orders
_SHUTDOWN_TIMEOUT = 2.0  # seconds
# One batch holds SQLite's one lock for some hundredths of a second, and pages wait for it.
TOGETHER = {"sqlite": 300, "postgresql": 2000}
_SHARE = 3  # after a batch, so many times as long a pause: most of the process is the pages'
_LEAST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0


class Line:
    """What waits to be written, in this process."""

    def __init__(self) -> None:
        self.start_afresh()

    def start_afresh(self) -> None:
        """After a fork: the thread is not here, and what waited is the parent's."""
        self._waiting: deque[Seen] = deque()
        self._orders = 0
        self._lock = threading.Lock()
        self._has_more = threading.Event()
        self._thread: threading.Thread | None = None
        self._ends = False

    def put(self, seen: Seen) -> bool:
        """Whether there was room. Asks nothing and waits for nobody."""
        count = len(seen.orders)
        if not count:
            return True
        with self._lock:
            if self._orders and self._orders + count > MOST_WAITING:
                metrics.index_dropped.labels("full").inc(count)
                return False
            self._waiting.append(seen)
            self._orders += count
            metrics.index_waiting.set(self._orders)
        if settings.INDEX_IN_BACKGROUND:
            self._wake()
        return True

    def flush(self) -> int:
        """Write all that waits, here and now; says how many orders that were."""
        written = 0
        while entries := self._take():
            written += _write_again_where_lost(entries)
        return written

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._orders = 0

    def finish(self) -> None:
        """Write what is left, as the process ends."""
        thread, self._ends = self._thread, True
        if thread is not None:
            self._has_more.set()
            thread.join(_SHUTDOWN_TIMEOUT)

    def __len__(self) -> int:
        return self._orders

    def _wake(self) -> None:
        self._has_more.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None and not self._ends:
                    self._thread = threading.Thread(target=self._run, name="index", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        try:
            self._write_for_good()
        finally:
            connection.close()

    def _write_for_good(self) -> None:
        while not (self._ends and not self._waiting):
            self._has_more.wait()
            self._has_more.clear()
            while entries := self._take():
                began = time.monotonic()
                self._write_or_leave(entries)
                took = time.monotonic() - began
                if not self._ends:
                    time.sleep(min(max(_LEAST_PAUSE, took * _SHARE), _LONGEST_PAUSE))

    def _write_or_leave(self, entries: list[Entry]) -> None:
        try:
            metrics.index_written.inc(_write_again_where_lost(entries))
        except Exception:
            # The database is away, or a mistake of ours: pages go on, and a later look is remembered.
            logger.exception("%s orders are not remembered", len(entries))
            metrics.index_dropped.labels("failed").inc(len(entries))
            connection.close()

    def _take(self) -> list[Entry]:
        most = TOGETHER[connection.vendor]
        entries: list[Entry] = []
        while len(entries) < most:
            with self._lock:
                if not self._waiting:
                    break
                seen = self._waiting.popleft()
                self._orders -= len(seen.orders)
                metrics.index_waiting.set(self._orders)
            entries += _entries(seen)
        return entries


def _write_again_where_lost(entries: list[Entry]) -> int:
    """A connection that the server ended says nothing of the next one; the same orders twice are one."""
    close_old_connections()
    try:
        return write(entries)
    except DatabaseError as error:
        if not is_away(error) or hits_everybody(error):
            raise
        connection.close()
        return write(entries)


def _entries(seen: Seen) -> list[Entry]:
    """None of them where one can't be understood: the thread goes on for all who come after."""
    try:
        return list(entries_of(seen))
    except Exception:
        logger.exception("%s orders can't be understood", len(seen.orders))
        metrics.index_dropped.labels("failed").inc(len(seen.orders))
        return []


line = Line()
os.register_at_fork(after_in_child=line.start_afresh)
atexit.register(line.finish)
