"""`manage.py upkeep`: one run at a time, the ledger against what was noted, and what it tells of itself."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from orders.infrastructure.jobs import upkeep_runs
from orders.ledger import Action, LedgerEntry, record

pytestmark = pytest.mark.django_db


def run(notes: Path) -> list[str]:
    said = StringIO()
    call_command("upkeep", notes=notes, stdout=said)
    return said.getvalue().splitlines()


def test_a_second_run_at_the_same_time_does_nothing(tmp_path: Path) -> None:
    assert upkeep_runs.begin()

    assert run(tmp_path / "heads") == ["Another upkeep is under way."]
    assert upkeep_runs.latest() is None

    upkeep_runs.end(is_sound=True, rows={})
    assert run(tmp_path / "heads")[0].startswith("deleted: ")


def test_each_run_notes_the_end_and_says_how_much_was_added(tmp_path: Path) -> None:
    notes = tmp_path / "var" / "heads"
    run(notes)
    record(Action.SIGN_OUT, username="dana")

    said = run(notes)

    entry = LedgerEntry.objects.latest("id")
    assert notes.read_text().splitlines()[-1] == f"{entry.id}:{entry.hash}"
    assert f"rows of orders_ledgerentry: {entry.id} (+1)" in said


def test_a_ledger_without_what_was_noted_is_an_alarm_and_no_success(tmp_path: Path) -> None:
    notes = tmp_path / "heads"
    notes.write_text(f"7:{'a' * 64}\n")

    with pytest.raises(CommandError, match="Entry 7, which was noted elsewhere, is not in the ledger"):
        run(notes)

    latest = upkeep_runs.latest()
    assert latest is not None
    assert not latest.is_sound


def test_a_run_that_fails_lets_the_next_one_begin(tmp_path: Path, monkeypatch: Any) -> None:
    from orders.people import retention

    monkeypatch.setattr(retention, "clean", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(tmp_path / "heads")
    monkeypatch.undo()

    assert run(tmp_path / "heads")[0].startswith("deleted: ")
