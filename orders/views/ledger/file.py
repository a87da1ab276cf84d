"""The ledger as a file, for whoever has to hand it on."""

import csv
import hashlib
import io
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from orders.exports.engine.cell_values import csv_cell
from orders.ledger.models import LedgerEntry

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
        yield [csv_cell(getattr(entry, name)) for name in COLUMNS]
