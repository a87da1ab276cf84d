"""Right by ledger row: whoever changes what somebody may do leaves these rows alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people.models import Account, RoleScope
from tests.people.test_power_by_ledger_row import in_admin, posted
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

Do = Callable[[Client, User], Any]


@pytest.fixture
def pat() -> User:
    made: User = person("pat", "supervisor", email="pat@example.org")
    return made


def keys(*codenames: str) -> list[int]:
    return list(Permission.objects.filter(codename__in=codenames).values_list("pk", flat=True))


def role_form(role: Group, **fields: Any) -> dict[str, Any]:
    scope = RoleScope.objects.get(group=role)
    return {
        "name": role.name,
        "permissions": list(role.permissions.values_list("pk", flat=True)),
        "scope-TOTAL_FORMS": 1,
        "scope-INITIAL_FORMS": 1,
        "scope-0-id": scope.pk,
        "scope-0-group": role.pk,
        "scope-0-scope": scope.scope,
    } | fields


def change_role(browser: Client, name: str, **fields: Any) -> None:
    role = Group.objects.get(name=name)
    posted(browser, f"/admin/auth/group/{role.pk}/change/", **role_form(role, **fields))


def change_account(browser: Client, manager: User) -> None:
    account = Account.objects.create(name="Quay")
    empty = {f"{prefix}-INITIAL_FORMS": 0 for prefix in ("customers", "assignments")}
    posted(
        browser,
        f"/admin/orders/account/{account.pk}/change/",
        **empty,
        **{"name": "Quay", "customers-TOTAL_FORMS": 1, "assignments-TOTAL_FORMS": 1},
        **{"customers-0-source": "adobe", "customers-0-customer_id": "C1"},
        **{"assignments-0-person": manager.pk},
    )


RIGHTS: dict[str, tuple[Do, Callable[[User], list[dict[str, Any]]]]] = {
    "role given and taken": (
        lambda browser, who: in_admin(browser, who, groups=[Group.objects.get(name="account manager").pk]),
        lambda who: [
            {"person": "pat", "roles": ["supervisor"], "change": "removed"},
            {"person": "pat", "roles": ["account manager"], "change": "added"},
        ],
    ),
    "right given": (
        lambda browser, who: in_admin(browser, who, user_permissions=keys("read_ledger")),
        lambda who: [{"person": "pat", "permissions": ["read_ledger"], "change": "added"}],
    ),
    "staff": (
        lambda browser, who: in_admin(browser, who, is_staff=True),
        lambda who: [{"person": "pat", "change": "changed", "is_staff": True}],
    ),
    "superuser": (
        lambda browser, who: in_admin(browser, who, is_superuser=True),
        lambda who: [{"person": "pat", "change": "changed", "is_superuser": True}],
    ),
    "switched off": (
        lambda browser, who: in_admin(browser, who, is_active=False),
        lambda who: [{"person": "pat", "change": "changed", "is_active": False}],
    ),
    "deleted": (
        lambda browser, who: posted(browser, f"/admin/auth/user/{who.pk}/delete/", post="yes"),
        lambda who: [{"person": "pat", "change": "deleted"}],
    ),
    "role's rights": (
        lambda browser, who: change_role(browser, "account manager", permissions=keys("view_orders")),
        lambda who: [{"role": "account manager", "permissions": ["export_orders"], "change": "removed"}],
    ),
    "role's scope": (
        lambda browser, who: change_role(browser, "account manager", **{"scope-0-scope": "all"}),
        lambda who: [
            {"role_id": Group.objects.get(name="account manager").pk, "scope": "all", "change": "set"}
        ],
    ),
    "account's customer and manager": (
        change_account,
        lambda who: [
            {"account_id": Account.objects.get().pk, "source": "adobe", "customer_id": "C1", "change": "set"},
            {"account_id": Account.objects.get().pk, "person_id": who.pk, "change": "set"},
        ],
    ),
}


@pytest.mark.parametrize("power", RIGHTS)
def test_each_change_of_what_somebody_may_do_leaves_its_rows(power: str, pat: User) -> None:
    do, expected = RIGHTS[power]
    browser = signed_in(person("root", is_superuser=True, is_staff=True))
    who = User.objects.get(pk=pat.pk)
    since = LedgerEntry.objects.order_by("-id")[0].pk

    do(browser, pat)

    rows = LedgerEntry.objects.filter(pk__gt=since, action="rights-change").order_by("id")
    assert [(row.username, json.loads(row.details)) for row in rows] == [
        ("root", details) for details in expected(who)
    ]
