"""The demo: people to sign in as, and the processes of `make run`."""

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


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
    DemoPerson("admin", "Ines", "Lund", "administrator", is_administrator=True),
)


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
        group, _ = Group.objects.get_or_create(name=person.role)
        user.groups.add(group)
        made.append((person, password))
    return made
