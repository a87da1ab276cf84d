"""`manage.py runsandbox`, as a person starts and ends it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from orders.sandbox import SandboxServer, customers
from tests.processes import PATIENCE, ROOT


def start(port: int) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "tests-" + "0123456789abcdef" * 4,
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        # No database lives here: the command must not want one.
        "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "runsandbox", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def command() -> Iterator[subprocess.Popen[str]]:
    process = start(0)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_on_a_signal(command: subprocess.Popen[str], number: int):
    assert command.stdout is not None
    first = command.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert found, first
    assert requests.get(found[0], timeout=PATIENCE).status_code == 200
    command.send_signal(number)
    assert command.wait(PATIENCE) == 0
    rest = command.stdout.read()
    assert f"ADOBE_BASE_URL={found[0]}" in rest
    assert [customer.id for customer in customers.ALL if customer.id not in rest] == []


def test_a_port_in_use_is_said_plainly():
    with SandboxServer() as sandbox:
        said, _ = start(sandbox.port).communicate(timeout=PATIENCE)
    assert f"Cannot listen on 127.0.0.1:{sandbox.port}: Address already in use" in said
    assert "Traceback" not in said
