"""Customers whose orders are exported, and what the answers hold."""

import csv
import io
from typing import Any

from orders.sandbox import customers

LARGE = f"/adobe/customers/{customers.ADOBE_LARGE}/orders/"
SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
SHORT = f"/fabric/customers/{customers.FABRIC_SHORT}/orders/"
EVERYTHING = "start-date=2000-01-01"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode(), newline="")))
