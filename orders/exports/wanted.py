"""What file is asked for, complete enough to make it the same again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from django.http import QueryDict

from orders import services
from orders.columns import ROW_KINDS, Column, columns_for
from orders.domain.instants import parse_instant, zulu
from orders.filtersets import FILTERSETS

# Parameters of a page's address that say nothing about the result.
_NO_FILTERS = ("limit", "offset", "page", "retry", "rows", "format", "dialect", "columns")


class BadExport(ValueError):
    """The file can't be asked for like that; `errors` names what is wrong by parameter."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in errors.items()))


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a customer's whole filtered result.

    `query` is the upstream's query object with its end pinned; `made_at` is when the file was asked for.
    Nothing else but the upstream's answers decides what stands in the file.
    """

    source: str
    customer_id: str
    query: Any
    rows: Literal["orders", "lines", "both"]
    format: Literal["csv", "xlsx"]
    dialect: str
    columns: tuple[str, ...]
    made_at: datetime

    @property
    def sheets(self) -> tuple[str, ...]:
        """What the file has rows of: `orders`, `lines`, or one sheet of each."""
        return ROW_KINDS if self.rows == "both" else (self.rows,)

    def columns_of(self, sheet: str) -> tuple[Column[Any], ...]:
        if self.rows != "both":
            return columns_for(self.source, sheet, self.columns)
        usual = columns_for(self.source, sheet)
        chosen = tuple(column for column in usual if column.name in self.columns)
        return chosen or usual

    def file_name(self, *, is_complete: bool = True) -> str:
        """ASCII: an ID in an address is, and the rest is ours."""
        stem = f"orders_{self.source}_{self.customer_id}_{self.made_at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
        return f"{'' if is_complete else 'PARTIAL_'}{stem}.{self.format}"


def without_paging(query: QueryDict | str) -> QueryDict:
    """The filters alone; which page they were seen on makes no difference to a file."""
    given = QueryDict(query, mutable=True) if isinstance(query, str) else query.copy()
    for name in _NO_FILTERS:
        given.pop(name, None)
    return given


def wanted_file(
    *,
    source: str,
    customer_id: str,
    query: QueryDict | str,
    rows: str = "orders",
    format: str = "csv",  # noqa: A002  (the parameter's name in the address)
    dialect: str = "",
    columns: Sequence[str] = (),
    made_at: datetime | None = None,
    pinned_end: str = "",
) -> Wanted:
    """Check everything a person can get wrong, and pin the end of the window. Raises `BadExport`."""
    errors: dict[str, list[str]] = {}
    if rows not in (*ROW_KINDS, "both"):
        errors["rows"] = ["Choose orders, lines or both."]
    if format not in ("csv", "xlsx"):
        errors["format"] = ["Choose csv or xlsx."]
    if rows == "both" and format == "csv":
        errors["format"] = ["A CSV file has one kind of rows; two sheets need xlsx."]
    if dialect not in ("", "excel"):
        errors["dialect"] = ["Choose excel, or leave it out."]
    filters = FILTERSETS[source](without_paging(query))
    if not filters.is_valid():
        errors |= filters.errors_by_parameter()
    for sheet in ROW_KINDS if rows == "both" else (rows,):
        try:
            columns_for(source, sheet, () if rows == "both" else columns)
        except KeyError as unknown:
            errors["columns"] = [f"There is no column {unknown.args[0]}."]
    if errors:
        raise BadExport(errors)
    made_at = made_at or datetime.now(UTC)
    return Wanted(
        source=source,
        customer_id=customer_id,
        query=_pinned(source, filters.query, made_at, pinned_end),
        rows=rows,  # type: ignore[arg-type]  # checked above
        format=format,  # type: ignore[arg-type]  # checked above
        dialect=dialect,
        columns=tuple(columns),
        made_at=made_at,
    )


def pinned_end(wanted: Wanted) -> str:
    """The end of the window as it is sent, empty for an upstream that knows no window."""
    return getattr(wanted.query, "created_to", "")


def _pinned(source: str, query: Any, made_at: datetime, pinned: str) -> Any:
    """Orders placed after the start must not push others from page to page: the window ends at the start."""
    if "created_to" not in services.describe(source).supports:
        return query
    asked = pinned or query.created_to
    end = parse_instant(asked)
    if end is None or end > made_at:
        asked = zulu(made_at.replace(microsecond=0))
    return msgspec.structs.replace(query, created_to=asked)
