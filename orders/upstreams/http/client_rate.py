"""How many requests a second we make of one upstream, all processes together.

A sliding window: what was asked in this second, and of the last one the part that is still less than a second
ago. So a burst is one second's worth.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from orders.domain.urgency import Urgency

LONGEST_WAIT = 0.5  # seconds that a page waits for its turn
_PAUSE = 0.05
_KEPT = 3.0
# What a file and a refresh leave for pages, as a share of the rate.
_SHARES = {Urgency.PAGE: 1.0, Urgency.FILE: 0.9, Urgency.REFRESH: 0.75}
# An upstream that asks us to slow down gets half as many requests, for as long as it says, or so long.
_THROTTLED_FOR = 5.0
_LONGEST_THROTTLED_FOR = 60.0
# Where counting is dear, of what a process asked in the last second it takes a fourth at once, and no more
# than this share of the rate: what is left of that when the second ends is nobody's.
_AHEAD = 0.25
_MOST_AHEAD = 0.1


class Counts(Protocol):
    """Numbers that all processes count together, each gone after so many seconds. A count of 0 says that
    nobody could count.
    """

    def count(self, key: str, seconds: float, *, by: int = 1) -> int: ...
    def set(self, key: str, value: int, seconds: float) -> None: ...
    def get_many(self, *keys: str) -> dict[str, int]: ...


class ClientRate:
    """`rate` is in requests a second, and not 0. `now` is in seconds since 1970. `takes_ahead` where counting
    costs more than asking a cache.
    """

    def __init__(
        self,
        counts: Counts,
        rate: float,
        *,
        takes_ahead: bool = False,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._counts = counts
        self._rate = rate
        self._takes_ahead = takes_ahead
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._second = -1
        self._last_second = 0.0  # requests of the second before that one
        self._is_throttled = False
        self._made = dict.fromkeys(Urgency, 0)  # here, in this second
        self._ahead = dict.fromkeys(Urgency, 1)  # how many are taken at once
        self._left = dict.fromkeys(Urgency, 0)  # of those that were
        self._none_until = dict.fromkeys(Urgency, 0.0)  # who asked in vain has done so for all threads

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
        self._counts.set("throttled", 1, min(seconds or _THROTTLED_FOR, _LONGEST_THROTTLED_FOR))

    def _take(self, urgency: Urgency) -> bool:
        now = self._now()
        second = int(now)
        before = self._begin(second)
        with self._lock:
            if self._left[urgency]:
                self._left[urgency] -= 1
                self._made[urgency] += 1
                return True
            if now < self._none_until[urgency]:
                return False
            ahead = self._ahead[urgency]
        rate = self._rate / 2 if self._is_throttled else self._rate
        most = max(1.0, rate * _SHARES[urgency]) - before * (1 - (now - second))
        for number in sorted({1, ahead}, reverse=True):
            if self._counts.count(f"asked:{second}", _KEPT, by=number) <= most:
                with self._lock:
                    if second == self._second:
                        self._left[urgency] += number - 1
                        self._made[urgency] += 1
                return True
            self._counts.count(f"asked:{second}", _KEPT, by=-number)
        if self._takes_ahead:
            self._none_until[urgency] = now + 0.9 * _PAUSE
        return False

    def _begin(self, second: int) -> float:
        """Requests of the second before; looked up once a second."""
        with self._lock:
            if second != self._second:
                found = self._counts.get_many(f"asked:{second - 1}", "throttled")
                self._last_second = float(found.get(f"asked:{second - 1}", 0))
                self._is_throttled = "throttled" in found
                most = int(self._rate * _MOST_AHEAD) if self._takes_ahead else 1
                for urgency in Urgency:
                    wanted = int(self._made[urgency] * _AHEAD)
                    self._ahead[urgency] = max(1, min(wanted, most))
                    self._made[urgency] = self._left[urgency] = 0
                self._second = second
            return self._last_second
