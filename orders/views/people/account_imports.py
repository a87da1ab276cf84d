"""Accounts from a file: choose it, look at what every line would do, then import all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import View

from orders.people import account_import
from orders.people.account_import import (
    CODE_PAGES,
    MOST_BYTES,
    MOST_LINES,
    USUAL_CODE_PAGE,
    NotImported,
    Plan,
    Unreadable,
)
from orders.people.account_import.planning import Outcome
from orders.people.account_import.reading import Contents
from orders.people.models import AccountImport
from orders.people.permissions import rights_in
from orders.presentation.numbers import grouped
from orders.services import guard
from orders.views.people.import_lines import STATES, ImportLine, button_words
from orders.views.shared.pager import Pager, numbered_pager
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import with_changes
from orders.views.shared.requests import PortalRequest

LINES_A_PAGE = 100


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
    code_page = forms.ChoiceField(
        label=_("Letters, where the file is not in UTF-8"),
        choices=list(account_import.CODE_PAGES.items()),
        required=False,
    )


@dataclass(frozen=True)
class AccountImportsPage:
    """The form to choose a file, and what a file may hold."""

    form: ImportForm
    columns: Sequence[str]
    most_lines: str
    most_megabytes: int


@dataclass(frozen=True)
class AccountImportPage:
    """What each line of a file would do; `states` are (name, word, count, address with these alone)."""

    kept: AccountImport
    plan: Plan
    contents: Contents
    code_page: str | Promise
    page: Page[Outcome]
    state: str
    states: Sequence[tuple[str, str | Promise, int, str]]
    moved: int
    all_address: str
    lines: Sequence[ImportLine]
    button: str
    pager: Pager


def _admit(request: PortalRequest) -> None:
    """Not one of the four rights: whoever may change accounts one by one may do so by file."""
    if not rights_in(request).may_import_accounts:
        guard.refuse(request.user, "import of accounts")
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
                code_page = form.cleaned_data["code_page"] or USUAL_CODE_PAGE
                decoded = account_import.decode(file.read(MOST_BYTES + 1), code_page)
                account_import.read(decoded.text)
            except Unreadable as error:
                form.add_error("file", str(error))
            else:
                kept = account_import.keep(owner=request.user, name=file.name, decoded=decoded)
                return redirect("account-import", kept.pk)
        return self._page(request, form, status=400)

    def _page(self, request: PortalRequest, form: ImportForm, status: int = 200) -> HttpResponse:
        context = AccountImportsPage(
            form=form,
            columns=account_import.COLUMNS,
            most_lines=number_format(MOST_LINES, force_grouping=True),
            most_megabytes=MOST_BYTES // 2**20,
        )
        return render_page(request, "orders/people/account_imports.html", context, status=status)


def outcomes(request: PortalRequest, pk: int) -> HttpResponse:
    """What every line of a waiting file would do now."""
    _admit(request)
    kept = _waiting(request, pk)
    planned = account_import.plan(kept.text, actor=request.user)
    contents = account_import.read(kept.text)
    state = request.GET.get("state", "")
    shown = [each for each in planned.outcomes if not state or each.state == state]
    page = Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = AccountImportPage(
        kept=kept,
        plan=planned,
        contents=contents,
        code_page=CODE_PAGES.get(kept.code_page, ""),
        page=page,
        state=state,
        states=[
            (name, STATES[name][0], count, with_changes(request.GET, {"state": name, "page": None}))
            for name, count in planned.counts.items()
        ],
        moved=planned.counts["moved"],
        all_address=with_changes(request.GET, {"state": None, "page": None}),
        lines=[ImportLine(each) for each in page.object_list],
        button=button_words(planned),
        pager=numbered_pager(page, request.GET),
    )
    return render_page(request, "orders/people/account_import.html", context)


@require_POST
def carry_out(request: PortalRequest, pk: int) -> HttpResponse:
    """Import the file that was looked at, if its outcomes are still the same."""
    _admit(request)
    kept = _waiting(request, pk)
    try:
        done = account_import.carry_out(kept.text, actor=request.user, seal=request.POST.get("seal", "-"))
    except NotImported as error:
        messages.error(request, str(error))
        return redirect("account-import", kept.pk)
    account_import.forget(request.user)
    counts = ", ".join(
        f"{grouped(count)} {str(STATES[state][0]).lower()}" for state, count in done.counts.items() if count
    )
    said = gettext("Imported “%(name)s”: %(counts)s.") % {"name": kept.name, "counts": counts}
    messages.success(request, said)
    return redirect("account-imports")


def _waiting(request: PortalRequest, pk: int) -> AccountImport:
    try:
        return account_import.waiting(owner=request.user, pk=pk)
    except AccountImport.DoesNotExist:
        raise Http404("no such file waits for this person") from None
