"""`manage.py refresh_orders`: reads the customers of accounts for the index, to the end."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.index import refresh_state
from orders.people.models import Account
from orders.services import refresh_jobs
from orders.upstreams import catalogue


class Command(BaseCommand):
    help = (
        "Reads what may have changed of the orders of accounts' customers, so that they are found and "
        "counted. Goes on with what an earlier run left. Exit 1 where a customer could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", default="", help="only the customers of this account, by its name")
        parser.add_argument(
            "--source", default="", choices=list(catalogue.MANIFESTS), help="only this upstream"
        )
        parser.add_argument(
            "--full", action="store_true", help="read all orders, not only what may have changed"
        )

    def handle(self, *args: Any, account: str, source: str, full: bool, **options: Any) -> None:
        if account and not Account.objects.filter(name=account).exists():
            raise CommandError(f"There is no account called {account}.")
        customers = refresh_jobs.customers_of_accounts(account=account, source=source)
        refresh_state.begin(customers, is_full=full)
        while waiting := refresh_state.waiting(set(customers)):
            ours = [customer for customer in waiting if refresh_jobs.read(*customer)]
            if not ours:
                time.sleep(1)  # a worker is at those that are left
        failed = refresh_state.failed(set(customers))
        for row in failed:
            self.stdout.write(f"{row.source} {row.customer_id}: {row.error}")
        if failed:
            raise CommandError(f"{len(failed)} of {len(customers)} customers could not be read.")
        self.stdout.write(f"{len(customers)} customers were read.")
