"""`manage.py verify_ledger`: exit 1 where anything in the ledger is not as we wrote it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.ledger.verifying import verify
from orders.models import LedgerEntry

_MOST_PROBLEMS = 50


class Command(BaseCommand):
    help = (
        "Checks that no entry of the ledger was changed, removed, forged or cut off. Prints the last entry's "
        "number and seal: noted elsewhere, they show later that the ledger still holds what it held today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", metavar="NUMBER:SEAL", default="", help="an entry noted earlier")

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        verdict = verify()
        problems = [*verdict.problems, *_noted_earlier(expect)]
        for problem in problems[:_MOST_PROBLEMS]:
            self.stderr.write(problem)
        if len(problems) > _MOST_PROBLEMS:
            self.stderr.write(f"and {len(problems) - _MOST_PROBLEMS} more.")
        if problems:
            raise CommandError(f"The ledger is not intact. {verdict.checked} entries were checked.")
        self.stdout.write(f"The ledger is intact: {verdict.checked} entries.")
        self.stdout.write(f"Last entry: {verdict.number}:{verdict.hash}")


def _noted_earlier(expect: str) -> list[str]:
    """A ledger that was put back whole, to an older state, is only found out by what was noted elsewhere."""
    if not expect:
        return []
    number, _, seal = expect.partition(":")
    if not number.isdecimal():
        raise CommandError("--expect wants NUMBER:SEAL, as an earlier run printed it.")
    entry = LedgerEntry.objects.filter(id=int(number)).first()
    if entry is None:
        return [f"Entry {number}, which was noted elsewhere, is not in the ledger."]
    return [] if entry.hash == seal else [f"Entry {number} is not the one that was noted elsewhere."]
