"""`manage.py import_accounts FILE`: says what each line would do; with --write, does all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.account_import import MOST_BYTES, NotImported, Plan, Unreadable, carry_out, decode, plan


class Command(BaseCommand):
    help = (
        "Imports accounts and their managers from a CSV file. Without --write it only says what it would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="columns: account, reseller_id, source, customer_id, manager"
        )
        parser.add_argument("--write", action="store_true", help="import, if no line has an error")

    def handle(self, *args: Any, file: Path, write: bool, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                text = decode(opened.read(MOST_BYTES + 1))
            planned = plan(text)
            self._tell(planned)
            if planned.has_errors:
                raise CommandError("Nothing was imported, because some lines have errors.")
            if write:
                carry_out(text, actor=None, seal=planned.seal)
                self.stdout.write("Imported.")
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except (Unreadable, NotImported) as error:
            raise CommandError(str(error)) from None

    def _tell(self, planned: Plan) -> None:
        for outcome in planned.outcomes:
            what = " · ".join(filter(None, (outcome.account, outcome.customer, outcome.manager)))
            text = f": {outcome.text}" if outcome.text else ""
            self.stdout.write(f"line {outcome.line}  {outcome.state}  {what}{text}")
        self.stdout.write(", ".join(f"{count} {state}" for state, count in planned.counts.items()))
