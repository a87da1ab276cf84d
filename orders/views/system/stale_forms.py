"""A form whose token is no longer good: what was in it is kept, and one click sends it again.

That happens to whoever signed in again in another tab, was signed out while they wrote, or has a browser
that hides where a form comes from. Nothing is ever sent by itself: the page shows what would be sent, holds
a fresh token and waits for the click. What another site sent gets no such button.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from allauth.account.utils import get_next_redirect_url
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import redirect
from django.utils.translation import gettext

from orders.domain.bounded_text import cut
from orders.infrastructure.pages import render_page
from orders.infrastructure.problems import is_for_scripts, refusal
from orders.people.token_authentication import token_of
from orders.views.system.errors import error_page

FORM_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)
# More than the longest text that can be looked up, and than the columns of a file.
MOST_CHARACTERS = 120_000
MOST_FIELDS = 300
_LONGEST_SHOWN = 300
# Never written into a page: typed, or chosen, once more.
_PASSWORDS = ("password", "secret")
_CODES = frozenset({"code"})
# Made by a script of the page for that page alone.
_UNREPEATABLE = frozenset({"credential"})


@dataclass(frozen=True)
class KeptField:
    name: str
    value: str

    @property
    def shown(self) -> str:
        return cut(self.value, _LONGEST_SHOWN)


@dataclass(frozen=True)
class WithheldField:
    """One that has to be filled in again."""

    name: str
    type: Literal["password", "text", "file"]


@dataclass(frozen=True)
class StaleFormPage:
    """`address` is where the form goes, in this portal; empty where it can't go again."""

    title: str
    text: str
    address: str
    kept: tuple[KeptField, ...]
    withheld: tuple[WithheldField, ...]
    has_file: bool
    needs_sign_in: bool


@login_not_required
def show(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: 403, unless there is nothing left to do."""
    if _is_foreign(request, reason):
        return error_page(
            request,
            403,
            gettext("This came from another address"),
            gettext(
                "Nothing was done. If you were on a page of the portal, tell your administrator: its address "
                "has to stand in CSRF_TRUSTED_ORIGINS, or its proxy in TRUSTED_PROXY_HTTPS_HEADER."
            ),
        )
    if is_for_scripts(request):
        text = gettext("A browser that is signed in sends the page's own token in the header X-CSRFToken.")
        return refusal(request, 403, gettext("Nothing was done"), detail=text)
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name == "account_login" and request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or "home")
    if name == "account_logout" and not request.user.is_authenticated:
        return redirect("account_login")
    return _page(
        request,
        gettext("This page had grown old"),
        gettext(
            "Nothing was done yet: you signed in or out since it was loaded, or your browser did not say "
            "where it came from."
        ),
    )


class SignedOutFormMiddleware:
    """Whoever was signed out while they filled in a form keeps it; only that form's page had its token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not getattr(view, "login_required", True):
            return None
        if FORM_TOKEN not in request.POST or token_of(request) is not None or request.user.is_authenticated:
            return None
        return _page(
            request,
            gettext("You were signed out meanwhile"),
            gettext("Nothing was done yet. Sign in in another tab, then send it from here."),
            needs_sign_in=True,
        )


def _page(request: HttpRequest, title: str, text: str, *, needs_sign_in: bool = False) -> HttpResponse:
    kept = tuple(_kept(request))
    too_much = len(kept) > MOST_FIELDS or sum(len(each.name + each.value) for each in kept) > MOST_CHARACTERS
    if too_much:
        text = gettext("Nothing was done. It is too much to be kept here: go back, copy it, and start again.")
    is_repeatable = not too_much and not _UNREPEATABLE & set(request.POST)
    withheld = tuple(_withheld(request)) if is_repeatable else ()
    context = StaleFormPage(
        title=title,
        text=text,
        address=request.get_full_path() if is_repeatable else "",
        kept=kept if is_repeatable else (),
        withheld=withheld,
        has_file=any(each.type == "file" for each in withheld),
        needs_sign_in=needs_sign_in,
    )
    return render_page(request, "orders/system/stale_form.html", context, status=403)


def _is_foreign(request: HttpRequest, reason: str) -> bool:
    """Whether another site sent the form. `Origin: null` alone says nothing: some browsers always do so."""
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return True
    origin = request.headers.get("Origin", "null")
    if origin != "null":
        return reason == REASON_BAD_ORIGIN % origin
    try:
        referrer = urlsplit(request.headers.get("Referer", "")).netloc
    except ValueError:
        return True
    return bool(referrer) and referrer != request.get_host()


def _kept(request: HttpRequest) -> Iterator[KeptField]:
    for name, values in request.POST.lists():
        if name != FORM_TOKEN and _type(name) is None:
            yield from (KeptField(name, value) for value in values)


def _withheld(request: HttpRequest) -> Iterator[WithheldField]:
    for name in request.POST:
        type_ = _type(name)
        if type_ is not None:
            yield WithheldField(name, type_)
    for name in request.FILES:
        yield WithheldField(name, "file")


def _type(name: str) -> Literal["password", "text"] | None:
    if any(word in name.casefold() for word in _PASSWORDS):
        return "password"
    return "text" if name in _CODES else None
