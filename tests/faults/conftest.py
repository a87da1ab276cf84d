"""A whole portal to do harm to: gunicorn over a database of its own, and somebody who is signed in."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from orders.sandbox import SandboxServer, credentials, customers
from tests.faults.visitors import Asked, ask
from tests.personas import PASSWORD
from tests.processes import Server, output_of_code, serving, without_ours

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FILE = f"{HISTORY}export/?format=csv"
_LOOKS = "SELECT count(*) FROM orders_ledgerentry WHERE action = 'view-list' AND outcome = 'ok'"

_SIGN_IN = """
from django.contrib.auth.models import Group, User
from django.test import Client
person = User.objects.create_user("dana", password="{password}")
person.groups.add(Group.objects.get(name="{role}"))
browser = Client()
browser.force_login(person)
print(browser.cookies["session"].value)
"""


@dataclass(frozen=True)
class Portal:
    """A running portal. `cookies` are those of somebody signed in; whatever they saw is kept."""

    server: Server
    environment: dict[str, str]
    cookies: dict[str, str]
    pages: list[Asked] = field(default_factory=list)
    files: list[Asked] = field(default_factory=list)

    def see(self, path: str) -> Asked:
        page = ask(self.server.url + path, self.cookies)
        self.pages.append(page)
        return page

    def visit(self, path: str) -> Asked:
        """Without being signed in."""
        return ask(self.server.url + path)

    def fetch_file(self, path: str = FILE) -> Asked:
        """The same file each time: the first is what the others are held against."""
        file = ask(self.server.url + path, self.cookies)
        self.files.append(file)
        return file

    def shown(self) -> list[Asked]:
        """The pages that showed a customer's orders."""
        return [page for page in self.pages if page.status == 200 and page.address.endswith("/orders/")]

    def rows_in_ledger(self) -> int:
        """Of such pages."""
        url = self.environment["DATABASE_URL"]
        connect: Any = partial(sqlite3.connect, url.removeprefix("sqlite:///"))
        if url.startswith("postgresql"):
            connect = partial(psycopg.connect, url)
        with closing(connect()) as reader:
            (count,) = reader.execute(_LOOKS).fetchone()
        return int(count)

    def wrong_files(self) -> list[Asked]:
        """Those that came and are not like the first, or did not come without a word; and the last, where it
        did not come.
        """
        if not self.files:
            return []
        first, last = self.files[0], self.files[-1]
        wrong = [file for file in self.files if not file.is_answered or _is_other(file, first)]
        return wrong if last.status == 200 else [*wrong, last]


def _is_other(file: Asked, first: Asked) -> bool:
    return file.status == 200 and file.text != first.text


Start = Callable[..., Any]


@pytest.fixture
def environment(sandbox: SandboxServer) -> dict[str, str]:
    return {
        **without_ours(os.environ),
        **credentials.environment(sandbox.url),
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "tests-" + "0123456789abcdef" * 4,
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "CACHE_FRESH": "0",
        "CACHE_STALE": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "CRITICAL",
        "METRICS_TOKEN": "metrics",
        "LIMIT_CUSTOMERS_PER_HOUR": "0",
        "CACHE_URL": f"locmem://{uuid4().hex}",
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Start:
    """`with start(database_url, NAME=value) as portal:`"""

    @contextmanager
    def started(
        database: str, *, workers: int = 1, threads: int = 16, role: str = "administrator", **more: str
    ) -> Iterator[Portal]:
        given = {**environment, "DATABASE_URL": database, **more}
        session = output_of_code(_SIGN_IN.format(password=PASSWORD, role=role), given).splitlines()[-1]
        with serving(given, workers=workers, threads=threads) as server:
            yield Portal(server, given, {"session": session})

    return started
