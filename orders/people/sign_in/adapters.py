"""What the portal decides where django-allauth asks."""

import base64
import hashlib
import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.granted_rights import Right
from orders.infrastructure import secret_files
from orders.infrastructure.pages import ErrorPage
from orders.ledger.context import client_address
from orders.people.first_visit import begin_tour_at_first
from orders.people.ledger_signals import failed_to_sign_in
from orders.people.permissions import rights_of
from orders.people.personal_settings import chosen_by
from orders.people.sign_in.attempts import Attempt

# What the next page shows anyway.
SELF_EVIDENT = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same words whether there is such a name or not.
        "username_password_mismatch": _("That user name and password don't match. Both are case-sensitive."),
        "too_many_login_attempts": _("Too many wrong passwords. Wait five minutes, then try again."),
        "incorrect_password": _("That is not your password."),
        "incorrect_code": _("That code is wrong, or it was used already. Wait for the next one."),
        "rate_limited": _("Too many wrong codes. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person has chosen to begin, if that page is there still; else at their accounts, if those
        are all that they may see.
        """
        landing = chosen_by(request).landing
        rights = rights_of(request.user)
        usual: str = super().get_login_redirect_url(request)
        if not landing and Right.VIEW in rights and not rights.sees_all:
            landing = "portfolio"
        try:
            return reverse(landing) if landing else usual
        except NoReverseMatch:
            return usual

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that the ledger writes down."""
        address = client_address(request)
        if not address:
            raise PermissionDenied("the visitor's address is unknown: see TRUSTED_PROXY_COUNT")
        return address

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse | None:
        begin_tour_at_first(request, user)
        answer: HttpResponse | None = super().pre_login(request, user, **how)
        return answer

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._attempt = Attempt(credentials.get("username", ""), self.get_client_ip(request))
        if not self._attempt.begin():
            failed_to_sign_in(self, credentials, is_blocked=True)
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            self._attempt.succeeded()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._attempt.failed()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has signed in within the last minutes need not do it again at once."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT)

    def is_ajax(self, request: HttpRequest) -> bool:
        # The forms as JSON, which nothing here asks for, would repeat what was typed: passwords too.
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in SELF_EVIDENT:
            super().add_message(request, level, message_template, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """A stolen copy of the database is not enough to make codes."""
        return self.box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return self.box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # That SECRET_KEY is gone: no code may fit, until an administrator has removed the factor.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return "Orders Portal"

    @staticmethod
    def box() -> MultiFernet:
        """Sealed with the key of today; a former one still opens what it sealed."""
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        digests = [hashlib.sha256(b"second factors\0" + force_bytes(key)).digest() for key in keys]
        return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in by an identity provider of the environment, which is trusted to know its people."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """With the secret that its file holds now, where it stands in one."""
        apps: list[SocialApp] = super().list_apps(request, provider=provider, client_id=client_id)
        if "OIDC_CLIENT_SECRET" in settings.SECRET_FILES:
            secret_files.version()
            for app in apps:
                if app.provider == "openid_connect":
                    app.secret = settings.OIDC_CLIENT_SECRET
        return apps

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") not in {None, "login"}:
            raise _refusal(request, gettext("Accounts are connected by signing in with your provider."))
        address = _verified_address(sociallogin)
        if settings.SSO_ALLOWED_DOMAINS and address.rpartition("@")[2] not in settings.SSO_ALLOWED_DOMAINS:
            raise _refusal(
                request, gettext("Your provider knows you, but its people from there may not come in.")
            )
        if sociallogin.is_existing:
            return
        # An administrator may have made this person before they first came.
        known = list(get_user_model().objects.filter(email__iexact=address)[:2]) if address else []
        if len(known) == 1:
            sociallogin.connect(request, known[0])
        elif _is_taken(sociallogin):
            raise _refusal(request, gettext("Somebody else has your e-mail address here."))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whom a configured provider sends may come in; without a role there is nothing to see."""
        return True


def _verified_address(sociallogin: SocialLogin) -> str:
    verified = [given.email for given in sociallogin.email_addresses if given.verified]
    return verified[0].lower() if verified else ""


def _is_taken(sociallogin: SocialLogin) -> bool:
    addresses = [given.email for given in sociallogin.email_addresses]
    return any(get_user_model().objects.filter(email__iexact=address).exists() for address in addresses)


def _refusal(request: HttpRequest, why: str) -> ImmediateHttpResponse:
    text = gettext("%(why)s Please ask your administrator.") % {"why": why}
    page = ErrorPage(gettext("You can't sign in this way"), text)
    return ImmediateHttpResponse(page.response(request, status=403))
