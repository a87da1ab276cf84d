"""What was said between us and an upstream for one page: attempts, identifiers, durations."""

from datetime import datetime

import msgspec


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request as it was sent, and how it ended.

    `status` is None where no complete answer came; `outcome` is then `timeout`, `reset`, `refused`,
    `deadline` or `unreadable`, otherwise `answered`. `duration` is in seconds.
    """

    request_id: str
    correlation_id: str
    started_at: datetime
    duration: float
    status: int | None = None
    outcome: str = "answered"


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one call asked of an upstream. `path` and `query` hold no secret."""

    source: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    attempts: tuple[Attempt, ...] = ()
    duration: float = 0.0
    started_at: datetime | None = None
    upstream_request_id: str = ""

    @property
    def request_id(self) -> str:
        """The ID of the last attempt, the one an upstream's support looks for first."""
        return self.attempts[-1].request_id if self.attempts else ""

    @property
    def correlation_id(self) -> str:
        return self.attempts[-1].correlation_id if self.attempts else ""

    @property
    def status(self) -> int | None:
        return self.attempts[-1].status if self.attempts else None

    @property
    def got_no_answer(self) -> bool:
        """Whether the last attempt ended without any answer, so that its intent is still unspent."""
        return bool(self.attempts) and self.attempts[-1].status is None

    @property
    def duration_words(self) -> str:
        """`412 ms`, `2.3 s`: as coarse as anyone needs."""
        return f"{self.duration * 1000:.0f} ms" if self.duration < 1 else f"{self.duration:.1f} s"
