"""Save an order history with its filters under a name, and forget it again."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from orders.domain.granted_rights import Right
from orders.domain.identifiers import is_identifier
from orders.ledger import Action
from orders.people.permissions import rights_in
from orders.people.saved_views import delete_view, save_view, views_of
from orders.presentation.filtersets import FILTERSETS
from orders.services import guard
from orders.views.shared.query_strings import clean_query
from orders.views.shared.requests import PortalRequest


class SavedViewForm(forms.Form):
    name = forms.CharField(max_length=80, strip=True)
    source = forms.ChoiceField(choices=lambda: [(name, name) for name in FILTERSETS])
    customer_id = forms.CharField(max_length=64)
    query = forms.CharField(max_length=2000, required=False)

    def clean_customer_id(self) -> str:
        customer_id: str = self.cleaned_data["customer_id"]
        if not is_identifier(customer_id):
            raise forms.ValidationError(gettext("That is not a customer ID."))
        return customer_id

    def clean_query(self) -> str:
        """As it is stored: percent-encoding may have made it longer than it may be."""
        query = clean_query(QueryDict(self.cleaned_data["query"])).urlencode()
        self.fields["query"].run_validators(query)
        return query


def save(request: PortalRequest) -> HttpResponse:
    """Keep the view under its name; a view of that name is replaced."""
    if request.method != "POST":
        return redirect("home")  # where a sign-in in between leads to
    guard.admit(
        Action.VIEW_LIST, Right.VIEW, actor=request.user, target=guard.Target(), rights=rights_in(request)
    )
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("The view was not saved: give it a name of at most 80 characters."))
        return redirect("home")
    given = form.cleaned_data
    query = given["query"]
    save_view(
        owner=request.user,
        name=given["name"],
        source=given["source"],
        customer_id=given["customer_id"],
        query=query,
    )
    messages.success(
        request, gettext("Saved as “%(given)s”. You find it on the first page.") % {"given": given["name"]}
    )
    address = reverse("history", args=[given["source"], given["customer_id"]])
    return redirect(f"{address}?{query}" if query else address)


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget one of the person's own views; another person's is as good as missing."""
    get_object_or_404(views_of(request.user), pk=pk)
    view = delete_view(owner=request.user, pk=pk)
    messages.success(request, gettext("“%(name)s” was deleted.") % {"name": view.name})
    return redirect("home")
