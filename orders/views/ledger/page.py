"""The ledger, for those who may read it. Reading it is written into it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import EmptyPage, Page, PageNotAnInteger
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from orders.domain.granted_rights import Right
from orders.ledger import record
from orders.ledger.models import Action, LedgerEntry
from orders.people import limits
from orders.people.ledger_scope import entries_for
from orders.people.permissions import rights_in
from orders.services import guard
from orders.views.ledger.file import file_of
from orders.views.ledger.filters import LedgerFilterSet
from orders.views.ledger.table import LedgerTable
from orders.views.shared.filter_groups import FilterBar, filter_groups
from orders.views.shared.page_sizes import PAGE_SIZES
from orders.views.shared.pager import Pager, numbered_pager
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import clean_query, with_changes
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class LedgerPage:
    """The filters; and what they leave, unless one can't be used."""

    filter_bar: FilterBar
    chips: Sequence[tuple[str, str]] = ()
    table: LedgerTable | None = None
    page: Page[LedgerEntry] | None = None
    pager: Pager | None = None
    sees_all: bool = False
    export_query: str = ""


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """200 with a page of entries, newest first; 400 for a bad filter."""
    rights = guard.admit(
        Action.LEDGER_READ,
        Right.READ_LEDGER,
        actor=request.user,
        target=guard.Target(),
        rights=rights_in(request),
    )
    filters = LedgerFilterSet(request.GET, queryset=entries_for(request.user, rights), request=request)
    chips = _chips(request, filters)
    context = LedgerPage(_filter_bar(request, filters, in_force=len(chips)), chips)
    if not filters.is_valid():
        return render_page(request, "orders/ledger/ledger.html", context, status=400)
    table = LedgerTable(filters.qs)
    size = _page_size(request)
    _turn_to(table, request.GET.get("page", "1"), size)
    shown = list(table.paginated_rows)
    record(Action.LEDGER_READ, actor=request.user, details=filters.given, row_count=len(shown))
    page, query = table.page, request.GET
    sizes = [(each, with_changes(query, {"per_page": each, "page": None})) for each in PAGE_SIZES]
    context = replace(
        context,
        table=table,
        page=page,
        pager=numbered_pager(page, query, sizes=sizes, size=size),
        sees_all=rights.sees_all,
        export_query=clean_query(query).urlencode(),
    )
    return render_page(request, "orders/ledger/ledger.html", context)


@require_safe
def export(request: PortalRequest) -> HttpResponseBase:
    """Everything that the filters leave, as CSV, newest first. It is one of the person's files of a day."""
    rights = guard.admit(
        Action.LEDGER_EXPORT,
        Right.READ_LEDGER,
        actor=request.user,
        target=guard.Target(),
        rights=rights_in(request),
    )
    filters = LedgerFilterSet(request.GET, queryset=entries_for(request.user, rights), request=request)
    if not filters.is_valid():
        context = LedgerPage(_filter_bar(request, filters))
        return render_page(request, "orders/ledger/ledger.html", context, status=400)
    limits.take(request.user, "exports")
    with file_of(filters.qs.iterator(chunk_size=2000)) as file:
        record(
            Action.LEDGER_EXPORT,
            actor=request.user,
            details=filters.given,
            row_count=file.row_count,
            file_sha256=file.sha256,
        )
        return file.answer()


def _filter_bar(request: PortalRequest, filters: LedgerFilterSet, *, in_force: int = 0) -> FilterBar:
    groups = (
        ("who", gettext("Person"), ("person",)),
        ("whom", gettext("Customer and order"), ("source", "customer", "order")),
        ("what", gettext("What"), ("action",)),
        ("when", gettext("When"), ("since", "until")),
    )
    per_page = request.GET.get("per_page")
    return FilterBar(
        address=request.path,
        groups=filter_groups(filters.form, groups, gettext("Outcome")),
        in_force=in_force,
        kept=[("per_page", per_page)] if per_page else [],
    )


def _turn_to(table: LedgerTable, page: str, size: int) -> None:
    """The page asked for, else the first or the last. (The library's own way takes any page size.)"""
    try:
        table.paginate(page=page, per_page=size)
    except PageNotAnInteger:
        table.paginate(page=1, per_page=size)
    except EmptyPage:
        table.paginate(page=table.paginator.num_pages, per_page=size)


def _page_size(request: PortalRequest) -> int:
    wanted = request.GET.get("per_page", "")
    return int(wanted) if wanted in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[0]


def _chips(request: PortalRequest, filters: LedgerFilterSet) -> list[tuple[str, str]]:
    """(words, address without this filter) of each filter in force."""
    found = []
    for name, field in filters.form.fields.items():
        choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        for value in request.GET.getlist(name):
            if value:
                query = clean_query(request.GET)
                query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
                query.pop("page", None)
                found.append((f"{field.label}: {choices.get(value, value)}", f"?{query.urlencode()}"))
    return found
