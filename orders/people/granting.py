"""Everything that somebody can do, so that two people can be compared: nobody grants what they don't have.

Read from the tables and not from Django's caches, and for people who are switched off too: they could be
switched on again.
"""

import msgspec
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from orders.domain.granted_rights import Right
from orders.people.models import Assignment, RoleScope


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


def powers_by_role(role: Group) -> Powers:
    """What those who have the role can do, by it and by all else: whoever changes a role changes them.
    Superusers are no more and no less by it.
    """
    holders = User.objects.filter(groups=role, is_superuser=False).values("pk")
    theirs = Q(user__in=holders) | Q(group__user__in=holders) | Q(group=role)
    held = Permission.objects.filter(theirs).values_list("pk", flat=True)
    whose = Q(group=role) | Q(group__user__in=holders)
    scopes = RoleScope.objects.filter(whose, scope=RoleScope.Scope.ALL)
    return Powers(frozenset(held), scopes.exists())


def may_change(actor: User, person: User) -> bool:
    """Whether the person is not above `actor`: who sets a password could use it."""
    return powers_of(actor).cover(powers_of(person))


def people_within(powers: Powers) -> QuerySet[User]:
    """Those whom somebody with these powers may change, as a query: see `may_change`."""
    if powers.is_superuser:
        return User.objects.all()
    lacked = Permission.objects.exclude(pk__in=powers.permissions).values("pk")
    can_do_more = Q(user_permissions__in=lacked) | Q(groups__permissions__in=lacked) | Q(is_superuser=True)
    if not powers.sees_all:
        can_do_more |= Q(groups__scope__scope=RoleScope.Scope.ALL)
    return User.objects.exclude(pk__in=User.objects.filter(can_do_more).values("pk"))


def roles_within(powers: Powers) -> list[int]:
    """Keys of the roles that may be given by somebody with these powers."""
    return [role.pk for role in Group.objects.all() if powers.cover(powers_of_role(role))]


class AccountsWithin(msgspec.Struct, frozen=True):
    """What somebody can hand on of accounts: an account, or a customer of it, gives its managers the sight of
    customers, for whatever rights they have.

    `accounts` are the keys of those whose customers the person sees; None is everybody's. `above` are the
    user names of those who would do with a customer what the person can't.
    """

    accounts: frozenset[int] | None = None
    above: frozenset[str] = frozenset()

    def sees(self, account: int | None) -> bool:
        """Whether the person sees the account's customers; None is of those that have no account."""
        return self.accounts is None or account in self.accounts


def accounts_within(person: User | None) -> AccountsWithin:
    """None is whoever runs the machine. Who sees everybody's customers already is above nobody."""
    powers = None if person is None else powers_of(person)
    if person is None or powers is None or powers.is_superuser:
        return AccountsWithin()
    theirs = Assignment.objects.filter(person=person).values_list("account", flat=True)
    rights = Permission.objects.filter(content_type__app_label="orders", codename__in=list(Right))
    lacked = rights.exclude(pk__in=powers.permissions)
    have_them = Q(user_permissions__in=lacked) | Q(groups__permissions__in=lacked)
    widest = User.objects.filter(groups__scope__scope=RoleScope.Scope.ALL)
    above = User.objects.filter(have_them, is_superuser=False).exclude(pk__in=widest.values("pk"))
    return AccountsWithin(
        None if powers.sees_all else frozenset(theirs), frozenset(above.values_list("username", flat=True))
    )
