"""`manage.py import_accounts FILE`: says what each line would do; with --write, does all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.people.account_import import (
    CODE_PAGES,
    COLUMNS,
    MOST_BYTES,
    USUAL_CODE_PAGE,
    NotImported,
    Plan,
    Unreadable,
    carry_out,
    decode,
    plan,
    read,
)


class Command(BaseCommand):
    help = (
        "Imports accounts and their managers from a CSV file. Without --write it only says what it would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=f"columns: {', '.join(COLUMNS)}")
        parser.add_argument(
            "--code-page",
            choices=CODE_PAGES,
            default=USUAL_CODE_PAGE,
            help=f"the letters of a file that is not in UTF-8 (default: {USUAL_CODE_PAGE})",
        )
        parser.add_argument("--write", action="store_true", help="import, if no line has an error")

    def handle(self, *args: Any, file: Path, write: bool, code_page: str, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                decoded = decode(opened.read(MOST_BYTES + 1), code_page)
            text = decoded.text
            planned = plan(text)
            self._tell(planned)
            self._tell_notes(text, decoded.code_page)
            self.stdout.write(", ".join(f"{count} {state}" for state, count in planned.counts.items()))
            if planned.has_errors:
                raise CommandError("Nothing was imported, because some lines have errors.")
            if write:
                carry_out(text, actor=None, seal=planned.seal)
                self.stdout.write("Imported.")
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from None
        except (Unreadable, NotImported) as error:
            raise CommandError(str(error)) from None

    def _tell_notes(self, text: str, code_page: str) -> None:
        contents = read(text)
        if code_page:
            self.stdout.write(f"read in {CODE_PAGES[code_page]} letters, which the file doesn't say itself")
        if contents.blank:
            self.stdout.write(f"blank lines passed over: {contents.blank}")
        if contents.ignored:
            self.stdout.write(f"columns not read: {', '.join(contents.ignored)}")

    def _tell(self, planned: Plan) -> None:
        for outcome in planned.outcomes:
            what = " · ".join(filter(None, (outcome.account, outcome.customer, outcome.manager)))
            text = f": {outcome.text}" if outcome.text else ""
            self.stdout.write(f"line {outcome.line}  {outcome.state}  {what}{text}")
