"""When a stored password is another one."""

from typing import Any

from django.contrib.auth.hashers import get_hasher, identify_hasher, is_password_usable
from django.contrib.auth.models import User


def has_new_password(before: str, person: User, update_fields: Any) -> bool:
    """Whether the password is another one, and not the same in a newer form of its hash.

    Django makes that by itself at a sign-in, after its way of hashing has changed.
    """
    if before == person.password:
        return False
    was_set = getattr(person, "_password", None) is not None
    if was_set or set(update_fields or ()) != {"password"}:
        return True
    if not (is_password_usable(before) and is_password_usable(person.password)):
        return True
    preferred = get_hasher()
    is_outdated = identify_hasher(before).algorithm != preferred.algorithm or preferred.must_update(before)
    return not is_outdated
