"""A customer's order history: one page of it, with its filters."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View

from orders import services
from orders.domain.attention import STATES
from orders.domain.descriptions import Description
from orders.domain.errors import BadRequest, UpstreamError
from orders.domain.queries import Window
from orders.domain.results import ResultPage
from orders.escalation import escalation_text
from orders.filtersets import FILTERSETS
from orders.filtersets.base import PAGE_SIZES, UpstreamFilterSet, WindowForm
from orders.tables import OrderTable
from orders.views import page_sizes, retry_tokens, words
from orders.views.addresses import clean_query, with_changes, without_value
from orders.views.export_menu import export_menu
from orders.views.failures import failure_of
from orders.views.requests import PortalRequest
from orders.views.windows import date_presets, window_notice

# The portal's own parameters, beside the documented ones.
OWN_PARAMETERS = frozenset({"limit", "offset", "retry"})


class HistoryView(View):
    """200 with a page of orders, 400 for a bad filter (no upstream asked), else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        description = services.describe(source)
        filters = FILTERSETS[source](request.GET, request=request)
        window_form = WindowForm(request.GET)
        context = _frame(request, description, customer_id, filters)
        if not (filters.is_valid() & window_form.is_valid()):
            context["field_errors"] = {**filters.errors_by_parameter(), **window_form.errors}
            return render(request, "orders/order_list.html", context, status=400)
        window = window_form.window(description.default_limit)
        try:
            page = services.list_orders(
                actor=request.user,
                source=source,
                customer_id=customer_id,
                query=filters.query,
                window=Window(0, 1) if _wants_last_page(request) else window,
                correlation_id=retry_tokens.redeem(request),
            )
        except UpstreamError as error:
            _name_field(filters, error)
            failure = failure_of(request, error, label=description.label, what="customer", limit=window.limit)
            return failure.mark(render(request, "orders/order_list.html", {**context, "failure": failure}))
        if _wants_last_page(request):
            last = window.last_offset(page.total_count or 0)
            return redirect(request.path + with_changes(request.GET, {"page": None, "offset": last}))
        context |= _result(request, description, customer_id, filters, page)
        return page_sizes.remember(request, render(request, "orders/order_list.html", context))


def _wants_last_page(request: PortalRequest) -> bool:
    return request.GET.get("page") == "last"


def _frame(
    request: PortalRequest, description: Description, customer_id: str, filters: UpstreamFilterSet
) -> dict[str, Any]:
    """What the page shows whether or not the upstream answers."""
    has_dates = any(request.GET.get(name) for name in ("start-date", "end-date"))
    return {
        "description": description,
        "customer_id": customer_id,
        "filters": filters,
        "chips": [(words, without_value(request.GET, name, value)) for name, value, words in filters.chips()],
        "ignored_parameters": filters.unknown_parameters(
            # Of a page number we know nothing but `last`: pages are found by their offset.
            OWN_PARAMETERS | ({"page"} if _wants_last_page(request) else set())
        ),
        "presets": partial(date_presets, request.GET, description),
        "fields_key": _fields_key(request, description),
        # A person who types dates means whole days; an address that carries bare ones does not.
        "whole_days": bool(request.GET.get("whole-days")) or not has_dates,
        "query": clean_query(request.GET).urlencode(),
    }


def _fields_key(request: PortalRequest, description: Description) -> str:
    """Where it is the same, the filter form's fields are the same too, unless they have errors.

    They follow from the query, whichever page of it, and from today, which the dates' presets begin with.
    """
    query = [given for given in request.GET.lists() if given[0] != "offset"]
    return f"{description.name} {datetime.now(UTC):%Y-%m-%d} {query}"


def _result(
    request: PortalRequest,
    description: Description,
    customer_id: str,
    filters: UpstreamFilterSet,
    page: ResultPage,
) -> dict[str, Any]:
    """What the page shows of an answer."""
    query = request.GET
    position = words.position(page)
    window = window_notice(query, description, filters, page)
    blank_title, blank_text = words.blank(page, description, is_filtered=filters.is_filtered)
    return {
        "page": page,
        "table": OrderTable.for_page(
            page,
            description.columns,
            trail=clean_query(query).urlencode(),
            sortable=not description.pages_upstream,
        ),
        "caption": f"Orders of customer {customer_id} at {description.label}",
        "position": position,
        "announcement": f"{position} orders of {customer_id}",
        "blank_title": blank_title,
        "blank_text": blank_text,
        "window": window,
        "export_menu": export_menu(request, description, customer_id, filters, page, window),
        "attention_strip": [
            (STATES[code], count, with_changes(query, {"attention": code, "offset": None}))
            for code, count in page.attention_counts
        ],
        "next_address": (
            with_changes(query, {"offset": page.next_offset, "limit": page.limit}) if page.has_next else ""
        ),
        "previous_address": (
            with_changes(query, {"offset": page.previous_offset, "limit": page.limit})
            if page.offset > 0
            else ""
        ),
        "page_sizes": [(size, with_changes(query, {"limit": size, "offset": None})) for size in PAGE_SIZES],
        "escalation": escalation_text(
            label=description.label,
            exchange=page.exchange,
            page=request.build_absolute_uri(request.path),
        ),
        "refresh_address": with_changes(query, {}),
    }


def _name_field(filters: UpstreamFilterSet, error: UpstreamError) -> None:
    """Put what the upstream refused at the field it names, where it names one of ours."""
    if isinstance(error, BadRequest) and error.parameter:
        fields = {parameter: name for name, parameter in filters.parameter_names().items()}
        if error.parameter in fields:
            filters.form.add_error(fields[error.parameter], "The upstream did not accept this value.")
