"""How fast pages are beside a running export.

Serves the portal with gunicorn, signs a reader in, and measures history pages with and without a worker that
makes a large file at the same time.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from orders.sandbox import credentials
from tests.bench.agents import page_times
from tests.bench.exports.upstream import customer_with
from tests.bench.figures import p95
from tests.bench.http import request_bytes
from tests.processes import output_of_code, serving

_PATH = f"/adobe/customers/{customer_with(10_000)}/orders/"
_SECONDS = 12
_SIGN_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.create_superuser("reader"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
_REQUEST = """
from django.contrib.auth import get_user_model
from orders import exports
spec = exports.ExportSpec.checked(source="adobe", customer_id="{}", query="start-date=2000-01-01")
exports.request_export(spec, owner=get_user_model().objects.get(username="reader"))
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
        "CACHE_FRESH": "0",
        "CACHE_STALE": "0",
        "DATABASE_URL": f"sqlite:///{Path(directory) / 'portal.sqlite3'}",
        "EXPORT_DIR": str(Path(directory) / "portal-exports"),
        "EXPORT_WORKERS": "16",
    }


def p95s(url: str, directory: str, *, orders: int, agents: int) -> tuple[float, float]:
    """p95 in milliseconds of what so many agents look at, alone and beside an export of so many orders."""
    environment = portal_environment(url, directory)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    request = request_bytes(_PATH, cookie=f"session={output_of_code(_SIGN_IN, environment)}", close=True)

    def p95_now() -> float:
        return p95(page_times(server.port, request, agents=agents, seconds=_SECONDS))

    with serving(environment, threads=16) as server:
        page_times(server.port, request, agents=agents, seconds=2)
        alone = p95_now()
        output_of_code(_REQUEST.format(customer_with(orders)), environment)
        with subprocess.Popen([*manage, "run_worker", "--interval", "0.1"], env=environment) as worker:
            time.sleep(2)  # until it is at work
            beside = p95_now()
            worker.send_signal(signal.SIGKILL)
    return alone, beside
