"""The ledger as a file, for whoever has to hand it on."""

from collections.abc import Iterable

from orders.ledger.models import LedgerEntry
from orders.views.shared.small_files import SmallFile

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


def file_of(entries: Iterable[LedgerEntry]) -> SmallFile:
    return SmallFile("ledger", COLUMNS, ([getattr(entry, name) for name in COLUMNS] for entry in entries))
