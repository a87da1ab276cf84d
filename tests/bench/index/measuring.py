# ruff: noqa: E402  (nothing of the portal can be imported before Django is set up)
"""One database filled step by step; after each step it is asked, written to and drawn from."""

import logging
import os
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from orders.index.entries import Entry, Seen, entries_of
from orders.index.queue import TOGETHER
from orders.index.writing import write
from orders.people.models import Account, AccountCustomer, Assignment
from orders.people.permissions import rights_of
from orders.services import lookups
from tests.bench.exports.run import report
from tests.bench.figures import median, p95
from tests.bench.index import filling
from tests.personas import person, signed_in

_ACCOUNTS = 40
_DRAWN = 12  # times each page is asked for


def manager_of(count: int) -> Any:
    """Somebody with so many customers, the first ones."""
    who = person("bench-manager", "account manager")
    accounts = Account.objects.bulk_create(Account(name=f"Account {n}") for n in range(_ACCOUNTS))
    Assignment.objects.bulk_create(Assignment(person=who, account=each) for each in accounts)
    AccountCustomer.objects.bulk_create(
        AccountCustomer(
            account=accounts[n % _ACCOUNTS], source=filling.SOURCE, customer_id=filling.customer_id(n + 1)
        )
        for n in range(count)
    )
    return who


def milliseconds(work: Callable[[Any], object], values: list[Any]) -> tuple[float, float]:
    """Median and 95th percentile."""
    taken = []
    for value in values:
        started = time.perf_counter()
        work(value)
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken), p95(taken)


def look_ups(who: Any, customers: int, times: int) -> dict[str, float]:
    """Of one number among all of their customers, by each kind."""
    chance, rights = Random(4), rights_of(who)
    found: dict[str, float] = {}
    for kind, named in (
        ("order", filling.order_number),
        ("reference", filling.reference),
        ("subscription", filling.subscription),
    ):
        numbers = [
            named(chance.randint(1, customers), chance.randrange(filling.ORDERS)) for _ in range(times)
        ]
        assert lookups.find(who, rights, [named(1, 1)])[named(1, 1)], kind
        middle, slow = milliseconds(lambda number: lookups.find(who, rights, [number]), numbers)
        found |= {f"{kind}_ms": middle, f"{kind}_p95_ms": slow}
    return found


def entries(first: int, count: int, status: str) -> list[Entry]:
    return [
        entry
        for number in range(first, first + count)
        for entry in entries_of(
            Seen(
                source=filling.SOURCE,
                customer_id=filling.customer_id(number),
                orders=filling.orders_of(number, status=status),
                seen_at=timezone.now(),
            )
        )
    ]


def rows_a_second(seen: list[Entry], vendor: str) -> float:
    """In the batches of the thread that writes beside the pages, without its pauses."""
    started = time.perf_counter()
    for start in range(0, len(seen), TOGETHER[vendor]):
        write(seen[start : start + TOGETHER[vendor]])
    return len(seen) / (time.perf_counter() - started)


def pages(who: Any) -> dict[str, float]:
    browser = signed_in(who)

    def ask(address: str) -> None:
        cache.clear()  # nothing counted before is taken from there
        assert browser.get(address).status_code == 200

    found: dict[str, float] = {}
    for name, address in (("board", "/attention/"), ("portfolio", "/portfolio/")):
        ask(address)
        found[f"{name}_ms"], found[f"{name}_p95_ms"] = milliseconds(ask, [address] * _DRAWN)
    return found


def main(sizes: list[int], theirs: int, new: int, times: int) -> None:
    """`sizes` are numbers of orders, growing; `theirs` how many customers the manager has; of `new` ones the
    orders are written as pages bring them.
    """
    call_command("migrate", verbosity=0)
    settings.REFRESH_MINUTES = 0
    logging.disable(logging.CRITICAL)  # a line for each page says nothing here
    vendor = django.db.connection.vendor
    filling.begin()
    who, last = None, 0
    for size in sizes:
        began = time.perf_counter()
        customers = size // filling.ORDERS
        filling.fill(last + 1, customers)
        filling.settle()
        who = who or manager_of(min(theirs, customers))
        filled = time.perf_counter() - began
        beyond = 5_000_000 + size // filling.ORDERS
        figures = {
            "orders": size,
            "filled_s": filled,
            "bytes_each": filling.size_in_bytes() / size,
            **look_ups(who, customers, times),
            "new_a_second": rows_a_second(entries(beyond, new, "1002"), vendor),
            "changed_a_second": rows_a_second(entries(beyond, new, "1000"), vendor),
            **pages(who),
        }
        report(**figures)
        last = customers


if __name__ == "__main__":
    *counts, own, more, asked = map(int, sys.argv[1:])
    main(counts, own, more, asked)
