"""Views that come with the portal: the same history by what people ask of it, each a plain address.

Which there are is said by the filter set of each upstream.
"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.presentation.filtersets import FILTERSETS
from orders.presentation.texts.phrases import Text
from orders.views.shared.query_strings import clean_query

# How a list is shown and where in it one is, whatever view it is.
_NOT_OF_A_VIEW = ("limit", "offset", "sort")


class ViewTab(NamedTuple):
    name: str
    words: Text
    address: str
    is_current: bool
    number: int | None = None


def view_tabs(source: str, given: QueryDict) -> list[ViewTab]:
    """All orders first. The one whose filters are in force is current; with others, none is."""
    query = clean_query(given)
    limit = [("limit", query["limit"])] if query.get("limit") else []
    names = [name for name in query if name not in _NOT_OF_A_VIEW]
    asked = sorted((name, value) for name in names for value in query.getlist(name))
    views = [("all", _("All orders"), ()), *FILTERSETS[source].shipped_views]
    return [
        ViewTab(name, words, f"?{urlencode([*wanted, *limit])}", sorted(wanted) == asked)
        for name, words, wanted in views
    ]
