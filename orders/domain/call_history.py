"""How an upstream has been: its calls in steps of time."""

from datetime import datetime

import msgspec


class Slot(msgspec.Struct, frozen=True):
    """Calls of five minutes from `began` on. Times are in seconds, of answers; None without any."""

    began: datetime
    answers: int
    failures: int
    median: float | None
    p95: float | None
