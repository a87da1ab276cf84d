"""Which rights a person has, and whose customers they hold for."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import call_command

from orders.domain.granted_rights import EVERYTHING, Right, Rights
from orders.people import permissions
from orders.people.models import AccountCustomer, RoleScope
from tests.personas import assign, person

pytestmark = pytest.mark.django_db

ALL = frozenset(Right)


def may(actor: Any, right: Right, source: str, customer_id: str) -> bool:
    try:
        return right in permissions.require(actor, right, source=source, customer_id=customer_id)
    except (permissions.Refused, permissions.OutOfScope):
        return False


@pytest.mark.parametrize(
    ("roles", "rights"),
    [
        ((), Rights()),
        (("customer-service agent",), Rights(held=frozenset({Right.VIEW}), sees_all=True)),
        (("account manager",), Rights(held=frozenset({Right.VIEW, Right.EXPORT}))),
        (("supervisor",), Rights(held=ALL, sees_all=True)),
        (
            ("administrator",),
            Rights(held=ALL, sees_all=True, may_import_accounts=True, may_manage_people=True),
        ),
        # The widest role decides.
        (
            ("account manager", "customer-service agent"),
            Rights(held=frozenset({Right.VIEW, Right.EXPORT}), sees_all=True),
        ),
    ],
)
def test_roles_give_these_rights(roles: tuple[str, ...], rights: Rights) -> None:
    assert permissions.rights_of(person("pat", *roles)) == rights


def test_a_superuser_may_do_everything() -> None:
    assert permissions.rights_of(person("root", is_superuser=True)) == EVERYTHING


def test_a_visitor_may_do_nothing() -> None:
    assert permissions.rights_of(AnonymousUser()) == Rights()


@pytest.mark.parametrize("more", [{}, {"is_superuser": True}])
def test_a_disabled_person_may_do_nothing(more: dict[str, Any]) -> None:
    assert permissions.rights_of(person("gone", "supervisor", is_active=False, **more)) == Rights()


def test_a_right_of_ones_own_holds_for_assigned_customers_only() -> None:
    pat = person("pat")
    pat.user_permissions.add(Permission.objects.get(codename="view_orders"))
    assign(pat, "adobe", "C1")

    assert permissions.rights_of(pat) == Rights(held=frozenset({Right.VIEW}))
    assert may(pat, Right.VIEW, "adobe", "C1")
    assert not may(pat, Right.VIEW, "adobe", "C2")


def test_a_new_role_without_a_scope_is_limited_to_assigned_customers() -> None:
    role = Group.objects.create(name="trainee")
    role.permissions.add(Permission.objects.get(codename="view_orders"))
    pat = person("pat", "trainee")

    assert permissions.rights_of(pat) == Rights(held=frozenset({Right.VIEW}))
    RoleScope.objects.create(group=role, scope=RoleScope.Scope.ALL)
    assert permissions.rights_of(pat) == Rights(held=frozenset({Right.VIEW}), sees_all=True)


def test_scope_is_of_this_customer_at_this_upstream_by_this_person() -> None:
    milo, mona = person("milo", "account manager"), person("mona", "account manager")
    assign(milo, "adobe", "C1")

    assert may(milo, Right.EXPORT, "adobe", "C1")
    assert not may(milo, Right.EXPORT, "fabric", "C1")
    assert not may(milo, Right.EXPORT, "adobe", "c1")
    assert not may(milo, Right.REVEAL, "adobe", "C1")
    assert not may(mona, Right.EXPORT, "adobe", "C1")


def test_an_assignment_that_ends_ends_at_once() -> None:
    milo = person("milo", "account manager")
    assign(milo, "adobe", "C1")
    assert may(milo, Right.VIEW, "adobe", "C1")

    AccountCustomer.objects.get(customer_id="C1").delete()

    assert not may(milo, Right.VIEW, "adobe", "C1")


def test_each_right_is_one_permission() -> None:
    found = Permission.objects.filter(codename__in=list(Right)).values_list("content_type__model", "codename")

    assert sorted(found) == sorted(("portalright", right.value) for right in Right)


def test_roles_that_an_administrator_changed_stay_as_they_are() -> None:
    """Migrating again must not bring back what was taken away."""
    Group.objects.get(name="supervisor").permissions.clear()
    Group.objects.get(name="account manager").delete()

    call_command("migrate", verbosity=0)

    assert permissions.rights_of(person("pat", "supervisor")) == Rights(sees_all=True)
    assert not Group.objects.filter(name="account manager").exists()


def test_several_rights_are_one_look_at_a_person(django_assert_num_queries: Any) -> None:
    milo = person("milo", "account manager")
    assign(milo, "adobe", "C1")

    with django_assert_num_queries(3):  # permissions, scope, assignment
        assert permissions.require(milo, Right.VIEW, Right.EXPORT, source="adobe", customer_id="C1")
    with pytest.raises(permissions.Refused, match="reveal"):
        permissions.require(milo, Right.VIEW, Right.REVEAL, source="adobe", customer_id="C1")
