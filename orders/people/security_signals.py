"""Every way in which somebody's sign-in changes, by whatever page or command, leads through `security.note`.

Before the change itself: where it can't be written down, it does not happen.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_noop as _

from orders.people import security_notices
from orders.people.passwords import has_new_password
from orders.people.security_notices import Change

_FIELDS = ("password", "email", "username", "is_active")
# As they are kept with the notice; whoever reads it translates them.
_FACTORS = {
    Authenticator.Type.TOTP: _("authenticator app"),
    Authenticator.Type.WEBAUTHN: _("security key or passkey"),
}


@receiver(pre_save, sender=User)
def _person_changes(instance: User, update_fields: Any = None, **_: Any) -> None:
    before = None if instance.pk is None else User.objects.filter(pk=instance.pk).only(*_FIELDS).first()
    if before is None:
        return
    saved = set(_FIELDS if update_fields is None else update_fields)
    changed = {name for name in saved & set(_FIELDS) if getattr(before, name) != getattr(instance, name)}
    if "password" in changed and not has_new_password(before.password, instance, update_fields):
        changed.remove("password")
    words = {
        "password": Change.PASSWORD,
        "email": Change.EMAIL,
        "username": Change.USER_NAME,
        "is_active": Change.SWITCHED_ON if instance.is_active else Change.SWITCHED_OFF,
    }
    for name in sorted(changed):
        # To the old address, under the old name: the new ones may be a thief's.
        security_notices.note(before, words[name])


@receiver(pre_save, sender=Authenticator)
def _factor_comes(instance: Authenticator, **_: Any) -> None:
    if instance._state.adding:
        is_codes = instance.type == Authenticator.Type.RECOVERY_CODES
        change = Change.CODES_MADE if is_codes else Change.FACTOR_ADDED
        security_notices.note(instance.user, change, subject=_factor(instance))


@receiver(pre_delete, sender=Authenticator)
def _factor_goes(instance: Authenticator, origin: Any = None, **_: Any) -> None:
    if _goes_with_the_person(origin):
        return
    is_codes = instance.type == Authenticator.Type.RECOVERY_CODES
    change = Change.CODES_REMOVED if is_codes else Change.FACTOR_REMOVED
    reason = getattr(instance, "removed_because", "")
    security_notices.note(instance.user, change, subject=_factor(instance), reason=reason)


def _factor(authenticator: Authenticator) -> str:
    return str(_FACTORS.get(authenticator.type, ""))


@receiver(pre_save, sender=SocialAccount)
def _identity_comes(instance: SocialAccount, **_: Any) -> None:
    if instance._state.adding:
        # At a first sign-in nobody is signed in yet: they join it who come with it.
        user = instance.user
        security_notices.note(user, Change.IDENTITY_JOINED, subject=instance.provider, visitor=user)


@receiver(pre_delete, sender=SocialAccount)
def _identity_goes(instance: SocialAccount, origin: Any = None, **_: Any) -> None:
    if not _goes_with_the_person(origin):
        security_notices.note(instance.user, Change.IDENTITY_LEFT, subject=instance.provider)


def _goes_with_the_person(origin: Any) -> bool:
    """Whether a whole person is deleted: that is an entry of its own, and nobody is left to be told."""
    return isinstance(origin, User) or getattr(origin, "model", None) is User


@receiver(user_logged_in)
def _begin_session(request: Any, user: Any, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        security_notices.begin_session(request.session, user)
