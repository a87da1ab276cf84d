"""How many more attempts a failing upstream is given: while it is dead, they only add to its load."""

from threading import Lock

from orders.upstreams.http.client_rate import Counts

# So that 500 calls to a dead upstream make 536 attempts at most, whichever processes they are of.
MOST_RETRIES = 36
# In a retry's parts: what a retry costs, and what an answer at the first attempt earns. Where one call in
# five or fewer fails, each has its retries.
_PRICE, _EARNED = 5, 1
_KEPT = 3600.0  # seconds after which all is forgotten, where nobody was left to earn it back


class RetryQuota:
    """The retries at one upstream of all processes that count together. Each costs one; answers to whoever
    took some earn them back, so that while all is well nothing is counted.
    """

    def __init__(self, counts: Counts | None = None, most: int = MOST_RETRIES) -> None:
        """Without `counts`, and while nobody can count, a process has its own."""
        self._counts = counts
        self._most = most * _PRICE
        self._lock = Lock()
        self._owed = 0  # what this process may earn back

    def take(self) -> bool:
        """Whether one more attempt may be made."""
        spent = self._count(_PRICE) or self._owed + _PRICE
        if spent <= self._most:
            with self._lock:
                self._owed += _PRICE
            return True
        left_over = self._count(-_PRICE)
        with self._lock:
            # Who took them may be gone: whoever is refused may earn them back in their place.
            self._owed = max(self._owed, left_over)
        return False

    def answered(self, *, retries: int) -> None:
        """A call was answered in the end; so many retries were worth their price."""
        with self._lock:
            earned = min(self._owed, retries * _PRICE or _EARNED)
            self._owed -= earned
        if earned and self._count(-earned) < 0:
            self._count(earned)

    def _count(self, by: int) -> int:
        return self._counts.count("retries", _KEPT, by=by) if self._counts is not None else 0
