"""`manage.py prune_ledger --before DATE`: forgets the oldest entries; the rest can still be verified."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.ledger.pruning import NotIntact, prune


def midnight(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time.min, UTC)
    except ValueError:
        raise ArgumentTypeError("a date is written 2026-01-31") from None


class Command(BaseCommand):
    help = "Deletes all entries of the ledger that are older than a date (midnight UTC)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", type=midnight, required=True, metavar="DATE")

    def handle(self, *args: Any, before: datetime, **options: Any) -> None:
        if before > datetime.now(UTC):
            raise CommandError("The date lies in the future.")
        try:
            count = prune(before)
        except NotIntact as error:
            raise CommandError(
                f"Nothing was deleted: the part to be pruned is not intact. {error} "
                "Deleting it would hide that."
            ) from None
        self.stdout.write(f"{count} entries were deleted.")
