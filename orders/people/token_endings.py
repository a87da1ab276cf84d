"""What ends a token for good: another password, its owner switched off, a right of its scopes lost.

None of them comes back with the right or the person: who is switched on again, or is given the role again,
makes new tokens.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from orders.people.api_tokens import NEEDS, Scope, all_live_tokens, end_token
from orders.people.passwords import has_new_password
from orders.people.permissions import rights_of

_TAKEN_AWAY = {"post_remove", "post_clear"}


def end_all_of(owner: User, *, reason: str) -> None:
    for token in all_live_tokens().filter(owner=owner):
        end_token(token, reason=reason)


def end_without_right(owners: Iterable[int] | None = None) -> None:
    """End tokens with a scope whose right their owner has no longer; of everybody where None are named."""
    tokens = all_live_tokens().select_related("owner")
    if owners is not None:
        tokens = tokens.filter(owner__in=owners)
    rights = {token.owner: rights_of(token.owner) for token in tokens}
    for token in tokens:
        if any(NEEDS[Scope(scope)] not in rights[token.owner] for scope in token.scopes.split()):
            end_token(token, reason="its owner lost a right")


@receiver(pre_save, sender=User)
def _look_before(instance: User, update_fields: Any = None, **_: Any) -> None:
    """Why the tokens end that the person has: empty where they don't."""
    instance.tokens_end = ""  # type: ignore[attr-defined]  # ours, until it is saved
    saved = {"password", "is_active"} & set(update_fields or ("password", "is_active"))
    if instance.pk is None or not saved or not all_live_tokens().filter(owner=instance.pk).exists():
        return
    before = User.objects.filter(pk=instance.pk).only("password").first()
    if before is not None and has_new_password(before.password, instance, update_fields):
        instance.tokens_end = "the password changed"  # type: ignore[attr-defined]  # ours
    if not instance.is_active:
        instance.tokens_end = "its owner was switched off"  # type: ignore[attr-defined]  # ours


@receiver(post_save, sender=User)
def _person_saved(instance: User, created: bool, **_: Any) -> None:
    if getattr(instance, "tokens_end", ""):
        end_all_of(instance, reason=instance.tokens_end)  # type: ignore[attr-defined]  # ours
    elif not created and not instance.is_superuser:
        end_without_right([instance.pk])


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def _rights_taken(instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **_: Any) -> None:
    if action in _TAKEN_AWAY:
        end_without_right([instance.pk] if isinstance(instance, User) else None)


@receiver(post_delete, sender=Group)
def _role_deleted(**_: Any) -> None:
    end_without_right()
