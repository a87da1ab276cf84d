"""Query strings of our own pages: every link keeps the filters that it doesn't change."""

from collections.abc import Mapping

from django.http import QueryDict

# Never part of a link that a page draws: it belongs to one click.
SINGLE_USE = ("retry",)


def clean_query(given: QueryDict) -> QueryDict:
    """The page's own query without blanks and without what belongs to one click."""
    query = QueryDict(mutable=True)
    for name, values in given.lists():
        kept = [value for value in values if value != ""]
        if kept and name not in SINGLE_USE:
            query.setlist(name, kept)
    return query


def with_changes(given: QueryDict, changes: Mapping[str, object | None]) -> str:
    """`?…` with some parameters replaced, or taken away where their new value is None."""
    query = clean_query(given)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def without_value(given: QueryDict, name: str, value: str) -> str:
    """`?…` without one value of a parameter, and back on the first page."""
    query = clean_query(given)
    query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    query.pop("offset", None)
    return f"?{query.urlencode()}" if query else "?"
