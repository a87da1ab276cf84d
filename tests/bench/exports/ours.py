# ruff: noqa: E402  (nothing of the portal can be imported before Django is set up)
"""Our export as a worker makes it: claimed, leased, checkpointed on SQLite, spooled, hashed, read back."""

import os
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from orders import exports
from orders.exports.jobs import leases, runner
from tests.bench.exports.run import forget_peak, peak_rss, report, rss
from tests.bench.exports.upstream import customer_with
from tests.conftest import upstream_settings


def make(customer_id: str, rows: str, pause: float) -> tuple[float, float]:
    """Wall and CPU seconds from the request to the last byte read, `pause` seconds for each 64 KiB."""
    owner, _ = get_user_model().objects.get_or_create(username="bench", is_superuser=True)
    started, cpu = time.perf_counter(), time.process_time()
    spec = exports.ExportSpec.checked(
        source="adobe", customer_id=customer_id, query="start-date=2000-01-01", rows=rows
    )
    export = exports.request_export(spec, owner=owner)
    lease = leases.claim()
    assert lease is not None
    runner.run(lease)
    with exports.open_file(export, owner) as file:
        while file.read(2**16):
            if pause:
                time.sleep(pause)
    export.refresh_from_db()
    assert export.state == "complete", (export.state, export.error_message, export.missing)
    return time.perf_counter() - started, time.process_time() - cpu


def main(url: str, orders: int, width: int, rows: str, directory: str, pause: float) -> None:
    settings.UPSTREAMS = upstream_settings(url)
    settings.EXPORT_WORKERS = width
    settings.EXPORT_DIR = Path(directory) / "exports"
    call_command("migrate", verbosity=0)
    make(customer_with(100), rows, 0)  # one page: what any worker has loaded
    before = rss()
    forget_peak()
    wall, cpu = make(customer_with(orders), rows, pause)
    report(seconds=wall, cpu=cpu, before=before, growth=peak_rss() - before)


if __name__ == "__main__":
    address, count, window, kind, place, slowness = sys.argv[1:7]
    main(address, int(count), int(window), kind, place, float(slowness))
