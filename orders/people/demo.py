"""The demo: people to sign in as, what the manager among them manages, and the processes of `make run`."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from orders.people.models import Account, AccountCustomer, Assignment
from orders.people.security_notices import know_already


@dataclass(frozen=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    role: str
    is_administrator: bool = False


PEOPLE = (
    DemoPerson("agent", "Dana", "Reyes", "customer-service agent"),
    DemoPerson("manager", "Milo", "Okafor", "account manager"),
    DemoPerson("supervisor", "Thea", "Brandt", "supervisor"),
    DemoPerson("admin", "Ines", "Lund", "administrator", is_administrator=True),
)


@dataclass(frozen=True)
class DemoAccount:
    """`customers` are (source, customer ID)."""

    name: str
    reseller_id: str
    customers: tuple[tuple[str, str], ...]
    is_managed: bool = True


def make_people() -> list[tuple[DemoPerson, str]]:
    """The demo people, each with a new random password: it is printed once and stored nowhere."""
    made = []
    for person in PEOPLE:
        password = secrets.token_urlsafe(9)
        user, _ = get_user_model().objects.get_or_create(username=person.username)
        user.first_name, user.last_name = person.first_name, person.last_name
        user.is_staff = user.is_superuser = person.is_administrator
        user.is_active = True
        user.set_password(password)
        user.save()
        user.groups.add(Group.objects.get(name=person.role))
        know_already(user)  # of the new password: the terminal says it
        made.append((person, password))
    return made


def make_accounts(accounts: Iterable[DemoAccount]) -> None:
    """Accounts for the demo's manager, and some that are not theirs. What exists already stays as it is."""
    manager = get_user_model().objects.get(username="manager")
    for given in accounts:
        account, _ = Account.objects.get_or_create(
            name=given.name, defaults={"reseller_id": given.reseller_id}
        )
        for source, customer_id in given.customers:
            AccountCustomer.objects.get_or_create(
                source=source, customer_id=customer_id, defaults={"account": account}
            )
        if given.is_managed:
            Assignment.objects.get_or_create(account=account, person=manager)
