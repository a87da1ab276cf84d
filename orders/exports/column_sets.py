"""Which columns a file has: all of them, those without personal data, a person's own set, or a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.exports.models import ColumnSet
from orders.infrastructure.prepared_queries import Prepared
from orders.presentation.columns import ROW_TYPES, Column, columns_for
from orders.presentation.texts.phrases import clauses
from orders.upstreams import catalogue

EVERY_COLUMN = "all"
WITHOUT_PERSONAL_DATA = "without-personal-data"
# What a list shows, with its columns behind it: `as-on-the-page:orderId,status`.
AS_ON_THE_PAGE = "as-on-the-page:"
# Agents answer questions; who sends a file on answers for the personal data in it.
CAREFUL_ROLE = "customer-service agent"

_SETS = Prepared(
    lambda owner, source: ColumnSet.objects.filter(owner=owner, source=source).values_list("name", "rows")
)
_HAS_ROLE = Prepared(lambda person, role: Group.objects.filter(user=person, name=role).values_list("pk")[:1])

ROW_WORDS = {"orders": _("orders"), "lines": _("line items")}


class UnknownColumns(ValueError):
    """The address names a set or a column that there is not, in words for whoever sent it."""


@dataclass(frozen=True)
class RowType:
    """The files of one upstream with one sort of rows."""

    source: str
    rows: str
    label: str

    @property
    def key(self) -> str:
        return f"{self.source}-{self.rows}"

    @property
    def words(self) -> str:
        return f"{self.label}, {ROW_WORDS[self.rows]}"

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """What a file has unless something else is asked for."""
        return columns_for(self.source, self.rows)

    @property
    def every_column(self) -> tuple[Column[Any], ...]:
        """All that a file can have: prices and personal data only where they are asked for."""
        return columns_for(self.source, self.rows, with_prices=True, is_revealed=True)

    @property
    def explained(self) -> tuple[Column[Any], ...]:
        """All of them, with examples of this upstream."""
        return tuple(replace(each, example=each.example_of(self.source)) for each in self.every_column)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.every_column)


def row_types() -> list[RowType]:
    return [RowType(each.name, rows, each.label) for each in catalogue.descriptions() for rows in ROW_TYPES]


def row_type_of(source: str, rows: str) -> RowType:
    """KeyError where there are no such files."""
    return {(row_type.source, row_type.rows): row_type for row_type in row_types()}[source, rows]


def sets_of(owner: User, row_type: RowType) -> QuerySet[ColumnSet]:
    return ColumnSet.objects.filter(owner=owner, source=row_type.source, rows=row_type.rows)


def with_words(owner: User) -> list[tuple[ColumnSet, str]]:
    """All of the person's sets, each with the files it is for."""
    words = {(row_type.source, row_type.rows): row_type.words for row_type in row_types()}
    return [
        (column_set, words.get((column_set.source, column_set.rows), column_set.source))
        for column_set in ColumnSet.objects.filter(owner=owner)
    ]


def keep(column_set: ColumnSet, *, name: str, columns: list[str]) -> None:
    """A new one, or a changed one; the caller has seen to it that no other of its owner's has the name."""
    column_set.name, column_set.columns = name, columns
    column_set.save()


def forget(column_set: ColumnSet) -> None:
    """Files that were made with it stay as they are."""
    column_set.delete()


def is_reserved(name: str) -> bool:
    """Whether an address could mean something else by it."""
    known = {column.name for row_type in row_types() for column in row_type.every_column} | {
        EVERY_COLUMN,
        WITHOUT_PERSONAL_DATA,
    }
    return (
        "," in name
        or name.casefold().startswith(AS_ON_THE_PAGE)
        or name.casefold() in {each.casefold() for each in known}
    )


def default_choice(owner: User) -> str:
    """What the forms of this person propose."""
    return WITHOUT_PERSONAL_DATA if _HAS_ROLE.exists(owner.pk, CAREFUL_ROLE) else EVERY_COLUMN


def choices(owner: User, source: str, on_page: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What a form offers for a source's files: (value of `columns`, words); `on_page` are those of a list."""
    mine: dict[str, list[str]] = {}
    for name, rows in _SETS.rows(owner.pk, source):
        mine.setdefault(name, []).append(ROW_WORDS.get(rows, rows))
    return [
        (EVERY_COLUMN, gettext("All columns")),
        (WITHOUT_PERSONAL_DATA, gettext("Without personal data")),
        *([as_on_page(on_page)] if on_page else []),
        *((name, f"{name} ({', '.join(map(str, rows))})") for name, rows in mine.items()),
    ]


def as_on_page(names: Iterable[str]) -> tuple[str, str]:
    """Value and words of a choice: what the list has that the file is asked for beside."""
    return f"{AS_ON_THE_PAGE}{','.join(names)}", gettext("As on the page")


def choose(*, owner: User, source: str, rows: str, text: str, with_prices: bool = False) -> list[str]:
    """The columns that `text` means, in order; an empty list means all of them.

    It is `all`, `without-personal-data`, what a list shows, the name of one of the person's sets, or names
    with commas between. An address that says nothing means all of them, whoever sends it: what stands in a
    file that a script fetches must not depend on a role. A workbook with two sheets takes either's columns.
    """
    text = text.strip()
    if text in ("", EVERY_COLUMN):
        return []
    wanted = [row_type_of(source, each) for each in (ROW_TYPES if rows == "both" else [rows])]
    if text == WITHOUT_PERSONAL_DATA:
        return _united(
            [
                each.name
                for each in columns_for(row_type.source, row_type.rows, with_prices=with_prices)
                if not each.is_personal
            ]
            for row_type in wanted
        )
    if text.startswith(AS_ON_THE_PAGE):
        names = _listed(text.removeprefix(AS_ON_THE_PAGE), [row_type_of(source, "orders")])
        return _united(_shown(names, row_type, with_prices) for row_type in wanted)
    mine = [
        list(column_set.columns)
        for row_type in wanted
        for column_set in sets_of(owner, row_type).filter(name__iexact=text)
    ]
    return _united(mine) if mine else _listed(text, wanted)


def _shown(names: list[str], row_type: RowType, with_prices: bool) -> list[str]:
    """In a file of orders the columns of the list; in one of line items those of them that say the same of
    each line, and then what an order's page shows of its lines.
    """
    if row_type.rows == "orders":
        return names
    known = {each.name for each in columns_for(row_type.source, row_type.rows, with_prices=with_prices)}
    of_order = ["orderStatus" if name == "status" and "orderStatus" in known else name for name in names]
    of_lines = catalogue.describe(row_type.source).line_columns
    return [name for name in (*of_order, *of_lines) if name in known]


def _listed(text: str, wanted: list[RowType]) -> list[str]:
    names = [name for name in (part.strip() for part in text.split(",")) if name]
    known = {column.name for row_type in wanted for column in row_type.every_column}
    unknown = [name for name in names if name not in known]
    if unknown:
        files = clauses(row_type.words for row_type in wanted)
        raise UnknownColumns(
            gettext("“%(value)s” is neither a column of the files “%(files)s” nor a set of yours for them.")
            % {"value": ", ".join(unknown), "files": files}
        )
    return _united([names])


def _united(lists: Iterable[list[str]]) -> list[str]:
    """Each name once, where it comes first."""
    return list(dict.fromkeys(name for names in lists for name in names))
