"""Which columns a file has: all of them, those without personal data, a person's own set, or a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models import QuerySet

from orders import services
from orders.columns import ROW_KINDS, Column, columns_for
from orders.models import ColumnPreset
from orders.prepared import Prepared

EVERY_COLUMN = "all"
WITHOUT_PERSONAL_DATA = "without-personal-data"
# Agents answer questions; who sends a file on answers for the personal data in it.
CAREFUL_ROLE = "customer-service agent"

_PRESETS = Prepared(
    lambda owner, source: ColumnPreset.objects.filter(owner=owner, source=source).values_list("name", "rows")
)
_HAS_ROLE = Prepared(lambda person, role: Group.objects.filter(user=person, name=role).values_list("pk")[:1])

ROW_WORDS = {"orders": "orders", "lines": "line items"}


class UnknownColumns(ValueError):
    """The address names a set or a column that there is not, in words for whoever sent it."""


@dataclass(frozen=True)
class Kind:
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
        return tuple(columns_for(self.source, self.rows))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def kinds() -> list[Kind]:
    return [Kind(each.name, rows, each.label) for each in services.sources() for rows in ROW_KINDS]


def kind_of(source: str, rows: str) -> Kind:
    """KeyError where there are no such files."""
    return {(kind.source, kind.rows): kind for kind in kinds()}[source, rows]


def presets_of(owner: User, kind: Kind) -> QuerySet[ColumnPreset]:
    return ColumnPreset.objects.filter(owner=owner, source=kind.source, rows=kind.rows)


def with_words(owner: User) -> list[tuple[ColumnPreset, str]]:
    """All of the person's sets, each with the files it is for."""
    words = {(kind.source, kind.rows): kind.words for kind in kinds()}
    return [
        (preset, words.get((preset.source, preset.rows), preset.source))
        for preset in ColumnPreset.objects.filter(owner=owner)
    ]


def is_reserved(name: str) -> bool:
    """Whether an address could mean something else by it."""
    known = {column for kind in kinds() for column in kind.names} | {EVERY_COLUMN, WITHOUT_PERSONAL_DATA}
    return "," in name or name.casefold() in {each.casefold() for each in known}


def default_choice(owner: User) -> str:
    """What the forms of this person propose."""
    return WITHOUT_PERSONAL_DATA if _HAS_ROLE.exists(owner.pk, CAREFUL_ROLE) else EVERY_COLUMN


def choices(owner: User, source: str) -> list[tuple[str, str]]:
    """What a form offers for a source's files: (value of `columns`, words)."""
    mine: dict[str, list[str]] = {}
    for name, rows in _PRESETS.rows(owner.pk, source):
        mine.setdefault(name, []).append(ROW_WORDS.get(rows, rows))
    return [
        (EVERY_COLUMN, "All columns"),
        (WITHOUT_PERSONAL_DATA, "Without personal data"),
        *((name, f"{name} ({' and '.join(rows)})") for name, rows in mine.items()),
    ]


def choose(*, owner: User, source: str, rows: str, text: str) -> list[str]:
    """The columns that `text` means, in order; an empty list means all of them.

    It is `all`, `without-personal-data`, the name of one of the person's sets, or names with commas
    between. An address that says nothing means all of them, whoever sends it: what stands in a file
    that a script fetches must not depend on a role. A workbook with two sheets takes either's columns.
    """
    text = text.strip()
    if text in ("", EVERY_COLUMN):
        return []
    wanted = [kind_of(source, each) for each in (ROW_KINDS if rows == "both" else [rows])]
    if text == WITHOUT_PERSONAL_DATA:
        return _united([each.name for each in kind.columns if not each.is_personal] for kind in wanted)
    mine = [
        list(preset.columns)
        for kind in wanted
        for preset in presets_of(owner, kind).filter(name__iexact=text)
    ]
    return _united(mine) if mine else _listed(text, wanted)


def _listed(text: str, wanted: list[Kind]) -> list[str]:
    names = [name for name in (part.strip() for part in text.split(",")) if name]
    known = {name for kind in wanted for name in kind.names}
    unknown = [name for name in names if name not in known]
    if unknown:
        files = " and ".join(kind.words for kind in wanted)
        raise UnknownColumns(
            f"“{', '.join(unknown)}” is neither a column of the files “{files}” nor a set of yours for them."
        )
    return _united([names])


def _united(lists: Iterable[list[str]]) -> list[str]:
    """Each name once, where it comes first."""
    return list(dict.fromkeys(name for names in lists for name in names))
