"""One export from its claim to its outcome, whatever happens on the way."""

import logging
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from orders import services
from orders.domain.errors import UpstreamError
from orders.exports.engine.backoff import BACKGROUND
from orders.exports.engine.file_builder import FileBuilder
from orders.exports.jobs import kept_files
from orders.exports.jobs.job import KEPT, REFUSALS, Job, as_asked_for, settle_end, tell_owner
from orders.exports.jobs.leases import CancelRequested, Lease, LeaseLost
from orders.exports.models import Export
from orders.infrastructure.jobs import stopping
from orders.infrastructure.languages import in_ours
from orders.people.notices import What

logger = logging.getLogger(__name__)

_LONGEST_MESSAGE = 400


class Interrupted(Exception):
    """The process ends; another one goes on from here."""


def run(lease: Lease) -> None:
    """Work on the export until it is done, stopped, cancelled, or somebody else's. Raises nothing."""
    with as_asked_for(lease.export), in_ours():  # what is kept of it is for every reader
        _try(lease)


def _try(lease: Lease) -> None:
    export = lease.export
    try:
        _run(lease)
    except LeaseLost:
        logger.warning("export %s: taken over by another worker", export.pk)
    except CancelRequested:
        _cancelled(lease)
    except kept_files.NotKept:
        logger.exception("export %s could not be put where files are kept", export.pk)
        message = gettext("The file was made, but the place where files are kept does not take it.")
        _stopped(lease, cause="internal", message=message)
    except Exception:
        # A full disk, or a mistake of ours: the export is stopped, the worker is not.
        logger.exception("export %s stopped", export.pk)
        _stopped(
            lease, cause="internal", message=gettext("Something went wrong on our side; it is in the log.")
        )


def _run(lease: Lease) -> None:
    export = lease.export
    if lease.is_worn_out:
        _stopped(
            lease,
            cause="internal",
            message=gettext("It was begun %(attempts)s times and never got done.")
            % {"attempts": export.attempts},
        )
        return
    lease.confirm()
    try:
        job = Job(lease)
    except REFUSALS:
        _refused(lease)
        return
    with job.builder(BACKGROUND) as builder:
        _build(job, builder)


def _build(job: Job, builder: FileBuilder) -> None:
    lease = job.lease
    try:
        for step in job.steps(builder):
            if stopping.is_set():
                raise Interrupted
            builder.rights = job.keep(step)
    except Interrupted:
        lease.save(builder.step)
        lease.release(state=Export.State.WAITING)
    except REFUSALS:
        lease.save(builder.step)
        _refused(lease)
    except UpstreamError as error:
        lease.save(builder.step)
        _stopped(lease, **described(error), end=f"upstream-{error.cause}")
    else:
        job.finish(builder.file)


def _refused(lease: Lease) -> None:
    if lease.export.is_portfolio:
        words = gettext("Its owner may not export the orders of all these customers any more.")
    else:
        words = gettext("Its owner may not export this customer's orders any more.")
    _stopped(lease, cause="refused", message=words)


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
    if _end(
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
    ):
        tell_owner(lease.export, What.FILE_FAILED, lease.export.customer_id or lease.export.source)


def _cancelled(lease: Lease) -> None:
    _end(lease, "cancelled", state=Export.State.CANCELLED, finished_at=timezone.now())
    kept_files.discard(lease.export)


def _end(lease: Lease, end: str, **fields: Any) -> bool:
    """Give it back without a file; whether that is how it ended. That is no reason to hold on to it where the
    ledger can't be written, or where the process dies before: what is owed to the ledger is written later.
    """
    try:
        lease.release(owed_end=end, **fields)
        settle_end(lease.export)
    except CancelRequested:
        _cancelled(lease)
    except LeaseLost:
        logger.warning("export %s: taken over by another worker", lease.export.pk)
    else:
        return True
    return False
