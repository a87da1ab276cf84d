"""A customer's order history: one page of it, with its filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.generic import View

from orders import services
from orders.domain.descriptions import Description
from orders.domain.errors import BadRequest, NotYours, UpstreamError
from orders.domain.queries import PageRequest
from orders.domain.results import ResultPage
from orders.domain.retry_status import STATES
from orders.domain.terms import Term
from orders.people.permissions import rights_in
from orders.presentation.columns.price_columns import price_meanings
from orders.presentation.dates import zone_name
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import MAX_PAGE_SIZE, PageForm, UpstreamFilterSet
from orders.presentation.filtersets.parameters import COLUMNS, EVERYTHING, PAGE, SINGLE_USE, TO, VIEW
from orders.presentation.list_parts import part_names
from orders.presentation.support_text import request_support_text
from orders.presentation.tables import OrderTable
from orders.presentation.texts import state_words
from orders.services.customer_names import name_of
from orders.views.history.list_columns import ColumnChooser, ListColumns, column_chooser, list_columns
from orders.views.history.months import MonthsOfResult, months_of
from orders.views.history.saved_views import list_views
from orders.views.history.view_tabs import ListViews, ViewTab, fitting, view_tabs
from orders.views.history.ways_on import elsewhere, to_resellers_list
from orders.views.shared import page_sizes, result_texts, retry_tokens
from orders.views.shared.date_range_notice import DateRangeNotice, date_presets, date_range_notice
from orders.views.shared.export_menu import ExportMenu, export_menu
from orders.views.shared.failures import Failure, failure_of
from orders.views.shared.filter_groups import FilterBar, filter_groups
from orders.views.shared.page_sizes import PAGE_SIZES
from orders.views.shared.pager import Pager
from orders.views.shared.pages import render_page
from orders.views.shared.panel_places import PanelPlace, panel_places
from orders.views.shared.previous_and_next import address_of_place, page_of_place, wanted_place
from orders.views.shared.query_strings import (
    FRESH,
    clean_query,
    takes,
    with_changes,
    without_value,
)
from orders.views.shared.requests import PortalRequest

TEMPLATE = "orders/history/order_list.html"


@dataclass(frozen=True)
class HistoryPage:
    """What stands there whether or not the upstream answers; then what is wrong, or an answer's page.

    Addresses are empty where there is nothing to lead to. `moved`: the upstream knows no such customer now,
    of whom orders have been seen.
    """

    description: Description
    customer_id: str
    filters: UpstreamFilterSet
    filter_bar: FilterBar
    tabs: Sequence[ViewTab]
    more_tabs: Sequence[ViewTab]
    clear_address: str
    customer_name: str
    zone: str
    chips: Sequence[tuple[str, str]]
    ignored_parameters: Sequence[str]
    query: str
    panels: Sequence[PanelPlace]
    columns: ListColumns
    chooser: ColumnChooser
    view_notice: str = ""

    field_errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    failure: Failure | None = None
    moved: bool = False
    ways_on: Sequence[tuple[str, str]] = ()

    page: ResultPage | None = None
    table: OrderTable | None = None
    caption: str = ""
    announcement: str = ""
    blank_title: str = ""
    blank_text: str = ""
    date_range: DateRangeNotice | None = None
    count_notice: str = ""
    months: MonthsOfResult | None = None
    lines_notice: Mapping[str, str] = field(default_factory=dict)
    price_meanings: Sequence[Term] = ()
    last_address: str = ""
    export_menu: ExportMenu | None = None
    retry_status_strip: Sequence[tuple[Term, int, str]] = ()
    orderings: Sequence[tuple[str, str, bool]] = ()
    pager: Pager | None = None
    support_text: str = ""
    refresh_address: str = ""


class HistoryView(View):
    """200 with a page of orders, 400 for a bad filter (no upstream asked), else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        description = services.describe(source)
        views = list_views(request, source)
        if "show" in request.GET:
            # The form sends all its fields; the address that stays says only what was filled in.
            query = clean_query(request.GET)
            if views.default and not set(query) - {"limit"}:
                query[VIEW] = EVERYTHING
            return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
        opened = views.opened_by(request.GET)
        if opened is not None:
            return redirect(f"{request.path}?{opened.urlencode()}")
        filters = FILTERSETS[source](
            request.GET, request=request, shows_prices=rights_in(request).may_see_prices
        )
        page_form = PageForm(filters.data)
        context = _frame(request, description, customer_id, filters, views)
        if not (filters.is_valid() & page_form.is_valid()):
            of_the_page = {name: list(map(str, said)) for name, said in page_form.errors.items()}
            errors = {**filters.errors_by_parameter(), **of_the_page}
            return render_page(request, TEMPLATE, replace(context, field_errors=errors), status=400)
        page_request = page_form.page_request(description.default_limit)
        place = wanted_place(request.GET)
        try:
            page = services.list_orders(
                actor=request.user,
                rights=rights_in(request),
                source=source,
                customer_id=customer_id,
                query=filters.query,
                as_listed=True,
                page_request=_asked_for(request, page_request),
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
            )
        except UpstreamError as error:
            _name_field(filters, error)
            failure = failure_of(
                request,
                error,
                label=description.label,
                what="customer",
                limit=page_request.limit,
                has_default=bool(views.default),
            )
            context = replace(context, failure=failure)
            if error.cause == "not-found":
                # One that is not there has nothing beside the orders either: one answer will do.
                is_known = not isinstance(error, NotYours) and services.was_known(source, customer_id)
                ways_on = (
                    []
                    if isinstance(error, NotYours)
                    else to_resellers_list(request, description, customer_id)
                )
                context = replace(context, panels=(), moved=is_known, ways_on=ways_on)
            return failure.mark(render_page(request, TEMPLATE, context))
        if _wants_last_page(request):
            last = page_request.last_offset(page.total_count or 0)
            return redirect(request.path + with_changes(request.GET, {"page": None, "offset": last}))
        if place:
            default = description.default_limit
            return redirect(address_of_place(request.GET, request.path, page, place, default))
        context = _with_result(request, context, page, has_default=bool(views.default))
        if not page.rows and not context.chips:
            ways_on = [*elsewhere(source, customer_id), *to_resellers_list(request, description, customer_id)]
            context = replace(context, ways_on=ways_on)
        if page.freshness.failure is not None:
            failure = failure_of(request, page.freshness.failure, label=description.label, what="customer")
            context = replace(context, failure=failure)
        return page_sizes.remember(request, render_page(request, TEMPLATE, context))


def _orderings(
    query: QueryDict, description: Description, page: ResultPage, *, has_default: bool
) -> list[tuple[str, str, bool]]:
    """Words, address and whether it is in force, where a list can be shown in an order of ours or by date."""
    if not description.list_ordering:
        return []
    by_date = with_changes(query, {"sort": description.ordering, "offset": None})
    first = with_changes(query, {"sort": None, "offset": None}, has_default=has_default)
    return [
        (gettext("Attention first"), first, page.ordering == description.list_ordering),
        (gettext("By date"), by_date, page.ordering == description.ordering),
    ]


def _wants_last_page(request: PortalRequest) -> bool:
    return request.GET.get("page") == "last"


def _asked_for(request: PortalRequest, of_the_address: PageRequest) -> PageRequest:
    """The page of the address; one order alone where that only says where to lead to."""
    if _wants_last_page(request):
        return PageRequest(0, 1)
    place = wanted_place(request.GET)
    return page_of_place(place) if place else of_the_address


def _frame(
    request: PortalRequest,
    description: Description,
    customer_id: str,
    filters: UpstreamFilterSet,
    views: ListViews,
) -> HistoryPage:
    """What the page shows whether or not the upstream answers."""
    source = description.name
    chips = [
        (words, without_value(request.GET, name, value, has_default=bool(views.default)))
        for name, value, words in filters.chips()
    ]
    tabs, more_tabs = view_tabs(views, request.GET)
    columns = list_columns(request, description)
    return HistoryPage(
        description=description,
        customer_id=customer_id,
        filters=filters,
        filter_bar=_filter_bar(request, description, filters, views, in_force=len(chips)),
        tabs=tabs,
        more_tabs=more_tabs,
        clear_address=f"{request.path}?{VIEW}={EVERYTHING}" if views.default else request.path,
        view_notice=_view_notice(views, request.GET.get(VIEW, "")),
        customer_name=name_of(request.user, rights_in(request), source, customer_id),
        zone=zone_name(),
        chips=chips,
        ignored_parameters=filters.unknown_parameters(
            # Of a page number we know nothing but `last`: pages are found by their offset.
            (PAGE | SINGLE_USE | {VIEW, COLUMNS} | ({TO} if wanted_place(request.GET) else set()))
            - (set() if _wants_last_page(request) else {"page"})
        ),
        query=_query_to_save(request, columns),
        panels=panel_places(description, customer_id),
        columns=columns,
        chooser=column_chooser(request, description, columns),
    )


def _query_to_save(request: PortalRequest, columns: ListColumns) -> str:
    """What a view of this page keeps: its columns, too, where somebody has chosen them."""
    query = clean_query(request.GET)
    if columns.is_chosen:
        query[COLUMNS] = ",".join(columns.names)
    return query.urlencode()


def _view_notice(views: ListViews, key: str) -> str:
    """What has become of the view that the address names; blank where nothing has."""
    view = views.find(key)
    if view is not None:
        _, left_out = fitting(views.source, view.query)
        return (
            gettext("The view “%(name)s” no longer fits. Left out of it: %(left_out)s.")
            % {"name": view.name, "left_out": ", ".join(left_out)}
            if left_out
            else ""
        )
    if not key or views.query_of(key) is not None:
        return ""
    return gettext("There is no view %(key)s of yours any more, so it says nothing of this list.") % {
        "key": key[:40]
    }


def _filter_bar(
    request: PortalRequest,
    description: Description,
    filters: UpstreamFilterSet,
    views: ListViews,
    *,
    in_force: int,
) -> FilterBar:
    has_dates = any(filters.data.get(name) for name in ("start-date", "end-date"))
    return FilterBar(
        address=request.path,
        groups=filter_groups(
            filters.form, filters.groups, gettext("More filters"), offers_everybody_the_same=True
        ),
        in_force=in_force,
        # How the list is shown stays, whichever orders are asked for.
        kept=[(name, request.GET[name]) for name in ("limit", COLUMNS) if request.GET.get(name)],
        presets=partial(date_presets, request.GET, description, has_default=bool(views.default)),
        # A person who types dates means whole days; an address that carries bare ones does not.
        whole_days=bool(filters.data.get("whole-days")) or not has_dates,
        shows_prices=filters.shows_prices,
    )


def _pager(query: QueryDict, page: ResultPage, position: str) -> Pager:
    def address(offset: int) -> str:
        return with_changes(query, {"offset": offset, "limit": page.limit})

    return Pager(
        position=position,
        label=gettext("Pages"),
        previous_address=address(page.previous_offset) if page.offset > 0 else "",
        next_address=address(page.next_offset) if page.has_next else "",
        sizes=[(size, with_changes(query, {"limit": size, "offset": None})) for size in PAGE_SIZES],
        size=page.limit,
    )


def _with_result(
    request: PortalRequest, context: HistoryPage, page: ResultPage, *, has_default: bool
) -> HistoryPage:
    """The same with what the page shows of an answer."""
    description, customer_id, filters = context.description, context.customer_id, context.filters
    query = request.GET
    # What shows all orders says so from here on, to whoever would see a view of theirs otherwise.
    if has_default:
        query = QueryDict(with_changes(query, {}, has_default=True).removeprefix("?"))
    position = result_texts.position(page)
    date_range = date_range_notice(query, description, filters, page)
    # An upstream may send prices unasked: a column of them would be blanked out for who may not see them.
    may_see_prices = rights_in(request).may_see_prices
    prices = price_meanings((row.order for row in page.rows), description.prices) if may_see_prices else []
    shown = dict.fromkeys((*context.columns.names, *(["orderPrices"] if prices else [])))
    blank_title, blank_text = result_texts.blank(page, description, is_filtered=filters.is_filtered)
    return replace(
        context,
        page=page,
        table=OrderTable.for_page(
            page,
            shown,
            trail=clean_query(query).urlencode(),
            sortable=not description.pages_upstream,
            part_of=part_names(page),
            selects=True,
        ),
        caption=gettext("Orders of customer %(customer_id)s at %(label)s")
        % {"customer_id": customer_id, "label": description.label},
        announcement=gettext("%(position)s orders of %(customer_id)s")
        % {"position": position, "customer_id": customer_id},
        blank_title=blank_title,
        blank_text=blank_text,
        date_range=date_range,
        count_notice=result_texts.count_notice(page, description),
        months=months_of(query, description, page),
        lines_notice=_lines_notice(query, page),
        price_meanings=prices,
        last_address=_last_address(query, page),
        export_menu=export_menu(request, description, customer_id, filters, page, date_range, tuple(shown)),
        retry_status_strip=[
            (state_words.named(STATES[code]), count, with_changes(query, {"attention": code, "offset": None}))
            for code, count in page.retry_status_counts
        ],
        orderings=_orderings(query, description, page, has_default=has_default),
        pager=_pager(query, page, position),
        support_text=request_support_text(
            label=description.label,
            exchange=page.exchange,
            page=request.build_absolute_uri(request.path),
        ),
        refresh_address=with_changes(query, FRESH),
    )


def _last_address(query: QueryDict, page: ResultPage) -> str:
    """For a page that begins where the result ends; empty on any other."""
    if not page.total_count or page.offset != page.total_count:
        return ""
    last = PageRequest(limit=page.limit).last_offset(page.total_count)
    return with_changes(query, {"offset": last or None})


def _lines_notice(query: QueryDict, page: ResultPage) -> dict[str, str]:
    """Where orders can't be chosen by their lines, because most of them are on other pages."""
    if "lines_mixed" not in page.not_applied:
        return {}
    fits = page.total_count is not None and page.total_count <= MAX_PAGE_SIZE
    return {
        "text": result_texts.lines_not_applied(page),
        "address": with_changes(query, {"limit": MAX_PAGE_SIZE, "offset": None}) if fits else "",
    }


def _name_field(filters: UpstreamFilterSet, error: UpstreamError) -> None:
    """Put what the upstream refused at the field it names, where it names one of ours."""
    if isinstance(error, BadRequest) and error.parameter:
        fields = {parameter: name for name, parameter in filters.parameter_names().items()}
        if error.parameter in fields:
            filters.form.add_error(
                fields[error.parameter], gettext("The upstream did not accept this value.")
            )
