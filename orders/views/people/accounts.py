"""Account pages of django-allauth, as far as they need more than their templates."""

import logging
from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from orders.people.sign_in import browser_names, second_factor
from orders.people.sign_in.sessions import in_words
from orders.views.shared.pages import ErrorPage

logger = logging.getLogger("orders.people.sign_in")


def account(request: HttpRequest) -> HttpResponse:
    return redirect("mfa_index")


@login_not_required
def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = openid_connect.login(request, provider_id)
    # Its discovery is asked first: unreachable, refusing, or no provider at all.
    except (OSError, KeyError):
        logger.exception("the identity provider can't be asked")
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response


def no_password(request: HttpRequest) -> HttpResponse:
    """For people of an identity provider: a password here would outlive their account there."""
    page = ErrorPage(
        gettext("You have no password here"),
        gettext("You sign in with your identity provider. Your password is changed there."),
    )
    return page.response(request, status=403)


class SecondFactorView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needs = settings.MFA_REQUIRED and second_factor.is_missing(self.request)
        return {**super().get_context_data(**kwargs), "needs_second_factor": needs}


class SessionsView(ListUserSessionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limits = {
            "idle_words": in_words(settings.SESSION_IDLE_SECONDS),
            "absolute_words": in_words(settings.SESSION_ABSOLUTE_SECONDS),
        }
        context = {**super().get_context_data(**kwargs), **limits}
        for session in context["sessions"]:
            session.browser = browser_names.in_words(session.user_agent)
        return context
