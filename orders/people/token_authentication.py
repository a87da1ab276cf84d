"""Requests of scripts: `Authorization: Bearer opt_…` instead of a session.

A token reads orders and makes files, as its owner may, and nothing else. No cookie is read or made for
it, so there is nothing that another site could misuse, and the CSRF check has nothing to protect.
"""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from orders.infrastructure.problems import is_for_scripts, refusal
from orders.ledger import Action, record
from orders.ledger.context import client_address
from orders.people.api_tokens import Scope, TokenRefused, redeem_token
from orders.people.models import ApiToken
from orders.people.permissions import rights_in
from orders.people.sign_in import second_factor

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


class Allowed(NamedTuple):
    """What a token may do at an address, and which scope it needs there, if any."""

    methods: frozenset[str]
    scope: Scope | None


READING = frozenset({"GET", "HEAD"})
# By the name of the address.
ALLOWED: dict[str, Allowed] = {
    "history": Allowed(READING, Scope.READ),
    "details": Allowed(READING, Scope.READ),
    "export": Allowed(frozenset({"GET", "POST"}), Scope.EXPORT),
    "export-file": Allowed(frozenset({"GET"}), Scope.EXPORT),
    "lookup": Allowed(frozenset({"POST"}), Scope.LOOKUP),
    "api-document": Allowed(READING, None),
    "api-attention": Allowed(READING, Scope.READ),
    "api-customer": Allowed(READING, Scope.READ),
    "api-subscriptions": Allowed(READING, Scope.READ),
    "api-history": Allowed(READING, Scope.READ),
    "api-portfolio": Allowed(READING, Scope.READ),
    "api-order": Allowed(READING, Scope.READ),
    "api-lookup": Allowed(READING, Scope.LOOKUP),
    "api-exports": Allowed(READING | {"POST"}, Scope.EXPORT),
    "api-export": Allowed(READING, Scope.EXPORT),
    "api-export-file": Allowed(frozenset({"GET"}), Scope.EXPORT),
}
# Addresses that scripts call: without a sign-in they get a failing status, not the way to a form, because
# `curl -f` takes a redirect for a success.
SCRIPTED = frozenset({"export", "export-file"})
CHALLENGE = 'Bearer realm="Orders Portal"'


class TokenMiddleware:
    """Stands before the session's middleware, which then has no cookie to find one by."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        # The metrics have a token of their own, which opens nothing else.
        if scheme.casefold() != "bearer" or request.path == reverse("metrics"):
            return self.get_response(request)
        # Nothing behind this line sees the token: no view, no log, no error report.
        del request.META["HTTP_AUTHORIZATION"]
        try:
            token = redeem_token(text.strip(), address=client_address(request))
        except TokenRefused as reason:
            logger.warning("A token was refused at %s: %s", request.path, reason)
            return unauthorized(request, str(reason), error="invalid_token")
        _keep(request, token)
        response = self.get_response(request)
        response.cookies.clear()
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Runs before `LoginRequiredMiddleware` looks for a person."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        token = token_of(request)
        if token is None:
            is_scripted = name in SCRIPTED or is_for_scripts(request)
            if is_open(view) or not is_scripted or wants_page(request) or request.user.is_authenticated:
                return None
            return without_sign_in(request)
        request.user = token.owner
        if second_factor.is_missing_for_script(token.owner, rights_in(request)):
            logger.warning("Token %s was refused: its owner has no second factor", token.prefix)
            return unauthorized(
                request,
                gettext("The token's owner has to set up a second factor first."),
                error="invalid_token",
            )
        allowed = ALLOWED.get(name)
        if allowed is None or request.method not in allowed.methods:
            logger.warning("Token %s of %s may not %s %s", token.prefix, token.owner, request.method, name)
            return told(
                request, gettext("A token reads orders and makes files; this needs a person."), status=403
            )
        if allowed.scope is not None and allowed.scope not in token.scopes.split():
            record(
                Action.REFUSED, actor=token.owner, outcome="refused-right", details={"tried": allowed.scope}
            )
            return told(
                request,
                gettext("This token has no scope “%(scope)s”: it has %(scopes)s.")
                % {"scope": allowed.scope, "scopes": token.scopes},
                status=403,
            )
        return None


def _keep(request: HttpRequest, token: ApiToken) -> None:
    request.api_token = token  # type: ignore[attr-defined]  # ours, handed on as Django does it
    request.COOKIES = {}
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # Django's own, not in its types


def token_of(request: HttpRequest) -> ApiToken | None:
    token: ApiToken | None = getattr(request, "api_token", None)
    return token


def is_open(view: Any) -> bool:
    """Whether a view is for everybody, so that nobody needs to be asked who they are."""
    return not getattr(view, "login_required", True)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person's browser asks for what can be a page. Scripts send `*/*` or nothing, and are not to
    be sent pages.
    """
    is_browser = token_of(request) is None and "text/html" in request.META.get("HTTP_ACCEPT", "")
    return is_browser and not is_for_scripts(request)


def plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


def told(request: HttpRequest, text: str, *, status: int) -> HttpResponse:
    """A refusal for a script: a line of text, or a problem where all answers are JSON."""
    return refusal(request, status, text) if is_for_scripts(request) else plain(text, status=status)


def without_sign_in(request: HttpRequest) -> HttpResponse:
    return unauthorized(request, gettext("Send a token of yours, or sign in with a browser."))


def unauthorized(request: HttpRequest, text: str, *, error: str = "") -> HttpResponse:
    response = told(request, text, status=401)
    extra = f', error="{error}", error_description="{text}"' if error else ""
    response.headers["WWW-Authenticate"] = CHALLENGE + extra
    return response
