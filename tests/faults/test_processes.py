"""Several processes behind one port: their numbers add up, and what holds for all of them holds for all."""

import re

import pytest
import requests

from tests.faults.conftest import HISTORY, Start
from tests.faults.table import Outcome
from tests.faults.visitors import crowd, crowd_for


def test_the_metrics_of_two_processes_add_up(start: Start, sqlite_url: str) -> None:
    with start(sqlite_url, workers=2, threads=4) as portal:
        pages = crowd(12, lambda _: portal.see(HISTORY))
        scrapes = [
            requests.get(
                f"{portal.server.url}/metrics", headers={"Authorization": "Bearer metrics"}, timeout=60
            ).text
            for _ in range(4)
        ]
    counted = [
        re.findall(r'^portal_requests_total\{[^}]*status="200",view="history"\} ([\d.]+)', text, re.MULTILINE)
        for text in scrapes
    ]

    assert [page.status for page in pages] == [200] * 12
    assert counted == [["12.0"]] * 4


# Where SQLite is busy for too long each process counts for itself: on a crowded machine that happens.
@pytest.mark.parametrize("database", [pytest.param("sqlite_url", marks=pytest.mark.slow), "postgresql_url"])
def test_processes_without_a_shared_cache_keep_the_rate_together(
    start: Start, request, sandbox, tell, database
) -> None:
    rate, seconds = 10, 3.0
    url = request.getfixturevalue(database)
    with start(url, workers=2, threads=8, UPSTREAM_RATE=f"adobe={rate},fabric={rate}") as portal:
        crowd(8, lambda _: portal.see("/"))
        before = len(sandbox.requests)
        pages = crowd_for(seconds, 12, lambda _: portal.see(HISTORY))
        asked = len(sandbox.requests) - before

    lasted = max(page.at + page.seconds for page in pages) - min(page.at for page in pages)
    name = f"more pages than Adobe's rate ({database.partition('_')[0]})"
    tell(Outcome.of(name, pages), portal)
    assert {page.status for page in pages} == {200, 503}
    # A second's worth at once, and then the rate: two processes each for itself would make twice as many.
    assert rate * 2 <= asked <= rate * (lasted + 1)
