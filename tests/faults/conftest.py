"""A whole portal to do harm to: gunicorn over a database of its own, and somebody who is signed in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from orders.sandbox import SandboxServer, credentials, customers
from tests.faults.visitors import Asked, ask
from tests.personas import PASSWORD
from tests.processes import Server, output_of_code, serving, without_ours

HISTORY = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"

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
    """A running portal. `cookies` are those of somebody signed in."""

    server: Server
    environment: dict[str, str]
    cookies: dict[str, str]

    def see(self, path: str) -> Asked:
        return ask(self.server.url + path, self.cookies)

    def visit(self, path: str) -> Asked:
        """Without being signed in."""
        return ask(self.server.url + path)


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
