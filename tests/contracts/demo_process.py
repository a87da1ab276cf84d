"""The portal of any checkout as `make run` starts it, but with a stopped clock and a database of its own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.demo import running_demo
from tests.processes import without_ours

CLOCK = Path(__file__).resolve().parent / "clock"
# A Tuesday half past nine, so that nothing lies near the end of a day, a week, a month or a quarter.
FROZEN_AT = "2026-02-10T09:30:00+00:00"
_ADDRESSES = """
import json
from django.urls import URLPattern, get_resolver
def walk(patterns, route, namespace):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield [namespace + (each.name or ""), route + str(each.pattern)]
        else:
            inner = namespace + each.namespace + ":" if each.namespace else namespace
            yield from walk(each.url_patterns, route + str(each.pattern), inner)
print("ADDRESSES " + json.dumps(list(walk(get_resolver().url_patterns, "/", ""))))
"""


@dataclass(frozen=True)
class Customer:
    source: str
    id: str
    shows: str


@dataclass(frozen=True)
class DemoProcess:
    """A running demo. `passwords` are by user name; `addresses` are (name, route) of Django's resolver."""

    url: str
    sandbox_url: str
    passwords: dict[str, str]
    addresses: list[tuple[str, str]]

    def customers(self) -> list[Customer]:
        """All that the sandbox knows by heart."""
        answer = self._control("GET", "customers")
        return [Customer(each["source"], each["id"], each["shows"]) for each in answer.json()]

    def upstream_calls(self) -> list[dict[str, Any]]:
        """What the sandbox was asked since the log was last cleared."""
        calls: list[dict[str, Any]] = self._control("GET", "requests").json()
        return calls

    def forget_upstream_calls(self) -> None:
        self._control("DELETE", "requests")

    def _control(self, method: str, word: str) -> requests.Response:
        answer = requests.request(method, f"{self.sandbox_url}/_sandbox/{word}", timeout=30)
        answer.raise_for_status()
        return answer


@contextmanager
def demo_process(checkout: Path, *, deadline: float = 40.0) -> Iterator[DemoProcess]:
    """The demo of this checkout; all that it keeps is gone afterwards, and so are its processes.

    `deadline` is how many seconds a page may spend upstream: many, so that a busy machine spoils nothing, or
    few, to sit out those that never answer.
    """
    with tempfile.TemporaryDirectory(prefix="orders-portal-contracts-") as directory:
        environment = _environment(checkout, Path(directory), deadline)
        with running_demo(checkout, Path(directory), environment) as demo:
            yield DemoProcess(
                url=demo.url,
                sandbox_url=demo.sandbox_url,
                passwords=demo.passwords(),
                addresses=_addresses(checkout, environment),
            )


def _environment(checkout: Path, directory: Path, deadline: float) -> dict[str, str]:
    return {
        **without_ours(os.environ),
        "PYTHONPATH": f"{CLOCK}{os.pathsep}{checkout}",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "FROZEN_AT": FROZEN_AT,
        "SECRET_KEY": "contracts-" + "0123456789abcdef" * 4,
        "DEBUG": "0",
        "HTTPS_ONLY": "0",
        "DATABASE_URL": f"sqlite:///{directory / 'portal.sqlite3'}",
        "EXPORT_DIR": str(directory / "exports"),
        # A call that gets no answer has time for three attempts.
        "UPSTREAM_CONNECT_TIMEOUT": str(deadline * 0.4),
        "UPSTREAM_READ_TIMEOUT": str(deadline * 0.4),
        "UPSTREAM_DEADLINE": str(deadline),
        # Where they exist they follow the wall clock, or depend on how fast the walk goes.
        "REFRESH_MINUTES": "0",
        "CACHE_FRESH": "0",
        "CACHE_STALE": "0",
        "UPSTREAM_RATE": "adobe=100000,fabric=100000",
        **{
            f"LIMIT_{name}": "0"
            for name in ("REVEALS_PER_HOUR", "CUSTOMERS_PER_HOUR", "LOOKUPS_PER_HOUR", "EXPORTS_PER_DAY")
        },
    }


def _addresses(checkout: Path, environment: dict[str, str]) -> list[tuple[str, str]]:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", _ADDRESSES],
        cwd=checkout,
        env={**environment, "LOG_LEVEL": "ERROR"},
        timeout=100,
        check=True,
        capture_output=True,
        text=True,
    )
    listed = re.search(r"^ADDRESSES (.*)$", done.stdout, re.MULTILINE)
    assert listed, done.stdout
    return [(name, route) for name, route in json.loads(listed[1])]
