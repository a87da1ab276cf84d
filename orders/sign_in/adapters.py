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
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.encoding import force_bytes

from orders.ledger.context import client_address
from orders.sign_in.attempts import Attempt

# What the next page shows anyway.
SELF_EVIDENT = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same words whether there is such a name or not.
        "username_password_mismatch": "That user name and password don't match. Both are case-sensitive.",
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes, then try again.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That code is wrong, or it was used already. Wait for the next one.",
        "rate_limited": "Too many wrong codes. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that the ledger writes down."""
        address = client_address(request)
        if not address:
            raise PermissionDenied("the visitor's address is unknown: see TRUSTED_PROXY_COUNT")
        return address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._attempt = Attempt(credentials.get("username", ""), self.get_client_ip(request))
        if not self._attempt.begin():
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
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return self._box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # SECRET_KEY has changed: no code may fit, until an administrator has removed the factor.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return "Orders Portal"

    @staticmethod
    def _box() -> Fernet:
        key = hashlib.sha256(b"second factors\0" + force_bytes(settings.SECRET_KEY)).digest()
        return Fernet(base64.urlsafe_b64encode(key))


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in by an identity provider of the environment, which is trusted to know its people."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") not in {None, "login"}:
            raise _refusal(request, "Accounts are connected by signing in with your provider.")
        address = _verified_address(sociallogin)
        if settings.SSO_ALLOWED_DOMAINS and address.rpartition("@")[2] not in settings.SSO_ALLOWED_DOMAINS:
            raise _refusal(request, "Your provider knows you, but its people from there may not come in.")
        if sociallogin.is_existing:
            return
        # An administrator may have made this person before they first came.
        known = list(get_user_model().objects.filter(email__iexact=address)[:2]) if address else []
        if len(known) == 1:
            sociallogin.connect(request, known[0])
        elif _is_taken(sociallogin):
            raise _refusal(request, "Somebody else has your e-mail address here.")

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
    text = f"{why} Please ask your administrator."
    context = {"title": "You can't sign in this way", "text": text}
    return ImmediateHttpResponse(render(request, "orders/error_page.html", context, status=403))
