"""In the administration too, nobody gives customers whom they can't see, or more than they can."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from orders.people.models import Account, AccountCustomer, Assignment, RoleScope
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

TABLES = ("account", "accountcustomer", "assignment")
KEEPING = [f"{verb}_{table}" for verb in ("add", "change", "delete", "view") for table in TABLES]


def keeper(*codenames: str, scope: str) -> Any:
    """Somebody with a role that keeps accounts, and has these permissions beside."""
    role = Group.objects.create(name="keeper")
    role.permissions.set(Permission.objects.filter(codename__in=[*codenames, *KEEPING, "view_user"]))
    RoleScope.objects.create(group=role, scope=scope)
    return person("keeper", "keeper", is_staff=True)


def stored() -> list[tuple[str, list[str], list[str]]]:
    return [
        (
            account.name,
            sorted(account.customers.values_list("customer_id", flat=True)),
            sorted(account.assignments.values_list("person__username", flat=True)),
        )
        for account in Account.objects.all()
    ]


def save(browser: Client, name: str, *, customer: str = "", manager: Any = None) -> int:
    """Send the form of an account, there or not, with one more customer and one more manager."""
    account = Account.objects.filter(name=name).first()
    kept: dict[str, list[Any]] = {"customers": [], "assignments": []}
    if account:
        kept = {"customers": list(account.customers.all()), "assignments": list(account.assignments.all())}
    fields: dict[str, Any] = {"name": name}
    for prefix, rows in kept.items():
        fields |= {f"{prefix}-TOTAL_FORMS": len(rows) + 1, f"{prefix}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            fields |= {f"{prefix}-{number}-id": row.pk, f"{prefix}-{number}-account": row.account_id}
            if isinstance(row, AccountCustomer):
                theirs = {"source": row.source, "customer_id": row.customer_id}
            else:
                theirs = {"person": row.person_id}
            fields |= {f"{prefix}-{number}-{key}": value for key, value in theirs.items()}
    if customer:
        number = len(kept["customers"])
        fields |= {f"customers-{number}-source": "adobe", f"customers-{number}-customer_id": customer}
    if manager is not None:
        fields[f"assignments-{len(kept['assignments'])}-person"] = manager.pk
    address = f"/admin/orders/account/{account.pk}/change/" if account else "/admin/orders/account/add/"
    return browser.post(address, fields).status_code


def test_who_sees_some_accounts_gives_nobody_others() -> None:
    who = keeper("view_orders", scope="assigned")
    milo = person("milo", "account manager")
    others = assign(milo, "adobe", "C2", account="Milo's")
    assign(who, "adobe", "C1", account="Own")
    browser = signed_in(who)

    assert save(browser, "Milo's", manager=who) == 403
    assert browser.post(f"/admin/orders/account/{others.pk}/delete/", {"post": "yes"}).status_code == 403
    save(browser, "Own", customer="C3")
    save(browser, "Made anew", customer="C3", manager=who)

    assert stored() == [
        ("Made anew", [], ["keeper"]),
        ("Milo's", ["C2"], ["milo"]),
        ("Own", ["C1"], ["keeper"]),
    ]


def test_nobody_is_given_customers_for_rights_that_the_giver_lacks() -> None:
    who = keeper("view_orders", scope="all")
    rita, vera = person("rita"), person("vera")
    rita.user_permissions.set(Permission.objects.filter(codename="reveal_personal_data"))
    vera.user_permissions.set(Permission.objects.filter(codename="view_orders"))
    assign(rita, "adobe", "C1", account="Rita's")
    assign(vera, "adobe", "C2", account="Vera's")
    browser = signed_in(who)

    assert save(browser, "Vera's", manager=rita) == 200
    save(browser, "Rita's", customer="C3")
    assert save(browser, "Rita's", manager=vera) == 302
    assert save(browser, "Vera's", customer="C4") == 302

    assert stored() == [("Rita's", ["C1"], ["rita", "vera"]), ("Vera's", ["C2", "C4"], ["vera"])]


def test_an_administrator_keeps_all_accounts() -> None:
    browser = signed_in(person("ines", "administrator", is_staff=True))
    milo = person("milo", "account manager")

    assert save(browser, "Quay", customer="C1", manager=milo) == 302
    assert save(browser, "Quay", customer="C2", manager=person("root", is_superuser=True)) == 302

    assert stored() == [("Quay", ["C1", "C2"], ["milo", "root"])]
    assert Assignment.objects.count() == 2
