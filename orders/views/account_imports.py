"""Accounts from a file: choose it, look at what every line would do, then import all of it or nothing."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import View

from orders import account_import, visits
from orders.access import rights_of
from orders.account_import import MOST_BYTES, MOST_LINES, NotImported, Unreadable
from orders.models import AccountImport
from orders.views.addresses import with_changes
from orders.views.requests import PortalRequest

WAITS = timedelta(hours=1)
LINES_A_PAGE = 100


class ImportForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )


def _admit(request: PortalRequest) -> None:
    """Not one of the four rights: whoever may change accounts one by one may do so by file."""
    if not rights_of(request.user).may_import_accounts:
        visits.refuse(request.user, "import of accounts")
        raise PermissionDenied


class ImportsView(View):
    """The form; a POST keeps the file for an hour and leads to its outcomes, or says what is wrong."""

    def get(self, request: PortalRequest) -> HttpResponse:
        _admit(request)
        return self._page(request, ImportForm())

    def post(self, request: PortalRequest) -> HttpResponse:
        _admit(request)
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                text = account_import.decode(file.read(MOST_BYTES + 1))
                planned = account_import.plan(text)
            except Unreadable as error:
                form.add_error("file", str(error))
            else:
                _forget(request)
                kept = AccountImport.objects.create(
                    owner=request.user, name=file.name[:200], sha256=planned.sha256, text=text
                )
                return redirect("account-import", kept.pk)
        return self._page(request, form, status=400)

    def _page(self, request: PortalRequest, form: ImportForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "columns": account_import.COLUMNS,
            "most_lines": f"{MOST_LINES:,}",
            "most_megabytes": MOST_BYTES // 2**20,
        }
        return render(request, "orders/account_imports.html", context, status=status)


def outcomes(request: PortalRequest, pk: int) -> HttpResponse:
    """What every line of a waiting file would do now."""
    _admit(request)
    kept = get_object_or_404(AccountImport, pk=pk, owner=request.user, made_at__gte=timezone.now() - WAITS)
    planned = account_import.plan(kept.text)
    state = request.GET.get("state", "")
    shown = [each for each in planned.outcomes if not state or each.state == state]
    page = Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kept": kept,
        "plan": planned,
        "page": page,
        "state": state,
        "states": [
            (name, count, with_changes(request.GET, {"state": name, "page": None}))
            for name, count in planned.counts.items()
        ],
        "all_address": with_changes(request.GET, {"state": None, "page": None}),
        "next_address": with_changes(request.GET, {"page": page.number + 1}) if page.has_next() else "",
        "previous_address": (
            with_changes(request.GET, {"page": page.number - 1}) if page.has_previous() else ""
        ),
    }
    return render(request, "orders/account_import.html", context)


@require_POST
def carry_out(request: PortalRequest, pk: int) -> HttpResponse:
    """Import the file that was looked at, if its outcomes are still the same."""
    _admit(request)
    kept = get_object_or_404(AccountImport, pk=pk, owner=request.user, made_at__gte=timezone.now() - WAITS)
    try:
        done = account_import.carry_out(kept.text, actor=request.user, seal=request.POST.get("seal", "-"))
    except NotImported as error:
        messages.error(request, str(error))
        return redirect("account-import", kept.pk)
    _forget(request)
    counts = ", ".join(f"{count} {state}" for state, count in done.counts.items() if count)
    messages.success(request, f"Imported “{kept.name}”: {counts}.")
    return redirect("account-imports")


def _forget(request: PortalRequest) -> None:
    """The person's earlier files, and everybody's that nobody came back for."""
    AccountImport.objects.filter(owner=request.user).delete()
    AccountImport.objects.filter(made_at__lt=timezone.now() - WAITS).delete()
