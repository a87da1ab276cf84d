"""What pages and commands may ask of exports. Everything else in this package is its own affair."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import IO, Any, TypeVar

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from orders import services
from orders.domain.errors import NotYours, UpstreamError
from orders.domain.granted_rights import Rights
from orders.exports.engine.backoff import BACKGROUND, INLINE
from orders.exports.engine.file_builder import Step
from orders.exports.engine.pages import LONGEST_PAGE
from orders.exports.engine.spool import is_spool
from orders.exports.jobs import kept_files, leases, storage, whose
from orders.exports.jobs.job import (
    REFUSALS,
    Job,
    admitted,
    begin,
    builder_of,
    outcome,
    stored,
    write_end,
)
from orders.exports.jobs.leases import Lease
from orders.exports.jobs.upkeep import wake_workers
from orders.exports.models import Export
from orders.exports.specification import ExportSpec
from orders.exports.webhooks import sending as webhooks
from orders.infrastructure.languages import in_ours
from orders.ledger import LedgerUnavailable
from orders.ledger.context import token_prefix
from orders.people import limits
from orders.presentation.numbers import grouped
from orders.services import files_of_many

Made = TypeVar("Made")
logger = logging.getLogger(__name__)

# Seconds for which a file waits within its request until another one of its owner's is done.
LONGEST_WAIT, _BETWEEN_TRIES = 1.0, 0.05


class TooLarge(Exception):
    """The result has `total` orders, more than a file made within the request may have."""

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__(f"total={total}")


class NotOnThisDisk(Exception):
    """The file, or what there is of one, does not lie in `EXPORT_DIR` as this machine sees it."""


class StorageAway(NotOnThisDisk):
    """The place where files are kept can't be asked, or does not have what it should."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an export is. `fraction` and `seconds_left` are None where nobody can know."""

    fraction: float | None
    pages: int
    total_pages: int | None
    orders: int
    rows: int
    rate: float | None  # orders a second
    seconds_left: float | None


def export_now(spec: ExportSpec, *, owner: User) -> Export:
    """The file, made within the request: complete or partial, and among its owner's files like any other.

    Raises `TooLarge` above `EXPORT_INLINE_MAX` orders (one page has been asked for then),
    `limits.OverLimit` where so many of its owner's are made already (it can't wait its turn, as one in the
    background does), `permissions.Refused` without the right, and `orders.domain.errors.UpstreamError` when
    any page can't be had; then nothing of it remains. Its start and its end are in the ledger. Should its
    owner cancel it meanwhile, there is no file.
    """
    lease = _begin_in_turn(spec, owner)
    export = lease.export
    try:
        with in_ours():  # what is kept of it is for every reader
            _make_now(Job(lease))
    except (leases.CancelRequested, leases.LeaseLost):
        pass  # its owner, or a worker that took us for dead, has the last word
    except BaseException as error:
        _forget(export, error)
        raise
    export.refresh_from_db()
    return export


def _make_now(job: Job) -> None:
    with job.builder(INLINE) as builder:
        for step in job.steps(builder):
            _refuse_large(step)
            builder.rights = job.keep(step)
    job.finish(builder.file)


def _start(owner: User, work: Callable[[], Made]) -> Made:
    """Do what writes down a start and makes its export, both or neither: a start without an export would
    never get an end, should the process die between the two. A refusal stays written down, and is raised.

    Of one owner one at a time, so that none passes a limit beside another.
    """
    refusal: Exception | None = None
    with transaction.atomic():
        limits.one_at_a_time(owner)
        try:
            made = work()
        except (*REFUSALS, limits.OverLimit) as error:
            refusal = error
    if refusal is not None:
        raise refusal
    return made


class _NotYet(Exception):
    """As many of its owner's files are being made as may be; one may be done in a moment."""


def _begin_in_turn(spec: ExportSpec, owner: User) -> Lease:
    """Begin within the request, after a short wait where the owner's others are about to be done."""
    ends_at = time.monotonic() + LONGEST_WAIT
    while True:
        may_wait = time.monotonic() < ends_at
        try:
            return _start(owner, partial(_begin_now, spec, owner, may_wait=may_wait))
        except _NotYet:
            time.sleep(_BETWEEN_TRIES)


def _begin_now(spec: ExportSpec, owner: User, *, may_wait: bool) -> Lease:
    running = leases.running(owner)
    if may_wait and running >= leases.most_running(owner):
        raise _NotYet
    limits.hold_back(owner, "running", running)
    return leases.claim_new(owner, noticed_at=timezone.now(), **_fields(spec, owner))


def _put_into_queue(spec: ExportSpec, owner: User) -> Export:
    limits.hold_back(owner, "queue", Export.objects.filter(owner=owner, state=Export.State.WAITING).count())
    export = Export.objects.create(owner=owner, **_fields(spec, owner))
    if export.token_prefix:
        webhooks.owe(export, owner)
    return export


def _fields(spec: ExportSpec, owner: User) -> dict[str, Any]:
    """Write down that the export starts; what is stored of it, within its owner's rights."""
    return {**stored(spec.within(_started(spec, owner))), "token_prefix": token_prefix()}


def _started(spec: ExportSpec, owner: User) -> Rights:
    if spec.is_portfolio:
        return whose.begin(spec, owner)
    return services.export_started(
        actor=owner,
        source=spec.source,
        customer_id=spec.customer_id,
        query=spec.query,
        rows=spec.rows,
        reason=spec.reason,
    )


def _refuse_large(step: Step) -> None:
    if step.mark.has_total and step.mark.total > settings.EXPORT_INLINE_MAX:
        raise TooLarge(step.mark.total)


def _forget(export: Export, error: BaseException) -> None:
    """Of a file that could not be made within the request there is nothing left but its end in the ledger."""
    try:
        with transaction.atomic():
            Export.objects.filter(pk=export.pk).delete()
            write_end(export, _end_of(error), 0)
    except LedgerUnavailable:
        logger.exception("export %s: its end is not in the ledger yet", export.pk)
        stopped = {"state": Export.State.FAILED, "lease_owner": "", "finished_at": timezone.now()}
        Export.objects.filter(pk=export.pk).update(owed_end=_end_of(error), **stopped)
    kept_files.discard(export)


def _end_of(error: BaseException) -> str:
    if isinstance(error, TooLarge):
        return "too-large"
    if isinstance(error, REFUSALS):
        return "refused"
    return f"upstream-{error.cause}" if isinstance(error, UpstreamError) else "internal"


def request_export(spec: ExportSpec, *, owner: User) -> Export:
    """Put a file into the queue. Asks no upstream. Raises `permissions.Refused`, and `limits.OverLimit`."""
    export = _start(owner, lambda: _put_into_queue(spec, owner))
    wake_workers()
    return export


def cancel(export: Export) -> None:
    """Stop it: at once where it waits, within a second or two where it runs. Its data is deleted."""
    state = Export.State
    mine = Export.objects.filter(pk=export.pk)
    gone = {"file_path": "", "file_size": None, "file_sha256": "", "expires_at": None}
    over = {"state": state.CANCELLED, "finished_at": timezone.now(), "lease_owner": "", **gone}
    with transaction.atomic():
        was_waiting = mine.filter(state=state.WAITING).update(**over)
        if was_waiting:  # a stopped one has its end in the ledger already; a running one will get it
            write_end(export, "cancelled", 0)
        is_over = was_waiting or mine.filter(state__in=[state.FAILED, state.PARTIAL]).update(**over)
    if is_over:
        kept_files.discard(export)
    else:
        mine.filter(state=state.RUNNING).update(cancel_requested=True)
    export.refresh_from_db()


def fetch_rest(export: Export) -> None:
    """Put a stopped or incomplete export back into the queue.

    It goes on where it stopped; one that was read to its end and is still incomplete begins anew. That is
    another start, for the ledger too; `permissions.Refused` and `NotYours` where its owner may not, also
    where they have lost one of several customers, or all of them.
    """
    _start(export.owner, lambda: _begin_again(export))
    wake_workers()
    export.refresh_from_db()


def _begin_again(export: Export) -> None:
    admitted(export)  # of all customers that it had; its start alone asks for those that it would have now
    try:
        begin(export)
    except files_of_many.NobodyChosen:
        raise NotYours(source=export.source) from None
    state = Export.State
    unfinished = Export.objects.filter(pk=export.pk, state__in=[state.FAILED, state.PARTIAL])
    total = export.customers if export.is_portfolio else export.total_count
    was_read_to_end = total is not None and export.next_offset >= total
    anew = {"pages_done": 0, "orders_done": 0, "rows_done": 0, "next_offset": 0, "duplicates": 0}
    unfinished.update(
        state=state.WAITING,
        token_prefix=token_prefix(),
        missing=[],
        unreadable={},
        **dict.fromkeys(("file_name", "file_path", "file_sha256"), ""),
        **{f"error_{name}": "" for name in ("cause", "code", "message", "request_id", "correlation_id")},
        **dict.fromkeys(("file_size", "finished_at", "expires_at", "noticed_at")),
        **(anew if was_read_to_end else {}),
    )


def offer_what_there_is(export: Export) -> None:
    """Let its owner download what a stopped export has so far, as `PARTIAL_…`. It can still be continued.

    Raises one of `REFUSALS`, `NotOnThisDisk` where that lies with the worker that stopped, and `StorageAway`.
    """
    if export.state != Export.State.FAILED or not export.orders_done:
        return
    rights = admitted(export)
    directory = storage.latest_directory(export, is_shared=not kept_files.lie_apart())
    if not is_spool(directory):
        raise NotOnThisDisk
    with builder_of(export, directory, rights, BACKGROUND) as builder:
        builder.findings.missing = (*builder.known_missing, missing_sentence(export))
        builder.findings.unreadable = builder.spool.unreadable()
        for _ in builder.finish():
            pass
    built = builder.file
    try:
        for _ in kept_files.handing_over(built):
            pass
    except kept_files.NotKept:
        raise StorageAway from None
    stopped = Export.objects.filter(pk=export.pk, state=Export.State.FAILED, attempts=export.attempts)
    with transaction.atomic():
        stopped.update(**outcome(export, built))
        write_end(export, "partial", built.rows, built.sha256)
    export.refresh_from_db()


def missing_sentence(export: Export) -> str:
    """Which orders a stopped export does not have, counted in the order of the page; as its file says it."""
    with in_ours():
        return _missing_sentence(export)


def _missing_sentence(export: Export) -> str:
    first = export.next_offset + 1
    if export.is_portfolio:
        return gettext("Customers %(first)s to %(total)s of %(total)s are missing.") % {
            "first": grouped(first),
            "total": grouped(export.customers),
        }
    if export.total_count is None:
        return gettext("All orders from number %(first)s on are missing.") % {"first": grouped(first)}
    return gettext("Orders %(first)s to %(total)s of %(total)s are missing.") % {
        "first": grouped(first),
        "total": grouped(export.total_count),
    }


def progress(export: Export) -> Progress:
    if export.is_portfolio:
        return _progress_by_customer(export)
    total, done = export.total_count, export.orders_done
    rate = _rate(export)
    return Progress(
        fraction=min(1.0, done / total) if total else None,
        pages=export.pages_done,
        total_pages=None if total is None else -(-total // LONGEST_PAGE),
        orders=done,
        rows=export.rows_done,
        rate=rate,
        seconds_left=max(0, total - done) / rate if total is not None and rate else None,
    )


def _progress_by_customer(export: Export) -> Progress:
    """Nobody knows how many orders those have who have not been read."""
    total, done = export.customers, export.pages_done
    return Progress(
        fraction=min(1.0, done / total) if total else None,
        pages=done,
        total_pages=total or None,
        orders=export.orders_done,
        rows=export.rows_done,
        rate=_rate(export),
        seconds_left=None,
    )


def _rate(export: Export) -> float | None:
    """Over the latest attempt: what was fetched before it took another time."""
    if export.started_at is None or export.heartbeat_at is None:
        return None
    seconds = (export.heartbeat_at - export.started_at).total_seconds()
    fetched = export.orders_done - export.orders_at_start
    return fetched / seconds if seconds > 0 and fetched > 0 else None


def open_file(export: Export, owner: User) -> IO[bytes]:
    """The file, open at its start. `Export.DoesNotExist` unless it is `owner`'s and there to download;
    `NotOnThisDisk` where it should be and isn't, `StorageAway` where it is kept apart.

    The download is in the ledger before the file is given; `permissions.Refused` and `NotYours` for an
    owner who may not have it any more.
    """
    to_be_had = exports_of(owner).filter(expires_at__gt=timezone.now()).exclude(file_path="")
    found = to_be_had.get(pk=export.pk)
    try:
        opened = kept_files.opened(found.file_path)
    except OSError as error:
        if not to_be_had.filter(pk=export.pk).exists():  # it has expired just now
            raise Export.DoesNotExist from None
        if kept_files.lie_apart():
            logger.error("file %s can't be had: %s", export.pk, error)
            raise StorageAway from None
        if not isinstance(error, FileNotFoundError):
            raise
        logger.error("file %s is not in EXPORT_DIR: web servers and workers must share one", export.pk)
        raise NotOnThisDisk from None
    try:
        _write_download(found, owner)
    except BaseException:
        opened.close()
        raise
    return opened


def _write_download(export: Export, owner: User) -> None:
    if export.is_portfolio:
        whose.write_download(export, owner)
        return
    services.export_downloaded(
        actor=owner,
        source=export.source,
        customer_id=export.customer_id,
        row_count=export.rows_done,
        file_sha256=export.file_sha256,
        is_revealed=bool(export.reason),
    )


def exports_of(owner: User) -> QuerySet[Export]:
    """A person's own exports, newest first."""
    return Export.objects.filter(owner=owner)
