"""/portfolio/export/: one file over all customers of some accounts, made in the background."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from orders import exports, services
from orders.domain.descriptions import Description
from orders.people import account_sets
from orders.people.permissions import Right, require, rights_in
from orders.people.personal_settings import chosen_by
from orders.people.token_authentication import plain, wants_page
from orders.services.chosen import chosen_customers
from orders.services.files_of_many import NobodyChosen
from orders.views.exports.download import NOTHING_EXPORTED
from orders.views.shared.account_forms import AccountsForm, as_fields
from orders.views.shared.account_sets import SetChoice, set_choices
from orders.views.shared.export_forms import ExportForm, ExportRequest, filters_of_portfolio
from orders.views.shared.file_answers import POLL_AFTER
from orders.views.shared.filter_groups import FilterBar, filter_groups
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import with_changes
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class PortfolioFilePage:
    """The form, and what was wrong with it by parameter. `customers` is how many the file would have now of
    the `accounts`; `sources` are (words, address, whether it is this one).
    """

    description: Description
    sources: Sequence[tuple[str, str, bool]]
    sets: Sequence[SetChoice]
    chosen: Sequence[tuple[str, str]]
    accounts: Sequence[str]
    customers: int
    bar: FilterBar
    form: ExportForm
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def export(request: PortalRequest) -> HttpResponse:
    """GET offers it, POST has it made: of `source`, with its filters, of `account` and `set`, or all."""
    require(request.user, Right.VIEW, Right.EXPORT, rights=rights_in(request))
    given = request.GET.copy()
    for name, values in request.POST.lists():
        given.setlist(name, values)
    names = [each.name for each in services.sources()]
    source = given.get("source", "") or ("" if request.method == "POST" else names[0])
    accounts = AccountsForm(given)
    errors = {name: list(map(str, said)) for name, said in accounts.errors.items()}
    if source not in names:
        errors["source"] = [gettext("Choose one of: %(names)s.") % {"names": ", ".join(names)}]
    if request.method == "GET" or errors:
        return _page(request, given, source if source in names else names[0], accounts, errors)
    asked = ExportRequest(
        request, services.describe(source), "", filters_of_portfolio(given), choice=accounts.choice
    )
    if asked.errors:
        return _page(request, given, source, accounts, asked.errors)
    try:
        made = exports.request_export(asked.spec, owner=request.user)
    except NobodyChosen:
        said = gettext("None of these accounts is yours and has a customer there.")
        return _page(request, given, source, accounts, {"account": [said]})
    if wants_page(request):
        return redirect("export-detail", made.pk)
    address = request.build_absolute_uri(reverse("export-file", args=[made.pk]))
    text = gettext(
        "The file is being made. GET %(address)s answers 202 until it is done, then with the file."
    )
    response = plain(text % {"address": address}, status=202)
    response.headers["Location"] = address
    response.headers["Retry-After"] = str(POLL_AFTER[0])
    return response


def _page(
    request: PortalRequest,
    given: QueryDict,
    source: str,
    accounts: AccountsForm,
    errors: Mapping[str, Sequence[str]],
) -> HttpResponse:
    if errors and not wants_page(request):
        lines = [f"{name}: {' '.join(said)}" for name, said in errors.items()]
        return plain("\n".join([str(NOTHING_EXPORTED), *lines]), status=400)
    choice = accounts.choice if accounts.is_valid() else account_sets.ALL_ACCOUNTS
    rights = rights_in(request)
    found = [each for each in chosen_customers(request.user, rights, choice) if each.source == source]
    description = services.describe(source)
    asked = ExportRequest(request, description, "", filters_of_portfolio(given), choice=choice)
    asked.filters.is_valid()
    bound = request.method == "POST" or any(name in given for name in ("rows", "format", "file", "columns"))
    preferred = ExportForm(request.user, source, None, chosen_by(request))
    page = PortfolioFilePage(
        description=description,
        sources=[
            (each.short_label, with_changes(given, {"source": each.name}), each.name == source)
            for each in services.sources()
        ],
        sets=set_choices(request.user, given),
        chosen=as_fields(choice),
        accounts=sorted({each.account_name for each in found}),
        customers=len(found),
        bar=FilterBar(
            address=request.path,
            groups=filter_groups(asked.filters.form, asked.filters.groups, gettext("More filters")),
            whole_days=True,
            shows_prices=asked.filters.shows_prices,
        ),
        form=asked.form if bound else preferred,
        errors=errors,
    )
    status = 400 if errors else 200
    return render_page(request, "orders/exports/portfolio_file.html", page, status=status)
