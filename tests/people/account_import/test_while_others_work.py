"""An import while others work: what they change meanwhile counts, and they see all of it or nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User

from orders.ledger import Action, LedgerEntry
from orders.people.account_import import NotImported, carry_out, plan
from orders.people.account_import.writing import write
from orders.people.models import Account, AccountCustomer
from tests.people.account_import.files import HEADING
from tests.personas import assign, person
from tests.processes import ROOT, without_ours

LINES = 2000
COUNTS = "SELECT (SELECT count(*) FROM orders_account), (SELECT count(*) FROM orders_accountcustomer)"


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`meanwhile(act)`: somebody acts between the plan and its writing, the first time."""

    def between(act: Any) -> None:
        acts = [act]

        def written(*args: Any, **kwargs: Any) -> None:
            while acts:
                acts.pop()()
            write(*args, **kwargs)

        monkeypatch.setattr("orders.people.account_import.applying.write", written)

    return between


@pytest.mark.django_db
def test_a_customer_that_another_was_given_meanwhile_is_planned_for_anew(meanwhile: Any) -> None:
    milo = person("milo", "account manager")
    meanwhile(lambda: assign(milo, "adobe", "C9", account="Quay"))

    done = carry_out(HEADING + "New One,,adobe,C9,\n", actor=None)

    assert done.counts["moved"] == 1
    assert [each.account.name for each in AccountCustomer.objects.all()] == ["New One"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda: assign(User.objects.get(username="milo"), "adobe", "C9", account="Quay"),
        lambda: Account.objects.filter(name="Old Mill").update(name="Old Mills"),
        lambda: Account.objects.filter(name="Old Mill").update(reseller_id="5"),
        lambda: Account.objects.create(name="NEW ONE"),
        lambda: User.objects.get(username="milo").delete(),
    ],
    ids=["customer given", "account renamed", "reseller changed", "look-alike made", "manager deleted"],
)
def test_what_was_looked_at_and_changed_meanwhile_is_not_imported(meanwhile: Any, act: Any) -> None:
    person("milo", "account manager")
    Account.objects.create(name="Old Mill")
    lines = HEADING + "New One,,adobe,C9,milo\nOld Mill,7,,,\n"
    seal = plan(lines).seal
    meanwhile(act)

    with pytest.raises(NotImported):
        carry_out(lines, actor=None, seal=seal)

    assert not Account.objects.filter(name="New One").exists()
    assert not LedgerEntry.objects.filter(action=Action.IMPORT).exists()


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def database(request: Any) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def counts(url: str) -> tuple[int, ...]:
    """Accounts and customers, as somebody else sees them."""
    connect: Any = partial(sqlite3.connect, url.removeprefix("sqlite:///"))
    if url.startswith("postgresql"):
        connect = partial(psycopg.connect, url)
    with closing(connect()) as reader:
        return tuple(reader.execute(COUNTS).fetchone())


def importing(file: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "import_accounts", str(file), "--write"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def test_others_see_all_of_an_import_or_nothing_and_a_killed_one_leaves_nothing(
    database: str, tmp_path: Path
) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(HEADING + "".join(f"Branch {n:05},{n},adobe,C{n:05},\n" for n in range(LINES)))
    environment = {
        **without_ours(os.environ),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    killed = importing(file, environment)
    assert killed.stdout is not None
    for line in killed.stdout:  # it plans, and says what it would do
        if line.startswith(b"2000 new"):
            break
    time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    left = counts(database)

    seen, is_done = set(), threading.Event()

    def look() -> None:
        while not is_done.wait(0.002):
            seen.add(counts(database))

    looking = threading.Thread(target=look)
    looking.start()
    again = importing(file, environment)
    again.communicate()
    is_done.set()
    looking.join()

    assert left in {(0, 0), (LINES, LINES)}
    assert again.returncode == 0
    assert seen <= {(0, 0), (LINES, LINES)}
    assert counts(database) == (LINES, LINES)
