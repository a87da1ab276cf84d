# ruff: noqa: E402  (nothing of the portal can be imported before Django is set up)
"""A file over many customers, as a worker makes it: against the time that the rate limit alone would take."""

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
from orders.people.account_sets import AccountChoice
from orders.people.models import Account, AccountCustomer
from tests.bench.exports.run import forget_peak, peak_rss, report, rss
from tests.bench.exports.upstream import customer_with
from tests.conftest import upstream_settings


def make(*accounts: int) -> tuple[float, int, int]:
    """Seconds from the claim to the end, orders and rows."""
    owner, _ = get_user_model().objects.get_or_create(username="bench", is_superuser=True)
    choice = AccountChoice(accounts=accounts)
    spec = exports.ExportSpec.checked(source="adobe", choice=choice, query="start-date=2000-01-01")
    export = exports.request_export(spec, owner=owner)
    lease = leases.claim()
    assert lease is not None
    started = time.perf_counter()
    runner.run(lease)
    seconds = time.perf_counter() - started
    export.refresh_from_db()
    assert export.state == "complete", (export.state, export.error_message, export.missing)
    return seconds, export.orders_done, export.customers


def account(name: str, sizes: range) -> int:
    made = Account.objects.create(name=name)
    AccountCustomer.objects.bulk_create(
        AccountCustomer(account=made, source="adobe", customer_id=customer_with(size)) for size in sizes
    )
    return made.pk


def main(url: str, most: int, rate: float, directory: str) -> None:
    """Customers with 1, 2, … and `most` orders."""
    settings.UPSTREAMS = upstream_settings(url)
    settings.UPSTREAM_RATE = {"adobe": rate}
    settings.EXPORT_DIR = Path(directory) / "exports"
    call_command("migrate", verbosity=0)
    small, large = account("small", range(5001, 5009)), account("large", range(1, most + 1))
    make(small)  # what any worker has loaded
    before = rss()
    forget_peak()
    seconds, orders, customers = make(large)
    calls = sum(-(-size // 100) for size in range(1, most + 1))
    report(
        seconds=seconds,
        share=calls / rate / seconds,
        calls=calls,
        orders=orders,
        customers=customers,
        growth=peak_rss() - before,
    )


if __name__ == "__main__":
    address, most_orders, calls_a_second, place = sys.argv[1:5]
    main(address, int(most_orders), float(calls_a_second), place)
