"""/portfolio/sets/: a person's own named sets of accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from orders.people import account_sets
from orders.people.account_set_models import AccountSet
from orders.people.account_sets import LONGEST_NAME, MOST_SETS
from orders.people.permissions import Right, customers_in_scope, require, rights_in
from orders.views.shared.given import numbers_in, search_text
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

# Accounts that one form offers; those behind are found by their name. Each may send two fields, and a form
# may have a thousand of them.
MOST_SHOWN = 400


class SetForm(forms.Form):
    """`account` repeats. Accounts that are not the person's are as good as not sent."""

    name = forms.CharField(max_length=LONGEST_NAME)

    def __init__(self, account_set: AccountSet, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"name": account_set.name})
        self.account_set = account_set

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.isdecimal():
            raise forms.ValidationError(gettext("A name has more than digits."))
        if account_sets.is_name_taken(self.account_set.owner, name, by_others_than=self.account_set):
            raise forms.ValidationError(gettext("You have a set of this name."))
        if not self.account_set.pk and account_sets.sets_of(self.account_set.owner).count() >= MOST_SETS:
            said = gettext("You have %(most)s sets; delete one first.")
            raise forms.ValidationError(said % {"most": MOST_SETS})
        return name


@dataclass(frozen=True)
class AccountLine:
    number: int
    name: str
    is_ticked: bool


@dataclass(frozen=True)
class SetRow:
    """`accounts` are the names of those that are the person's now."""

    number: int
    name: str
    accounts: Sequence[str]


@dataclass(frozen=True)
class SetsPage:
    """The person's sets, and the form for a new one. `not_shown` counts accounts that `text` would find."""

    form: SetForm
    rows: Sequence[SetRow]
    lines: Sequence[AccountLine]
    text: str
    not_shown: int


@dataclass(frozen=True)
class SetPage:
    """The form for one of them."""

    form: SetForm
    number: int
    lines: Sequence[AccountLine]
    text: str
    not_shown: int


@require_http_methods(["GET", "POST"])
def sets(request: PortalRequest) -> HttpResponse:
    """All of one's own; a POST with `name` and `account` makes another one."""
    mine = _accounts(request)
    form = SetForm(AccountSet(owner=request.user), request.POST if request.method == "POST" else None)
    if form.is_valid():
        _keep(request, form, mine)
        return redirect("account-sets")
    lines, not_shown = _lines(request, mine, set())
    rows = [
        SetRow(each.pk, each.name, [mine[pk] for pk in mine if pk in {of.pk for of in each.accounts.all()}])
        for each in account_sets.sets_of(request.user).prefetch_related("accounts")
    ]
    page = SetsPage(form, rows, lines, search_text(request), not_shown)
    status = 400 if form.is_bound else 200
    return render_page(request, "orders/history/portfolio/sets.html", page, status=status)


@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    """One's own set; of others' it is not even said that there is one."""
    mine = _accounts(request)
    account_set = get_object_or_404(AccountSet, pk=pk, owner=request.user)
    form = SetForm(account_set, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _keep(request, form, mine)
        return redirect("account-sets")
    lines, not_shown = _lines(request, mine, set(account_set.accounts.values_list("pk", flat=True)))
    page = SetPage(form, account_set.pk, lines, search_text(request), not_shown)
    status = 400 if form.is_bound else 200
    return render_page(request, "orders/history/portfolio/set.html", page, status=status)


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget a set; its accounts stay as they are."""
    account_set = get_object_or_404(AccountSet, pk=pk, owner=request.user)
    account_sets.forget(account_set)
    messages.success(request, gettext("The set “%(name)s” was deleted.") % {"name": account_set.name})
    return redirect("account-sets")


def _accounts(request: PortalRequest) -> dict[int, str]:
    """Number and name of the person's accounts as they are now."""
    rights = require(request.user, Right.VIEW, rights=rights_in(request))
    return {each.account: each.account_name for each in customers_in_scope(request.user, rights)}


def _keep(request: PortalRequest, form: SetForm, mine: dict[int, str]) -> None:
    chosen, shown = (numbers_in(request.POST.getlist(name)) & mine.keys() for name in ("account", "shown"))
    name = form.cleaned_data["name"]
    # A list that was searched may show none; a form without one says what the whole set is.
    could_be_chosen = shown if shown or search_text(request) else mine.keys()
    account_sets.keep(form.account_set, name=name, accounts=chosen, shown=could_be_chosen)
    messages.success(request, gettext("The set “%(name)s” was saved.") % {"name": name})


def _lines(request: PortalRequest, mine: dict[int, str], members: set[int]) -> tuple[list[AccountLine], int]:
    """Those that the text finds, ticked ones first; and how many of them are not shown."""
    if request.method == "POST":
        members -= numbers_in(request.POST.getlist("shown"))
        members |= numbers_in(request.POST.getlist("account"))
    sought = search_text(request).casefold()
    found = [
        AccountLine(number, name, number in members)
        for number, name in mine.items()
        if sought in name.casefold()
    ]
    found.sort(key=lambda each: not each.is_ticked)
    return found[:MOST_SHOWN], max(0, len(found) - MOST_SHOWN)
