"""Pruning in slices: pruned is pruned at once, to whoever looks, and what was begun is finished."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from orders.ledger import Action, LedgerEntry, pruning, record
from orders.ledger.verification import verify

pytestmark = pytest.mark.django_db


def rows() -> int:
    """What lies in the table, seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_ledgerentry")
        return int(cursor.fetchone()[0])


def test_an_interrupted_pruning_shows_nothing_of_what_it_left_and_the_next_one_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(5):
        record(Action.LOOK_UP, username="dana")
    begun = rows()
    monkeypatch.setattr(pruning, "SLICE", 2)
    slices: list[Any] = []

    def killed(_: float) -> None:
        slices.append(rows())
        if len(slices) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(pruning, "sleep", killed)
    with pytest.raises(KeyboardInterrupt):
        pruning.prune(timezone.now() + timedelta(seconds=1))

    assert slices == [begun + 1 - 2]
    assert [entry.action for entry in LedgerEntry.objects.all()] == [Action.PRUNE]
    assert verify().problems == ()

    assert pruning.prune(timezone.now() - timedelta(days=1)) == 0
    assert (rows(), verify().problems) == (1, ())
