"""Celery's engine: what its broker does not have, or lost, the database has, and it gets done."""

from pathlib import Path

import pytest

from orders.sandbox import SandboxServer, customers
from tests.brokers import own_broker
from tests.databases import rows_of
from tests.exports.workers import environment, workers
from tests.processes import wait_until

PERSON = """
from django.contrib.auth import get_user_model
owner = get_user_model().objects.create_superuser("dana")
"""
ONE_MORE = f"""
import time
from django.contrib.auth import get_user_model
from orders import exports
owner = get_user_model().objects.get()
spec = exports.ExportSpec.checked(source="adobe", customer_id="{customers.ADOBE_LARGE}", query="")
begun = time.monotonic()
exports.request_export(spec, owner=owner)
print(time.monotonic() - begun)
"""
ROLLED_BACK = """
from django.db import transaction
from orders.exports.jobs.tasks import make_next_export
with transaction.atomic():
    make_next_export.enqueue()
    transaction.set_rollback(True)
with transaction.atomic():
    make_next_export.enqueue()
"""


def is_done(url: str, count: int) -> bool:
    return rows_of(url, "SELECT count(*) FROM orders_export WHERE state = 'complete'") == [(count,)]


@pytest.mark.timeout(180)
def test_what_the_broker_never_had_or_lost_is_done_all_the_same(
    postgresql_url: str, tmp_path: Path, sandbox: SandboxServer
) -> None:
    with own_broker(tmp_path) as broker:
        celery = {"WORKER_ENGINE": "celery", "CELERY_BROKER_URL": broker.url}
        with workers(environment(postgresql_url, tmp_path / "files", sandbox.url, **celery)) as found:
            found.run(PERSON + ROLLED_BACK)
            assert broker.client.llen("orders-portal.files") == 1  # not the one that was rolled back

            found.run(ONE_MORE)
            broker.client.flushall()
            found.start(1, "--queues", "files=1")
            wait_until(lambda: is_done(postgresql_url, 1))

            broker.stop()
            assert float(found.run(ONE_MORE)) < 2
            broker.start()
            wait_until(lambda: is_done(postgresql_url, 2))


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_worker_of_several_queues_has_a_process_for_each_and_ends_with_all_of_them(
    postgresql_url: str, tmp_path: Path, sandbox: SandboxServer
) -> None:
    with own_broker(tmp_path) as broker:
        celery = {"WORKER_ENGINE": "celery", "CELERY_BROKER_URL": broker.url}
        with workers(environment(postgresql_url, tmp_path / "files", sandbox.url, **celery)) as found:
            found.run(PERSON)
            (worker,) = found.start(1, "--queues", "files=2,watches=1")
            found.run(ONE_MORE)
            wait_until(lambda: is_done(postgresql_url, 1))

            worker.terminate()

            assert worker.wait(60) == 0
            assert found.run("from orders.infrastructure import jobs; print(jobs.alive_workers())") == "0"
