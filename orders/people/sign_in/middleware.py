"""Sessions end in time, signing out leaves nothing behind, and powers have a second factor."""

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
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect
from redis import RedisError

from orders.infrastructure.pages import ErrorPage
from orders.infrastructure.problems import is_for_scripts
from orders.people.sign_in import second_factor, sessions
from orders.people.token_authentication import token_of, told, without_sign_in

logger = logging.getLogger("orders.people.sign_in")

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
        if not isinstance(exception, RedisError) or not request.path.startswith(reverse("account")):
            return None
        logger.error("the cache is away: %s", type(exception).__name__)
        page = ErrorPage(
            gettext("Nobody can sign in right now"),
            gettext("A part of the portal is away; whoever is signed in can go on. Try again in a minute."),
        )
        response = page.response(request, status=503)
        response.headers["Retry-After"] = "60"
        return response


class SessionLimitsMiddleware:
    """Ends sessions that were idle for too long, or that are too old."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "HX-Refresh" in response.headers:
            sessions.expect_reload(request, response, time.time())
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
        elif sessions.is_poll(request) or sessions.is_reload(request, now):
            return
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
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        return without_sign_in(request) if answer is not None and is_for_scripts(request) else answer


class SecondFactorMiddleware:
    """Leads everybody with powers to the set-up of their second factor before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.MFA_REQUIRED or not getattr(view, "login_required", True):
            return None
        if token_of(request) is not None:
            return None  # asked of its owner where the token is taken
        match = request.resolver_match
        if match is None or second_factor.is_on_the_way(match.view_name):
            return None
        if not second_factor.is_missing(request):
            return None
        if is_for_scripts(request):
            return told(request, gettext("Set up a second factor first."), status=403)
        return _whole_page(request, redirect("mfa_index"))


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect to sign-in pages must not be drawn into the middle of the page that htmx has."""
    target = response.headers.get("Location", "")
    if getattr(request, "htmx", False) and target.startswith(reverse("account")):
        return HttpResponseClientRedirect(target)
    return response
