"""What pages and commands may ask of exports. Everything else in this package is its own affair."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec
from django.db.models import QuerySet
from django.http import QueryDict

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


def count(*, source: str, customer_id: str, query: QueryDict | str) -> int | None:
    """How many orders match, asking for one of them; None where the upstream gives no total.

    Raises `BadExport` and `orders.domain.errors.UpstreamError`.
    """
    raise NotImplementedError


def export_now(
    *,
    source: str,
    customer_id: str,
    query: QueryDict | str,
    rows: str = "orders",
    format: str = "csv",  # noqa: A002
    dialect: str = "",
    columns: Sequence[str] = (),
) -> FinishedFile:
    """The file, made within the request.

    Raises `BadExport` for what a person got wrong, `TooLarge` above `EXPORT_INLINE_MAX` orders (one page
    has been asked for then), and `orders.domain.errors.UpstreamError` when any page can't be had.
    """
    raise NotImplementedError


def request_export(
    *,
    owner: Any,
    source: str,
    customer_id: str,
    query: QueryDict | str,
    rows: str = "orders",
    format: str = "csv",  # noqa: A002
    dialect: str = "",
    columns: Sequence[str] = (),
) -> Export:
    """Put a file into the queue. Asks no upstream. Raises `BadExport`."""
    raise NotImplementedError


def cancel(export: Export) -> None:
    """Stop it: at once where it waits, within a second or two where it runs. Its data is deleted."""
    raise NotImplementedError


def fetch_rest(export: Export) -> None:
    """Put a stopped or incomplete export back into the queue; it goes on where it stopped."""
    raise NotImplementedError


def offer_what_there_is(export: Export) -> None:
    """Let its owner download what a stopped export has so far, as `PARTIAL_…`."""
    raise NotImplementedError


def progress(export: Export) -> Progress:
    raise NotImplementedError


def open_file(export: Export, owner: Any) -> BinaryIO:
    """The file, open at its start. `Export.DoesNotExist` unless it is `owner`'s and there to download."""
    raise NotImplementedError


def exports_of(owner: Any) -> QuerySet[Export]:
    """A person's own exports, newest first."""
    raise NotImplementedError


def take_over() -> None:
    """Give back to the queue what a killed worker left, and delete what has expired. Cheap; call it often."""
    raise NotImplementedError
