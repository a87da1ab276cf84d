"""How long an export puts up with an upstream that is busy or failing.

The transport has made its attempts by then; these are pauses between whole calls, and all pages of one
export pause together. A throttled export goes on narrower and widens again as pages arrive.
"""

import threading
import time
from collections.abc import Callable

from orders.domain.errors import UpstreamError
from orders.domain.retry_rules import Failing, RetryLimits, failing, pause_before
from orders.exports.engine.pages import Page

_PAGES_TO_WIDEN = 20


class Stopped(Exception):
    """The export is over; whoever still waits for a page may go home."""


# A person is waiting for the answer.
INLINE = RetryLimits(tries=2, throttles=2, first_pause=0.3, first_pause_throttled=0.3, longest_pause=3.0)
BACKGROUND = RetryLimits(tries=6, throttles=6, first_pause=1.0, first_pause_throttled=1.0, longest_pause=60.0)


class Backoff:
    """Shared by all threads that ask for pages of one export."""

    def __init__(
        self, retry_limits: RetryLimits, width: int, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.width = width
        self._most = width
        self._retry_limits = retry_limits
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
        """The page, or the `UpstreamError` that outlasted the retries."""
        tries = 0
        while True:
            self._hold()
            try:
                page = read(offset)
            except UpstreamError as error:
                kind = failing(error)
                tries += kind is Failing.PASSING
                if not (self._throttle(error) if kind is Failing.THROTTLED else self._wait(tries, error)):
                    raise
            else:
                self._widen()
                return page

    def _hold(self) -> None:
        """Until nobody has to pause any more."""
        while (seconds := self._resume_at - self._now()) > 0 or self._stop.is_set():
            if self._stop.wait(max(seconds, 0)):
                raise Stopped

    def _throttle(self, error: UpstreamError) -> bool:
        """Pause as long as the upstream asks, with half as many pages at a time."""
        with self._lock:
            if self._resume_at > self._now():
                return True  # a neighbour was told the same
            self._throttled += 1
            pause = self._pause(self._throttled, error)
            if pause is None:
                return False
            self.width, self._went_well = max(1, self.width // 2), 0
            self._resume_at = self._now() + pause
            return True

    def _wait(self, tries: int, error: UpstreamError) -> bool:
        pause = self._pause(tries, error)
        if pause is None:
            return False
        if self._stop.wait(pause):
            raise Stopped
        return True

    def _pause(self, repetition: int, error: UpstreamError) -> float | None:
        return pause_before(repetition, failing(error), self._retry_limits, asked=error.retry_after)

    def _widen(self) -> None:
        with self._lock:
            self._throttled = 0
            self._went_well += 1
            if self.width < self._most and self._went_well >= _PAGES_TO_WIDEN:
                self.width, self._went_well = self.width + 1, 0
