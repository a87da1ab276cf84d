"""Limits: a person's own, with a way to ask for more; and for those who manage people, what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from orders.people import limit_wishes, limits
from orders.people.directory import Above
from orders.people.limit_models import LimitWish
from orders.people.limit_wishes import Decided
from orders.people.permissions import rights_in
from orders.services import guard
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class OwnLimit:
    """One limit of a person's. `used` is None where what counts is not kept with limits."""

    kind: str
    words: str
    limit: int
    used: int | None
    wish: LimitWish | None


@dataclass(frozen=True)
class LimitsPage:
    limits: Sequence[OwnLimit]


class WishForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in limits.KINDS])
    reason = forms.CharField(max_length=200)


class DecisionForm(forms.Form):
    """What is granted, and why; `limit` counts only where something is."""

    decision = forms.ChoiceField(choices=[("grant", "grant"), ("decline", "decline")])
    limit = forms.IntegerField(min_value=1, max_value=limit_wishes.MOST, required=False)
    reason = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Give a reason.")})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("decision") == "grant" and not given.get("limit") and "limit" not in self.errors:
            self.add_error("limit", _("Say how many."))
        return given


def wishes(request: HttpRequest) -> dict[str, Any]:
    """For every template: whether somebody's wish waits for whoever looks. Asks the database only for those
    who may grant one.
    """
    return {"has_limit_wishes": SimpleLazyObject(lambda: _has_wishes(request))}


def _has_wishes(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not rights_in(request).may_manage_people:
        return False
    return limit_wishes.are_there_for(user)


@require_safe
def own(request: PortalRequest) -> HttpResponse:
    """What this person may do in a while, how much of it is done, and what they asked for."""
    found = [
        OwnLimit(
            kind=name,
            words=str(kind.words),
            limit=limit,
            used=limits.used(request.user, name) if kind.is_counted else None,
            wish=limit_wishes.latest(request.user, name),
        )
        for name, kind in limits.KINDS.items()
        if (limit := limits.limit_of(request.user, name))
    ]
    return render_page(request, "orders/people/limits.html", LimitsPage(found))


@require_POST
def ask_for_more(request: PortalRequest) -> HttpResponse:
    form = WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was handed on: give a reason."))
    elif limit_wishes.ask(form.cleaned_data["kind"], request.user, form.cleaned_data["reason"]):
        messages.success(request, _("Your wish was handed on, with its reason."))
    else:
        messages.info(request, _("Your wish was handed on already; this one was not."))
    return redirect("limits")


@require_POST
def decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Grant somebody's wish for a day, decline it, or take back what was granted; each with a reason."""
    if not rights_in(request).may_manage_people:
        guard.refuse(request.user, "limits")
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        said = " ".join([str(each) for errors in form.errors.values() for each in errors])
        messages.error(request, _("%(what_is_wrong)s Nothing was changed.") % {"what_is_wrong": said})
        return redirect("people")
    try:
        messages.success(request, _decided(request, pk, form.cleaned_data))
    except Decided:
        messages.info(request, _("Somebody has decided about this wish already."))
    except Above:
        guard.refuse(request.user, "limits")
        raise PermissionDenied from None
    return redirect("people")


def _decided(request: PortalRequest, pk: int, given: dict[str, Any]) -> str:
    if given["decision"] == "grant":
        wish = limit_wishes.grant(pk, given["limit"], by=request.user, reason=given["reason"])
        words = _("%(name)s may do more until %(until)s UTC.")
        return words % {"name": wish.person.get_username(), "until": f"{wish.until:%Y-%m-%d %H:%M}"}
    wish = limit_wishes.decline(pk, by=request.user, reason=given["reason"])
    return _("The limit of %(name)s is as it was.") % {"name": wish.person.get_username()}
