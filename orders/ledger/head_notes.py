"""The ledger's head, noted where the database is not: in the log and among the metrics.

Who puts a whole database back to an older state, head and all, is found out by nothing within it. So the head
goes out each hour and at every verification, without anybody's care; `verify_ledger --expect` reads it back.
"""

import json
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import NamedTuple

logger = logging.getLogger("orders.ledger")

EVERY = 3600.0  # seconds
EVENT = "the ledger's head"


class Noted(NamedTuple):
    number: int
    seal: str


_lock = threading.Lock()
_latest: Noted | None = None
due_at = 0.0  # when the next hourly note is, by `monotonic`


def note_head(number: int, seal: str) -> None:
    """Write it into the log, and keep it for the metrics."""
    global _latest, due_at
    with _lock:
        _latest, due_at = Noted(number, seal), monotonic() + EVERY
    logger.info(EVENT, extra={"number": number, "seal": seal})


def note_hourly(number: int, seal: str) -> None:
    """As `note_head`, unless this process did so within the hour. For what is committed, and nothing else."""
    if monotonic() >= due_at:
        note_head(number, seal)


def latest() -> Noted | None:
    return _latest


# As `verify_ledger` prints it, and as a scrape of the metrics has it.
_PRINTED = re.compile(r"\b(\d{1,18}):([0-9a-f]{64})\b")
_SCRAPED = re.compile(r'^portal_ledger_noted\{seal="([0-9a-f]{64})"\} (\d+)(?:\.0)?', re.MULTILINE)


def read_notes(lines: Iterable[str]) -> Iterator[Noted]:
    """Every head that stands in these lines: of a log, of metrics, or as `verify_ledger` printed it."""
    for line in lines:
        if line.lstrip().startswith("{"):
            yield from _logged(line)
            continue
        for number, seal in _PRINTED.findall(line):
            yield Noted(int(number), seal)
        for seal, number in _SCRAPED.findall(line):
            yield Noted(int(number), seal)


def _logged(line: str) -> Iterator[Noted]:
    try:
        entry = json.loads(line)
    except ValueError:
        return
    if entry.get("event") == EVENT and isinstance(entry.get("number"), int):
        yield Noted(entry["number"], str(entry.get("seal", "")))
