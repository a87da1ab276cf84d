"""Requests that come at once can't pass a limit together: on SQLite and on PostgreSQL, over all processes."""

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.processes import ROOT, output_of_code

PEOPLE, LIMIT = 4, 5
AT_ONCE = (
    f"PEOPLE = {PEOPLE}\n"
    """
import threading
from django.contrib.auth.models import User
from django.db import connection
from orders.people import limits

people = [User.objects.get_or_create(username=f"person-{number}")[0] for number in range(PEOPLE)]
went, together = [], threading.Barrier(6)

def take(person):
    together.wait()
    for _ in range(3):
        try:
            limits.take(person, "reveals", customers=[("adobe", threading.current_thread().name)])
            went.append(person.pk)
        except limits.OverLimit:
            pass
    connection.close()

for person in people:
    threads = [threading.Thread(target=take, args=[person]) for _ in range(6)]
    for each in threads: each.start()
    for each in threads: each.join()
print(*[went.count(person.pk) for person in people])
"""
)


def environment(url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "k" * 60,
        "DATABASE_URL": url,
        "LIMIT_REVEALS_PER_HOUR": str(LIMIT),
        "LOG_LEVEL": "ERROR",
    }


@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_as_many_go_through_as_may(database: str, request: Any) -> None:
    given = environment(request.getfixturevalue(database))
    output_of_code(AT_ONCE.partition("went,")[0], given)  # the people
    code = f"import django; django.setup()\n{AT_ONCE}"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=100) for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    counts = [[int(number) for number in out.split()] for out, _ in said]
    assert [sum(each) for each in zip(*counts, strict=True)] == [LIMIT] * PEOPLE
