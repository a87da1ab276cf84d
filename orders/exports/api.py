"""What pages and commands may ask of exports. Everything else in this package is its own affair."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from orders import services
from orders.domain.errors import UpstreamError
from orders.domain.queries import Window
from orders.exports import jobs, storage
from orders.exports.making import CONTENT_TYPES, Making
from orders.exports.pages import LONGEST_PAGE, Page
from orders.exports.patience import BACKGROUND, INLINE
from orders.exports.upkeep import wake_workers
from orders.exports.wanted import pinned_end, wanted_file, without_paging
from orders.models import Export


class TooLarge(Exception):
    """The result has `total` orders, more than a file made within the request may have."""

    def __init__(self, total: int) -> None:
        self.total = total
        super().__init__(f"{total} orders")


class FinishedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is whole on the disk, open at its start, and gone from the disk once it is closed.

    `missing` holds a sentence for each thing that is not in it; then its name begins with `PARTIAL_`.
    """

    file: BinaryIO
    name: str
    content_type: str
    size: int
    sha256: str
    orders: int
    rows: int
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.missing


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an export is. `fraction` and `seconds_left` are None where nobody can know."""

    fraction: float | None
    pages: int
    total_pages: int | None
    orders: int
    rows: int
    rate: float | None  # orders a second
    seconds_left: float | None


def count(*, actor: Any, source: str, customer_id: str, query: QueryDict | str) -> int | None:
    """How many orders match, asking for one of them; None where the upstream gives no total.

    Raises `BadExport`, `orders.access.Refused` and `orders.domain.errors.UpstreamError`.
    """
    wanted = wanted_file(source=source, customer_id=customer_id, query=query)
    page = services.page_for_file(
        rights=services.export_admitted(actor=actor, source=source, customer_id=customer_id),
        source=source,
        customer_id=customer_id,
        query=wanted.query,
        window=Window(0, 1),
    )
    return page.total_count


def export_now(
    *,
    actor: Any,
    source: str,
    customer_id: str,
    query: QueryDict | str,
    rows: str = "orders",
    format: str = "csv",  # noqa: A002  (as the address calls it)
    dialect: str = "",
    columns: Sequence[str] = (),
    takes_partial: bool = True,
) -> FinishedFile:
    """The file, made within the request.

    Raises `BadExport` for what a person got wrong, `TooLarge` above `EXPORT_INLINE_MAX` orders (one page
    has been asked for then), `orders.access.Refused` without the right, and
    `orders.domain.errors.UpstreamError` when any page can't be had. Its start, its end and its delivery are
    in the ledger before it is given.
    """
    wanted = wanted_file(
        source=source,
        customer_id=customer_id,
        query=query,
        rows=rows,
        format=format,
        dialect=dialect,
        columns=columns,
    )
    of: dict[str, Any] = {"actor": actor, "source": source, "customer_id": customer_id}
    services.export_started(**of, query=wanted.query, rows=rows)
    directory = storage.new_directory()
    try:
        with Making(wanted, directory, owner=lambda: jobs.person_now(actor.pk), patience=INLINE) as making:
            making.collect(check_first=_refuse_large)
            made = making.finish(f"file.{format}")
        end = "partial" if made.findings.missing else "ok"
        services.export_ended(**of, row_count=made.rows, file_sha256=made.sha256, outcome=end)
        # Who wants all or nothing is not sent an incomplete file, so that is no download.
        if takes_partial or not made.findings.missing:
            services.export_downloaded(**of, row_count=made.rows, file_sha256=made.sha256)
        return FinishedFile(
            file=made.path.open("rb"),
            name=wanted.file_name(is_complete=not made.findings.missing),
            content_type=CONTENT_TYPES[format],
            size=made.size,
            sha256=made.sha256,
            orders=made.orders,
            rows=made.rows,
            missing=made.findings.missing,
        )
    except TooLarge:
        services.export_ended(**of, row_count=0, outcome="too-large")
        raise
    except jobs.REFUSALS:
        services.export_ended(**of, row_count=0, outcome="refused")
        raise
    except UpstreamError as error:
        services.export_ended(**of, row_count=0, outcome=f"upstream-{error.cause}")
        raise
    finally:
        # Whoever has it open can still read it; nobody else ever can.
        storage.discard(directory)


def _refuse_large(page: Page) -> None:
    if page.total is not None and page.total > settings.EXPORT_INLINE_MAX:
        raise TooLarge(page.total)


def request_export(
    *,
    owner: Any,
    source: str,
    customer_id: str,
    query: QueryDict | str,
    rows: str = "orders",
    format: str = "csv",  # noqa: A002  (as the address calls it)
    dialect: str = "",
    columns: Sequence[str] = (),
) -> Export:
    """Put a file into the queue. Asks no upstream. Raises `BadExport`, and `orders.access.Refused`."""
    wanted = wanted_file(
        source=source,
        customer_id=customer_id,
        query=query,
        rows=rows,
        format=format,
        dialect=dialect,
        columns=columns,
    )
    services.export_started(
        actor=owner, source=source, customer_id=customer_id, query=wanted.query, rows=rows
    )
    with transaction.atomic():
        export = Export.objects.create(
            owner=owner,
            source=source,
            customer_id=customer_id,
            query=without_paging(query).urlencode(),
            rows=rows,
            format=format,
            dialect=dialect,
            columns=list(columns),
            made_at=wanted.made_at,
            pinned_end=pinned_end(wanted),
        )
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
            jobs.write_end(export, "cancelled", 0)
        is_over = was_waiting or mine.filter(state__in=[state.FAILED, state.PARTIAL]).update(**over)
    if is_over:
        storage.discard(storage.directory_of(export))
    else:
        mine.filter(state=state.RUNNING).update(cancel_requested=True)
    export.refresh_from_db()


def fetch_rest(export: Export) -> None:
    """Put a stopped or incomplete export back into the queue.

    It goes on where it stopped; one that was read to its end and is still incomplete begins anew. That is
    another start, for the ledger too; `orders.access.Refused` and `NotYours` where its owner may not.
    """
    services.export_started(
        actor=jobs.owner_of(export),
        source=export.source,
        customer_id=export.customer_id,
        query=jobs.wanted_of(export).query,
        rows=export.rows,
    )
    state = Export.State
    unfinished = Export.objects.filter(pk=export.pk, state__in=[state.FAILED, state.PARTIAL])
    was_read_to_end = export.total_count is not None and export.next_offset >= export.total_count
    anew = {"pages_done": 0, "orders_done": 0, "rows_done": 0, "next_offset": 0, "duplicates": 0}
    unfinished.update(
        state=state.WAITING,
        missing=[],
        **dict.fromkeys(("file_name", "file_path", "file_sha256"), ""),
        **{f"error_{name}": "" for name in ("cause", "code", "message", "request_id", "correlation_id")},
        **dict.fromkeys(("file_size", "finished_at", "expires_at", "noticed_at")),
        **(anew if was_read_to_end else {}),
    )
    wake_workers()
    export.refresh_from_db()


def offer_what_there_is(export: Export) -> None:
    """Let its owner download what a stopped export has so far, as `PARTIAL_…`. It can still be continued."""
    if export.state != Export.State.FAILED or not export.orders_done:
        return
    directory = storage.latest_directory(export)
    with Making(
        jobs.wanted_of(export),
        directory,
        owner=lambda: jobs.owner_of(export),
        patience=BACKGROUND,
        pages=export.pages_done,
    ) as making:
        making.findings.missing = (missing_sentence(export),)
        made = making.finish(f"file.{export.format}")
    stopped = Export.objects.filter(pk=export.pk, state=Export.State.FAILED, attempts=export.attempts)
    with transaction.atomic():
        stopped.update(**jobs.outcome(export, made))
        jobs.write_end(export, "partial", made.rows, made.sha256)
    export.refresh_from_db()


def missing_sentence(export: Export) -> str:
    """Which orders a stopped export does not have, counted in the order of the page."""
    first = export.next_offset + 1
    if export.total_count is None:
        return f"All orders from number {first:,} on are missing."
    return f"Orders {first:,} to {export.total_count:,} of {export.total_count:,} are missing."


def progress(export: Export) -> Progress:
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


def _rate(export: Export) -> float | None:
    """Over the latest attempt: what was fetched before it took another time."""
    if export.started_at is None or export.heartbeat_at is None:
        return None
    seconds = (export.heartbeat_at - export.started_at).total_seconds()
    fetched = export.orders_done - export.orders_at_start
    return fetched / seconds if seconds > 0 and fetched > 0 else None


def open_file(export: Export, owner: Any) -> BinaryIO:
    """The file, open at its start. `Export.DoesNotExist` unless it is `owner`'s and there to download.

    The download is in the ledger before the file is given; `orders.access.Refused` and `NotYours` for an
    owner who may not have it any more.
    """
    found = exports_of(owner).filter(expires_at__gt=timezone.now()).exclude(file_path="").get(pk=export.pk)
    try:
        opened = (storage.root() / found.file_path).open("rb")
    except FileNotFoundError:
        raise Export.DoesNotExist("the file is gone from the disk") from None
    try:
        services.export_downloaded(
            actor=owner,
            source=found.source,
            customer_id=found.customer_id,
            row_count=found.rows_done,
            file_sha256=found.file_sha256,
        )
    except BaseException:
        opened.close()
        raise
    return opened


def exports_of(owner: Any) -> QuerySet[Export]:
    """A person's own exports, newest first."""
    return Export.objects.filter(owner=owner)
