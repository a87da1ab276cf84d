"""Who needs a second factor, and who has one."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from orders.access import look_ahead
from orders.prepared import Prepared

# Recovery codes stand in for a factor; alone they are none.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_FACTORS = Prepared(
    lambda person: Authenticator.objects.filter(user=person, type__in=FACTORS).values_list("pk")[:1]
)
ALSO_ALLOWED = frozenset({"account_logout", "account_reauthenticate"})


def is_on_the_way(url_name: str) -> bool:
    """Whether a page belongs to the set-up, or out of the portal."""
    return url_name.startswith("mfa_") or url_name in ALSO_ALLOWED


def is_missing(request: HttpRequest) -> bool:
    """Whether this person may take orders away as a file, and would do so with a password alone."""
    user = request.user
    if not user.is_authenticated or not look_ahead(user).may_export:
        return False
    if settings.SSO_SECOND_FACTOR and _came_by_provider(request):
        return False
    return not _FACTORS.exists(user.pk)


def _came_by_provider(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "socialaccount" for record in records)
