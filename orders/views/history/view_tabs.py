"""Views of a list, as tabs above it: those that come with the portal, and the person's own.

Which come with the portal is said by the filter set of each upstream. A view is opened by its name or number
(`view=failed`, `view=12`), which leads to the address that it stands for: what is in force is seen there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orders.people.saved_views import View
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import PageForm
from orders.presentation.filtersets.parameters import COLUMNS, EVERYTHING, PAGE, VIEW, Parameters
from orders.presentation.texts.phrases import Text
from orders.views.history.list_columns import columns_of_lists, known_columns
from orders.views.shared.query_strings import OPENS_THE_DEFAULT, clean_query

# As many of a person's own stand beside the others; the rest is in a menu.
MOST_BESIDE = 4
# How a list is shown and where in it one is, whatever view it is.
_NOT_OF_A_VIEW = frozenset({"limit", "offset", "sort", VIEW, COLUMNS})


class ViewTab(NamedTuple):
    name: str
    words: Text
    address: str
    is_current: bool
    number: int | None = None


@dataclass(frozen=True)
class ListViews:
    """All that somebody may open for an upstream: `own` are theirs and their roles'; `default` is a key."""

    source: str
    own: Sequence[View]
    default: str = ""

    @property
    def shipped(self) -> Mapping[str, tuple[Text, Parameters]]:
        return {name: (words, wanted) for name, words, wanted in FILTERSETS[self.source].shipped_views}

    def find(self, key: str) -> View | None:
        return next((view for view in self.own if str(view.number) == key), None)

    def query_of(self, key: str) -> QueryDict | None:
        """What the view stands for, as far as it still fits; None where there is no such view."""
        if key == EVERYTHING:
            return QueryDict(mutable=True)
        if key in self.shipped:
            return QueryDict(urlencode(self.shipped[key][1]), mutable=True)
        view = self.find(key)
        if view is None:
            return None
        fit, _ = fitting(self.source, view.query)
        fit[VIEW] = key
        return fit

    def opened_by(self, given: QueryDict) -> QueryDict | None:
        """Where an address leads that names a view and says nothing else; None where it is to be shown."""
        key = given.get(VIEW, "")
        if set(given) - OPENS_THE_DEFAULT - {VIEW} or (not key and not self.default):
            return None
        query = self.query_of(key or self.default)
        if query is None or not set(query) - {VIEW}:
            return None
        for name in OPENS_THE_DEFAULT & set(given):
            query.setlist(name, given.getlist(name))
        # A view of a page size alone leads to an address that says no more than it did.
        return None if dict(query.lists()) == dict(given.lists()) else query


def fitting(source: str, query: str) -> tuple[QueryDict, list[str]]:
    """What of a view's query can still be asked for, and the names of the parameters that can't."""
    fit = QueryDict(query, mutable=True)
    left_out: list[str] = []
    while True:
        filters, pages = FILTERSETS[source](fit), PageForm(fit)
        wrong = {*filters.unknown_parameters(PAGE | {COLUMNS, VIEW})}
        wrong |= {*filters.errors_by_parameter(), *pages.errors}
        if not wrong & set(fit):
            break
        for name in sorted(wrong & set(fit)):
            fit.pop(name)
            left_out.append(name)
    if COLUMNS in fit:
        names, unknown = known_columns(fit.pop(COLUMNS)[-1], columns_of_lists(source))
        if names:
            fit[COLUMNS] = ",".join(names)
        if unknown:
            left_out.append(COLUMNS)
    return fit, left_out


def view_tabs(views: ListViews, given: QueryDict) -> tuple[list[ViewTab], list[ViewTab]]:
    """Those that stand above the list, and those in a menu beside them.

    All orders first. The one whose filters are in force is current; with others, none is.
    """
    query = clean_query(given)
    limit = [("limit", query["limit"])] if query.get("limit") else []
    asked = sorted(
        (name, value) for name, values in query.lists() for value in values if name not in _NOT_OF_A_VIEW
    )
    opened = query.get(VIEW, "")
    is_own = views.find(opened) is not None
    everything = [(VIEW, EVERYTHING)] if views.default else []
    shipped = [
        (EVERYTHING, _("All orders"), everything, ()),
        *((name, words, wanted, wanted) for name, (words, wanted) in views.shipped.items()),
    ]
    tabs = [
        ViewTab(name, words, f"?{urlencode([*led, *limit])}", not is_own and sorted(wanted) == asked)
        for name, words, led, wanted in shipped
    ]
    own = [
        ViewTab(key := str(view.number), view.name, f"?{urlencode([(VIEW, key), *limit])}", key == opened)
        for view in views.own
    ]
    beside = [*own[:MOST_BESIDE], *(tab for tab in own[MOST_BESIDE:] if tab.is_current)]
    return [*tabs, *beside], [tab for tab in own if tab not in beside]
