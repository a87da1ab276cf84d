"""People, for administrators: how each signs in, what is open, and an end to it, with a reason."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orders.people import directory
from orders.people.api_tokens import ends_at, live_tokens
from orders.people.granting import may_change
from orders.people.limit_wishes import Wish, wishes_for
from orders.people.models import ApiToken
from orders.people.permissions import rights_in
from orders.people.sign_in import browser_names
from orders.presentation.numbers import grouped
from orders.services import guard
from orders.views.shared.given import number_in, search_text
from orders.views.shared.pager import Pager, numbered_pager
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

PEOPLE_A_PAGE = 50


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200, label=_("Reason"), error_messages={"required": _("Give a reason.")}
    )


@dataclass(frozen=True)
class PeoplePage:
    """`search` narrowed the entries; `wishes` are for more than limits allow, of everybody."""

    search: str
    page: Page[User]
    entries: Sequence[directory.Entry]
    pager: Pager
    wishes: Sequence[Wish]


@dataclass(frozen=True)
class PersonPage:
    """Factors come with their words, tokens with when they end; `may_change` is of whoever looks."""

    who: User
    form: ReasonForm
    roles: Sequence[str]
    factors: Sequence[tuple[str, Authenticator]]
    identities: Iterable[SocialAccount]
    sessions: Sequence[UserSession]
    tokens: Sequence[tuple[ApiToken, datetime]]
    may_change: bool


def _admit(request: PortalRequest) -> None:
    if not rights_in(request).may_manage_people:
        guard.refuse(request.user, "people")
        raise PermissionDenied


@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """Everybody, by name; `q` narrows it."""
    _admit(request)
    search = search_text(request)
    page = Paginator(directory.everybody(search), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = PeoplePage(
        search=search,
        page=page,
        entries=directory.entries(list(page.object_list)),
        pager=numbered_pager(page, request.GET),
        wishes=wishes_for(request.user),
    )
    return render_page(request, "orders/people/people.html", context)


@require_safe
def person(request: PortalRequest, pk: int) -> HttpResponse:
    _admit(request)
    return _page(request, get_object_or_404(User, pk=pk), ReasonForm())


@require_POST
def end_sessions(request: PortalRequest, pk: int) -> HttpResponse:
    def end(who: User, reason: str) -> str:
        count = directory.end_sessions(who, by=request.user, reason=reason)
        return ngettext(
            "%(count)s session of %(person)s ended.", "%(count)s sessions of %(person)s ended.", count
        ) % {"count": grouped(count), "person": who.get_username()}

    return _carry_out(request, pk, end)


@require_POST
def revoke_tokens(request: PortalRequest, pk: int) -> HttpResponse:
    """The one that `token` names; all where it names none, and none where that can be no token's number."""
    which = request.POST.get("token", "")
    token = (number_in(which) or 0) if which else None

    def revoke(who: User, reason: str) -> str:
        revoked = directory.revoke_tokens(who, by=request.user, reason=reason, pk=token)
        names = ", ".join(f"“{each.name}”" for each in revoked) or gettext("none")
        return gettext("Revoked of %(get_username)s: %(names)s.") % {
            "get_username": who.get_username(),
            "names": names,
        }

    return _carry_out(request, pk, revoke)


@require_POST
def ask_for_factor(request: PortalRequest, pk: int) -> HttpResponse:
    def ask(who: User, reason: str) -> str:
        directory.reset_second_factor(who, by=request.user, reason=reason)
        return gettext("%(get_username)s is asked for a new second factor at the next sign-in.") % {
            "get_username": who.get_username()
        }

    return _carry_out(request, pk, ask)


def _carry_out(request: PortalRequest, pk: int, action: Callable[[User, str], str]) -> HttpResponse:
    """Do it for a reason, unless the person is above who asks; a missing reason is said at the form."""
    _admit(request)
    who = get_object_or_404(User, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, who, form, status=400)
    try:
        done = action(who, form.cleaned_data["reason"])
    except directory.Above:
        guard.refuse(request.user, f"people: {who.get_username()}")
        raise PermissionDenied from None
    messages.success(request, done)
    return redirect("person", pk)


def _page(request: PortalRequest, who: User, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    open_sessions = list(UserSession.objects.filter(user=who).order_by("-last_seen_at"))
    for session in open_sessions:
        session.browser = browser_names.in_words(session.user_agent)
    factors = Authenticator.objects.filter(user=who).order_by("type", "created_at")
    context = PersonPage(
        who=who,
        form=form,
        roles=list(who.groups.order_by("name").values_list("name", flat=True)),
        factors=[(directory.words_of_factor(factor.type), factor) for factor in factors],
        identities=SocialAccount.objects.filter(user=who).order_by("provider"),
        sessions=open_sessions,
        tokens=[(token, ends_at(token)) for token in live_tokens(who)],
        may_change=may_change(request.user, who),
    )
    return render_page(request, "orders/people/person.html", context, status=status)
