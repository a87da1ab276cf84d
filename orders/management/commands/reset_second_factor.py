"""`manage.py reset_second_factor NAME --reason …`: for whoever has lost theirs, where no page can help."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from orders.people.directory import reset_second_factor


class Command(BaseCommand):
    help = (
        "Takes all second factors of a person away and ends their sessions. At the next sign-in they are "
        "asked to set up a new one. It is a row in the ledger, and the person is told."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the person's user name")
        parser.add_argument("--reason", required=True, help="why; it stands in the ledger")

    def handle(self, *args: Any, name: str, reason: str, **options: Any) -> None:
        if not reason.strip():
            raise CommandError("Give a reason.")
        person = User.objects.filter(username=name).first()
        if person is None:
            raise CommandError("There is nobody with this user name.")
        count = reset_second_factor(person, by=None, reason=reason.strip())
        self.stdout.write(f"Taken away: {count}. All sessions of {name} are ended.")
