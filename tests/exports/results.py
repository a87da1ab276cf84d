"""Results to export, and how to read what came of them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.core.management import call_command

from orders import exports
from orders.exports import FinishedFile
from orders.models import Export
from orders.sandbox import SandboxServer
from tests.people import person

CUSTOMER = "1000555000"
EVERYTHING = "start-date=2000-01-01"
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


def export_now(**wanted: Any) -> FinishedFile:
    """The file, read into memory so that no test need close it; Dana's, unless there is an `actor`."""
    wanted = {"source": "adobe", "customer_id": CUSTOMER, "query": EVERYTHING, **wanted}
    made = exports.export_now(**{"actor": wanted.get("actor") or exporter(), **wanted})
    with made.file as opened:
        return msgspec.structs.replace(made, file=io.BytesIO(opened.read()))


def request_export(owner: Any, **wanted: Any) -> Export:
    return exports.request_export(
        **{"owner": owner, "source": "adobe", "customer_id": CUSTOMER, "query": EVERYTHING, **wanted}
    )


def work() -> None:
    """A worker, until there is nothing left to do."""
    call_command("run_exports", until_idle=True)


def made(export: Export) -> Export:
    """The export after a worker has been at it."""
    work()
    export.refresh_from_db()
    return export


def read(file: FinishedFile) -> bytes:
    file.file.seek(0)
    return file.file.read()


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
