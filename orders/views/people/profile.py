"""A person's own page: who they are here, their tokens for scripts, their column sets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orders.domain.granted_rights import Rights
from orders.exports import column_sets
from orders.exports.column_sets import RowType
from orders.exports.models import ColumnSet
from orders.people import api_tokens
from orders.people.api_tokens import (
    MOST_OF_A_NAME,
    MOST_TOKENS,
    USUAL_SCOPES,
    Scope,
    ends_at,
    live_tokens,
    scopes_within,
)
from orders.people.models import ApiToken
from orders.people.permissions import rights_in
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

SCOPE_WORDS = {
    Scope.READ: _("Read histories and orders"),
    Scope.LOOKUP: _("Look up numbers"),
    Scope.EXPORT: _("Make and fetch files"),
}


def lifetimes() -> list[tuple[str, str]]:
    """What can be chosen, in days; none at all is the longest."""
    longest = settings.TOKEN_MAX_DAYS
    days = sorted({*(each for each in (7, 30, 90, 365) if each < longest), longest})
    return [(str(each), gettext("%(each)s days") % {"each": each}) for each in days]


class TickedField(forms.MultipleChoiceField):
    """The page sends an empty value too: to tick nothing is not what a script does that knows no scopes."""

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if each]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("What it is for"))
    lifetime = forms.ChoiceField(choices=lifetimes, required=False, label=_("Works for"))
    scope = TickedField(choices=list(SCOPE_WORDS.items()), required=False, label=_("Allowed to"))

    def __init__(self, owner: User, rights: Rights, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"lifetime": str(settings.TOKEN_MAX_DAYS)})
        self.owner, self.rights = owner, rights

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        # Two, so that a script can be changed from the old one to the new one without a gap.
        if live_tokens(self.owner).filter(name__iexact=name).count() >= MOST_OF_A_NAME:
            raise forms.ValidationError(
                gettext(
                    "You have two tokens of this name; revoke the older one first, or choose another name."
                )
            )
        return name

    def clean_scope(self) -> list[Scope]:
        """A script that sends none, not even an empty one, gets what its owner can use of the usual ones."""
        if "scope" not in self.data:
            return scopes_within(self.rights, USUAL_SCOPES) or [Scope.READ]
        chosen = [Scope(each) for each in self.cleaned_data["scope"]]
        if not chosen:
            raise forms.ValidationError(gettext("Choose what it may do."))
        if len(scopes_within(self.rights, chosen)) < len(chosen):
            raise forms.ValidationError(gettext("A token can't do what you may not do yourself."))
        return chosen

    def clean(self) -> dict[str, Any]:
        if live_tokens(self.owner).count() >= MOST_TOKENS:
            raise forms.ValidationError(
                gettext("You have %(most)s tokens; revoke one first.") % {"most": MOST_TOKENS}
            )
        return super().clean() or {}

    @property
    def scopes(self) -> list[tuple[str, str, bool]]:
        """(value, words, whether it is ticked) of each scope that the person can use."""
        usable, usual = scopes_within(self.rights), scopes_within(self.rights, USUAL_SCOPES)
        ticked: Collection[str] = self["scope"].value() if self.is_bound else usual
        return [
            (scope, str(words), scope in ticked) for scope, words in SCOPE_WORDS.items() if scope in usable
        ]


@dataclass(frozen=True)
class ProfilePage:
    """Tokens come with when they end, column sets with the files they are for.

    `portal` is our own address for scripts; `new_token` and `new_name` are those of one that was just made.
    """

    form: TokenForm
    tokens: Sequence[tuple[ApiToken, datetime]]
    roles: Sequence[str]
    column_sets: Sequence[tuple[ColumnSet, str]]
    row_types: Sequence[RowType]
    portal: str
    new_token: str
    new_name: str


@require_safe
def profile(request: PortalRequest) -> HttpResponse:
    return _page(request, TokenForm(request.user, rights_in(request)))


@require_POST
def make_token(request: PortalRequest) -> HttpResponse:
    """Answers with the page itself: the token is shown once and kept nowhere, not even for a redirect."""
    form = TokenForm(request.user, rights_in(request), request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    days = form.cleaned_data["lifetime"]
    _, text = api_tokens.make_token(
        owner=request.user,
        name=form.cleaned_data["name"],
        expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
        scopes=form.cleaned_data["scope"],
    )
    return _page(
        request,
        TokenForm(request.user, rights_in(request)),
        new_token=text,
        new_name=form.cleaned_data["name"],
    )


@require_POST
def revoke_token(request: PortalRequest, pk: int) -> HttpResponse:
    token = api_tokens.revoke_token(owner=request.user, pk=pk)
    if token is None:
        raise Http404("no such token of this person")
    messages.success(
        request,
        gettext("The token “%(name)s” was revoked. Whatever still sends it is refused.")
        % {"name": token.name},
    )
    return redirect("profile")


def _page(
    request: PortalRequest, form: TokenForm, *, status: int = 200, new_token: str = "", new_name: str = ""
) -> HttpResponse:
    context = ProfilePage(
        form=form,
        tokens=[(token, ends_at(token)) for token in live_tokens(request.user)],
        roles=[group.name for group in request.user.groups.order_by("name")],
        column_sets=column_sets.with_words(request.user),
        row_types=column_sets.row_types(),
        portal=request.build_absolute_uri(reverse("home")).removesuffix("/"),
        new_token=new_token,
        new_name=new_name,
    )
    return render_page(request, "orders/people/profile.html", context, status=status)
