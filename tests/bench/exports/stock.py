# ruff: noqa: E402  (nothing of the portal can be imported before Django is set up)
"""What django-tables2's own export does for each row, without network and disk: the least it can take."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import csv
import io
import time
from typing import Any

import django_tables2 as tables

from orders.presentation.columns import columns_for
from tests.bench.exports.run import report

ROWS = 1000


def table_of(names: list[str]) -> type[tables.Table]:
    columns: dict[str, Any] = {name: tables.Column() for name in names}
    return type("Lines", (tables.Table,), columns)


def rows_per_second(names: list[str]) -> float:
    """CPU time of `as_values`, on which its `TableExport` is built, and of the plainest writer."""
    kind = table_of(names)
    data = [dict.fromkeys(names, f"value {number}") for number in range(ROWS)]
    started = time.process_time()
    csv.writer(io.StringIO(newline="")).writerows(kind(data).as_values())
    return ROWS / (time.process_time() - started)


if __name__ == "__main__":
    columns = [column.name for column in columns_for("adobe", "lines")]
    report(rows=max(rows_per_second(columns) for _ in range(3)))
