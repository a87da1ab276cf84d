"""How many more attempts a failing upstream is given: while it is dead, they only add to its load."""

from threading import Lock

# For each process, so that with two of them 500 calls to a dead upstream make 536 attempts at most.
MOST_RETRIES = 18
# What an answer at the first attempt earns: where one call in five or fewer fails, each has its retries.
_EARNED = 0.2


class RetryQuota:
    """A process's retries at one upstream. Each costs one; answers earn them back."""

    def __init__(self, most: float = MOST_RETRIES) -> None:
        self._most = most
        self._left = most
        self._lock = Lock()

    def take(self) -> bool:
        """Whether one more attempt may be made."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def answered(self, *, retries: int) -> None:
        """A call was answered in the end; so many retries were worth their price."""
        with self._lock:
            self._left = min(self._most, self._left + (retries or _EARNED))
