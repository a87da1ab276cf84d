"""`manage.py upkeep`: what a timer should do once a day. A worker does what concerns files by itself."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from orders.exports.jobs import upkeep
from orders.exports.schedules.running import forget_old_runs
from orders.index.retention import forget_old
from orders.infrastructure.jobs import upkeep_runs
from orders.ledger.head_notes import note_head, read_notes
from orders.ledger.pruning import NotIntact, prune
from orders.ledger.verification import problems_with_notes, verify
from orders.people import retention


class Command(BaseCommand):
    help = (
        "Gives back what killed workers left, writes down the ends that are owed to the ledger, deletes what "
        "was kept for long enough, verifies the ledger against what earlier runs noted, and counts rows. "
        "Exit 1 where something is wrong with the ledger. A second run at the same time does nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--notes",
            type=Path,
            default=settings.BASE_DIR / "var" / "ledger-heads",
            help="the file of the ledger's ends that earlier runs noted; it grows by a line (%(default)s)",
        )

    def handle(self, *args: Any, notes: Path, **options: Any) -> None:
        if not upkeep_runs.begin():
            self.stdout.write("Another upkeep is under way.")
            return
        try:
            problems = self._work(notes)
        except BaseException:
            upkeep_runs.give_up()
            raise
        if problems:
            raise CommandError("\n".join(problems))

    def _work(self, notes: Path) -> list[str]:
        upkeep.reap()
        upkeep.clean()
        deleted = retention.clean() | {
            "files": upkeep.forget_old(),
            "remembered orders": forget_old(),
            "runs of schedules": forget_old_runs(),
        }
        problems = [*_verified(notes)]
        if not problems and settings.LEDGER_DAYS:
            try:
                deleted["entries"] = prune(timezone.now() - timedelta(days=settings.LEDGER_DAYS))
            except NotIntact as error:
                problems += error.problems
        before = upkeep_runs.latest()
        grown_from = before.details.get("rows", {}) if before else {}
        rows = _rows()
        upkeep_runs.end(is_sound=not problems, rows=rows)
        self.stdout.write(
            "deleted: " + ", ".join(f"{count} {what}" for what, count in sorted(deleted.items()))
        )
        for table, count in rows.items():
            grown = f" ({count - grown_from[table]:+d})" if table in grown_from else ""
            self.stdout.write(f"rows of {table}: {count}{grown}")
        return problems


def _verified(notes: Path) -> Iterator[str]:
    """What is wrong with the ledger, or with keeping its end where the database is not."""
    verdict = verify()
    yield from verdict.problems
    try:
        earlier = list(read_notes(notes.read_text().splitlines())) if notes.exists() else []
        found = list(problems_with_notes(earlier))
        yield from found
        if verdict.problems or found:
            return
        note_head(verdict.number, verdict.hash)
        notes.parent.mkdir(parents=True, exist_ok=True)
        with notes.open("a") as file:
            file.write(f"{verdict.number}:{verdict.hash}\n")
    except OSError as error:
        yield f"The ledger's end can't be noted in {notes}: {error.strerror}."


def _rows() -> dict[str, int]:
    """How many rows each table of ours has, and the sessions."""
    models = [*apps.get_app_config("orders").get_models(), apps.get_model("sessions", "Session")]
    ours = [model for model in models if model._meta.managed]
    return {model._meta.db_table: model._default_manager.count() for model in ours}
