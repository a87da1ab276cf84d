"""Requests of scripts: `Authorization: Bearer opt_…` instead of a session.

A token reads orders and makes files, as its owner may, and nothing else. No cookie is read or made for
it, so there is nothing that another site could misuse, and the CSRF check has nothing to protect.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from orders.api_tokens import TokenRefused, redeem_token
from orders.models import ApiToken

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

READING = frozenset({"GET", "HEAD"})
# What a token may do, by the name of the address.
ALLOWED: dict[str, frozenset[str]] = {
    "history": READING,
    "details": READING,
    "export": frozenset({"GET", "POST"}),
    "export-file": frozenset({"GET"}),
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
            token = redeem_token(text.strip())
        except TokenRefused as reason:
            logger.warning("A token was refused at %s: %s", request.path, reason)
            return unauthorized(str(reason), error="invalid_token")
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
            if name in SCRIPTED and not wants_page(request) and not request.user.is_authenticated:
                return unauthorized("Send a token of yours, or sign in with a browser.")
            return None
        request.user = token.owner
        if request.method not in ALLOWED.get(name, frozenset()):
            logger.warning("Token %s of %s may not %s %s", token.prefix, token.owner, request.method, name)
            return plain("A token reads orders and makes files; this needs a person.", status=403)
        return None


def _keep(request: HttpRequest, token: ApiToken) -> None:
    request.api_token = token  # type: ignore[attr-defined]  # ours, handed on as Django does it
    request.COOKIES = {}
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # Django's own, not in its types


def token_of(request: HttpRequest) -> ApiToken | None:
    token: ApiToken | None = getattr(request, "api_token", None)
    return token


def wants_page(request: HttpRequest) -> bool:
    """Whether a person's browser asks. Scripts send `*/*` or nothing, and are not to be sent pages."""
    return token_of(request) is None and "text/html" in request.META.get("HTTP_ACCEPT", "")


def plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


def unauthorized(text: str, *, error: str = "") -> HttpResponse:
    response = plain(text, status=401)
    extra = f', error="{error}", error_description="{text}"' if error else ""
    response.headers["WWW-Authenticate"] = CHALLENGE + extra
    return response
