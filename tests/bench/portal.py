"""The portal as people meet it: gunicorn with its threads, a database of its own, a signed-in person."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from orders.sandbox import credentials
from tests.bench.http import Connection, request_bytes

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 30.0
# Of all people an account manager costs a page most: a second factor, an assignment, an export menu.
_SIGN_IN = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.conf import settings
from orders.models import Account
from tests.bench.parsing import ADOBE_CUSTOMER
people = get_user_model().objects
manager = people.create_user("bench", first_name="Dana", last_name="Reyes")
manager.groups.add(Group.objects.get(name="account manager"))
manager.authenticator_set.create(type="totp", data={"secret": "-"})
account = Account.objects.create(name="Bench")
account.customers.create(source="adobe", customer_id=ADOBE_CUSTOMER)
account.assignments.create(person=manager)
administrator = people.create_superuser("administrator")
administrator.authenticator_set.create(type="totp", data={"secret": "-"})
people.bulk_create(
    people.model(username=f"person-{n}", first_name="Dana", last_name=f"Reyes {n}", email=f"p{n}@example.com")
    for n in range(1000)
)
name = settings.SESSION_COOKIE_NAME
for word, person in (("cookie", manager), ("administrators", administrator)):
    client = Client()
    client.force_login(person)
    print(f"{word} {name}={client.cookies[name].value}")
"""


class Portal:
    """`with Portal(url) as portal, portal.serving(workers=2) as port:`. Its database goes when it ends."""

    def __init__(self, upstream_url: str) -> None:
        self._upstream_url = upstream_url

    def __enter__(self) -> "Portal":
        self._directory = tempfile.TemporaryDirectory(prefix="orders-portal-bench-")
        try:
            self._prepare()
        except BaseException:
            self._directory.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._directory.cleanup()

    def request(self, path: str, *, close: bool = False) -> bytes:
        cookie = self.cookies["administrators" if path.startswith("/admin/") else "cookie"]
        return request_bytes(path, cookie=cookie, close=close)

    @contextmanager
    def serving(self, *, workers: int) -> Iterator[int]:
        """gunicorn as `make run` starts it, but for the number of workers; gives its port."""
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port: int = sock.getsockname()[1]
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "tests.bench.served", "--bind", f"127.0.0.1:{port}"),
                *("--worker-class", "gthread", "--workers", str(workers), "--threads", "16"),
                *("--no-control-socket", "--log-level", "warning", "--graceful-timeout", "2"),
            ],
            env=self._environment(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait_for(port, process)
            self._master = process.pid
            yield port
        finally:
            _end(process)

    def worker_seconds(self) -> float:
        """CPU seconds that the workers have used so far; 0 where the system does not tell."""
        try:
            workers = Path(f"/proc/{self._master}/task/{self._master}/children").read_text().split()
            threads = [each for pid in workers for each in Path(f"/proc/{pid}/task").glob("*/schedstat")]
            return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
        except OSError:
            return 0.0

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ADOBE_", "FABRIC_", "UPSTREAM_", "DJANGO_", "GUNICORN_"))
        }
        return {
            **kept,
            "SECRET_KEY": "bench-" + "0123456789abcdef" * 4,
            "DEBUG": "0",
            "HTTPS_ONLY": "0",
            "MFA_REQUIRED": "1",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
            "DATABASE_URL": f"sqlite:///{self._directory.name}/portal.sqlite3",
            "LOG_LEVEL": "WARNING",  # as `make run` has it; a line per request would drown the figures
            **credentials.environment(self._upstream_url, fixed_tokens=True),
        }

    def _prepare(self) -> None:
        manage = [sys.executable, "manage.py"]
        self._run([*manage, "migrate", "--verbosity", "0", "--no-input"])
        said = self._run([*manage, "shell", "--no-imports", "--command", _SIGN_IN])
        self.cookies = dict(re.findall(r"^(cookie|administrators) (\S+)$", said, re.MULTILINE))
        if len(self.cookies) != 2:
            raise RuntimeError("nobody could be signed in")

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self._environment(), cwd=ROOT, timeout=60, check=True, capture_output=True, text=True
        )
        return done.stdout


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    alive = request_bytes("/health/live", close=True)
    while True:
        try:
            Connection(port, is_new_each_time=True).ask(alive)
            return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the portal did not start") from None
            time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
