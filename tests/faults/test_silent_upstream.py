"""Forty people ask an upstream that says nothing: everything else answers as if it weren't there."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from orders.sandbox import SandboxServer, customers
from tests.faults.conftest import HISTORY, Portal, Start
from tests.faults.table import Outcome
from tests.faults.visitors import Asked, crowd_for, failed, percentile, slowest
from tests.pages import Page

FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"
CROWD = 40


def patiently(portal: Portal, path: str) -> Asked:
    """A page, and about the second that a refused one asks people to wait."""
    page = portal.see(path)
    time.sleep(random.uniform(0.5, 1.5))
    return page


def beside(portal: Portal, seconds: float, silent: str) -> tuple[list[Asked], dict[str, list[Asked]]]:
    """Pages of a crowd at `silent`, and of somebody who opens other pages meanwhile."""
    others = {"home": "/", "fabric": FABRIC, "live": "/health/live"}
    with ThreadPoolExecutor(1) as pool:
        crowd = pool.submit(crowd_for, seconds, CROWD, lambda _: patiently(portal, silent))
        time.sleep(0.7)  # until they are all there
        found: dict[str, list[Asked]] = {name: [] for name in others}
        while not crowd.done():
            for name, path in others.items():
                found[name].append(portal.see(path))
            time.sleep(0.05)
        return crowd.result(), found


def held_against(portal: Portal, sandbox: SandboxServer, tell: Any, *, seconds: float) -> dict[str, float]:
    """Seconds within which 19 of 20 other pages were there."""
    for path in ("/", FABRIC, HISTORY):
        portal.see(path)  # so that none is the first
    sandbox.silent.add("adobe")
    try:
        crowd, others = beside(portal, seconds, HISTORY)
    finally:
        sandbox.silent.clear()
    every = [page for pages in others.values() for page in pages]
    tell(Outcome(f"Adobe silent, {CROWD} visitors", len(every), len(failed(every)), slowest(every)))

    assert {page.status for page in crowd} <= {503, 504}
    refused = [page for page in crowd if page.status == 503]
    assert len(refused) >= CROWD - 12
    assert {page.status for page in every} == {200}
    return {name: percentile(pages, 0.95) for name, pages in others.items()}


def test_one_silent_upstream_leaves_all_other_pages_alone(start: Start, sqlite_url, sandbox, tell):
    with start(sqlite_url, threads=16, UPSTREAM_DEADLINE="4") as portal:
        found = held_against(portal, sandbox, tell, seconds=3)

    # Without the wall these took as long as the deadline. What they take exactly is for `make prove` to say.
    assert max(found.values()) < 2.0


@pytest.mark.slow
def test_nineteen_of_twenty_other_pages_take_half_a_second_at_most(start: Start, sqlite_url, sandbox, tell):
    with start(sqlite_url, threads=64) as portal:
        found = held_against(portal, sandbox, tell, seconds=20)

    assert {name: seconds for name, seconds in found.items() if seconds > 0.5} == {}


def test_the_page_of_the_one_too_many_says_when_to_try_again(start: Start, sqlite_url, sandbox):
    with start(sqlite_url, threads=8, UPSTREAM_IN_FLIGHT="1", UPSTREAM_DEADLINE="4") as portal:
        portal.see(HISTORY)
        sandbox.silent.add("adobe")
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(portal.see, HISTORY)
            time.sleep(0.5)
            answer = requests.get(portal.server.url + HISTORY, cookies=portal.cookies, timeout=20)
            sandbox.silent.clear()
            first.result()

    page = Page(answer)
    assert (answer.status_code, answer.headers["Retry-After"], page.error_word) == (503, "1", "busy")
    assert "Too many questions to Adobe" in page.error.text
