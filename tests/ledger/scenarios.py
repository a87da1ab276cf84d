"""What happens to a ledger in a database of its own, in a process of its own: see `play`."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from orders.ledger import Action, record
from orders.ledger.models import LedgerEntry, LedgerHead
from orders.ledger.pruning import NotIntact, prune
from orders.ledger.verification import verify
from tests.personas import without_guards

THREADS, EACH = 8, 25


def grow() -> Any:
    """Many threads add at the same time."""

    def add(thread: int) -> None:
        try:
            for number in range(EACH):
                record(Action.VIEW_LIST, username=f"t{thread}", source="adobe", row_count=number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(THREADS)))
    return "grown"


def verified_while_it_grows() -> Any:
    """Problems that were found although there were none."""
    some(200)
    with ThreadPoolExecutor(1) as pool:
        growing = pool.submit(grow)
        found: list[Any] = []
        while not growing.done():
            found += verify().problems
    return found


def checked() -> Any:
    verdict = verify()
    return {"problems": verdict.problems, "checked": verdict.checked, "number": verdict.number}


def statements() -> Any:
    """What SQL can do to the ledger, statement by statement."""
    some(3)
    tried = [
        "UPDATE orders_ledgerentry SET username = 'somebody else' WHERE id = 2",
        "DELETE FROM orders_ledgerentry WHERE id = 2",
        "DELETE FROM orders_ledgerentry",
        "DELETE FROM orders_ledgerhead",
        "UPDATE orders_ledgerhead SET number = 1",
    ]
    insert = (
        "INTO orders_ledgercheckpoint (up_to, hash, at, before, seal) "
        "VALUES (1, 'x', '2026-01-01', '2026-01-01', 'x')"
    )
    if connection.vendor == "sqlite":
        tried.append(
            "INSERT OR REPLACE INTO orders_ledgerentry SELECT * FROM orders_ledgerentry WHERE id = 2"
        )
    else:
        tried += [f"TRUNCATE {table}" for table in ("orders_ledgerentry", "orders_ledgerhead")]
        tried.append("SET session_replication_role = replica; DELETE FROM orders_ledgerentry WHERE id = 2")
    outcomes = {each: outcome(each) for each in tried}
    # A checkpoint opens the way to what it covers, and to nothing else; and it stays.
    outcomes |= {
        each: outcome(f"INSERT {insert}", each)
        for each in (
            "DELETE FROM orders_ledgerentry WHERE id = 1",
            "UPDATE orders_ledgercheckpoint SET up_to = 9",
            "DELETE FROM orders_ledgercheckpoint",
        )
    }
    outcomes["DELETE beyond the checkpoint"] = outcome(
        f"INSERT {insert}", "DELETE FROM orders_ledgerentry WHERE id = 2"
    )
    return outcomes


def outcome(*tried: str) -> str:
    """Whether the database does it; it is taken back in any case."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in tried:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "refused" if "the ledger can only be added to" in str(error) else repr(error)
    return "done"


def tampering() -> Any:
    """What `verify` says after each kind of tampering by somebody who got past the guards."""
    some(5)
    kinds: dict[str, Callable[[], Any]] = {
        "nothing": lambda: None,
        "one row changed": lambda: run("UPDATE orders_ledgerentry SET customer_id = 'C2' WHERE id = 3"),
        "one row deleted": lambda: run("DELETE FROM orders_ledgerentry WHERE id = 3"),
        "the end cut off": lambda: run("DELETE FROM orders_ledgerentry WHERE id > 3"),
        "the end cut off, and the head put back": cut_with_head,
        "all deleted": lambda: run("DELETE FROM orders_ledgerentry"),
        "a row forged at the end": forge,
        "a row replaced, with the links mended": lambda: forge_within(3),
        "a row's time changed": lambda: run("UPDATE orders_ledgerentry SET at = '2020-01-01' WHERE id = 2"),
        "a forged checkpoint over a deleted beginning": forge_checkpoint,
        "the head deleted": lambda: run("DELETE FROM orders_ledgerhead"),
        "all deleted, the head too": wipe,
        "all deleted, and a new head made": in_turn(wipe, new_head),
        "all deleted, and the head set back": in_turn(
            lambda: run("DELETE FROM orders_ledgerentry"),
            lambda: run(f"UPDATE orders_ledgerhead SET number = 0, hash = '{'0' * 64}', seal = ''"),
        ),
        "all deleted, and written on": in_turn(wipe, lambda: some(2)),
        "the end cut off, the head put back, and written on": in_turn(cut_with_head, lambda: some(2)),
        "the end linked anew": relink,
    }
    found = {}
    for kind, tamper in kinds.items():
        with transaction.atomic():
            with without_guards():
                tamper()
            found[kind] = verify().problems
            transaction.set_rollback(True)
    return found


def in_turn(*steps: Callable[[], None]) -> Callable[[], None]:
    def take_them() -> None:
        for step in steps:
            step()

    return take_them


def guards() -> Any:
    """What `verify` says where triggers were taken away, or changed for some that let everything pass."""
    some(3)
    on = " ON orders_ledgerentry" if postgresql() else ""
    removed = f"DROP TRIGGER ledger_no_update{on}"
    made = "CREATE TRIGGER {} BEFORE UPDATE ON orders_ledgerentry"
    if postgresql():
        no_op = (
            "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END $$"
        )
        other = f"{made} FOR EACH ROW EXECUTE FUNCTION {{}}()"
        always = "ALTER TABLE orders_ledgerentry ENABLE ALWAYS TRIGGER ledger_no_update"
        kinds = {
            "removed": [removed],
            "emptied": [no_op.format("ledger_refuse")],
            "another of its name": [
                removed,
                no_op.format("pass"),
                other.format("ledger_no_update", "pass"),
                always,
            ],
            "for never true": [
                removed,
                made.format("ledger_no_update")
                + " FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_refuse()",
                always,
            ],
            "not for replicas": ["ALTER TABLE orders_ledgerentry ENABLE TRIGGER ledger_no_update"],
            "one more": [no_op.format("pass"), other.format("a_new_one", "pass")],
            "a rule": ["CREATE RULE unseen AS ON INSERT TO orders_ledgerentry DO INSTEAD NOTHING"],
        }
    else:
        kinds = {
            "removed": [removed],
            "another of its name": [removed, made.format("ledger_no_update") + " BEGIN SELECT 1; END"],
            "for never true": [
                removed,
                made.format("ledger_no_update")
                + " WHEN 0 BEGIN SELECT RAISE(ABORT, 'the ledger can only be added to'); END",
            ],
            "one more": [made.format("a_new_one") + " BEGIN SELECT 1; END"],
        }
    found = {}
    for kind, tried in kinds.items():
        with transaction.atomic():
            for statement in tried:
                run(statement)
            found[kind] = verify().problems
            transaction.set_rollback(True)
    return {"as they were": verify().problems, **found}


def empty() -> Any:
    """A ledger that nothing has happened in yet, and its first entries."""
    found = [checked()]
    some(2)
    return [*found, checked()]


def wipe() -> None:
    for table in ("entry", "head", "checkpoint"):
        run(f"DELETE FROM orders_ledger{table}")


def new_head() -> None:
    LedgerHead.objects.create(number=0, hash="0" * 64, seal="")


def relink() -> None:
    """The third entry goes, and those behind it close ranks, as far as that can be done without the key."""
    second = LedgerEntry.objects.get(id=2)
    run("DELETE FROM orders_ledgerentry WHERE id = 3")
    run(f"UPDATE orders_ledgerentry SET id = 3, previous_hash = '{second.hash}' WHERE id = 4")
    run("UPDATE orders_ledgerentry SET id = 4 WHERE id = 5")
    run("UPDATE orders_ledgerhead SET number = 4")


def cut_with_head() -> None:
    """Who has only the database can't seal the head anew."""
    third = LedgerEntry.objects.get(id=3)
    run("DELETE FROM orders_ledgerentry WHERE id > 3")
    LedgerHead.objects.update(number=3, hash=third.hash)


def forge() -> None:
    last = LedgerEntry.objects.get(id=5)
    LedgerEntry(
        id=6, at=timezone.now(), action="view-list", outcome="ok", previous_hash=last.hash, hash="f" * 64
    ).append()
    LedgerHead.objects.update(number=6, hash="f" * 64)


def forge_within(number: int) -> None:
    run(f"UPDATE orders_ledgerentry SET username = 'x', hash = '{'e' * 64}' WHERE id = {number}")
    run(f"UPDATE orders_ledgerentry SET previous_hash = '{'e' * 64}' WHERE id = {number + 1}")


def forge_checkpoint() -> None:
    third = LedgerEntry.objects.get(id=3)
    run(
        "INSERT INTO orders_ledgercheckpoint (up_to, hash, at, before, seal) "
        f"VALUES (3, '{third.hash}', '2026-01-01', '2026-01-01', '{'d' * 64}')"
    )
    run("DELETE FROM orders_ledgerentry WHERE id <= 3")


def pruning() -> Any:
    """Old entries go, the rest verifies, the next entry follows, and a second pruning works too."""
    found: dict[str, Any] = {}
    some(4)
    middle = timezone.now()
    some(3)
    found["pruned"] = prune(middle)
    found["after"] = [list(LedgerEntry.objects.order_by("id").values_list("id", flat=True)), checked()]
    some(1)
    found["grown"] = checked()
    found["pruned again"] = prune(timezone.now() + timedelta(seconds=1))
    found["after that"] = [
        list(LedgerEntry.objects.order_by("id").values_list("action", flat=True)),
        checked(),
    ]
    some(2)
    last = LedgerEntry.objects.order_by("-id")[0]
    with without_guards():
        run(f"UPDATE orders_ledgerentry SET username = 'x' WHERE id = {last.id}")
    try:
        prune(timezone.now() + timedelta(seconds=1))
    except NotIntact as error:
        found["of a tampered part"] = error.problems
    return found


def some(count: int) -> None:
    for number in range(count):
        record(Action.VIEW_LIST, username="dana", source="adobe", customer_id="C1", row_count=number)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def postgresql() -> bool:
    return connection.vendor == "postgresql"


def main(scenario: str) -> None:
    print(json.dumps(globals()[scenario]()))  # noqa: T201  (how it answers whoever started it)
