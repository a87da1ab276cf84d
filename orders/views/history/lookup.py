"""The look-up box: from whatever was pasted to the page that shows it.

It travels by POST: what people paste by mistake (an e-mail address) must not end up in an address or a log.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from orders import services
from orders.domain.lookup import Found, LookUp, numbers_in, read_lookup
from orders.domain.pasted_text import ORDER, Mention, Pasted
from orders.domain.redaction import process_redactor
from orders.people.customer_names import accounts_called
from orders.people.permissions import rights_in
from orders.presentation.numbers import grouped
from orders.views.history.home import home_page
from orders.views.history.remembered import Remembered, is_known_otherwise, remembered
from orders.views.shared import page_sizes
from orders.views.shared.pages import ErrorPage, render_page
from orders.views.shared.requests import PortalRequest

LONGEST = 100 * 1024  # characters
LONGEST_NAME = 200  # of an account
MOST_CHOICES = 20
# What the text alone says nothing of, or of which more may be known.
_MAY_BE_REMEMBERED = frozenset({"", "nothing"})

PROBLEMS = {
    "empty": _("Paste an ID or an address first."),
    "mail": _("Neither system can search by e-mail; ask for the customer ID."),
    "phone": _("Neither system can search by phone number; ask for the customer ID."),
    "placeholder": _("The address still has a placeholder where the customer ID belongs; put the ID there."),
    "nothing": _(
        "No ID of a customer or an order is in it. Paste a customer ID, a customer ID and an order ID with "
        "a space between, or a whole address. An ID has at least one digit."
    ),
    "no-source": _("There is no such upstream."),
}


class LookupForm(forms.Form):
    q = forms.CharField(max_length=LONGEST, required=False, strip=False)
    source = forms.CharField(max_length=32, required=False)


class LookupView(View):
    """A redirect to the history, the order or the account, or to the list of numbers; choices of addresses;
    400 with the text kept where nothing is in it.
    """

    def get(self, request: PortalRequest) -> HttpResponse:
        return redirect("home")

    def post(self, request: PortalRequest) -> HttpResponse:
        form = LookupForm(request.POST)
        is_valid = form.is_valid()
        found = _read(form) if is_valid else LookUp(problem="no-source")
        known, numbers = Remembered(), Pasted()
        if is_valid and found.problem in _MAY_BE_REMEMBERED and "q" not in form.errors:
            numbers = _numbers_of(form, found)
            if not _is_list(numbers, found, form.cleaned_data["q"]):
                known = remembered(request, form.cleaned_data["q"], form.cleaned_data["source"])
                account = _account_called(request, form.cleaned_data["q"], known)
                if account is not None:
                    _write_down(request, LookUp(), Remembered(), account=account)
                    return _see(reverse("account", args=[account]))
                if known.found:
                    found = LookUp(found=known.found)
                if _is_certain(found):
                    if is_known_otherwise(request, numbers, found.found[0]):
                        found = LookUp()
                    else:
                        numbers = Pasted()
        _write_down(request, found, known, has_numbers=bool(numbers.readable))
        if "q" in form.errors:
            return _too_long(request)
        if numbers.readable:
            pk = services.keep_numbers(request.user, rights_in(request), numbers)
            return _see(reverse("lookups", args=[pk]))
        if found.problem:
            return _page(request, status=400, lookup_error=PROBLEMS[found.problem])
        if _is_certain(found):
            only = found.found[0]
            return _see(address_of(request, only, only.sources[0]))
        choices = list(_choices(request, found))
        return _page(
            request,
            choices=choices[:MOST_CHOICES],
            more_choices=max(0, len(choices) - MOST_CHOICES),
        )


def _see(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def _is_certain(found: LookUp) -> bool:
    """Whether it leads to one page of one upstream."""
    only = found.found[0] if len(found.found) == 1 else None
    return only is not None and len(only.sources) == 1 and bool(only.customer_id)


def _read(form: LookupForm) -> LookUp:
    descriptions = services.sources()
    chosen = form.cleaned_data["source"]
    if chosen and chosen not in {description.name for description in descriptions}:
        return LookUp(problem="no-source")
    return read_lookup(form.cleaned_data["q"], descriptions, chosen=chosen)


def _account_called(request: PortalRequest, text: str, known: Remembered) -> int | None:
    """The one account of theirs that has the whole text for its name; a number that is known comes first."""
    name = text.strip()
    accounts = (
        accounts_called(request.user, rights_in(request), name) if 0 < len(name) <= LONGEST_NAME else []
    )
    is_number = bool(known.found) and known.number == name
    return accounts[0] if len(accounts) == 1 and not is_number else None


def _numbers_of(form: LookupForm, found: LookUp) -> Pasted:
    """The numbers of the text, of the upstream that was chosen; an order's address has one as well."""
    pasted = numbers_in(form.cleaned_data["q"], services.sources())
    if not pasted.mentions and len(found.found) == 1 and not found.found[0].customer_id:
        only = found.found[0]
        system = only.sources[0] if len(only.sources) == 1 else ""
        pasted = Pasted(mentions=(Mention(identifier=only.order_id, label=ORDER, system=system),))
    chosen = form.cleaned_data["source"]
    if not chosen:
        return pasted
    mentions = tuple(msgspec.structs.replace(mention, system=chosen) for mention in pasted.mentions)
    return msgspec.structs.replace(pasted, mentions=mentions)


def _is_list(pasted: Pasted, found: LookUp, text: str) -> bool:
    """Whether a text has many numbers, or one a line, and they are no customer with one of their orders."""
    numbers = len({mention.identifier for mention in pasted.mentions})
    is_pair = len(found.found) == 1 and found.found[0].customer_id and found.found[0].order_id
    return (numbers > 2 or (numbers == 2 and "\n" in text.strip())) and not is_pair


def _write_down(
    request: PortalRequest,
    found: LookUp,
    known: Remembered,
    *,
    account: int | None = None,
    has_numbers: bool = False,
) -> None:
    """What was understood goes into the ledger: of several choices those IDs that all of them share."""
    customers = {each.customer_id for each in found.found}
    orders = {each.order_id for each in found.found}
    sources = {each.sources for each in found.found}
    services.look_up(
        actor=request.user,
        rights=rights_in(request),
        source=min(sources)[0] if len(sources) == 1 and len(min(sources)) == 1 else "",
        customer_id=min(customers) if len(customers) == 1 else "",
        order_id=min(orders) if len(orders) == 1 else "",
        choices=len(found.found),
        account=account,
        has_numbers=has_numbers,
        customers={
            (source, each.customer_id) for each in known.found for source in each.sources if each.customer_id
        },
    )


def address_of(request: PortalRequest, found: Found, source: str) -> str:
    if found.order_id:
        address, query = reverse("details", args=[source, found.customer_id, found.order_id]), found.query
    else:
        address = reverse("history", args=[source, found.customer_id])
        query = found.query or page_sizes.preferred(request, source)
    return f"{address}?{query}" if query else address


def _choices(request: PortalRequest, found: LookUp) -> Iterator[tuple[str, str]]:
    """(words, address): every reading with its upstream."""
    for each in found.found:
        for source in each.sources if each.customer_id else ():
            yield _named(each, source), address_of(request, each, source)


def _named(found: Found, source: str) -> str:
    """`Adobe VIP Marketplace: order 77 of customer 12345`."""
    given = {
        "upstream": services.describe(source).label,
        "customer": found.customer_id,
        "order": found.order_id,
    }
    if found.order_id:
        return gettext("%(upstream)s: order %(order)s of customer %(customer)s") % given
    return gettext("%(upstream)s: customer %(customer)s") % given


def _page(request: PortalRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The first page with what was pasted, cleared of our own secrets: a `curl` brings a token along."""
    page = replace(
        home_page(request),
        lookup_text=process_redactor().clean(request.POST.get("q", "")),
        lookup_source=request.POST.get("source", ""),
        **more,
    )
    return render_page(request, "orders/history/home.html", page, status=status)


def _too_long(request: PortalRequest) -> HttpResponse:
    page = ErrorPage(
        gettext("That is too much text"),
        gettext("The look-up reads at most %(most)s characters. Paste only the part with the IDs.")
        % {"most": grouped(LONGEST)},
    )
    return page.response(request, status=413)
