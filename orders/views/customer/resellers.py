"""The customers of a reseller, to find one by the company's name: for those who may see everybody's."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from orders import services
from orders.domain.descriptions import Description
from orders.domain.email_addresses import HIDDEN
from orders.domain.errors import UpstreamError
from orders.domain.resellers import MOST_AT_ONCE, CustomersQuery, ListedCustomer, ResellersCustomers
from orders.domain.terms import Term
from orders.people import account_import
from orders.people.account_import.decoding import Decoded
from orders.people.permissions import rights_in
from orders.presentation.filtersets.base import DocumentedNamesForm
from orders.presentation.numbers import grouped
from orders.presentation.texts import state_words
from orders.services import guard
from orders.views.shared import retry_tokens
from orders.views.shared.failures import Failure, failure_of
from orders.views.shared.pager import Pager
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import takes, with_changes
from orders.views.shared.requests import PortalRequest

TEMPLATE = "orders/customer/reseller.html"
# What the list itself can be asked for; without one it leaves out all that are not active.
STATUSES = [
    ("", _("Active")),
    ("1002", _("Pending")),
    ("1004", _("Inactive")),
    ("1026", _("Code 1026")),
]


class CustomersForm(DocumentedNamesForm):
    company_name = forms.CharField(max_length=250, required=False, label=_("Company name, or a part of it"))
    status = forms.ChoiceField(choices=STATUSES, required=False, label=_("Status"))
    offset = forms.IntegerField(min_value=0, max_value=10**6, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        if not settings.SHOW_COMPANY_NAMES:
            del self.fields["company_name"]

    @property
    def query(self) -> CustomersQuery:
        given = self.cleaned_data
        return CustomersQuery(
            company_name=given.get("company_name", ""), status=given["status"], offset=given["offset"] or 0
        )


@dataclass(frozen=True)
class ListedRow:
    customer_id: str
    address: str
    company: str
    reference: str
    status: Term
    created_at: datetime | None


@dataclass(frozen=True)
class ResellerPage:
    """`page` is None where the list could not be had, or nobody was asked."""

    description: Description
    reseller_id: str
    form: CustomersForm
    most: int = MOST_AT_ONCE
    failure: Failure | None = None
    page: ResellersCustomers | None = None
    count: str = ""
    rows: Sequence[ListedRow] = ()
    pager: Pager | None = None
    may_import: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, source: str, reseller_id: str) -> HttpResponse:
    """404 without the scope of everybody's customers, as for a reseller that there is not.

    A POST takes the customers named (`customer` repeats; none: all that are shown) to an import of accounts,
    where its outcomes are looked at before anything is written.
    """
    is_import = request.method == "POST"
    if is_import and not rights_in(request).may_import_accounts:
        guard.refuse(request.user, "import of a reseller's customers")
        raise PermissionDenied
    descriptions = {each.name: each for each in services.sources()}
    if source not in descriptions or not descriptions[source].lists_resellers:
        raise Http404(f"no upstream called {source} knows resellers")
    form = CustomersForm(request.GET)
    context = ResellerPage(description=descriptions[source], reseller_id=reseller_id, form=form)
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=400)
    try:
        page = services.list_customers_of_reseller(
            actor=request.user,
            rights=rights_in(request),
            source=source,
            reseller_id=reseller_id,
            query=form.query,
            correlation_id=retry_tokens.redeem(request),
            takes=takes(request.GET),
        )
    except UpstreamError as error:
        failure = failure_of(request, error, label=context.description.label, what="reseller")
        return failure.mark(render_page(request, TEMPLATE, replace(context, failure=failure)))
    if is_import:
        return _import(request, context, page)
    return render_page(request, TEMPLATE, _with_rows(request, context, page))


def _import(request: PortalRequest, context: ResellerPage, page: ResellersCustomers) -> HttpResponse:
    """An account for each customer, called like the company: as a file that a person could have written."""
    chosen = set(request.POST.getlist("customer"))
    taken = [each for each in page.customers if not chosen or each.customer_id in chosen]
    if not taken:
        return redirect(request.get_full_path())
    times = Counter(_name(each) for each in taken)
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(account_import.COLUMNS)
    for each in taken:
        name = _name(each)
        account = f"{name} ({each.customer_id})" if times[name] > 1 else name
        lines.writerow((account, context.reseller_id, context.description.name, each.customer_id, ""))
    words = gettext("customers of reseller %(id)s") % {"id": context.reseller_id}
    kept = account_import.keep(owner=request.user, name=words, decoded=Decoded(text.getvalue()))
    return redirect("account-import", kept.pk)


def _name(each: ListedCustomer) -> str:
    """Nothing that is hidden on the page is kept: such an account is called by the ID."""
    name = " ".join(each.company_name.split())
    return each.customer_id if not name or HIDDEN in name else name


def _with_rows(request: PortalRequest, context: ResellerPage, page: ResellersCustomers) -> ResellerPage:
    total = "" if page.total_count is None else grouped(page.total_count)
    if page.may_be_more:
        total = gettext("%(count)s or more") % {"count": total}
    last = page.offset + len(page.customers)
    first = page.offset + 1 if page.customers else 0
    where = {"first": grouped(first), "last": grouped(last), "total": total}
    before = max(0, page.offset - MOST_AT_ONCE) or None
    return replace(
        context,
        page=page,
        may_import=rights_in(request).may_import_accounts,
        count=total,
        rows=[
            ListedRow(
                customer_id=each.customer_id,
                address=reverse("history", args=[context.description.name, each.customer_id]),
                company="" if each.company_name == HIDDEN else each.company_name,
                reference=each.external_reference_id,
                status=state_words.named(each.status),
                created_at=each.created_at,
            )
            for each in page.customers
        ],
        pager=Pager(
            position=gettext("Showing %(first)s–%(last)s of %(total)s") % where,
            label=gettext("Pages"),
            previous_address=with_changes(request.GET, {"offset": before}) if page.offset else "",
            next_address=(
                "" if page.next_offset is None else with_changes(request.GET, {"offset": page.next_offset})
            ),
        ),
    )
