"""Results to export, and how to read what came of them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import Q

from orders import exports
from orders.exports import ExportSpec
from orders.exports.jobs import leases, runner
from orders.exports.models import Export
from orders.ledger import LedgerEntry
from orders.sandbox import SandboxServer
from tests.personas import person

CUSTOMER = "1000555000"
EVERYTHING = "start-date=2000-01-01"
ADDRESS = f"/adobe/customers/{CUSTOMER}/orders/"
EXPORT = f"{ADDRESS}export/?{EVERYTHING}"
NEWEST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)


def order(number: int, *, minutes: float | None = None, **fields: Any) -> dict[str, Any]:
    """The order with this number; the higher the number the older, unless `minutes` say its age."""
    created = NEWEST - timedelta(minutes=number if minutes is None else minutes)
    return {
        "orderId": f"{number:010}",
        "customerId": CUSTOMER,
        "externalReferenceId": f"PO-{number}",
        "orderType": "NEW",
        "referenceOrderId": "",
        "status": "1000",
        "currencyCode": "EUR",
        "creationDate": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lineItems": [
            {"extLineItemNumber": line, "offerId": f"offer-{line}", "quantity": 2, "status": "1000"}
            for line in range(1, 2 + number % 2)
        ],
        **fields,
    }


def ids(count: int) -> list[str]:
    return [f"{number:010}" for number in range(count)]


def give(sandbox: SandboxServer, count: int) -> None:
    """The customer has so many orders."""
    sandbox.forget_added_orders()
    sandbox.add_adobe_orders(CUSTOMER, [order(number) for number in range(count)])


def exporter() -> Any:
    """Dana, who may export everybody's orders, and sees their prices."""
    return get_user_model().objects.filter(username="dana").first() or person("dana", "supervisor")


class AtOnce(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was made within a request, read into memory."""

    export: Export
    data: bytes

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(self.export.missing)

    @property
    def is_complete(self) -> bool:
        return self.export.state == Export.State.COMPLETE

    @property
    def name(self) -> str:
        return self.export.file_name

    @property
    def orders(self) -> int:
        return self.export.orders_done

    @property
    def rows(self) -> int:
        return self.export.rows_done


def spec(**wanted: Any) -> ExportSpec:
    return ExportSpec.checked(**{"source": "adobe", "customer_id": CUSTOMER, "query": EVERYTHING, **wanted})


def export_now(actor: Any = None, **wanted: Any) -> AtOnce:
    """The file; Dana's, unless there is an `actor`."""
    export = exports.export_now(spec(**wanted), owner=actor or exporter())
    return AtOnce(export=export, data=content(export))


def request_export(owner: Any, **wanted: Any) -> Export:
    return exports.request_export(spec(**wanted), owner=owner)


def work() -> None:
    """A worker, until there is nothing left to do."""
    call_command("run_worker", until_idle=True)


def claimed() -> leases.Lease:
    lease = leases.claim()
    assert lease is not None
    return lease


def run() -> None:
    """A worker's turn at the next export."""
    runner.run(claimed())


def made(export: Export) -> Export:
    """The export after a worker has been at it."""
    work()
    export.refresh_from_db()
    return export


def read(file: AtOnce) -> bytes:
    return file.data


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def column(data: bytes, name: str = "orderId") -> list[str]:
    return [row[name] for row in rows(data)]


def content(export: Export) -> bytes:
    with exports.open_file(export, export.owner) as file:
        return file.read()


def offsets(sandbox: SandboxServer) -> list[int]:
    """Which pages were asked for, by their offsets."""
    return [int(dict(entry.query)["offset"]) for entry in sandbox.requests if "orders" in entry.path]


def sent(response: Any) -> bytes:
    """The file of an answer."""
    return b"".join(response.streaming_content)


def entries() -> list[tuple[str, str]]:
    """What was written down of exports and refusals, in its order."""
    written = LedgerEntry.objects.filter(Q(action__startswith="export") | Q(action="refused"))
    return list(written.order_by("pk").values_list("action", "outcome"))
