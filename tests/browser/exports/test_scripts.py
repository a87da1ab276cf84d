"""The profile page's own examples, run as they stand there by a shell."""

import csv
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from orders.sandbox import customers

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("curl") is None, reason="no curl found"),
]


def run(script: str, token: str, directory: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", "-c", script],
        env={"TOKEN": token, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def token(page: Page, tmp_path: Path) -> str:
    page.goto("/profile/")
    page.get_by_label("What it is for").fill(str(tmp_path)[-60:])
    page.get_by_role("button", name="Make token").click()
    return page.locator("#new-token").inner_text()


def order_ids(path: Path) -> list[str]:
    with path.open(newline="") as file:
        return list(dict.fromkeys(row["orderId"] for row in csv.DictReader(file)))


def test_a_small_file_is_fetched_with_one_line(page, site, token, tmp_path):
    script = page.locator("#script-small").inner_text().replace("1000000137", customers.ADOBE_SMALL)
    ended = run(script.replace("?rows=", "?start-date=2000-01-01&rows="), token, tmp_path)
    files = list(tmp_path.iterdir())

    assert ended.returncode == 0, ended.stderr
    assert [path.name.startswith(f"orders_adobe_{customers.ADOBE_SMALL}_") for path in files] == [True]
    assert order_ids(files[0]) == site.orders_of(customers.ADOBE_SMALL)


@pytest.mark.parametrize("customer_id", [customers.ADOBE_LARGE, customers.ADOBE_INTERNAL_ERROR])
def test_what_is_too_large_or_fails_leaves_no_file_and_a_failing_status(page, token, tmp_path, customer_id):
    script = page.locator("#script-small").inner_text().replace("1000000137", customer_id)
    ended = run(script.replace("?rows=", "?start-date=2000-01-01&rows="), token, tmp_path)

    assert ended.returncode == 22
    assert list(tmp_path.iterdir()) == []


def test_a_large_file_is_made_and_fetched(page, site, token, tmp_path):
    small, large = (page.locator(f"#script-{size}").inner_text() for size in ("small", "large"))
    script = f"{small.splitlines()[0]}\n{large}".replace("?rows=", "?start-date=2000-01-01&rows=")
    site.sandbox.latency = 0.3
    ended = run(script.replace("sleep 5", "sleep 1"), token, tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert order_ids(tmp_path / "orders.csv") == site.orders_of(customers.ADOBE_LARGE)
    digest = hashlib.sha256((tmp_path / "orders.csv").read_bytes()).hexdigest()
    page.goto("/exports/")
    assert (
        page.locator("tr[data-export] button[data-copy-text]").first.get_attribute("data-copy-text") == digest
    )


def test_a_large_file_that_stops_ends_with_a_failing_status(page, site, token, tmp_path):
    small, large = (page.locator(f"#script-{size}").inner_text() for size in ("small", "large"))
    script = f"{small.splitlines()[0]}\n{large}".replace("1000000137", customers.ADOBE_UNKNOWN)
    ended = run(script.replace("sleep 5", "sleep 1"), token, tmp_path)

    assert ended.returncode != 0
