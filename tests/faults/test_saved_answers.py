"""What many ask at once, and what they see while the upstream fails: two processes with one Redis between."""

import re
import time
from uuid import uuid4

import pytest

from tests.faults.conftest import HISTORY, Start
from tests.faults.table import Outcome
from tests.faults.visitors import Asked, crowd
from tests.processes import wait_until
from tests.upstreams.shared_caches import REDIS_URL, redis_cache

FRESH = 5.0  # seconds; longer than the crowd's pages take


@pytest.fixture
def saving():
    """Settings of processes that share what they save, in keys of this test alone."""
    redis_cache()  # skips where there is none
    import redis

    prefix = f"test-{uuid4().hex}"
    yield {
        "CACHE_URL": f"{REDIS_URL}?key_prefix={prefix}",
        "CACHE_FRESH": str(FRESH),
        "CACHE_STALE": "900",
        "UPSTREAM_IN_FLIGHT": "50",
        "UPSTREAM_DEADLINE": "4",
    }
    with redis.Redis.from_url(REDIS_URL) as client:
        left = list(client.scan_iter(f"{prefix}*"))
        if left:
            client.delete(*left)


def freshness(page: Asked) -> str:
    found = re.search('data-freshness="([a-z]+)"', page.text)
    return found[1] if found else ""


def asked_for_orders(sandbox):
    return [each for each in sandbox.requests if each.path.endswith("/orders")]


@pytest.mark.parametrize("many", [12, pytest.param(50, marks=pytest.mark.slow)])
def test_visitors_of_one_customer_make_one_call_and_have_a_copy_while_the_upstream_fails(
    start: Start, sqlite_url, sandbox, saving, tell, many
):
    with start(sqlite_url, workers=2, threads=54, **saving) as portal:
        wait_until(lambda: portal.see("/").status == 200)
        sandbox.latency = 0.5
        first = crowd(many, lambda _: portal.see(HISTORY))
        asked = len(asked_for_orders(sandbox))
        sandbox.latency = 0.0
        time.sleep(FRESH)

        sandbox.script("adobe", [{"status": 503}] * 500)
        copies = crowd(many, lambda _: portal.see(HISTORY))
        tried = len(asked_for_orders(sandbox)) - asked
        sandbox.clear_faults()
        mended_at = time.monotonic()
        wait_until(lambda: freshness(portal.see(HISTORY)) == "live")
        after = time.monotonic() - mended_at

    name = f"Adobe fails, {many} at a saved page"
    tell(Outcome.of(name, copies, after), portal)
    assert {page.status for page in first} == {200}
    assert asked == 1
    assert {freshness(page) for page in first} == {"live", "saved"}
    assert {page.status for page in copies} == {200}
    assert {freshness(page) for page in copies} == {"stale"}
    assert all('data-error="unavailable"' in page.text for page in copies)
    # Three attempts for all who ask at once; who comes when the first have been told asks anew.
    assert tried < many * 3
