"""Wrong passwords: five within five minutes block a name from an address for five minutes.

Counted in the shared cache, so for all workers together. A name and an address make a pair: nobody can
lock out a colleague from elsewhere, and no address can try one name after another without an end (that
has the limit per address). Guesses under way count as wrong until they turn out right, so that sending
many at once gains nothing.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress

from django.core.cache import cache

ALLOWED = 5
WINDOW = 5 * 60  # seconds, of counting and of blocking
# A name guessed from many addresses together; far above what a forgetful person needs.
ALLOWED_ANYWHERE, WINDOW_ANYWHERE = 100, 3600
MAX_WAIT = 5.0  # seconds that a guess waits for others of its pair to end


class Attempt:
    """One try of a password. `begin`, then `failed` or `succeeded`."""

    def __init__(self, name: str, address: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._pair = "sign-in:" + _digest(f"{name.lower()}\0{address}")
        self._name = "sign-in-anywhere:" + _digest(name.lower())
        self._sleep = sleep

    def begin(self) -> bool:
        """Whether the password may be looked at."""
        deadline = time.monotonic() + MAX_WAIT
        while not self._is_blocked():
            if _count(f"{self._pair}:tries", 1, WINDOW) <= ALLOWED:
                return True
            _take_back(f"{self._pair}:tries")
            if time.monotonic() >= deadline:
                return False
            # All places are taken by guesses that aren't decided yet, perhaps all of them right.
            self._sleep(0.05)
        return False

    def succeeded(self) -> None:
        """Give the place back. Earlier failures stay, or a right password of one's own would reset them."""
        _take_back(f"{self._pair}:tries")

    def failed(self) -> None:
        failures = _count(f"{self._pair}:failures", 1, WINDOW)
        # Five minutes from the last failure, not from the first: only a pause makes up for them.
        cache.touch(f"{self._pair}:tries", WINDOW)
        cache.touch(f"{self._pair}:failures", WINDOW)
        if failures >= ALLOWED:
            cache.set(f"{self._pair}:blocked", 1, WINDOW)
        _count(f"{self._name}:failures", 1, WINDOW_ANYWHERE)

    def _is_blocked(self) -> bool:
        found = cache.get_many([f"{self._pair}:blocked", f"{self._name}:failures"])
        return f"{self._pair}:blocked" in found or found.get(f"{self._name}:failures", 0) >= ALLOWED_ANYWHERE


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _take_back(key: str) -> None:
    with suppress(ValueError):  # it ran out, and the try with it
        cache.decr(key)


def _count(key: str, step: int, seconds: int) -> int:
    """Add to a counter that lives for `seconds` from its first step."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key, step)
    except ValueError:  # it ran out between the two
        cache.set(key, step, seconds)
        return step
