"""What file is asked for, complete enough to make it the same again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext

from orders.domain.descriptions import Description
from orders.domain.granted_rights import Rights
from orders.domain.identifiers import is_identifier
from orders.domain.instants import parse_instant, zulu
from orders.domain.queries import OrderQuery
from orders.exports.engine.formats import FileFormat, dialects, format_names, format_of
from orders.people.account_sets import ALL_ACCOUNTS, AccountChoice
from orders.presentation.columns import ROW_TYPES, Column, columns_for
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import MAX_PAGE_SIZE
from orders.presentation.filtersets.fields import NO_IDENTIFIER
from orders.presentation.filtersets.parameters import NO_FILTERS, SELECTED
from orders.upstreams import catalogue

# As many as a list shows on one page.
MOST_SELECTED = MAX_PAGE_SIZE
BOTH = "both"  # two sheets: orders, and line items
# What rows of several customers begin with: the account's name, and the upstream's.
PORTFOLIO_COLUMNS = ("account", "source")


class BadExport(ValueError):
    """The file can't be asked for like that; `errors` names what is wrong by parameter."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in errors.items()))


class ExportSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a customer's whole filtered result, checked once by `checked` and handed on as it is; without
    a customer, one of all customers of the accounts of `choice`.

    `filters` is the history page's query string without paging, `query` the upstream's query object made
    of it, with its end pinned; `made_at` is when the file was asked for. With a `reason` it holds personal
    data in the clear. Nothing else but the upstream's answers decides what stands in the file.
    """

    source: str
    customer_id: str
    filters: str
    query: OrderQuery
    rows: str
    format: str
    dialect: str
    columns: tuple[str, ...]
    made_at: datetime
    reason: str = ""
    choice: AccountChoice = ALL_ACCOUNTS

    @classmethod
    def checked(
        cls,
        *,
        source: str,
        customer_id: str = "",
        choice: AccountChoice = ALL_ACCOUNTS,
        query: QueryDict | str,
        rows: str = "orders",
        format: str = "csv",  # noqa: A002  (the parameter's name in the address)
        dialect: str = "",
        columns: Sequence[str] = (),
        reason: str = "",
        made_at: datetime | None = None,
        pinned_end: str = "",
    ) -> "ExportSpec":
        """Check everything a person can get wrong, and pin the end of the range. Raises `BadExport`."""
        given = filters_alone(query)
        selected = tuple(dict.fromkeys(given.pop(SELECTED, [])))
        filters = FILTERSETS[source](given)
        errors = _errors(source, rows, format, dialect, columns) | _errors_of_selection(selected)
        if not filters.is_valid():
            errors |= filters.errors_by_parameter()
        if errors:
            raise BadExport(errors)
        made_at = made_at or datetime.now(UTC)
        # A file that goes on tomorrow has today's days, and the offers that a product has now.
        fixed = FILTERSETS[source].fixed(given, made_at.astimezone(UTC).date())
        if fixed is not given:
            filters = FILTERSETS[source](fixed)
            filters.is_valid()
        pinned = _pinned(source, filters.query, made_at, pinned_end)
        stored = fixed.copy()
        if selected:
            stored.setlist(SELECTED, selected)
        return cls(
            source=source,
            customer_id=customer_id,
            filters=stored.urlencode(),
            query=msgspec.structs.replace(pinned, order_ids=selected),
            rows=rows,
            format=format,
            dialect=dialect,
            columns=tuple(columns),
            made_at=made_at,
            reason=reason,
            choice=choice,
        )

    def within(self, rights: Rights) -> "ExportSpec":
        """The same for a person with `rights`: without what they may not see, whatever was asked for."""
        return self if rights.may_reveal else msgspec.structs.replace(self, reason="")

    @property
    def description(self) -> Description:
        return catalogue.describe(self.source)

    @property
    def file_format(self) -> FileFormat:
        return format_of(self.format, self.dialect)

    @property
    def pinned_end(self) -> str:
        """The end of the range as it is sent, empty for an upstream that knows no range."""
        return getattr(self.query, "created_to", "")

    @property
    def sheets(self) -> tuple[str, ...]:
        """What the file has rows of: `orders`, `lines`, or one sheet of each."""
        return ROW_TYPES if self.rows == BOTH else (self.rows,)

    @property
    def has_prices(self) -> bool:
        return getattr(self.query, "with_prices", False)

    def columns_of(self, sheet: str) -> tuple[Column[Any], ...]:
        columns = partial(
            columns_for, self.source, sheet, with_prices=self.has_prices, is_revealed=bool(self.reason)
        )
        if self.rows != BOTH:
            return columns(self.columns)
        usual = columns()
        chosen = tuple(column for column in usual if column.name in self.columns)
        return chosen or usual

    @property
    def is_portfolio(self) -> bool:
        """Whether it is over all customers of some accounts, instead of one customer."""
        return not self.customer_id

    def headings_of(self, sheet: str) -> list[str]:
        """The names of all columns; rows of several customers begin with whose they are."""
        names = [column.name for column in self.columns_of(sheet)]
        return [*PORTFOLIO_COLUMNS, *names] if self.is_portfolio else names

    def file_name(self, *, is_complete: bool = True) -> str:
        """ASCII: an ID in an address is, and the rest is ours."""
        whose = self.customer_id or "portfolio"
        stem = f"orders_{self.source}_{whose}_{self.made_at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
        return f"{'' if is_complete else 'PARTIAL_'}{stem}.{self.file_format.extension}"


def filters_alone(query: QueryDict | str) -> QueryDict:
    """The filters; which page they were seen on, and what the file looks like, makes no difference."""
    given = QueryDict(query, mutable=True) if isinstance(query, str) else query.copy()
    for name in NO_FILTERS:
        given.pop(name, None)
    return given


def _errors(
    source: str,
    rows: str,
    format: str,  # noqa: A002  (the parameter's name in the address)
    dialect: str,
    columns: Sequence[str],
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if rows not in (*ROW_TYPES, BOTH):
        return {"rows": [gettext("Choose orders, lines or both.")]}
    if format not in format_names():
        errors["format"] = [gettext("Choose one of: %(names)s.") % {"names": ", ".join(format_names())}]
    elif dialect not in dialects():
        names = ", ".join(filter(None, dialects()))
        errors["dialect"] = [gettext("Choose one of: %(names)s; or leave it out.") % {"names": names}]
    elif rows == BOTH and not format_of(format).holds_several_sheets:
        errors["format"] = [gettext("A CSV file has one kind of rows; two sheets need xlsx.")]
    else:
        try:
            format_of(format, dialect)
        except KeyError:
            errors["dialect"] = [gettext("That is for CSV files alone; leave it out.")]
    for sheet in ROW_TYPES if rows == BOTH else (rows,):
        try:
            columns_for(source, sheet, () if rows == BOTH else columns)
        except KeyError as unknown:
            errors["columns"] = [gettext("There is no column %(name)s.") % {"name": unknown.args[0]}]
    return errors


def _errors_of_selection(selected: Sequence[str]) -> dict[str, list[str]]:
    if len(selected) > MOST_SELECTED:
        return {SELECTED: [gettext("Select at most %(most)s orders.") % {"most": MOST_SELECTED}]}
    return {} if all(map(is_identifier, selected)) else {SELECTED: [str(NO_IDENTIFIER)]}


def _pinned(source: str, query: OrderQuery, made_at: datetime, pinned: str) -> OrderQuery:
    """Orders placed after the start must not push others from page to page: the range ends at the start."""
    if "created_to" not in catalogue.describe(source).supports:
        return query
    asked = pinned or getattr(query, "created_to", "")
    end = parse_instant(asked)
    if end is None or end > made_at:
        asked = zulu(made_at.replace(microsecond=0))
    return msgspec.structs.replace(query, created_to=asked)
