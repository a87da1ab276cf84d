"""Views that come with the portal: the same history by what people ask of it, each a plain address."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.presentation.texts.phrases import Text
from orders.views.shared.query_strings import clean_query

Parameters = Sequence[tuple[str, str]]
# How a list is shown and where in it one is, whatever view it is.
_NOT_OF_A_VIEW = ("limit", "offset", "sort")


class ViewTab(NamedTuple):
    name: str
    words: Text
    address: str
    is_current: bool
    number: int | None = None


def _several(name: str, *values: str) -> Parameters:
    return [(name, value) for value in values]


def _this_year() -> Parameters:
    return [("start-date", f"{datetime.now(UTC).year}-01-01"), ("whole-days", "1")]


SHIPPED: dict[str, list[tuple[str, Text, Callable[[], Parameters]]]] = {
    "adobe": [
        ("failed", _("Failed"), lambda: _several("status", "1004", "1020", "1022", "1024", "1026")),
        ("open", _("Open"), lambda: _several("status", "1002")),
        (
            "returns",
            _("Returns and switches"),
            lambda: _several("order-type", "RETURN", "SWITCH", "REVERT_SWITCH"),
        ),
        ("this-year", _("This year"), _this_year),
    ],
    "fabric": [
        (
            "attention",
            _("Needs attention"),
            lambda: _several("attention", "overdue", "retries-exhausted", "failed-no-retry", "will-retry"),
        ),
        ("open", _("Open"), lambda: _several("status", "SCHEDULED", "SUBMITTED", "RETRY")),
        ("failed", _("Failed"), lambda: _several("status", "FAILED", "CANCELED")),
        ("placed", _("Placed"), lambda: _several("status", "SUCCESS")),
    ],
}


def view_tabs(source: str, given: QueryDict) -> list[ViewTab]:
    """All orders first. The one whose filters are in force is current; with others, none is."""
    query = clean_query(given)
    limit = [("limit", query["limit"])] if query.get("limit") else []
    names = [name for name in query if name not in _NOT_OF_A_VIEW]
    asked = sorted((name, value) for name in names for value in query.getlist(name))
    views = [("all", _("All orders"), list), *SHIPPED.get(source, ())]
    return [
        ViewTab(name, words, f"?{urlencode([*(wanted := list(make())), *limit])}", sorted(wanted) == asked)
        for name, words, make in views
    ]
