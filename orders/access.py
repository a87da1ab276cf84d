"""Who may do what, and with whose customers. Services ask here; pages only ask in order to look right.

Services remember nothing between questions: a right that was taken away a moment ago is gone, for a page
as for an export that has been running for an hour. What a page offers comes from the last answer. Superusers
have every right for everybody's customers.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from orders.domain.rights import EVERYTHING, Right, Rights
from orders.models import AccountCustomer, RoleScope
from orders.prepared import Prepared

__all__ = [
    "OutOfScope",
    "Refused",
    "Right",
    "Rights",
    "known_rights",
    "look_ahead",
    "require",
    "rights_of",
]

_NOTHING = Rights()
# What somebody needs who changes accounts in the administration, line by line.
IMPORTING = frozenset({"add_account", "add_accountcustomer", "add_assignment"})


_PERMISSIONS = Prepared(
    lambda person: (
        Permission.objects.filter(
            Q(user=person) | Q(group__user=person),
            content_type__app_label="orders",
            codename__in=[*Right, *IMPORTING],
        )
        .order_by()
        .values_list("codename")
    )
)
_SCOPES = Prepared(
    lambda person: RoleScope.objects.filter(group__user=person, scope=RoleScope.Scope.ALL).values_list("pk")[
        :1
    ]
)
_ASSIGNMENTS = Prepared(
    lambda person, source, customer_id: AccountCustomer.objects.filter(
        source=source, customer_id=customer_id, account__assignments__person=person
    ).values_list("pk")[:1]
)


class Refused(PermissionDenied):
    """The person does not have the right at all, whoever's customer it is."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"needs the right {right.value}")
        self.right = right


class OutOfScope(Exception):
    """The person has the right, but not for this customer. Whether there is such a customer isn't said."""


def rights_of(actor: Any) -> Rights:
    """The rights that `actor` has now: of their own and of all their roles, with the widest role's scope.

    For a background run, load the person anew first: `is_active` and `is_superuser` are read from `actor`.
    """
    if not actor.is_authenticated or not actor.is_active:
        return _NOTHING
    if actor.is_superuser:
        return EVERYTHING
    found: Rights | None = getattr(actor, "looked_ahead", None)
    actor.looked_ahead = None
    actor.known_rights = found = found or _look_up(actor)
    return found


def look_ahead(actor: Any) -> Rights:
    """As `rights_of`, at the beginning of a request; the next question takes this answer, and no other."""
    found = rights_of(actor)
    actor.looked_ahead = found
    return found


def known_rights(actor: Any) -> Rights:
    """The last answer for this very object: good enough for what a page offers, and for nothing else."""
    known: Rights | None = getattr(actor, "known_rights", None)
    return rights_of(actor) if known is None else known


def _look_up(actor: Any) -> Rights:
    found = frozenset(_PERMISSIONS.column(actor.pk))
    return Rights(
        held=frozenset(right for right in Right if right in found),
        sees_all=_SCOPES.exists(actor.pk),
        may_import_accounts=found >= IMPORTING,
    )


def require(actor: Any, first: Right, *more: Right, source: str = "", customer_id: str = "") -> Rights:
    """All rights of `actor` at one moment; raises `Refused` or `OutOfScope` where one is missing."""
    rights = rights_of(actor)
    if first not in rights:
        raise Refused(first)
    # Before the others: a customer of somebody else's looks the same whatever is asked for.
    if customer_id and not is_in_scope(actor, rights, source, customer_id):
        raise OutOfScope
    for right in more:
        if right not in rights:
            raise Refused(right)
    return rights


def is_in_scope(actor: Any, rights: Rights, source: str, customer_id: str) -> bool:
    """Whether the customer belongs to an account that `actor` manages, unless their role sees everybody's."""
    return rights.sees_all or _ASSIGNMENTS.exists(actor.pk, source, customer_id)
