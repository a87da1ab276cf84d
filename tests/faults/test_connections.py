"""PostgreSQL breaks every connection, as it does when it starts anew: no page is a mistake of ours."""

import time
from typing import Any

import psycopg
import pytest

from tests.databases import POSTGRESQL
from tests.faults.conftest import HISTORY, Start
from tests.faults.table import Outcome
from tests.faults.visitors import crowd, failed
from tests.processes import wait_until


def break_connections(url: str) -> int:
    """How many of this database's were ended."""
    name = url.rpartition("/")[2]
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        found = server.execute(ended, [name]).fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize("pool", ["0", "4"], ids=["a connection each", "a pool"])
def test_after_the_connections_were_broken_every_page_is_whole(
    start: Start, postgresql_url: str, tell: Any, pool: str
) -> None:
    with start(postgresql_url, threads=8, DB_POOL=pool) as portal:
        crowd(8, lambda _: portal.see(HISTORY))
        portal.fetch_file()
        broken = break_connections(postgresql_url)
        portal.fetch_file()
        broken += break_connections(postgresql_url)
        pages = crowd(16, lambda _: portal.see(HISTORY))
        begun = time.monotonic()
        wait_until(lambda: portal.see(HISTORY).status == 200)
        after = time.monotonic() - begun

    assert broken >= 1
    assert [page.status for page in pages] == [200] * 16
    name = "PostgreSQL broke its connections" + (", pool" if pool != "0" else "")
    tell(Outcome.of(name, pages, after), portal)


@pytest.mark.slow
def test_while_connections_break_all_the_time_no_page_is_our_mistake(
    start: Start, postgresql_url: str, tell: Any
) -> None:
    with start(postgresql_url, threads=8) as portal:
        crowd(8, lambda _: portal.see(HISTORY))
        end_at = time.monotonic() + 8.0
        pages = []
        while time.monotonic() < end_at:
            break_connections(postgresql_url)
            pages += crowd(8, lambda _: portal.see(HISTORY))
    tell(
        Outcome.of("PostgreSQL breaks connections for 8 s", pages),
        portal,
    )

    assert failed(pages) == []
    assert {page.status for page in pages} <= {200, 503}
