"""Sessions end in time, signing out leaves nothing behind, and exporters have a second factor."""

import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from redis import RedisError

from orders.api_auth import token_of
from orders.sign_in import second_factor, sessions

logger = logging.getLogger("orders.sign_in")

GetResponse = Callable[[HttpRequest], HttpResponse]


class SignOutMiddleware:
    """Where somebody has just signed out, their browser forgets everything it has of us."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if sessions.has_signed_out(request):
            response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        elif sessions.has_timed_out(request):
            # A cookie carries the word on why; that of the session goes anyway.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class NoCacheMiddleware:
    """Where the shared cache is away, wrong passwords can't be counted: then nobody signs in by password."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RedisError) or not request.path.startswith("/accounts/"):
            return None
        logger.error("the cache is away: %s", type(exception).__name__)
        context = {
            "title": "Nobody can sign in right now",
            "text": "A part of the portal is away; whoever is signed in can go on. Try again in a minute.",
        }
        response = render(request, "orders/error_page.html", context, status=503)
        response.headers["Retry-After"] = "60"
        return response


class SessionLimitsMiddleware:
    """Ends sessions that were idle for too long, or that are too old."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _whole_page(request, response)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        # Health checks and the sign-in page need no session; a script with a token has none.
        if not getattr(view, "login_required", True) or token_of(request) is not None:
            return
        if not request.user.is_authenticated:
            return
        now = time.time()
        why = sessions.why_over(request.session, now)
        if why:
            sessions.time_out(request)
            messages.info(request, why)
        elif sessions.note_activity(request.session, now):
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now()
            )


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, but a page that is open to all asks no database who is there."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SecondFactorMiddleware:
    """Leads those who may export to the set-up of their second factor before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.MFA_REQUIRED or not getattr(view, "login_required", True):
            return None
        if token_of(request) is not None:
            return None  # made by a person who had one
        match = request.resolver_match
        if match is None or second_factor.is_on_the_way(match.url_name or ""):
            return None
        if not second_factor.is_missing(request):
            return None
        return _whole_page(request, redirect("mfa_index"))


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect to sign-in pages must not be drawn into the middle of the page that htmx has."""
    target = response.headers.get("Location", "")
    if getattr(request, "htmx", False) and target.startswith("/accounts/"):
        return HttpResponseClientRedirect(target)
    return response
