"""Everything that somebody can do, so that two people can be compared: nobody grants what they don't have.

Read from the tables and not from Django's caches, and for people who are switched off too: they could be
switched on again.
"""

import msgspec
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

from orders.people.models import RoleScope


class Powers(msgspec.Struct, frozen=True):
    """Permissions by key; whether they hold for everybody's customers; whether nothing limits them."""

    permissions: frozenset[int]
    sees_all: bool
    is_superuser: bool = False

    def cover(self, other: "Powers") -> bool:
        """Whether whoever has these has all of the others."""
        if self.is_superuser:
            return True
        if other.is_superuser or (other.sees_all and not self.sees_all):
            return False
        return other.permissions <= self.permissions


def powers_of(person: User) -> Powers:
    """What the person can do, or could if they were switched on."""
    held = Permission.objects.filter(Q(user=person) | Q(group__user=person)).values_list("pk", flat=True)
    scopes = RoleScope.objects.filter(group__user=person, scope=RoleScope.Scope.ALL)
    return Powers(frozenset(held), scopes.exists(), person.is_superuser)


def powers_of_role(role: Group) -> Powers:
    scopes = RoleScope.objects.filter(group=role, scope=RoleScope.Scope.ALL)
    return Powers(frozenset(role.permissions.values_list("pk", flat=True)), scopes.exists())


def may_change(actor: User, person: User) -> bool:
    """Whether the person is not above `actor`: who sets a password could use it."""
    return powers_of(actor).cover(powers_of(person))


def roles_within(powers: Powers) -> list[int]:
    """Keys of the roles that may be given by somebody with these powers."""
    return [role.pk for role in Group.objects.all() if powers.cover(powers_of_role(role))]
