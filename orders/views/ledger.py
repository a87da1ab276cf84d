"""The ledger, for those who may read it. Reading it is written into it."""

from datetime import UTC, datetime
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orders import visits
from orders.domain.rights import Right
from orders.exports.ledger_file import write_csv
from orders.filtersets.base import PAGE_SIZES
from orders.filtersets.ledger import LedgerFilterSet
from orders.ledger import LedgerUnavailable, record
from orders.ledger_tables import LedgerTable
from orders.models import Action, LedgerEntry
from orders.views.addresses import clean_query, with_changes
from orders.views.requests import PortalRequest


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """200 with a page of entries, newest first; 400 for a bad filter."""
    visits.admit(Action.LEDGER_READ, Right.READ_LEDGER, actor=request.user, subject=visits.Subject())
    filters = LedgerFilterSet(request.GET, queryset=LedgerEntry.objects.order_by("-id"), request=request)
    context: dict[str, Any] = {"filters": filters, "is_filtered": bool(_chips(request, filters))}
    if not filters.is_valid():
        return render(request, "orders/ledger.html", context, status=400)
    table = LedgerTable(filters.qs)
    size = _page_size(request)
    _turn_to(table, request.GET.get("page", "1"), size)
    shown = list(table.paginated_rows)
    record(Action.LEDGER_READ, actor=request.user, details=filters.given, row_count=len(shown))
    page, query = table.page, request.GET
    context |= {
        "table": table,
        "page": page,
        "chips": _chips(request, filters),
        "page_size": size,
        "page_sizes": [(each, with_changes(query, {"per_page": each, "page": None})) for each in PAGE_SIZES],
        "export_query": clean_query(query).urlencode(),
        "next_address": with_changes(query, {"page": page.number + 1}) if page.has_next() else "",
        "previous_address": with_changes(query, {"page": page.number - 1}) if page.has_previous() else "",
    }
    return render(request, "orders/ledger.html", context)


@require_safe
def export(request: PortalRequest) -> HttpResponseBase:
    """Everything that the filters leave, as CSV, newest first."""
    visits.admit(Action.LEDGER_EXPORT, Right.READ_LEDGER, actor=request.user, subject=visits.Subject())
    filters = LedgerFilterSet(request.GET, queryset=LedgerEntry.objects.order_by("-id"), request=request)
    if not filters.is_valid():
        return render(request, "orders/ledger.html", {"filters": filters}, status=400)
    spool, count, sha256 = write_csv(filters.qs.iterator(chunk_size=2000))
    try:
        record(
            Action.LEDGER_EXPORT,
            actor=request.user,
            details=filters.given,
            row_count=count,
            file_sha256=sha256,
        )
    except LedgerUnavailable:
        spool.close()
        raise
    name = f"ledger_{datetime.now(UTC):%Y-%m-%dT%H%M%S}Z.csv"
    return FileResponse(
        spool,
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
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
