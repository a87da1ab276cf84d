"""Who may do what, and with whose customers. Services ask here; pages only ask in order to look right.

Nothing is remembered between questions: a right that was taken away a moment ago is gone, for a page as for
an export that has been running for an hour. A request asks once (`rights_in`), and hands the answer on as an
argument to what it calls. Superusers have every right for everybody's customers.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from orders.domain.granted_rights import EVERYTHING, Right, Rights
from orders.infrastructure.among import among
from orders.infrastructure.prepared_queries import Prepared
from orders.people.models import AccountCustomer, Assignment, RoleScope

__all__ = [
    "InScope",
    "OutOfScope",
    "Person",
    "Refused",
    "Right",
    "Rights",
    "customers_in_scope",
    "require",
    "rights_in",
    "rights_of",
    "scope_of",
]

# Whoever asks, signed in or not.
Person = User | AnonymousUser

_NOTHING = Rights()
# What somebody needs who changes accounts in the administration, line by line.
IMPORTING = frozenset({"add_account", "add_accountcustomer", "add_assignment"})
# What somebody needs who changes people there.
MANAGING = "change_user"


_PERMISSIONS = Prepared(
    lambda person: (
        Permission.objects.filter(
            Q(user=person) | Q(group__user=person),
            Q(content_type__app_label="orders", codename__in=[*Right, *IMPORTING])
            | Q(content_type__app_label="auth", codename=MANAGING),
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
_ACCOUNTS = Prepared(
    lambda person: Assignment.objects.filter(person=person).order_by("account").values_list("account")
)


class Refused(PermissionDenied):
    """The person does not have the right at all, whoever's customer it is."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"needs the right {right.value}")
        self.right = right


class OutOfScope(Exception):
    """The person has the right, but not for this customer. Whether there is such a customer isn't said."""


def rights_of(actor: Person) -> Rights:
    """The rights that `actor` has now: of their own and of all their roles, with the widest role's scope.

    For a background run, load the person anew first: `is_active` and `is_superuser` are read from `actor`.
    """
    if not actor.is_authenticated or not actor.is_active:
        return _NOTHING
    if actor.is_superuser:
        return EVERYTHING
    found = frozenset(_PERMISSIONS.column(actor.pk))
    return Rights(
        held=frozenset(right for right in Right if right in found),
        sees_all=_SCOPES.exists(actor.pk),
        may_import_accounts=found >= IMPORTING,
        may_manage_people=MANAGING in found,
    )


def rights_in(request: HttpRequest) -> Rights:
    """The rights of whoever makes this request, asked for once and good for no longer than it."""
    found: Rights | None = getattr(request, "rights", None)
    if found is None:
        user = getattr(request, "user", None)
        found = _NOTHING if user is None else rights_of(user)
        request.rights = found  # type: ignore[attr-defined]  # ours, kept as Django keeps the person
    return found


def require(
    actor: Person,
    first: Right,
    *more: Right,
    source: str = "",
    customer_id: str = "",
    rights: Rights | None = None,
) -> Rights:
    """All rights of `actor` at one moment; raises `Refused` or `OutOfScope` where one is missing.

    `rights` are those that a request has asked for already; without them they are looked up now.
    """
    rights = rights_of(actor) if rights is None else rights
    if first not in rights:
        raise Refused(first)
    # Before the others: a customer of somebody else's looks the same whatever is asked for.
    if customer_id and not is_in_scope(actor, rights, source, customer_id):
        raise OutOfScope
    for right in more:
        if right not in rights:
            raise Refused(right)
    return rights


def is_in_scope(actor: Person, rights: Rights, source: str, customer_id: str) -> bool:
    """Whether the customer belongs to an account that `actor` manages, unless their role sees everybody's."""
    if rights.sees_all:
        return True
    return actor.pk is not None and _ASSIGNMENTS.exists(actor.pk, source, customer_id)


def those_in_scope(
    actor: Person, rights: Rights, customers: Collection[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Of these customers (source, ID) those whom `actor` may see; one question, however many there are."""
    if rights.sees_all:
        return frozenset(customers)
    # None at all are asked for like some, so that time tells nothing of whom there is.
    theirs = AccountCustomer.objects.filter(
        customer_id__in=among({customer_id for _, customer_id in customers} or {""}),
        account__assignments__person=actor.pk,
    )
    return frozenset(theirs.values_list("source", "customer_id")) & frozenset(customers)


class InScope(NamedTuple):
    """A customer of an account, with the account's number and name."""

    source: str
    customer_id: str
    account: int
    account_name: str


def customers_in_scope(actor: Person, rights: Rights) -> list[InScope]:
    """The customers of all accounts that `actor` manages, or of all there are where they see everybody's."""
    rows = AccountCustomer.objects.order_by("account__name", "source", "customer_id")
    if not rights.sees_all:
        rows = rows.filter(account__assignments__person=actor.pk)
    return [InScope(*row) for row in rows.values_list("source", "customer_id", "account", "account__name")]


def scope_of(actor: Person, rights: Rights) -> str:
    """Whose customers `actor` sees, as a word that is the same for two people where their scopes are."""
    if rights.sees_all:
        return "all"
    if actor.pk is None:
        return "nobody's"
    return "accounts " + " ".join(map(str, _ACCOUNTS.column(actor.pk)))
