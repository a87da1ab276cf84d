"""One export while somebody works on it: what it is to be, whose it is, and leave to go on."""

import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from orders import services
from orders.domain.errors import NotYours
from orders.domain.granted_rights import Rights
from orders.domain.retry_rules import RetryLimits
from orders.exports.engine.file_builder import BuiltFile, FileBuilder, Step
from orders.exports.engine.portfolio_builder import PortfolioBuilder
from orders.exports.engine.reconciler import Findings
from orders.exports.jobs import kept_files, storage, whose
from orders.exports.jobs.leases import Lease
from orders.exports.models import Export
from orders.exports.schedules.models import ScheduleRun
from orders.exports.specification import ExportSpec
from orders.ledger import LedgerUnavailable
from orders.ledger.context import on_behalf_of
from orders.people import notices
from orders.people.account_sets import AccountChoice
from orders.people.notices import What

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=24)

# The owner has lost the right, or the customer. That a refusal happened is in the ledger by then.
REFUSALS = (PermissionDenied, NotYours)

# Seconds after which the owner's rights are looked at again.
BETWEEN_QUESTIONS = 1.0


def owner_of(export: Export) -> Any:
    """The person as they are now: they may have been switched off, or have lost a right."""
    return get_user_model().objects.get(pk=export.owner_id)


def stored(spec: ExportSpec) -> dict[str, Any]:
    """The fields of an export that say what it is to be."""
    return {
        "source": spec.source,
        "customer_id": spec.customer_id,
        "query": spec.filters,
        "rows": spec.rows,
        "format": spec.format,
        "dialect": spec.dialect,
        "columns": list(spec.columns),
        "reason": spec.reason,
        "made_at": spec.made_at,
        "pinned_end": spec.pinned_end,
        "accounts": list(spec.choice.accounts),
        "account_sets": list(spec.choice.sets),
    }


def spec_of(export: Export) -> ExportSpec:
    """What was asked for, as it was then."""
    return ExportSpec.checked(
        source=export.source,
        customer_id=export.customer_id,
        query=export.query,
        rows=export.rows,
        format=export.format,
        dialect=export.dialect,
        columns=export.columns,
        reason=export.reason,
        made_at=export.made_at,
        pinned_end=export.pinned_end,
        choice=AccountChoice(accounts=tuple(export.accounts), sets=tuple(export.account_sets)),
    )


def admitted(export: Export) -> Rights:
    """The owner's rights of this moment. Raises one of `REFUSALS`."""
    if export.is_portfolio:
        return whose.admitted(export, owner_of(export))
    return services.export_admitted(
        actor=owner_of(export),
        source=export.source,
        customer_id=export.customer_id,
        is_revealed=bool(export.reason),
    )


def begin(export: Export) -> Rights:
    """Write down that the export starts, and what its owner may. Raises one of `REFUSALS`."""
    if export.is_portfolio:
        return whose.begin(spec_of(export), owner_of(export))
    return services.export_started(
        actor=owner_of(export),
        source=export.source,
        customer_id=export.customer_id,
        query=spec_of(export).query,
        rows=export.rows,
        reason=export.reason,
    )


def write_end(export: Export, outcome: str, rows: int, sha256: str = "") -> None:
    if export.is_portfolio:
        whose.write_end(export, owner_of(export), outcome, rows, sha256)
        return
    services.export_ended(
        actor=owner_of(export),
        source=export.source,
        customer_id=export.customer_id,
        row_count=rows,
        file_sha256=sha256,
        outcome=outcome,
    )


def tell_owner(export: Export, what: What, subject: str) -> None:
    """Of a file that was made while they did something else."""
    if export.noticed_at is None:
        notices.tell(owner_of(export), what, subject=subject, address=f"/exports/{export.pk}/")


def as_asked_for(export: Export) -> AbstractContextManager[None]:
    """What is written down within names the token or the schedule that asked for the file, if one did."""
    turns = ScheduleRun.objects.filter(export=export, state=ScheduleRun.State.MAKING)
    return on_behalf_of(export.token_prefix, schedule=turns.values_list("schedule", flat=True).first())


def settle_end(export: Export) -> bool:
    """Write down the end that the ledger does not have yet; whether it has it now. The first to come does,
    whoever's request that is.
    """
    try:
        with as_asked_for(export), transaction.atomic():
            owed = Export.objects.select_for_update().filter(pk=export.pk).exclude(owed_end="").first()
            if owed is not None:
                Export.objects.filter(pk=export.pk).update(owed_end="")
                write_end(owed, owed.owed_end, 0)
    except LedgerUnavailable:
        logger.exception("export %s: its end is not in the ledger yet", export.pk)
        return False
    return True


def learnt(export: Export) -> Findings:
    """What earlier attempts were told of the range: there may be no page left that would tell it again."""
    return Findings(searched_from=export.searched_from, searched_to=export.searched_to)


def outcome(export: Export, built: BuiltFile) -> dict[str, Any]:
    """The fields of an export that has a file."""
    missing, now = built.findings.missing, timezone.now()
    return {
        "state": Export.State.PARTIAL if missing else Export.State.COMPLETE,
        "missing": list(missing),
        "unreadable": built.findings.unreadable,
        "file_name": spec_of(export).file_name(is_complete=not missing),
        "file_path": kept_files.name_of(built.path),
        "file_size": built.size,
        "file_sha256": built.sha256,
        "content_sha256": built.content_sha256,
        "orders_done": built.orders,
        "rows_done": built.rows,
        "finished_at": now,
        "expires_at": now + KEPT,
    }


def builder_of(export: Export, directory: Path, rights: Rights, retry_limits: RetryLimits) -> FileBuilder:
    """Goes on from what lies in the directory."""
    left: dict[str, Any] = {"pages": export.pages_done, "findings": learnt(export)}
    if export.is_portfolio:
        left["customers"] = whose.customers_of(export)
        return PortfolioBuilder(spec_of(export), directory, rights=rights, retry_limits=retry_limits, **left)
    return FileBuilder(spec_of(export), directory, rights=rights, retry_limits=retry_limits, **left)


class Job:
    """An export under its lease. Raises one of `REFUSALS` where its owner may not have it any more."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.export = lease.export
        if self.export.is_portfolio and not self.export.pages_done:
            whose.settle(self.export, owner_of(self.export), confirm=lease.confirm)
        self._rights = self._admitted()

    def builder(self, retry_limits: RetryLimits) -> FileBuilder:
        """Goes on from what earlier attempts left."""
        return builder_of(self.export, self._directory(), self._rights, retry_limits)

    def keep(self, step: Step) -> Rights:
        """Keep the lease, and what has been done by now; the rights with which to go on.

        Raises `LeaseLost` or `CancelRequested` where somebody else has the export, or nobody wants it.
        """
        if time.monotonic() - self._admitted_at >= BETWEEN_QUESTIONS:
            try:
                self._rights = self._admitted()
            except OperationalError:  # the database is away or busy; asked again in a moment
                connection.close_if_unusable_or_obsolete()
        self.lease.keep(step)
        return self._rights

    def steps(self, builder: FileBuilder) -> Iterator[Step]:
        """From the first page until the file lies where it is kept. Raises `UpstreamError` and `NotKept`."""
        yield from builder.build()
        for _ in kept_files.handing_over(builder.file):
            yield builder.step

    def finish(self, built: BuiltFile) -> None:
        """Give the export back with its file. What can't be written down is not offered."""
        missing = built.findings.missing
        with transaction.atomic():
            self.lease.release(**outcome(self.export, built))
            write_end(self.export, "partial" if missing else "ok", built.rows, built.sha256)
            tell_owner(
                self.export,
                What.FILE_PARTIAL if missing else What.FILE_READY,
                spec_of(self.export).file_name(is_complete=not missing),
            )
        if not missing:  # else what there is may be continued
            storage.discard_spool(built.path, is_kept_here=not kept_files.lie_apart())
        kept_files.discard(self.export, keep=kept_files.name_of(built.path))

    def _admitted(self) -> Rights:
        self._admitted_at = time.monotonic()
        return admitted(self.export)

    def _directory(self) -> Path:
        return storage.attempt_directory(
            self.export, is_ours_alone=self.lease.was_released, is_shared=not kept_files.lie_apart()
        )
