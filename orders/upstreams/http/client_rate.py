"""How many requests a second we make of one upstream, all processes that share a cache together.

A sliding window: what was asked in this second, and of the last one the part that is still less than a second
ago. So a burst is one second's worth.
"""

import time
from collections.abc import Callable
from threading import Lock

from orders.domain.urgency import Urgency
from orders.upstreams.http.shared_state import SharedState

LONGEST_WAIT = 0.5  # seconds that a page waits for its turn
_PAUSE = 0.05
_KEPT = 3.0
# What a file and a refresh leave for pages, as a share of the rate.
_SHARES = {Urgency.PAGE: 1.0, Urgency.FILE: 0.9, Urgency.REFRESH: 0.75}
# An upstream that asks us to slow down gets half as many requests, for as long as it says, or so long.
_THROTTLED_FOR = 5.0
_LONGEST_THROTTLED_FOR = 60.0


class ClientRate:
    """`rate` is in requests a second, and not 0. `now` is in seconds since 1970."""

    def __init__(
        self,
        state: SharedState,
        rate: float,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._state = state
        self._rate = rate
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._second = -1
        self._last_second = 0.0  # requests of the second before that one
        self._is_throttled = False

    def wait(self, urgency: Urgency, seconds: float) -> bool:
        """Whether it is our turn, at the latest after so many seconds (a page: half a second)."""
        left = min(seconds, LONGEST_WAIT) if urgency is Urgency.PAGE else seconds
        end = self._now() + left
        while not self._take(urgency):
            if self._now() + _PAUSE > end:
                return False
            self._sleep(_PAUSE)
        return True

    def slow_down(self, seconds: float | None) -> None:
        """The upstream answered 429, and asked for so many seconds, if it said."""
        self._state.set("throttled", 1, min(seconds or _THROTTLED_FOR, _LONGEST_THROTTLED_FOR))

    def _take(self, urgency: Urgency) -> bool:
        now = self._now()
        second = int(now)
        still_counting = self._before(second) * (1 - (now - second))
        rate = self._rate / 2 if self._is_throttled else self._rate
        asked = self._state.count(f"asked:{second}", _KEPT)
        if asked + still_counting <= max(1.0, rate * _SHARES[urgency]):
            return True
        self._state.count(f"asked:{second}", _KEPT, by=-1)
        return False

    def _before(self, second: int) -> float:
        """Requests of the second before; looked up once a second."""
        with self._lock:
            if second != self._second:
                found = self._state.get_many(f"asked:{second - 1}", "throttled")
                self._last_second = float(found.get(f"asked:{second - 1}", 0))
                self._is_throttled = "throttled" in found
                self._second = second
            return self._last_second
