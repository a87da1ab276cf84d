"""The catalogue of products: what offers are called, and a form that fills it from a price list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from orders.people.permissions import rights_in
from orders.services import guard, products
from orders.services.products import MOST_BYTES, MOST_SENT, Unreadable
from orders.views.shared.given import search_text
from orders.views.shared.pager import Pager, numbered_pager
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

PRODUCTS_A_PAGE = 100


class PriceListForm(forms.Form):
    file = forms.FileField(
        label=_("Price list, CSV or XLSX"),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )


@dataclass(frozen=True)
class ProductRow:
    """`months` are the first and the last in which a list had it, like 202611."""

    prefix: str
    name: str
    segment: str
    months: str
    offers: int


@dataclass(frozen=True)
class ProductsPage:
    form: PriceListForm
    most_megabytes: int
    most_by_command: int
    q: str
    rows: Sequence[ProductRow]
    total: int
    pager: Pager


class ProductsView(View):
    """The catalogue, by part of a name; a POST adds what a price list tells, or says what is wrong."""

    def get(self, request: PortalRequest) -> HttpResponse:
        _admit(request)
        return _page(request, PriceListForm())

    def post(self, request: PortalRequest) -> HttpResponse:
        _admit(request)
        form = PriceListForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                content = form.cleaned_data["file"].read(MOST_SENT + 1)
                done = products.import_price_list(content, actor=request.user, most_bytes=MOST_SENT)
            except Unreadable as error:
                form.add_error("file", str(error))
            else:
                said = gettext(
                    "%(products)s products were read, %(new)s of them new, with %(offers)s offers. Lines "
                    "that name no offer: %(skipped)s."
                )
                messages.success(request, said % done._asdict())
                return redirect("products")
        return _page(request, form, status=400)


def _admit(request: PortalRequest) -> None:
    """Whoever may import accounts may say what products are called."""
    if not rights_in(request).may_import_accounts:
        guard.refuse(request.user, "import of a price list")
        raise PermissionDenied


def _page(request: PortalRequest, form: PriceListForm, status: int = 200) -> HttpResponse:
    text = search_text(request)
    page = Paginator(products.listed_products(text), PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    context = ProductsPage(
        form=form,
        most_megabytes=MOST_SENT // 2**20,
        most_by_command=MOST_BYTES // 2**20,
        q=text,
        rows=[
            ProductRow(
                prefix=each.prefix,
                name=each.name,
                segment=each.segment,
                months=f"{each.first_month}–{each.last_month}",
                offers=each.offer_count,  # type: ignore[attr-defined]  # annotated
            )
            for each in page.object_list
        ],
        total=page.paginator.count,
        pager=numbered_pager(page, request.GET),
    )
    return render_page(request, "orders/people/products.html", context, status=status)
