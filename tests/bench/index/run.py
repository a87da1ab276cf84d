"""`python -m tests.bench.index [--orders 10000000]`: the index at a tenth of that size and at that.

A look-up and an upsert that take as long at ten times the size grow with the depth of a tree, and no faster.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.bench.figures import Target, say
from tests.databases import administer, url_of

CUSTOMERS = 2000  # of the person who looks
NEW = 100  # customers whose orders are written
TIMES = 300  # each kind of number is looked up
_NAMES = {"order": "an order's own number", "reference": "a reference", "subscription": "a subscription"}


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The address of an empty one, gone afterwards."""
    name = f"portal_bench_{uuid4().hex[:8]}"
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix=name) as directory:
            yield f"sqlite:///{Path(directory) / 'portal.sqlite3'}"
        return
    administer(f"CREATE DATABASE {name}")
    try:
        yield url_of(name)
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


def measured(
    engine: str, sizes: list[int], *, customers: int, new: int, times: int
) -> Iterator[dict[str, float]]:
    with database(engine) as url:
        arguments = [*map(str, sizes), str(customers), str(new), str(times)]
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.index.measuring", *arguments],
            env={**os.environ, "DATABASE_URL": url},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        with child:
            for line in child.stdout:
                yield json.loads(line)
        if child.returncode:
            raise SystemExit(child.returncode)


def targets(found: dict[str, float]) -> Iterator[Target]:
    for kind, name in _NAMES.items():
        yield Target(f"look-up of {name}, median", found[f"{kind}_ms"], 10, 5, "ms")
        yield Target(f"look-up of {name}, p95", found[f"{kind}_p95_ms"], 10, 5, "ms")
    for kind, name in (("new", "new orders"), ("changed", "changed orders")):
        yield Target(f"{name} written", found[f"{kind}_a_second"], 20_000, 40_000, "/s", is_more_better=True)
    for page in ("board", "portfolio"):
        yield Target(f"{page} of {CUSTOMERS:,} customers, median", found[f"{page}_ms"], 100, 50, "ms")


def main(orders: int, engines: list[str]) -> None:
    for engine in engines:
        say(f"\n{engine}, load {os.getloadavg()[0]:.1f}")
        for found in measured(engine, [orders // 10, orders], customers=CUSTOMERS, new=NEW, times=TIMES):
            say(f"  {found['orders']:,.0f} orders, {found['bytes_each']:,.0f} bytes each, trees included")
            say(*targets(found))


def begin(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--engine", choices=["postgresql", "sqlite"], action="append")
    options = parser.parse_args(given)
    main(options.orders, options.engine or ["postgresql", "sqlite"])
