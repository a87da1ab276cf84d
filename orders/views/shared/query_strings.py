"""Query strings of our own pages: every link keeps the filters that it doesn't change."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from orders.domain.freshness import Takes
from orders.domain.identifiers import clean_identifier
from orders.presentation.filtersets.fields import is_date
from orders.presentation.filtersets.parameters import (
    AT,
    EVERYTHING,
    OF,
    PAGE,
    SELECTED,
    SINGLE_USE,
    TO,
    VIEW,
    different_values,
    tidied,
)

# What an address gets that asks the upstream, whatever is saved; and one that shows the last good answer.
FRESH: dict[str, object] = {"fresh": 1}
COPY: dict[str, object] = {"saved": 1}
# What may change without a view being another one.
_WITHIN_A_VIEW = PAGE | SINGLE_USE | {AT, OF, TO, VIEW}
# An address with no more than these opens the view that its reader begins with, where one was chosen.
OPENS_THE_DEFAULT = SINGLE_USE | {"limit"}


def takes(given: QueryDict) -> Takes:
    """What the page may show instead of what the upstream says now."""
    if given.get("fresh") == "1":
        return Takes.LIVE
    return Takes.COPY if given.get("saved") == "1" else Takes.SAVED


def clean_query(given: QueryDict) -> QueryDict:
    """The page's own query as a link should carry it: without all that says nothing.

    That is what is blank, what nobody sees, what belongs to one click, and `whole-days` beside no bare date.
    """
    query = tidied(given)
    for name in SINGLE_USE:
        query.pop(name, None)
    has_dates = any(is_date(query.get(name, "")) for name in ("start-date", "end-date"))
    if not has_dates and len(different_values(query, "whole-days")) < 2:  # two values are still refused
        query.pop("whole-days", None)
    return query


def with_changes(given: QueryDict, changes: Mapping[str, object | None], *, has_default: bool = False) -> str:
    """`?…` with some parameters replaced, or taken away where their new value is None.

    What shows other orders than the view that was opened is no longer that view. Of a list whose reader
    `has_default`, what is left without a filter says that all orders are meant; bare, it would open a view.
    """
    # A page has a dozen such links, all of the same query.
    query = dict(_cleaned(tuple((name, tuple(values)) for name, values in given.lists())))
    if not _WITHIN_A_VIEW.issuperset(changes):
        query.pop(VIEW, None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = (str(value),)
    if has_default and _WITHIN_A_VIEW.issuperset(query):
        query.setdefault(VIEW, (EVERYTHING,))
    return f"?{urlencode(query, doseq=True)}"


@lru_cache(maxsize=64)
def _cleaned(given: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    query = QueryDict(mutable=True)
    for name, values in given:
        query.setlist(name, list(values))
    return tuple((name, tuple(values)) for name, values in clean_query(query).lists())


def list_address(source: str, customer_id: str, filters: QueryDict, *, has_default: bool) -> str:
    """Where the orders with these filters are listed, for a reader who `has_default` or hasn't."""
    query = filters.copy()
    query.pop(SELECTED, None)  # of no list, but of some of its rows
    shown = with_changes(query, {}, has_default=has_default)
    return reverse("history", args=[source, customer_id]) + shown.removesuffix("?")


def without_value(given: QueryDict, name: str, value: str, *, has_default: bool = False) -> str:
    """`?…` without one value of a parameter, however it was typed, and back on the first page."""
    query = clean_query(given)
    taken = clean_identifier(value)
    query.setlist(name, [kept for kept in query.getlist(name) if clean_identifier(kept) != taken])
    query.pop(VIEW, None)
    return with_changes(query, {"offset": None}, has_default=has_default)
