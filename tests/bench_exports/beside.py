"""How fast pages are beside a running export.

Serves the portal with gunicorn, signs a reader in, and measures history pages with and without a worker that
makes a large file at the same time.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orders.sandbox import credentials
from tests.bench_exports.upstream import customer_with

_PATH = f"/adobe/customers/{customer_with(10_000)}/orders/"
_THINK = 0.05  # seconds between two pages of the one reader
_SIGN_IN = """
import django; django.setup()
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
user, _ = get_user_model().objects.get_or_create(username="reader", is_superuser=True)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.create()
print(session.session_key)
"""
_REQUEST = """
import django; django.setup()
from django.contrib.auth import get_user_model
from orders import exports
exports.request_export(
    owner=get_user_model().objects.get(username="reader"), source="adobe", customer_id="{}",
    query="start-date=2000-01-01",
)
"""


def portal_environment(url: str, directory: str) -> dict[str, str]:
    return {
        **os.environ,
        **credentials.environment(url, fixed_tokens=True),
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "DATABASE_URL": f"sqlite:///{Path(directory) / 'portal.sqlite3'}",
        "EXPORT_DIR": str(Path(directory) / "portal-exports"),
        "EXPORT_WORKERS": "16",
    }


def p95s(url: str, directory: str, *, orders: int, pages: int) -> tuple[float, float]:
    """p95 in milliseconds of `pages` pages, alone and beside an export of so many orders."""
    environment = portal_environment(url, directory)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    cookie = f"session={_run(_SIGN_IN, environment)}"
    with _running(environment) as port:
        _page_times(port, cookie, 10)
        alone = _page_times(port, cookie, pages)
        _run(_REQUEST.format(customer_with(orders)), environment)
        with subprocess.Popen([*manage, "run_exports", "--interval", "0.1"], env=environment) as worker:
            time.sleep(2)  # until it is at work
            beside = _page_times(port, cookie, pages)
            worker.send_signal(signal.SIGKILL)
    return _p95(alone), _p95(beside)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _run(code: str, environment: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


@contextmanager
def _running(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "orders_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "16", "--no-control-socket"]
    with subprocess.Popen([*command, "--log-level", "error"], env=environment) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the portal did not start")


def _page_times(port: int, cookie: str, count: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    taken = []
    for _ in range(count):
        started = time.perf_counter()
        connection.request("GET", _PATH, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status == 200, answer.status
        time.sleep(_THINK)
    connection.close()
    return taken
