"""Who needs a second factor, and who has one."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest

from orders.domain.granted_rights import Rights
from orders.infrastructure.prepared_queries import Prepared
from orders.people.permissions import rights_in

# Recovery codes stand in for a factor; alone they are none.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_FACTORS = Prepared(
    lambda person: Authenticator.objects.filter(user=person, type__in=FACTORS).values_list("pk")[:1]
)
# The addresses of the set-up, and those that lead out of the portal, with their namespaces: pages of the
# administration have names that begin like these.
ON_THE_WAY = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


def is_on_the_way(view_name: str) -> bool:
    return view_name in ON_THE_WAY


def is_needed(user: User, rights: Rights) -> bool:
    """By what somebody can do, not by what they are called: every power, and the administration."""
    return user.is_superuser or user.is_staff or rights.are_powers


def is_missing(request: HttpRequest) -> bool:
    """Whether this person has powers, and would use them with a password alone."""
    user = request.user
    if not user.is_authenticated or not is_needed(user, rights_in(request)):
        return False
    if settings.SSO_SECOND_FACTOR and _came_by_provider(request):
        return False
    return not _FACTORS.exists(user.pk)


def is_missing_for_script(owner: User, rights: Rights) -> bool:
    """As `is_missing`, for a token: whether its owner would be let in now with the password alone."""
    if not settings.MFA_REQUIRED or not is_needed(owner, rights) or _FACTORS.exists(owner.pk):
        return False
    comes_by_provider = not owner.has_usable_password() and SocialAccount.objects.filter(user=owner).exists()
    return not (settings.SSO_SECOND_FACTOR and comes_by_provider)


def _came_by_provider(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "socialaccount" for record in records)
