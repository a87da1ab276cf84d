# ruff: noqa: E402  (nothing of the portal can be imported before Django is set up)
"""CPU time of one order on its way from Adobe's bytes to the file's, without network and disk."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import sys
import time
from typing import Any
from unittest.mock import patch

from orders.domain.exchanges import Exchange
from orders.domain.granted_rights import Right, Rights
from orders.domain.queries import FetchedPage
from orders.exports.engine.pages import Reader
from orders.exports.specification import ExportSpec
from orders.upstreams import registry
from orders.upstreams.adobe_vip_marketplace import parse_page
from tests.bench.exports.run import report
from tests.bench.exports.upstream import page

ORDERS = 100
# Those of an account manager: prices have to be hidden.
RIGHTS = Rights(held=frozenset({Right.VIEW, Right.EXPORT}))


class Answered:
    """A source of orders that has the answer already; reading it is what counts."""

    def __init__(self) -> None:
        self.body = page(ORDERS, 0, ORDERS)

    def list_orders(self, *args: Any, **kwargs: Any) -> FetchedPage:
        return FetchedPage(
            page=parse_page(self.body), exchange=Exchange(source="adobe", method="GET", path="")
        )


def microseconds(rows: str, rounds: int) -> float:
    """The best of several rounds: what else the machine does only ever adds."""
    spec = ExportSpec.checked(source="adobe", customer_id="1000000100", query="", rows=rows)
    source = Answered()
    with patch.object(registry, "connect", lambda name: source):
        read, write, best = Reader(spec, lambda: RIGHTS), spec.file_format.encode, float("inf")
        for _ in range(rounds):
            started = time.process_time()
            for _ in range(20):
                write(zip(*read(0).parts[0].columns, strict=True))
            best = min(best, (time.process_time() - started) / 20 / ORDERS)
    return best * 1e6


if __name__ == "__main__":
    rounds = int(sys.argv[1])
    report(orders=microseconds("orders", rounds), lines=microseconds("lines", rounds))
