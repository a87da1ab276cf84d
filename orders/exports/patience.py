"""How long an export puts up with an upstream that is busy or failing.

The transport has made its attempts by then; these are pauses between whole calls, and all pages of one
export pause together. A throttled export goes on narrower and widens again as pages arrive.
"""

import threading
import time
from collections.abc import Callable

import msgspec

from orders.domain.errors import BadAnswer, RateLimited, TimedOut, Unavailable
from orders.exports.pages import Page

# Worth another try: with any of them the next answer may be a good one.
_PASSING = (Unavailable, TimedOut, BadAnswer)
_PAGES_TO_WIDEN = 20


class Stopped(Exception):
    """The export is over; whoever still waits for a page may go home."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """`tries` are calls for one page; `throttles` are pauses in a row, of `longest_pause` seconds at most."""

    tries: int
    first_pause: float
    longest_pause: float
    throttles: int


# A person is waiting for the answer.
INLINE = Patience(tries=2, first_pause=0.3, longest_pause=3.0, throttles=2)
BACKGROUND = Patience(tries=6, first_pause=1.0, longest_pause=60.0, throttles=6)


class Pacing:
    """Shared by all threads that ask for pages of one export."""

    def __init__(self, patience: Patience, width: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self.width = width
        self._most = width
        self._patience = patience
        self._now = now
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._resume_at = 0.0
        self._throttled = 0
        self._went_well = 0

    def stop(self) -> None:
        """Wake whoever pauses; nobody asks any more."""
        self._stop.set()

    def ask(self, read: Callable[[int], Page], offset: int) -> Page:
        """The page, or the `UpstreamError` that outlasted our patience."""
        tries = 0
        while True:
            self._hold()
            try:
                page = read(offset)
            except RateLimited as error:
                if not self._throttle(error.retry_after):
                    raise
            except _PASSING as error:
                tries += 1
                if tries >= self._patience.tries or not self._wait(tries, error.retry_after):
                    raise
            else:
                self._widen()
                return page

    def _hold(self) -> None:
        """Until nobody has to pause any more."""
        while (seconds := self._resume_at - self._now()) > 0 or self._stop.is_set():
            if self._stop.wait(max(seconds, 0)):
                raise Stopped

    def _throttle(self, retry_after: int | None) -> bool:
        """Pause as long as the upstream asks, with half as many pages at a time."""
        with self._lock:
            if self._resume_at > self._now():
                return True  # a neighbour was told the same
            pause = max(retry_after or 0, self._patience.first_pause)
            self._throttled += 1
            if self._throttled > self._patience.throttles or pause > self._patience.longest_pause:
                return False
            self.width, self._went_well = max(1, self.width // 2), 0
            self._resume_at = self._now() + pause
            return True

    def _wait(self, tries: int, retry_after: int | None) -> bool:
        pause = max(retry_after or 0, self._patience.first_pause * 2 ** (tries - 1))
        if pause > self._patience.longest_pause:
            return False
        if self._stop.wait(pause):
            raise Stopped
        return True

    def _widen(self) -> None:
        with self._lock:
            self._throttled = 0
            self._went_well += 1
            if self.width < self._most and self._went_well >= _PAGES_TO_WIDEN:
                self.width, self._went_well = self.width + 1, 0
