"""The look-up box: from whatever was pasted to the page that shows it.

It travels by POST: what people paste by mistake (an e-mail address) must not end up in an address or a log.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from orders import services
from orders.domain.lookup import Found, read_lookup
from orders.views import page_sizes
from orders.views.home import home_context
from orders.views.requests import PortalRequest


class LookupForm(forms.Form):
    q = forms.CharField(max_length=2000, label="Customer ID, order ID or upstream address")
    source = forms.CharField(max_length=32, required=False)


class LookupView(View):
    """A redirect to the history or the order; 400 with the text kept where it can't be read."""

    def get(self, request: PortalRequest) -> HttpResponse:
        return redirect("home")

    def post(self, request: PortalRequest) -> HttpResponse:
        form = LookupForm(request.POST)
        descriptions = services.sources()
        names = {description.name for description in descriptions}
        text = request.POST.get("q", "")
        chosen = request.POST.get("source", "")
        found = None
        if form.is_valid() and (not chosen or chosen in names):
            found = read_lookup(form.cleaned_data["q"], descriptions, chosen=chosen)
        services.look_up(
            actor=request.user,
            source=found.sources[0] if found and len(found.sources) == 1 else "",
            customer_id=found.customer_id if found else "",
            order_id=found.order_id if found else "",
        )
        if found is None:
            context = home_context(request) | {
                "lookup_text": text,
                "lookup_source": chosen,
                "lookup_error": (
                    "That is neither an ID nor an address of an upstream's orders. Paste a customer "
                    "ID, a customer ID and an order ID with a space between, or a whole address."
                    if text.strip()
                    else "Paste an ID or an address first."
                ),
            }
            return render(request, "orders/home.html", context, status=400)
        if len(found.sources) > 1:
            context = home_context(request) | {"lookup_text": text, "choices": _choices(request, found)}
            return render(request, "orders/home.html", context)
        return redirect(address_of(request, found, found.sources[0]))


def address_of(request: PortalRequest, found: Found, source: str) -> str:
    if found.order_id:
        address, query = reverse("details", args=[source, found.customer_id, found.order_id]), found.query
    else:
        address = reverse("history", args=[source, found.customer_id])
        query = found.query or page_sizes.preferred(request, source)
    return f"{address}?{query}" if query else address


def _choices(request: PortalRequest, found: Found) -> list[tuple[str, str]]:
    return [(services.describe(source).label, address_of(request, found, source)) for source in found.sources]
