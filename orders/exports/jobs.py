"""One export from its claim to its outcome, whatever happens on the way."""

import logging
import threading
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from orders import services
from orders.domain.errors import NotYours, UpstreamError
from orders.exports import storage
from orders.exports.leases import CancelRequested, Lease, LeaseLost
from orders.exports.making import MadeFile, Making
from orders.exports.patience import BACKGROUND
from orders.exports.wanted import Wanted, wanted_file
from orders.ledger import LedgerUnavailable
from orders.models import Export

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=24)
_LONGEST_MESSAGE = 400

# Set when this process has been asked to end.
stopping = threading.Event()


# The owner has lost the right, or the customer. That a refusal happened is in the ledger by then.
REFUSALS = (PermissionDenied, NotYours)


class Interrupted(Exception):
    """The process ends; another one goes on from here."""


def wanted_of(export: Export) -> Wanted:
    """What was asked for, as it was then."""
    return wanted_file(
        source=export.source,
        customer_id=export.customer_id,
        query=export.query,
        rows=export.rows,
        format=export.format,
        dialect=export.dialect,
        columns=export.columns,
        made_at=export.made_at,
        pinned_end=export.pinned_end,
    )


def run(lease: Lease) -> None:
    """Work on the export until it is done, stopped, cancelled, or somebody else's. Raises nothing."""
    export = lease.export
    try:
        _run(lease)
    except LeaseLost:
        logger.warning("export %s: taken over by another worker", export.pk)
    except CancelRequested:
        _cancelled(lease)
    except Exception:
        # A full disk, or a mistake of ours: the export is stopped, the worker is not.
        logger.exception("export %s stopped", export.pk)
        _stopped(lease, cause="internal", message="Something went wrong on our side; it is in the log.")


def _run(lease: Lease) -> None:
    export = lease.export
    if lease.is_worn_out:
        _stopped(lease, cause="internal", message=f"It was begun {export.attempts} times and never got done.")
        return
    lease.confirm()
    directory = storage.attempt_directory(export, is_ours_alone=lease.was_released)

    def tick(making: Making) -> None:
        if stopping.is_set():
            raise Interrupted
        lease.keep(making)

    try:
        making = Making(
            wanted_of(export),
            directory,
            owner=lambda: owner_of(export),
            patience=BACKGROUND,
            pages=export.pages_done,
            tick=tick,
        )
    except REFUSALS:
        _refused(lease)
        return
    with making:
        try:
            making.collect()
            lease.save(making)
            made = making.finish(f"file.{export.format}")
        except Interrupted:
            lease.save(making)
            lease.release(state=Export.State.WAITING)
            return
        except REFUSALS:
            lease.save(making)
            _refused(lease)
            return
        except UpstreamError as error:
            lease.save(making)
            _stopped(lease, **described(error), end=f"upstream-{error.cause}")
            return
    with transaction.atomic():  # what can't be written down is not offered
        lease.release(**outcome(export, made))
        write_end(export, "partial" if made.findings.missing else "ok", made.rows, made.sha256)
    if made.findings.missing:
        return  # what there is may be continued
    storage.discard_spool(directory, keep=made.path)


def owner_of(export: Export) -> Any:
    return person_now(export.owner_id)


def person_now(pk: Any) -> Any:
    """The person as they are now: they may have been switched off, or have lost a right."""
    return get_user_model().objects.get(pk=pk)


def write_end(export: Export, outcome: str, rows: int, sha256: str = "") -> None:
    services.export_ended(
        actor=owner_of(export),
        source=export.source,
        customer_id=export.customer_id,
        row_count=rows,
        file_sha256=sha256,
        outcome=outcome,
    )


def _refused(lease: Lease) -> None:
    _stopped(lease, cause="refused", message="Its owner may not export this customer's orders any more.")


def outcome(export: Export, made: MadeFile) -> dict[str, Any]:
    """The fields of an export that has a file."""
    missing, now = made.findings.missing, timezone.now()
    return {
        "state": Export.State.PARTIAL if missing else Export.State.COMPLETE,
        "missing": list(missing),
        "file_name": wanted_of(export).file_name(is_complete=not missing),
        "file_path": str(made.path.relative_to(storage.root())),
        "file_size": made.size,
        "file_sha256": made.sha256,
        "orders_done": made.orders,
        "rows_done": made.rows,
        "finished_at": now,
        "expires_at": now + KEPT,
    }


def described(error: UpstreamError) -> dict[str, str]:
    """An upstream's failure in the fields of an export."""
    exchange = error.exchange
    label = services.describe(error.source).short_label
    return {
        "cause": error.cause,
        "code": error.vendor_code,
        "message": error.vendor_message or f"{label}: {error.detail or error.cause}",
        "request_id": exchange.request_id if exchange else "",
        "correlation_id": exchange.correlation_id if exchange else "",
    }


def _stopped(
    lease: Lease,
    *,
    cause: str,
    message: str,
    code: str = "",
    request_id: str = "",
    correlation_id: str = "",
    end: str = "",
) -> None:
    now = timezone.now()
    _end(
        lease,
        end or cause,
        state=Export.State.FAILED,
        finished_at=now,
        expires_at=now + KEPT,
        error_cause=cause,
        error_code=code[:64],
        error_message=message[:_LONGEST_MESSAGE],
        error_request_id=request_id,
        error_correlation_id=correlation_id,
    )


def _cancelled(lease: Lease) -> None:
    _end(lease, "cancelled", state=Export.State.CANCELLED, finished_at=timezone.now())
    storage.discard(storage.directory_of(lease.export))


def _end(lease: Lease, end: str, **fields: Any) -> None:
    """Give it back without a file. That is no reason to hold on to it where the ledger can't be written."""
    try:
        lease.release(**fields)
        write_end_if_possible(lease.export, end)
    except CancelRequested:
        _cancelled(lease)
    except LeaseLost:
        logger.warning("export %s: taken over by another worker", lease.export.pk)


def write_end_if_possible(export: Export, end: str) -> None:
    try:
        write_end(export, end, 0)
    except LedgerUnavailable:
        logger.exception("export %s: its end is not in the ledger", export.pk)
