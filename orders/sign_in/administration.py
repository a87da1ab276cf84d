"""What of the sign-in administrators see in Django's admin, and what nobody should edit there."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest


class AuthenticatorAdmin(ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Deleting a lost factor lets its owner in with the password, and makes them set up a new one."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__username",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return False


def prepare(site: AdminSite) -> None:
    # The admin's own form would know neither limits nor second factors.
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]  # allauth's documented way
    # Providers come from the environment alone; addresses and session keys are nobody's to edit.
    for model in (EmailAddress, SocialApp, SocialToken, UserSession, Authenticator):
        site.unregister(model)
    site.register(Authenticator, AuthenticatorAdmin)
