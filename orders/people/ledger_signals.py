"""What others do that belongs in the ledger: signing in and out, and every change of somebody's rights.

An entry that can't be written undoes what it is about: the error leaves the signal, and with it the
transaction (or the sign-in) that sent it.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from orders.ledger import context
from orders.ledger.models import Action
from orders.ledger.recording import LedgerUnavailable, record
from orders.people.models import Account, AccountCustomer, Assignment, RoleScope

User = get_user_model()
# A field of a person that decides what they may do.
_POWERS = ("is_active", "is_staff", "is_superuser")
_CHANGES = {"post_add": "added", "post_remove": "removed", "pre_clear": "removed"}


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    try:
        record(Action.SIGN_IN, actor=user)
    except LedgerUnavailable:
        if request is not None:
            request.session.flush()
        raise


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record(Action.SIGN_OUT, actor=user)


@receiver(user_login_failed)
def failed_to_sign_in(
    sender: Any, credentials: dict[str, Any], is_blocked: bool = False, **kwargs: Any
) -> None:
    """What was typed is kept only where it is somebody's name: else it may be a password, or an e-mail.

    `is_blocked` where the password was not even looked at, after too many wrong ones.
    """
    typed = str(credentials.get("username") or "")[:150]
    person = User.objects.filter(username=typed).first() if typed and "\0" not in typed else None
    record(
        Action.SIGN_IN_FAILED,
        actor=person,
        outcome="blocked" if is_blocked else "refused" if person else "unknown-person",
    )


def rights_changed(**details: Any) -> None:
    person = context.current_person()
    record(Action.RIGHTS_CHANGE, actor=person, username="" if person else "command line", details=details)


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def persons_rights_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[Any] | None, model: Any, **kw: Any
) -> None:
    if action not in _CHANGES or (pk_set is not None and not pk_set):
        return
    field = "groups" if sender is User.groups.through else "user_permissions"
    kind = "roles" if field == "groups" else "permissions"
    if reverse:  # the role's end of it: people were added to or taken from it
        names = _names(model, pk_set, getattr(instance, "user_set", None))
        rights_changed(**{"people": names, kind: [str(instance)], "change": _CHANGES[action]})
    else:
        names = _names(model, pk_set, getattr(instance, field))
        rights_changed(**{"person": instance.get_username(), kind: names, "change": _CHANGES[action]})


@receiver(m2m_changed, sender=Group.permissions.through)
def roles_rights_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[Any] | None, model: Any, **kw: Any
) -> None:
    if action not in _CHANGES or (pk_set is not None and not pk_set):
        return
    if reverse:
        names = _names(model, pk_set, instance.group_set)
        rights_changed(roles=names, permissions=[str(instance)], change=_CHANGES[action])
    else:
        names = _names(model, pk_set, instance.permissions)
        rights_changed(role=str(instance), permissions=names, change=_CHANGES[action])


def _names(model: type[Model], keys: Iterable[Any] | None, everything: Any) -> list[str]:
    """What was added or taken away; all of it where everything is cleared."""
    found = everything.all() if keys is None else model._default_manager.filter(pk__in=keys)
    return sorted(getattr(each, "codename", None) or str(each) for each in found)


@receiver(pre_save, sender=User)
def remember_powers(sender: Any, instance: Any, raw: bool, **kwargs: Any) -> None:
    before = None if instance.pk is None else User.objects.filter(pk=instance.pk).values(*_POWERS).first()
    instance._powers_before = before


@receiver(post_save, sender=User)
def powers_changed(sender: Any, instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:
    now = {name: getattr(instance, name) for name in _POWERS}
    before = getattr(instance, "_powers_before", None)
    if before is None or created:
        rights_changed(person=instance.get_username(), change="made", **now)
        return
    changed = {name: value for name, value in now.items() if value != before[name]}
    if changed:
        rights_changed(person=instance.get_username(), change="changed", **changed)


@receiver(post_delete, sender=User)
def person_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    rights_changed(person=instance.get_username(), change="deleted")


@receiver(post_delete, sender=Group)
def role_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    rights_changed(role=instance.name, change="deleted")


@receiver(post_save, sender=RoleScope)
@receiver(post_delete, sender=RoleScope)
def scope_changed(sender: Any, instance: RoleScope, signal: Any, **kwargs: Any) -> None:
    change = "deleted" if signal is post_delete else "set"
    rights_changed(role_id=instance.group_id, scope=instance.scope, change=change)


@receiver(post_save, sender=Assignment)
@receiver(post_delete, sender=Assignment)
def assignment_changed(sender: Any, instance: Assignment, signal: Any, **kwargs: Any) -> None:
    change = "deleted" if signal is post_delete else "set"
    rights_changed(person_id=instance.person_id, account_id=instance.account_id, change=change)


@receiver(post_save, sender=AccountCustomer)
@receiver(post_delete, sender=AccountCustomer)
def customer_of_account_changed(sender: Any, instance: AccountCustomer, signal: Any, **kwargs: Any) -> None:
    change = "deleted" if signal is post_delete else "set"
    rights_changed(
        account_id=instance.account_id,
        source=instance.source,
        customer_id=instance.customer_id,
        change=change,
    )


@receiver(post_delete, sender=Account)
def account_deleted(sender: Any, instance: Account, **kwargs: Any) -> None:
    rights_changed(account=instance.name, account_id=instance.pk, change="deleted")
