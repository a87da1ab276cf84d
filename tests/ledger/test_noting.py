"""What was noted of the ledger elsewhere: it goes out by itself, and finds out a ledger that was put back."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from orders.infrastructure.log_format import formatter
from orders.ledger import Action, head_notes, record
from orders.ledger.head_notes import Noted, read_notes
from orders.ledger.models import LedgerEntry, LedgerHead
from tests.personas import without_guards

SEAL = "ab" * 32


def write(count: int) -> None:
    for _ in range(count):
        record(Action.VIEW_LIST, username="dana", source="adobe", customer_id="C1")


def put_back(before: LedgerHead) -> None:
    """As somebody does who has kept a copy of the database: the end goes, and the old head comes back."""
    with without_guards():
        LedgerEntry.objects.filter(id__gt=before.number)._raw_delete("default")
        LedgerHead.objects.filter(pk=1).update(number=before.number, hash=before.hash, seal=before.seal)


def verified(*arguments: str, capsys: Any) -> str:
    call_command("verify_ledger", *arguments)
    return str(capsys.readouterr().out)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["printed", "log", "metrics", "the one line"])
def test_a_ledger_that_was_put_back_is_found_out_by_what_was_noted(
    kind: str, tmp_path: Path, capsys: Any, caplog: Any, settings: Any
) -> None:
    caplog.set_level(logging.INFO, logger="orders.ledger")
    settings.METRICS_TOKEN = "metrics"
    write(2)
    before = LedgerHead.objects.get()
    write(3)
    printed = verified(capsys=capsys)
    log = "\n".join(formatter("json").format(each) for each in caplog.records)
    metrics = Client().get("/metrics", headers={"authorization": "Bearer metrics"}).content.decode()
    text = {"printed": f"on Monday\n{printed}", "log": log, "metrics": metrics, "the one line": ""}[kind]
    file = tmp_path / "noted"
    file.write_text(text)
    expect = printed.split()[-1] if kind == "the one line" else str(file)
    assert "Noted elsewhere, and still there: 1." in verified("--expect", expect, capsys=capsys)

    put_back(before)

    assert "The ledger is intact: 2 entries." in verified(capsys=capsys)
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_ledger", "--expect", expect)
    assert capsys.readouterr().err == "Entry 5, which was noted elsewhere, is not in the ledger.\n"


@pytest.mark.django_db
def test_a_ledger_that_grew_otherwise_since_is_found_out_too(capsys: Any, tmp_path: Path) -> None:
    write(2)
    before = LedgerHead.objects.get()
    write(3)
    file = tmp_path / "noted"
    file.write_text(verified(capsys=capsys))
    put_back(before)
    write(9)

    verified(capsys=capsys)
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--expect", str(file))
    assert capsys.readouterr().err == "Entry 5 is not the one that was noted elsewhere.\n"


@pytest.mark.django_db
@pytest.mark.parametrize("expect", ["nonsense", "5:", ":abc", "/no/such/file"])
def test_what_holds_no_note_is_refused(expect: str) -> None:
    with pytest.raises(CommandError, match="--expect wants"):
        call_command("verify_ledger", "--expect", expect)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"Last entry: 12:{SEAL}", [Noted(12, SEAL)]),
        (f"12:{SEAL} 13:{SEAL}", [Noted(12, SEAL), Noted(13, SEAL)]),
        (json.dumps({"event": "the ledger's head", "number": 7, "seal": SEAL}), [Noted(7, SEAL)]),
        (json.dumps({"event": "request", "number": 7, "seal": SEAL}), []),
        ("{broken", []),
        (f'portal_ledger_noted{{seal="{SEAL}"}} 7.0', [Noted(7, SEAL)]),
        ("12:" + "a" * 65, []),
        ("", []),
    ],
)
def test_notes_are_read_wherever_they_stand(line: str, found: list[Noted]) -> None:
    assert list(read_notes([line])) == found


def test_the_head_goes_out_once_an_hour(caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.INFO, logger="orders.ledger")
    monkeypatch.setattr(head_notes, "due_at", 0.0)
    clock = [1000.0]
    monkeypatch.setattr(head_notes, "monotonic", lambda: clock[0])
    for number, minutes in ((1, 0), (2, 30), (3, 29), (4, 2), (5, 10)):
        clock[0] += minutes * 60
        head_notes.note_hourly(number, SEAL)

    assert [each.number for each in caplog.records] == [1, 4]


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_noted_and_scraped(
    caplog: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.METRICS_TOKEN = "metrics"
    caplog.set_level(logging.INFO, logger="orders.ledger")
    monkeypatch.setattr(head_notes, "due_at", 0.0)

    write(3)

    first = LedgerEntry.objects.get(id=1)
    assert [(each.number, each.seal) for each in caplog.records if each.message == head_notes.EVENT] == [
        (1, first.hash)
    ]
    scraped = Client().get("/metrics", headers={"authorization": "Bearer metrics"}).content.decode()
    assert "portal_ledger_head 3.0" in scraped
    assert f'portal_ledger_noted{{seal="{first.hash}"}} 1.0' in scraped


@pytest.mark.django_db
def test_what_may_be_undone_is_not_noted(caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.INFO, logger="orders.ledger")
    monkeypatch.setattr(head_notes, "due_at", 0.0)

    write(1)  # within the test's own transaction

    assert [each for each in caplog.records if each.message == head_notes.EVENT] == []
