"""The portal as people meet it: gunicorn with its threads, a database of its own, a signed-in person."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from orders.sandbox import credentials
from tests.bench.http import request_bytes
from tests.processes import ROOT, output_of, output_of_code, serving

# Of all people an account manager costs a page most: a second factor, an assignment, an export menu.
_SIGN_IN = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.conf import settings
from orders.people.models import Account
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
    """`with Portal(url) as portal, portal.serving(workers=2) as port:`. Its database goes when it ends.

    `checkout` is that of another version, to be measured beside this one.
    """

    def __init__(self, upstream_url: str, checkout: Path = ROOT) -> None:
        self._upstream_url = upstream_url
        self._checkout = checkout

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
    def serving(self, *, workers: int, fresh: int = 0) -> Iterator[int]:
        """gunicorn as `make run` starts it, but for the number of workers; gives its port.

        An answer is saved for `fresh` seconds; without them every page asks its upstream.
        """
        environment = self._environment() | {"CACHE_FRESH": str(fresh)}
        with serving(
            environment,
            application="tests.bench.served",
            workers=workers,
            threads=16,
            checkout=self._checkout,
        ) as server:
            self._master = server.process.pid
            yield server.port

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
            "CACHE_FRESH": "0",
            "CACHE_STALE": "0",
            "UPSTREAM_RATE": "adobe=0,fabric=0",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
            "DATABASE_URL": f"sqlite:///{self._directory.name}/portal.sqlite3",
            **dict.fromkeys(("LIMIT_CUSTOMERS_PER_HOUR", "LIMIT_LOOKUPS_PER_HOUR"), "0"),
            **dict.fromkeys(("LIMIT_EXPORTS_PER_DAY", "LIMIT_EXPORTS_QUEUED"), "0"),
            "LOG_LEVEL": "WARNING",  # as `make run` has it; a line per request would drown the figures
            **credentials.environment(self._upstream_url, fixed_tokens=True),
        }

    def _prepare(self) -> None:
        environment = self._environment()
        migrate = ("manage.py", "migrate", "--verbosity", "0", "--no-input")
        output_of(*migrate, environment=environment, checkout=self._checkout)
        said = output_of_code(_SIGN_IN, environment, self._checkout)
        self.cookies = dict(re.findall(r"^(cookie|administrators) (\S+)$", said, re.MULTILINE))
        if len(self.cookies) != 2:
            raise RuntimeError("nobody could be signed in")
