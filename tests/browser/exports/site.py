"""A portal as it runs for people: web server and worker in processes of their own, and a sandbox."""

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from orders.sandbox import SandboxServer, credentials
from tests.personas import PASSWORD
from tests.processes import ROOT, end, output_of, serving
from tests.sandbox.clients import AdobeClient

PERSON = "dana"


class Site:
    """`url` is the portal's address; `sandbox` scripts faults and is asked for its own list."""

    def __init__(self, url: str, sandbox: SandboxServer) -> None:
        self.url, self.sandbox = url, sandbox

    def orders_of(self, customer_id: str, *filters: tuple[str, str]) -> list[str]:
        """The sandbox's own list of a customer's order IDs, asked for without the portal."""
        return [order["orderId"] for order in AdobeClient(self.sandbox.url).all_orders(customer_id, *filters)]


@contextlib.contextmanager
def running_site(directory: Path) -> Iterator[Site]:
    """With the migrated database in this directory, which is its own."""
    with SandboxServer(port=0) as sandbox:
        environment = _environment(directory, sandbox.url)
        people = ("createsuperuser", "--noinput", "--username", PERSON, "--email", "")
        output_of("manage.py", *people, environment=environment)
        worker = [sys.executable, "manage.py", "run_worker", "--interval", "0.2"]
        with (
            serving(environment) as server,
            subprocess.Popen(worker, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as working,
        ):
            try:
                yield Site(server.url, sandbox)
            finally:
                end(working)


def _environment(directory: Path, sandbox_url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.browser.exports.site_settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "CACHE_FRESH": "0",
        "CACHE_STALE": "0",
        "DATABASE_URL": f"sqlite:///{directory / 'portal.sqlite3'}",
        "EXPORT_DIR": str(directory / "exports"),
        # Small enough that the sandbox's 312 orders are many, and one page comes after the other.
        "EXPORT_INLINE_MAX": "50",
        "EXPORT_WORKERS": "1",
        # One person makes every file of the run, which are more than one person makes in a day.
        "LIMIT_EXPORTS_PER_DAY": "0",
        "UPSTREAM_READ_TIMEOUT": "10",
        "UPSTREAM_DEADLINE": "15",
        **credentials.environment(sandbox_url, fixed_tokens=True),
    }
