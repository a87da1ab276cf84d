"""A person's own page: who they are here, their tokens for scripts, their column sets."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders import api_tokens, presets
from orders.api_tokens import MOST_TOKENS, live_tokens
from orders.views.requests import PortalRequest

LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "it has no end")]


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label="What it is for")
    lifetime = forms.ChoiceField(choices=LIFETIMES, required=False, label="Works for", initial="90")

    def __init__(self, owner: Any, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.owner = owner

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        # Sending the form again by a refresh must not make a second token unseen.
        if live_tokens(self.owner).filter(name__iexact=name).exists():
            raise forms.ValidationError("You have a token of this name; revoke it first, or choose another.")
        return name

    def clean(self) -> dict[str, Any]:
        if live_tokens(self.owner).count() >= MOST_TOKENS:
            raise forms.ValidationError(f"You have {MOST_TOKENS} tokens; revoke one first.")
        return super().clean() or {}


@require_safe
def profile(request: PortalRequest) -> HttpResponse:
    return _page(request, TokenForm(request.user))


@require_POST
def make_token(request: PortalRequest) -> HttpResponse:
    """Answers with the page itself: the token is shown once and kept nowhere, not even for a redirect."""
    form = TokenForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    days = form.cleaned_data["lifetime"]
    _, text = api_tokens.make_token(
        owner=request.user,
        name=form.cleaned_data["name"],
        expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
    )
    return _page(request, TokenForm(request.user), new_token=text, new_name=form.cleaned_data["name"])


@require_POST
def revoke_token(request: PortalRequest, pk: int) -> HttpResponse:
    token = api_tokens.revoke_token(owner=request.user, pk=pk)
    if token is None:
        raise Http404("no such token of this person")
    messages.success(request, f"The token “{token.name}” was revoked. Whatever still sends it is refused.")
    return redirect("profile")


def _page(request: PortalRequest, form: TokenForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "tokens": live_tokens(request.user),
        "roles": [group.name for group in request.user.groups.order_by("name")],
        "presets": presets.with_words(request.user),
        "kinds": presets.kinds(),
        "portal": request.build_absolute_uri("/").removesuffix("/"),
        **more,
    }
    return render(request, "orders/profile.html", context, status=status)
