"""Several processes behind one port: their numbers add up, whichever of them is scraped."""

import re

import requests

from tests.faults.conftest import HISTORY, Start
from tests.faults.visitors import crowd


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
