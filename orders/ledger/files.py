"""The ledger as a file, for whoever has to hand it on."""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from orders.domain.instants import zulu
from orders.models import LedgerEntry

COLUMNS = (
    "id",
    "at",
    "username",
    "action",
    "source",
    "customer_id",
    "order_id",
    "details",
    "outcome",
    "reason",
    "request_id",
    "upstream_request_id",
    "correlation_id",
    "client_address",
    "row_count",
    "file_sha256",
    "previous_hash",
    "hash",
)
_IN_MEMORY = 2**20
# A spreadsheet would run a text that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(entries: Iterable[LedgerEntry]) -> tuple[IO[bytes], int, str]:
    """The whole file, its number of rows, and its SHA-256. It is complete before any of it is sent."""
    spool: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (the answer closes it)
    digest, count = hashlib.sha256(), 0
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for cells in _rows(entries):
        writer.writerow(cells)
        written = line.getvalue().encode()
        line.seek(0)
        line.truncate()
        spool.write(written)
        digest.update(written)
        count += 1
    spool.seek(0)
    return spool, count - 1, digest.hexdigest()


def _rows(entries: Iterable[LedgerEntry]) -> Iterable[list[Any]]:
    yield list(COLUMNS)
    for entry in entries:
        yield [_cell(getattr(entry, name)) for name in COLUMNS]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return zulu(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
