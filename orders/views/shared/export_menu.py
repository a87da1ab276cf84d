"""The export menu of a history page: how many orders, what the file covers, and the choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from orders.domain.descriptions import Description
from orders.domain.results import ResultPage
from orders.exports.column_sets import as_on_page
from orders.people.permissions import rights_in
from orders.people.personal_settings import Chosen, chosen_by
from orders.presentation.columns import columns_for
from orders.presentation.filtersets.base import UpstreamFilterSet
from orders.presentation.filtersets.parameters import NO_FILTERS, SELECTED
from orders.presentation.numbers import grouped
from orders.views.shared.date_range_notice import DateRangeNotice
from orders.views.shared.export_forms import ExportForm
from orders.views.shared.query_strings import clean_query
from orders.views.shared.requests import PortalRequest

_MOST_VALUES = 10  # of one filter, in words


@dataclass(frozen=True)
class ExportMenu:
    """`hidden` carries the filters of the page; a form that only asks is a GET, one that orders is a POST."""

    owner: User
    source: str
    preferred: Chosen
    address: str
    words: str
    covers: str
    filters: list[str]
    hidden: list[tuple[str, str]]
    is_in_background: bool
    on_page: Sequence[str] = ()  # the columns of the list
    note: str = ""
    personal_address: str = ""  # where the same is asked for with personal data; empty for who may not

    @cached_property
    def form(self) -> ExportForm:
        return ExportForm(self.owner, self.source, None, self.preferred, self.on_page)

    @property
    def selection_fields(self) -> list[tuple[str, str]]:
        """What a file of selected rows is asked for with, its orders and its format apart."""
        dialect = [("dialect", self.preferred.dialect)] if self.preferred.dialect else []
        columns = [("columns", as_on_page(self.on_page)[0])] if self.on_page else []
        return [*self.hidden, *dialect, *columns]

    @property
    def method(self) -> str:
        return "post" if self.is_in_background else "get"


def export_menu(
    request: PortalRequest,
    description: Description,
    customer_id: str,
    filters: UpstreamFilterSet,
    page: ResultPage,
    date_range: DateRangeNotice,
    on_page: Sequence[str] = (),
) -> ExportMenu | None:
    """None where there is nothing to export, or for a person who may not."""
    if page.total_count == 0 or not rights_in(request).may_export:
        return None
    in_background = page.total_count is not None and page.total_count > settings.EXPORT_INLINE_MAX
    return ExportMenu(
        owner=request.user,
        source=description.name,
        preferred=chosen_by(request),
        address=reverse("export", args=[description.name, customer_id]),
        words=gettext("Export the orders that match") if page.not_applied else _words(page.total_count),
        covers=_covers(description, page, date_range),
        filters=filter_words(filters),
        hidden=hidden_fields(request.GET, filters),
        is_in_background=in_background,
        on_page=on_page,
        note=_note(page, in_background),
        personal_address=_personal_address(request, description, customer_id, filters),
    )


def _personal_address(
    request: PortalRequest, description: Description, customer_id: str, filters: UpstreamFilterSet
) -> str:
    """Empty for a person who may not see such data, and for an upstream that has none."""
    columns = columns_for(description.name, "orders", is_revealed=True)
    if not rights_in(request).may_reveal or not any(column.needs_reveal for column in columns):
        return ""
    query = QueryDict(mutable=True)
    for name, value in hidden_fields(request.GET, filters):
        query.appendlist(name, value)
    query["personal"] = "1"
    return f"{reverse('export', args=[description.name, customer_id])}?{query.urlencode()}"


def filter_words(filters: UpstreamFilterSet) -> list[str]:
    """The filters in force, several values of one together: `Order type: New, Renewal`."""
    together: dict[str, list[str]] = {}
    for _, _, words in filters.chips():
        label, _, value = words.partition(": ")
        together.setdefault(label, []).append(value)
    return [f"{label}: {_first_of(values)}" if all(values) else label for label, values in together.items()]


def _first_of(values: list[str]) -> str:
    """Some of many, and how many there are: a product has hundreds of offers."""
    every = [each for value in values for each in value.split(",")]
    if len(every) <= _MOST_VALUES:
        return ", ".join(values)
    more = gettext("and %(count)s more") % {"count": grouped(len(every) - _MOST_VALUES)}
    return f"{', '.join(every[:_MOST_VALUES])} {more}"


def selected_words(given: QueryDict) -> list[str]:
    """How many orders of a list are selected, where any are."""
    count = len(set(given.getlist(SELECTED)))
    said = ngettext("%(count)s selected order", "%(count)s selected orders", count)
    return [said % {"count": grouped(count)}] if count else []


def hidden_fields(
    given: QueryDict, filters: UpstreamFilterSet, *, of_file: bool = False
) -> list[tuple[str, str]]:
    """The filters as they stand, without what is the page's or the form's own or nobody's. A selection is one
    `of_file`; a list ignores it.
    """
    known = NO_FILTERS | {SELECTED} if of_file else NO_FILTERS
    left_out = NO_FILTERS.union(filters.unknown_parameters(known))
    return [
        (name, value)
        for name, values in clean_query(given).lists()
        if name not in left_out
        for value in values
    ]


def _words(total: int | None) -> str:
    if total is None:
        return gettext("Export all orders")
    return ngettext("Export %(count)s order", "Export %(count)s orders", total) % {"count": grouped(total)}


def _covers(description: Description, page: ResultPage, date_range: DateRangeNotice) -> str:
    if not page.is_complete:
        return gettext("the %(unfiltered_count)s of %(known_total)s orders that %(label)s sends") % {
            "unfiltered_count": grouped(page.unfiltered_count or 0),
            "known_total": grouped(page.known_total or 0),
            "label": description.short_label,
        }
    if not description.pages_upstream:
        return ngettext(
            "the one order that %(label)s sends",
            "all %(unfiltered_count)s orders that %(label)s sends",
            page.unfiltered_count or 0,
        ) % {
            "unfiltered_count": grouped(page.unfiltered_count or 0),
            "label": description.short_label,
        }
    return date_range.title


def _note(page: ResultPage, in_background: bool) -> str:
    if not page.is_complete:
        return gettext("It will be partial, because the upstream says that more orders exist.")
    if in_background:
        return gettext("It is made in the background; you can leave the page meanwhile.")
    return ""
