"""A portal as it runs for people: web server and worker in processes of their own, and a sandbox."""

import contextlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from orders.sandbox import SandboxServer, credentials
from tests.sandbox.clients import AdobeClient

PERSON, PASSWORD = "dana", "a-password-for-tests"
PATIENCE = 60.0  # seconds for a process to answer its first request


class Site:
    """`url` is the portal's address; `sandbox` scripts faults and is asked for its own list."""

    def __init__(self, url: str, sandbox: SandboxServer) -> None:
        self.url, self.sandbox = url, sandbox

    def orders_of(self, customer_id: str, *filters: tuple[str, str]) -> list[str]:
        """The sandbox's own list of a customer's order IDs, asked for without the portal."""
        return [order["orderId"] for order in AdobeClient(self.sandbox.url).all_orders(customer_id, *filters)]


@contextlib.contextmanager
def running_site(directory: Path) -> Iterator[Site]:
    with SandboxServer(port=0) as sandbox:
        port = _free_port()
        environment = _environment(directory, sandbox.url)
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "createsuperuser", "--noinput", "--username", PERSON, "--email", "")
        web = [sys.executable, "-m", "gunicorn", "orders_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
        web += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "error"]
        worker = [sys.executable, "manage.py", "run_exports", "--interval", "0.2"]
        started = [
            subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)
            for command in (web, worker)
        ]
        try:
            _wait_for(port)
            yield Site(f"http://127.0.0.1:{port}", sandbox)
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)


def _environment(directory: Path, sandbox_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.browser_exports.site_settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "DATABASE_URL": f"sqlite:///{directory / 'portal.sqlite3'}",
        "EXPORT_DIR": str(directory / "exports"),
        # Small enough that the sandbox's 312 orders are many, and one page comes after the other.
        "EXPORT_INLINE_MAX": "50",
        "EXPORT_WORKERS": "1",
        "UPSTREAM_READ_TIMEOUT": "10",
        "UPSTREAM_DEADLINE": "15",
        **credentials.environment(sandbox_url, fixed_tokens=True),
    }


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/health/live")
                assert connection.getresponse().status == 200
                return
        except OSError:
            assert time.monotonic() < deadline, "the portal does not answer"
            time.sleep(0.2)
