"""Somebody holds what everybody needs: all pages say so in words, and nobody waits without an end."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.faults.conftest import HISTORY, Portal, Start
from tests.faults.table import Outcome
from tests.faults.visitors import Asked, ask, crowd, crowd_for, slowest
from tests.personas import PASSWORD
from tests.processes import PATIENCE, wait_until

MANY = 34


@contextmanager
def head_held(url: str) -> Iterator[None]:
    """A transaction of somebody else's that does not end."""
    with psycopg.connect(url) as holder:
        holder.execute("SELECT number FROM orders_ledgerhead FOR UPDATE")
        yield
        holder.rollback()


@contextmanager
def file_held(file: Path) -> Iterator[None]:
    holder = sqlite3.connect(file, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()


def recovered(portal: Portal, since: float) -> float:
    wait_until(lambda: portal.see(HISTORY).status == 200)
    return time.monotonic() - since


def in_words(page: Asked) -> bool:
    return page.status == 503 and "try again" in page.text.casefold()


def test_while_the_ledgers_head_is_held_pages_say_so_and_health_does_not_wait(
    start: Start, postgresql_url: str, tell: Any
) -> None:
    with start(postgresql_url) as portal:
        assert portal.see(HISTORY).status == 200
        portal.fetch_file()
        with head_held(postgresql_url):
            portal.fetch_file()
            pages = crowd(8, lambda _: portal.see(HISTORY))
            health = [portal.visit("/health/live"), portal.visit("/health/ready"), portal.visit("/metrics")]
        let_go = time.monotonic()
        after = recovered(portal, let_go)
        portal.fetch_file()

        assert [in_words(page) for page in pages] == [True] * 8
        assert [each.status for each in health] == [200, 200, 401]
        tell(
            Outcome.of("ledger's head held (PostgreSQL), 8 visitors", pages, after),
            portal,
        )


def test_while_sqlite_is_locked_elsewhere_pages_and_the_sign_in_say_so(
    start: Start, sqlite_file: Path, tell: Any
) -> None:
    with start(f"sqlite:///{sqlite_file}") as portal:
        assert portal.see(HISTORY).status == 200
        browser = requests.Session()
        token = sign_in_token(browser, portal)
        portal.fetch_file()
        with file_held(sqlite_file):
            portal.fetch_file()
            pages = crowd(6, lambda _: portal.see(HISTORY))
            signing_in = sign_in(browser, portal, token)
            live = portal.visit("/health/live")
        let_go = time.monotonic()

        assert [in_words(page) for page in [*pages, signing_in]] == [True] * 7
        assert live.status == 200
        after = recovered(portal, let_go)
        portal.fetch_file()
        asked = [*pages, signing_in]
        outcome = Outcome.of("SQLite locked elsewhere", asked, after)
        tell(outcome, portal)
        assert sign_in(browser, portal, token).status == 302


def sign_in_token(browser: requests.Session, portal: Portal) -> str:
    page = browser.get(f"{portal.server.url}/accounts/login/", timeout=PATIENCE)
    token: str = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    return token


def sign_in(browser: requests.Session, portal: Portal, token: str) -> Asked:
    return ask(
        f"{portal.server.url}/accounts/login/",
        dict(browser.cookies),
        login="dana",
        password=PASSWORD,
        csrfmiddlewaretoken=token,
    )


@pytest.mark.slow
def test_with_34_visitors_nobody_waits_three_seconds_for_a_held_head(
    start: Start, postgresql_url: str, tell: Any
) -> None:
    """Twice as many as there are threads: those behind must fail fast too."""
    with start(postgresql_url) as portal:
        crowd(16, lambda _: portal.see(HISTORY))
        with head_held(postgresql_url):
            pages = crowd_for(8.0, MANY, lambda number: portal.see(HISTORY if number else "/health/ready"))
        let_go = time.monotonic()
        after = recovered(portal, let_go)

    looks = [page for page in pages if page.address.endswith(HISTORY)]
    health = [page for page in pages if not page.address.endswith(HISTORY)]
    tell(
        Outcome.of(f"ledger's head held, {MANY} visitors", looks, after),
        portal,
    )
    assert all(in_words(page) for page in looks)
    assert {page.status for page in health} == {200}
    assert slowest(looks) < 3.0
    assert after < 3.0


@pytest.mark.slow
def test_with_34_visitors_nobody_waits_five_seconds_for_a_locked_sqlite(
    start: Start, sqlite_file: Path, tell: Any
) -> None:
    with start(f"sqlite:///{sqlite_file}") as portal:
        crowd(16, lambda _: portal.see(HISTORY))
        with file_held(sqlite_file):
            pages = crowd_for(8.0, MANY, lambda _: portal.see(HISTORY))
        after = recovered(portal, time.monotonic())

    outcome = Outcome.of(f"SQLite locked, {MANY} visitors", pages, after)
    tell(outcome, portal)
    assert all(in_words(page) for page in pages)
    assert slowest(pages) < 5.0
    assert after < 3.0
