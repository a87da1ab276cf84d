"""A person's views of the upstreams' lists: save, rename, share with a role, begin with one, delete, undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from orders import services
from orders.domain.descriptions import Description
from orders.domain.granted_rights import Right
from orders.domain.identifiers import is_identifier
from orders.ledger import Action
from orders.people import saved_views
from orders.people.models import SavedView
from orders.people.permissions import rights_in
from orders.people.personal_settings import choose_default_view, chosen_by
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import AT, EVERYTHING, OF, PAGE, VIEW
from orders.presentation.texts.phrases import Text
from orders.services import guard
from orders.services.recent import recent_customers
from orders.views.history.view_tabs import ListViews, fitting
from orders.views.shared.export_menu import filter_words
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import clean_query, list_address
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

TEMPLATE = "orders/history/saved_views.html"


class SavedViewForm(forms.Form):
    """`customer_id` says whose list it was saved above, and is led back to; it is no part of the view."""

    name = forms.CharField(max_length=80, strip=True)
    source = forms.ChoiceField(choices=lambda: [(name, name) for name in FILTERSETS])
    customer_id = forms.CharField(max_length=64, required=False)
    query = forms.CharField(max_length=2000, required=False)

    @property
    def hidden_ones(self) -> list[forms.BoundField]:
        return [self[name] for name in ("source", "customer_id", "query")]

    @property
    def own_errors(self) -> list[str]:
        """What is wrong with what nobody types, and with the whole."""
        of_hidden = [str(said) for each in self.hidden_ones for said in each.errors]
        return [*map(str, self.non_field_errors()), *of_hidden]

    def clean_customer_id(self) -> str:
        customer_id: str = self.cleaned_data["customer_id"]
        if customer_id and not is_identifier(customer_id):
            raise forms.ValidationError(gettext("That is not a customer ID."))
        return customer_id

    def clean_query(self) -> str:
        """As it is stored: percent-encoding may have made it longer than it may be."""
        query = clean_query(QueryDict(self.cleaned_data["query"]))
        for name in (PAGE - {"limit"}) | {AT, OF, VIEW}:
            query.pop(name, None)
        stored = query.urlencode()
        self.fields["query"].run_validators(stored)
        return stored


class ChangedViewForm(forms.Form):
    """`shared_with` is one of the owner's roles, by its number; empty is nobody."""

    name = forms.CharField(max_length=80, strip=True)
    shared_with = forms.ModelChoiceField(Group.objects.none(), required=False)

    def __init__(self, owner: User, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["shared_with"].queryset = saved_views.roles_of(owner)  # type: ignore[attr-defined]  # a model choice's


@dataclass(frozen=True)
class ViewLine:
    """One view with its filters in words; `left_out` no longer fit. `address` is empty without a customer.

    `name` is what its field says: another one than the view's where that was refused, `errors` say why.
    """

    view: SavedView
    words: Sequence[str]
    left_out: Sequence[str]
    address: str
    is_mine: bool
    name: str
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class ViewsOfUpstream:
    """`choices` are (key, words, whether it is the one that lists begin with); `without` are views that can't
    be asked for here, with the reason.
    """

    description: Description
    lines: Sequence[ViewLine]
    choices: Sequence[tuple[str, Text, bool]]
    without: Sequence[tuple[Text, Text]]


@dataclass(frozen=True)
class SavedViewsPage:
    """Deleted views come with what their upstream is called. `form` is of one that was not saved, and `back`
    the list above which that was tried.
    """

    upstreams: Sequence[ViewsOfUpstream]
    deleted: Sequence[tuple[SavedView, str]]
    roles: Sequence[Group]
    form: SavedViewForm | None = None
    back: str = ""


class Refused(NamedTuple):
    """A change of a view that was not made: the name that was typed, and why."""

    number: int
    name: str
    errors: Sequence[str]


def list_views(request: PortalRequest, source: str) -> ListViews:
    """What this person may open of an upstream's lists."""
    default = chosen_by(request).default_views.get(source, "")
    return ListViews(source, saved_views.views_of_list(request.user, source), default)


def last_customers(request: PortalRequest) -> dict[str, str]:
    """The customer whom the person looked at last, by upstream: a view is of somebody's list."""
    recents = recent_customers(request.user, rights_in(request))
    return {each.source: each.customer_id for each in reversed(recents)}


def address_of_view(source: str, customer_id: str, number: int) -> str:
    return f"{reverse('history', args=[source, customer_id])}?{VIEW}={number}" if customer_id else ""


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """All of them; a POST keeps the view under its name, and one of that name is replaced."""
    if request.method == "POST":
        return _save(request)
    return render_page(request, TEMPLATE, _page(request))


def _page(
    request: PortalRequest, form: SavedViewForm | None = None, refused: Refused | None = None
) -> SavedViewsPage:
    customers = last_customers(request)
    usable = list(saved_views.views_for(request.user))
    upstreams = [
        ViewsOfUpstream(
            description=each,
            lines=[
                _line(request.user, view, customers, refused) for view in usable if view.source == each.name
            ],
            choices=_choices(request, each.name),
            without=FILTERSETS[each.name].views_without,
        )
        for each in services.sources()
    ]
    deleted = [(view, upstream_words(view.source).label) for view in saved_views.deleted_lately(request.user)]
    roles = list(saved_views.roles_of(request.user))
    return SavedViewsPage(upstreams, deleted, roles, form, _list_of(request, form) if form else "")


def _list_of(request: PortalRequest, form: SavedViewForm) -> str:
    """The list that a view was to be kept of; empty where none is named."""
    given = form.cleaned_data
    if not given.get("source") or not given.get("customer_id"):
        return ""
    has_default = given["source"] in chosen_by(request).default_views
    filters = QueryDict(given.get("query", ""))
    return list_address(given["source"], given["customer_id"], filters, has_default=has_default)


def _line(person: User, view: SavedView, customers: dict[str, str], refused: Refused | None) -> ViewLine:
    fit, left_out = fitting(view.source, view.query)
    address = address_of_view(view.source, customers.get(view.source, ""), view.pk)
    is_refused = refused is not None and refused.number == view.pk
    return ViewLine(
        view=view,
        words=filter_words(FILTERSETS[view.source](fit)),
        left_out=left_out,
        address=address,
        is_mine=view.owner_id == person.pk,
        name=refused.name if refused and is_refused else view.name,
        errors=refused.errors if refused and is_refused else (),
    )


def _choices(request: PortalRequest, source: str) -> list[tuple[str, Text, bool]]:
    views = list_views(request, source)
    own = [(str(view.number), view.name) for view in views.own]
    offered = [*((name, words) for name, (words, _) in views.shipped.items()), *own]
    return [(key, words, key == views.default) for key, words in offered]


def _save(request: PortalRequest) -> HttpResponse:
    guard.admit(
        Action.VIEW_LIST, Right.VIEW, actor=request.user, target=guard.Target(), rights=rights_in(request)
    )
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        return render_page(request, TEMPLATE, _page(request, form), status=400)
    given = form.cleaned_data
    source = given["source"]
    try:
        view = saved_views.save_view(
            owner=request.user, name=given["name"], source=source, query=given["query"]
        )
    except saved_views.TooManyViews:
        most = {"most": saved_views.MOST_VIEWS}
        form.add_error(None, gettext("You have %(most)s views; delete one first.") % most)
        return render_page(request, TEMPLATE, _page(request, form), status=400)
    messages.success(
        request,
        gettext("Saved as “%(name)s”. You find it above every list of %(upstream)s.")
        % {"name": view.name, "upstream": services.describe(source).short_label},
    )
    if not given["customer_id"]:
        return redirect("saved-views")
    query = ListViews(source, saved_views.views_of_list(request.user, source)).query_of(str(view.pk))
    address = reverse("history", args=[source, given["customer_id"]])
    return redirect(f"{address}?{query.urlencode()}" if query else address)


@require_POST
def change(request: PortalRequest, pk: int) -> HttpResponse:
    """Another name, another role; another person's view is as good as missing."""
    view = get_object_or_404(saved_views.views_of(request.user), pk=pk)
    form = ChangedViewForm(request.user, request.POST)
    if form.is_valid():
        try:
            saved_views.change_view(view, **form.cleaned_data)
        except saved_views.NameTaken:
            form.add_error("name", _name_is_taken())
        else:
            messages.success(request, gettext("“%(name)s” was changed.") % {"name": view.name})
            return redirect("saved-views")
    errors = [str(said) for all_said in form.errors.values() for said in all_said]
    refused = Refused(pk, request.POST.get("name", "")[:80], errors)
    return render_page(request, TEMPLATE, _page(request, refused=refused), status=400)


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    """Forget one of the person's own views; the page that follows offers it for a day."""
    view = get_object_or_404(saved_views.views_of(request.user), pk=pk)
    saved_views.delete_view(view)
    messages.success(request, gettext("“%(name)s” was deleted.") % {"name": view.name})
    return redirect("saved-views")


@require_POST
def restore(request: PortalRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(saved_views.deleted_lately(request.user), pk=pk)
    try:
        saved_views.restore_view(view)
    except saved_views.NameTaken:
        messages.error(request, _name_is_taken())
    else:
        messages.success(request, gettext("“%(name)s” is back.") % {"name": view.name})
    return redirect("saved-views")


def _name_is_taken() -> str:
    return gettext("You have another view of this name: rename or delete that one first.")


@require_POST
def choose_default(request: PortalRequest) -> HttpResponse:
    """Which view the lists of an upstream open with; none is all orders."""
    source, key = request.POST.get("source", ""), request.POST.get("view", "")
    if source not in FILTERSETS:
        messages.error(request, gettext("There is no such upstream."))
        return redirect("saved-views")
    if key not in ("", EVERYTHING) and list_views(request, source).query_of(key) is None:
        messages.error(request, gettext("There is no such view."))
        return redirect("saved-views")
    choose_default_view(request, request.user, source, "" if key == EVERYTHING else key)
    messages.success(request, gettext("Kept: the next list opens with it."))
    return redirect("saved-views")
