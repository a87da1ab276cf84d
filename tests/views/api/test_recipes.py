"""The recipes of docs/api.md, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import call_command

from orders.people.api_tokens import Scope, make_token
from orders.presentation.records import record_type
from orders.sandbox import SandboxServer, customers
from tests.personas import person
from tests.processes import end, free_port, wait_until

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text()
SMALL = customers.ADOBE_OLD_TERM  # nine orders


def recipe(title: str, number: int = 0) -> str:
    """The text of a block below this heading, for a customer of whom tests need little."""
    below = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    block: str = re.findall(r"```\w+\n(.*?)```", below, re.DOTALL)[number]
    return block.replace("1000000137", SMALL)


@pytest.fixture
def environment(
    transactional_db: None, upstreams: SandboxServer, live_server: Any, settings: Any, tmp_path: Path
) -> dict[str, str]:
    """What recipes want to know, with a portal that answers."""
    settings.EXPORT_DIR = tmp_path / "exports"
    _, token = make_token(owner=person("sam", "supervisor"), name="recipes", scopes=tuple(Scope))
    return {"PORTAL": live_server.url, "TOKEN": token, "PATH": os.environ["PATH"]}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Any:
    """Run a recipe in a directory of its own; what it printed. A failing status fails the test."""

    def run_it(*command: str) -> str:
        ended = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run_it


def test_curl_lists_orders_page_by_page(run: Any, tmp_path: Path) -> None:
    failed = json.loads(run("sh", "-c", recipe("curl: all failed orders of a customer")))
    run("sh", "-c", recipe("curl: all failed orders of a customer", 1).replace("limit=100", "limit=4"))

    pages = list(map(json.loads, (tmp_path / "pages.jsonl").read_text().splitlines()))
    assert {each["status"] for each in failed["items"]} <= {"1004"}
    assert [len(each["items"]) for each in pages] == [4, 4, 1]


def test_curl_has_a_file_made_and_fetches_it(run: Any, tmp_path: Path) -> None:
    asks, _, waits = recipe("curl: a file of everything").partition("while ")
    address = run("sh", "-c", f"{asks}\necho $export").strip()
    call_command("run_worker", until_idle=True)

    run("sh", "-c", f"export={address}\nwhile {waits}")

    assert (tmp_path / "orders.csv").read_text().startswith("customerId,orderId,")


def test_pandas_counts_orders_and_pieces(run: Any) -> None:
    by_status, pieces = run(sys.executable, "-c", recipe("pandas")).splitlines()

    assert sum(json.loads(by_status).values()) == 9
    assert int(pieces) > 0


def test_excel_reads_fields_that_there_are() -> None:
    columns = {column.name for column in record_type("adobe").order_columns}

    named = set(re.findall(r'"([a-z]+[A-Za-z]*)"', recipe("Excel: Power Query").partition("Orders =")[2]))
    assert named
    assert named <= columns


def test_the_sidebar_shows_orders_and_keeps_the_token(environment: dict[str, str]) -> None:
    port = free_port()
    command = recipe("A help desk's sidebar").replace("8700", str(port)).split()
    server = subprocess.Popen([sys.executable, *command[1:]], env=environment, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        page = wait_until(lambda: answer_of(f"{address}/"))
        found = answer_of(f"{address}/orders?source=adobe&customer={SMALL}")
        missing = answer_of(f"{address}/orders?source=adobe&customer={customers.ADOBE_UNKNOWN}")
        wrong = answer_of(f"{address}/orders?source=adobe&customer=../x")
        files = [answer_of(f"{address}/sidebar.{kind}") for kind in ("js", "css")]
    finally:
        end(server)

    assert [each.status_code for each in (page, found, missing, wrong, *files)] == [
        200,
        200,
        404,
        400,
        200,
        200,
    ]
    assert found.json()["link"] == f"{environment['PORTAL']}/adobe/customers/{SMALL}/orders/"
    assert "renews in " in found.json()["who"]
    assert missing.json() == {"title": "Adobe VIP Marketplace knows no such customer"}
    assert environment["TOKEN"] not in "".join(each.text for each in (page, found, missing, wrong, *files))


def answer_of(address: str) -> Any:
    """None while nobody answers."""
    try:
        return requests.get(address, timeout=20)
    except requests.ConnectionError:
        return None
