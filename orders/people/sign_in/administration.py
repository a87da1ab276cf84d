"""What of the sign-in stands in Django's administration: its own sign-in page, and nothing to edit."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin import AdminSite


def prepare(site: AdminSite) -> None:
    # The admin's own form would know neither limits nor second factors.
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]  # allauth's documented way
    # Providers come from the environment alone. Addresses, session keys, factors and identities of others are
    # nobody's to edit: who joins their own identity to somebody is that somebody. See the page of people.
    for model in (EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession, Authenticator):
        site.unregister(model)
