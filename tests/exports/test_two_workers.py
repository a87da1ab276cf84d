"""Several workers on PostgreSQL, on either engine: nothing is made twice, and nobody has more turns than
allowed.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.sandbox import SandboxServer, customers
from tests.brokers import own_broker
from tests.databases import rows_of
from tests.exports.workers import environment, workers
from tests.processes import wait_until

EXPORTS = 24

REQUESTS = f"""
from django.contrib.auth import get_user_model
from orders import exports
for name in ("dana", "robin", "kim"):
    owner = get_user_model().objects.create_superuser(name)
    for _ in range({EXPORTS // 3}):
        exports.request_export(
            exports.ExportSpec.checked(
                source="adobe", customer_id="{customers.ADOBE_LARGE}", query="start-date=2000-01-01"
            ),
            owner=owner,
        )
"""
LOOK = "SELECT owner_id FROM orders_export WHERE state = 'running'"
LEFT = "SELECT count(*) FROM orders_export WHERE state IN ('waiting', 'running')"
TELL = """
from collections import Counter
from django_tasks_db.models import DBTaskResult
from orders.exports.models import Export
print(sorted(Counter(Export.objects.values_list("state", "attempts", "orders_done")).items()))
print(DBTaskResult.objects.filter(status="FAILED").count())
"""


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an engine."""
    if request.param == "database":
        yield {}
        return
    with own_broker(tmp_path) as broker:
        yield {"WORKER_ENGINE": "celery", "CELERY_BROKER_URL": broker.url}


@pytest.mark.parametrize(
    "engine", ["database", pytest.param("celery", marks=pytest.mark.slow)], indirect=True
)
@pytest.mark.timeout(300)
def test_no_export_is_made_twice_and_nobody_has_more_than_three_at_a_time(
    postgresql_url: str, tmp_path: Path, sandbox: SandboxServer, engine: dict[str, str]
) -> None:
    sandbox.latency = 0.02
    most = 0
    try:
        with workers(
            environment(postgresql_url, tmp_path, sandbox.url, EXPORT_LEASE="60", **engine)
        ) as found:
            found.run(REQUESTS)
            found.start(4, "--queues", "files=1")

            def is_done() -> bool:
                nonlocal most
                running = Counter(rows_of(postgresql_url, LOOK))
                most = max(most, *running.values(), 0)
                return rows_of(postgresql_url, LEFT) == [(0,)]

            wait_until(is_done, seconds=200)
            states, failed = found.run(TELL).splitlines()
    finally:
        sandbox.latency = 0.0

    assert states == f"[(('complete', 1, 312), {EXPORTS})]"
    assert failed == "0"
    assert most <= 3
    pages = [entry for entry in sandbox.requests if entry.customer_id == customers.ADOBE_LARGE]
    assert len(pages) == EXPORTS * 4


CLAIMS = """
import threading
from orders.exports.jobs import leases
from django.db import connection
found, start = [], threading.Barrier(8)
def claim():
    start.wait()
    while (lease := leases.claim()) is not None:
        found.append(lease.export.owner.username)
    connection.close()
threads = [threading.Thread(target=claim) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(found))
"""


@pytest.mark.timeout(120)
def test_claims_made_at_the_same_moment_keep_to_three_a_person(
    postgresql_url: str, tmp_path: Path, sandbox: SandboxServer
) -> None:
    with workers(environment(postgresql_url, tmp_path, sandbox.url)) as found:
        found.run(REQUESTS)

        assert found.run(CLAIMS) == str(["dana"] * 3 + ["kim"] * 3 + ["robin"] * 3)


KILLED = """
from orders.exports.models import Export
export = Export.objects.get()
print(export.state, export.attempts > 1, export.orders_done)
"""
ONE_REQUEST = """
from django.contrib.auth import get_user_model
from orders import exports
owner = get_user_model().objects.create_superuser("dana")
spec = exports.ExportSpec.checked(source="adobe", customer_id="{}", query="start-date=2000-01-01")
exports.request_export(spec, owner=owner)
"""


@pytest.mark.parametrize(
    "engine", ["database", pytest.param("celery", marks=pytest.mark.slow)], indirect=True
)
@pytest.mark.timeout(180)
def test_a_killed_worker_is_replaced_by_another_one(
    postgresql_url: str, tmp_path: Path, sandbox: SandboxServer, engine: dict[str, str]
) -> None:
    sandbox.latency = 0.1
    try:
        settings = environment(postgresql_url, tmp_path, sandbox.url, EXPORT_WORKERS="2", **engine)
        with workers(settings) as found:
            found.run(ONE_REQUEST.format(customers.ADOBE_HUGE))
            found.start(1, "--queues", "files=1")
            wait_until(lambda: _state(postgresql_url) == "running")
            found.kill_all()
            sandbox.latency = 0.0
            found.start(2, "--queues", "files=1")
            wait_until(lambda: _state(postgresql_url) == "complete", seconds=60)

            assert found.run(KILLED) == "complete True 10000"
    finally:
        sandbox.latency = 0.0


def _state(url: str) -> str:
    ((state,),) = rows_of(url, "SELECT state FROM orders_export")
    return str(state)
