"""`manage.py verify_ledger`: exit 1 where anything in the ledger is not as we wrote it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.ledger.head_notes import Noted, note_head, read_notes
from orders.ledger.verification import problems_with_notes, verify

_MOST_PROBLEMS = 50


class Command(BaseCommand):
    help = (
        "Checks that no entry of the ledger was changed, removed, forged or cut off. Prints the last entry's "
        "number and seal: noted elsewhere, they show later that the ledger still holds what it held today."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="NUMBER:SEAL or FILE",
            default="",
            help="an entry noted earlier, or a file of them: a log, metrics, or what earlier runs printed",
        )

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        verdict = verify()
        noted = _notes(expect)
        problems = [*verdict.problems, *problems_with_notes(noted)]
        for problem in problems[:_MOST_PROBLEMS]:
            self.stderr.write(problem)
        if len(problems) > _MOST_PROBLEMS:
            self.stderr.write(f"and {len(problems) - _MOST_PROBLEMS} more.")
        if problems:
            raise CommandError(f"The ledger is not intact. {verdict.checked} entries were checked.")
        note_head(verdict.number, verdict.hash)
        self.stdout.write(f"The ledger is intact: {verdict.checked} entries.")
        if expect:
            self.stdout.write(f"Noted elsewhere, and still there: {len(noted)}.")
        self.stdout.write(f"Last entry: {verdict.number}:{verdict.hash}")


def _notes(expect: str) -> list[Noted]:
    if not expect:
        return []
    number, _, seal = expect.partition(":")
    if number.isascii() and number.isdecimal() and seal:
        return [Noted(int(number), seal)]
    file = Path(expect)
    try:
        lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    except OSError as error:
        raise CommandError(f"{expect} can't be read: {error.strerror}.") from None
    found = list(dict.fromkeys(read_notes(lines)))
    if not found:
        raise CommandError(
            "--expect wants NUMBER:SEAL, as an earlier run printed it, or a file that holds some."
        )
    return found
