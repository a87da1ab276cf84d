"""Which columns a list has, and in which order: chosen on the page, for each upstream, and remembered.

They are the columns that files of orders have; in an address they are named with `columns=orderId,status`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from orders import services
from orders.domain.descriptions import Description
from orders.infrastructure.drawn_parts import drawn
from orders.people.permissions import rights_in
from orders.people.personal_settings import choose_columns, chosen_by
from orders.presentation.columns import Column, columns_for
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import COLUMNS
from orders.views.shared.given import number_in, way_back
from orders.views.shared.query_strings import with_changes
from orders.views.shared.requests import PortalRequest

# The row's link: without it nothing could be opened.
LINK = "orderId"
_LAST = 10**9


@dataclass(frozen=True)
class ListColumns:
    """The columns in their order; what the address asks for in vain; whether somebody chose them."""

    names: tuple[str, ...]
    unknown: Sequence[str] = ()
    is_chosen: bool = False


class Choice(NamedTuple):
    """One line of the chooser."""

    column: Column[Any]
    is_ticked: bool
    place: str


@dataclass(frozen=True)
class ColumnChooser:
    """`choices` are the drawn lines: ticked ones first, in their order."""

    address: str
    choices: SafeString


def columns_of_lists(source: str, *, with_prices: bool = True) -> Mapping[str, Column[Any]]:
    """All that a list of the upstream can have, by name."""
    return {each.name: each for each in columns_for(source, "orders", with_prices=with_prices)}


def known_columns(text: str, offered: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names in `text` that there are, each once, and those that there are not."""
    names = dict.fromkeys(name for name in (part.strip() for part in text.split(",")) if name)
    there_are = frozenset(offered)
    return [name for name in names if name in there_are], [name for name in names if name not in there_are]


def list_columns(request: PortalRequest, description: Description) -> ListColumns:
    """Those of the address; else those that the person has chosen; else the upstream's own."""
    asked = request.GET.get(COLUMNS, "")
    chosen = asked or ",".join(chosen_by(request).list_columns.get(description.name, ()))
    if not chosen:
        return ListColumns(description.columns)
    offered = columns_of_lists(description.name, with_prices=rights_in(request).may_see_prices)
    names, unknown = known_columns(chosen, offered)
    with_link = names if LINK in names else [LINK, *names]
    return ListColumns(
        tuple(with_link) if names else description.columns, unknown if asked else (), is_chosen=bool(names)
    )


def column_chooser(request: PortalRequest, description: Description, columns: ListColumns) -> ColumnChooser:
    """Drawn once for all who have the same columns: there may be forty of them."""
    may_see_prices = rights_in(request).may_see_prices
    return ColumnChooser(
        address=reverse("list-columns", args=[description.name]),
        choices=drawn(
            "orders/history/column_choices.html",
            {"choices": _choices(description, columns.names, may_see_prices)},
            (description.name, columns.names, may_see_prices),
        ),
    )


def _choices(description: Description, names: Sequence[str], may_see_prices: bool) -> list[Choice]:
    offered = columns_of_lists(description.name, with_prices=may_see_prices and description.offers_prices)
    ticked = [
        Choice(offered[name], True, str(place)) for place, name in enumerate(names, 1) if name in offered
    ]
    return [*ticked, *(Choice(column, False, "") for name, column in offered.items() if name not in names)]


@require_POST
def choose(request: PortalRequest, source: str) -> HttpResponse:
    """Remember them, or with `usual` forget them; back to the list, which then has no columns of its own."""
    if source not in FILTERSETS:
        raise Http404(f"no upstream is called {source}")
    ticked = [] if "usual" in request.POST else request.POST.getlist("column")
    names, _ = known_columns(",".join(ticked), columns_of_lists(source))
    usual = services.describe(source).columns
    names.sort(key=lambda name: _place(request.POST, name))
    choose_columns(request, request.user, source, [] if tuple(names) == usual else names)
    path, _, query = way_back(request).url.partition("?")
    left = with_changes(
        QueryDict(query),
        {COLUMNS: None} if COLUMNS in QueryDict(query) else {},
        has_default=bool(query) and source in chosen_by(request).default_views,
    )
    return redirect(path + left.removesuffix("?"))


def _place(given: QueryDict, name: str) -> int:
    """Where the person wants the column; one without a place comes after those that have one."""
    place = number_in(given.get(f"place-{name}", ""))
    return _LAST if place is None else place
