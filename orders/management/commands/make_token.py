"""`manage.py make_token NAME --scope read --days 30`: a token for a person's script, printed once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orders.people.api_tokens import (
    MOST_OF_A_NAME,
    MOST_TOKENS,
    NEEDS,
    Scope,
    live_tokens,
    make_token,
    scopes_within,
)
from orders.people.permissions import rights_of


class Command(BaseCommand):
    help = "Makes a token with which a script acts as this person, and prints it: it is shown only now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the person's user name")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            choices=[str(scope) for scope in Scope],
            help="what it may do; may be repeated",
        )
        parser.add_argument("--days", type=int, help="how long it works (default: TOKEN_MAX_DAYS)")
        parser.add_argument("--label", default="made by command", help="what the token is for")

    def handle(
        self, *args: Any, name: str, scope: list[str], days: int | None, label: str, **options: Any
    ) -> None:
        days = settings.TOKEN_MAX_DAYS if days is None else days
        if not 1 <= days <= settings.TOKEN_MAX_DAYS:
            raise CommandError(f"--days must be from 1 to {settings.TOKEN_MAX_DAYS} (TOKEN_MAX_DAYS).")
        owner = User.objects.filter(username=name, is_active=True).first()
        if owner is None:
            raise CommandError("There is no active person with this user name.")
        scopes = [Scope(each) for each in scope]
        usable = scopes_within(rights_of(owner), scopes)
        for each in scopes:
            if each not in usable:
                raise CommandError(f"The scope {each} needs the right {NEEDS[each]}, which {name} lacks.")
        if live_tokens(owner).filter(name__iexact=label).count() >= MOST_OF_A_NAME:
            raise CommandError(f"{name} has {MOST_OF_A_NAME} tokens of this label: revoke the older one.")
        if live_tokens(owner).count() >= MOST_TOKENS:
            raise CommandError(f"{name} has {MOST_TOKENS} tokens: revoke one first.")
        _, text = make_token(
            owner=owner, name=label[:80], scopes=scopes, expires_at=timezone.now() + timedelta(days=days)
        )
        self.stdout.write(text)
