"""`make run` as a newcomer meets it: one command, real processes, and nothing left behind."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from orders.sandbox import customers
from tests.demo import Demo, is_running, running_demo, sign_in
from tests.processes import ROOT, run_python, wait_until, without_ours

# In one process, so that they have one demo.
pytestmark = pytest.mark.xdist_group("demo")


@contextmanager
def demo_of(directory: Path, migrated: Path) -> Iterator[Demo]:
    """One that need not migrate first, which takes long."""
    file = shutil.copy(migrated, directory / "portal.sqlite3")
    # Its ledger began under the tests' key.
    environment = without_ours(os.environ) | {
        "DATABASE_URL": f"sqlite:///{file}",
        "LEDGER_KEY": settings.SECRET_KEY,
    }
    with running_demo(ROOT, directory, environment) as started:
        yield started


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Demo]:
    """One for all who only look at it."""
    with demo_of(tmp_path_factory.mktemp("demo"), migrated_sqlite) as started:
        yield started


def test_each_printed_person_can_sign_in_and_read_the_printed_customers(demo: Demo) -> None:
    people = demo.passwords()
    assert sorted(people) == ["admin", "agent", "manager", "supervisor"]
    for username, password in people.items():
        sign_in(demo.url, username, password)
    session = sign_in(demo.url, "agent", people["agent"])
    tried = re.findall(r"^  (adobe|fabric) +(\S+) ", demo.printed, re.MULTILINE)
    assert len(tried) == 3
    statuses = {
        customer_id: session.get(
            f"{demo.url}/{source}/customers/{customer_id}/orders/", timeout=30
        ).status_code
        for source, customer_id in tried
    }
    assert sorted(statuses.values()) == [200, 200, 504]


def test_nothing_stands_before_its_greeting_and_nobody_is_warned_of_their_new_password(demo: Demo) -> None:
    assert demo.printed.lstrip().startswith("Orders Portal   http://127.0.0.1:")

    home = sign_in(demo.url, "agent", demo.passwords()["agent"]).get(demo.url, timeout=20)
    assert "Whose orders?" in home.text
    assert 'data-notice="security"' not in home.text


def test_its_manager_begins_at_a_portfolio_of_forty_customers_that_is_read_within_seconds(demo: Demo) -> None:
    session = sign_in(demo.url, "manager", demo.passwords()["manager"])

    def read() -> list[str]:
        page = session.get(f"{demo.url}/portfolio/", timeout=20)
        return re.findall(r'data-customers="(\d+)"\s+data-orders="([1-9]\d*)"', page.text)

    wait_until(lambda: len(read()) >= 24, seconds=60, pause=1)
    customers_of = re.findall(r'data-customers="(\d+)"', session.get(f"{demo.url}/portfolio/").text)
    assert sum(map(int, customers_of)) == 40


def test_it_makes_files_in_the_background_too(demo: Demo) -> None:
    session = sign_in(demo.url, "manager", demo.passwords()["manager"])
    address = f"{demo.url}/adobe/customers/{customers.ADOBE_LARGE}/orders/export/?start-date=2000-01-01"
    token = session.cookies.get_dict()["csrf"]
    form = {"csrfmiddlewaretoken": token}

    headers = {"Referer": f"{demo.url}/", "Accept": "text/html"}
    started = session.post(address, data=form, headers=headers, timeout=20)
    assert "/exports/" in started.url

    def is_complete() -> bool:
        return "data-download" in session.get(started.url, timeout=20).text

    wait_until(is_complete, pause=0.2)


def test_only_this_machine_reaches_it(demo: Demo) -> None:
    port = int(demo.url.rpartition(":")[2])
    listening = [
        address
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        for address, state in [(line.split()[1], line.split()[3])]
        if state == "0A" and int(address.partition(":")[2], 16) == port
    ]

    assert [address.partition(":")[0] for address in listening] == ["0100007F"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda n: n.name)
def test_however_it_ends_no_process_is_left(
    number: signal.Signals, tmp_path: Path, migrated_sqlite: Path
) -> None:
    with demo_of(tmp_path, migrated_sqlite) as demo:
        children = demo.descendants()
        # The sandbox, gunicorn and its worker, and those that make files.
        assert len(children) >= 5
        demo.process.send_signal(number)
        demo.process.wait(timeout=30)
        wait_until(lambda: not any(map(is_running, children)), seconds=15)


def test_a_taken_port_is_said_in_one_line(demo: Demo, tmp_path: Path) -> None:
    port = demo.url.rpartition(":")[2]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'other.sqlite3'}"}
    second = run_python("manage.py", "rundemo", "--port", port, environment=environment)
    assert second.returncode != 0
    assert second.stderr.strip() == f"CommandError: Port {port} is in use. Choose another: make run PORT=8001"
