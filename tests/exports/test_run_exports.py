"""The worker as a process: asked to end, it gives its export back; its memory does not grow with the file."""

import signal
from pathlib import Path

import pytest

from orders.sandbox import SandboxServer, customers
from tests.bench.exports.run import measured
from tests.bench.exports.upstream import running
from tests.exports.workers import environment, workers
from tests.processes import wait_until

REQUEST = f"""
from django.contrib.auth import get_user_model
from orders import exports
owner = get_user_model().objects.create_superuser("dana")
spec = exports.ExportSpec.checked(
    source="adobe", customer_id="{customers.ADOBE_HUGE}", query="start-date=2000-01-01"
)
exports.request_export(spec, owner=owner)
"""
LOOK = """
from orders.exports.models import Export
export = Export.objects.get()
print(export.state, export.lease_owner or "-", export.pages_done)
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_does_so_soon_and_loses_nothing(
    sqlite_url: str, tmp_path: Path, sandbox: SandboxServer, number: signal.Signals
) -> None:
    sandbox.latency = 0.2
    settings = environment(sqlite_url, tmp_path / "exports", sandbox.url, EXPORT_WORKERS="2")
    try:
        with workers(settings) as found:
            found.run(REQUEST)
            (process,) = found.start()
            wait_until(lambda: found.run(LOOK).startswith("running"), seconds=30)
            process.send_signal(number)

            assert process.wait(timeout=10) == 0
            state, owner, _ = found.run(LOOK).split()
            assert (state, owner) == ("waiting", "-")
    finally:
        sandbox.latency = 0.0


@pytest.mark.timeout(120)
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    growth = {}
    with running(0) as url:
        for orders in (5_000, 40_000):
            figures = measured(
                *("tests.bench.exports.ours", url, orders, 8, "lines", tmp_path / str(orders), 0),
                environment={"DATABASE_URL": f"sqlite:///{tmp_path / str(orders)}.sqlite3"},
            )
            growth[orders] = figures["growth"]

    assert growth[40_000] < 32  # MiB
    assert growth[40_000] < growth[5_000] + 12
