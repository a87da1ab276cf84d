"""`make run`: migrations, demo people, the sandbox upstreams, the portal and its worker, in one terminal."""

import fcntl
import json
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

import orders_portal
from orders.infrastructure.processes import end_with_parent
from orders.management.demo_accounts import accounts
from orders.people import demo
from orders.sandbox import credentials, customers
from orders.sandbox.adobe import price_list
from orders.services import products
from orders.upstreams import catalogue

TRY = (
    ("adobe", customers.ADOBE_LARGE),
    ("fabric", customers.FABRIC_MAIN),
    ("adobe", customers.ADOBE_TIMEOUT),
)
EXPORTS_AT_ONCE = 2
START_TIMEOUT = 20.0  # seconds for a process to answer its first request
GRACE = 5.0  # seconds between asking a process to end and making it


class Command(BaseCommand):
    help = "Runs the portal with sandbox upstreams and demo people, on this machine only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="0 picks a free one")
        parser.add_argument("--sandbox-port", type=int, default=0, help="by default any free one")

    def handle(self, *args: Any, port: int, sandbox_port: int, **options: Any) -> None:
        port = port or free_port()
        if port_is_taken(port):
            raise CommandError(f"Port {port} is in use. Choose another: make run PORT=8001")
        sandbox_port = sandbox_port or free_port()
        # Ctrl-C in a terminal reaches everybody; SIGTERM only us. Either ends the same way, also where a
        # script that started us in the background had Ctrl-C ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupted)
        if "LOG_LEVEL" not in os.environ:
            logging.getLogger().setLevel(logging.WARNING)
        call_command("migrate", verbosity=0, interactive=False)
        with alone_in(Path(settings.STATIC_ROOT)):
            call_command("collectstatic", verbosity=0, interactive=False)
        people = demo.make_people()
        demo.make_accounts(accounts())
        products.import_price_list(price_list.as_file().encode(), actor=None)
        environment = demo_environment(f"http://127.0.0.1:{sandbox_port}")
        processes: list[subprocess.Popen[bytes]] = []
        try:
            manage = [sys.executable, "-m", "orders_portal"]
            processes.append(
                start([*manage, "runsandbox", "--port", str(sandbox_port)], environment, silent=True)
            )
            processes.append(start(gunicorn_command(port), environment))
            # Workers read customers as soon as they run: no upstream is said to be away that isn't.
            wait_for(f"http://127.0.0.1:{sandbox_port}/", processes)
            processes += [start([*manage, "run_worker"], environment) for _ in range(EXPORTS_AT_ONCE)]
            wait_for(f"{portal_address(port)}/health/live", processes)
            self.stdout.write(welcome(port, sandbox_port, people))
            self.stdout.flush()
            watch(processes)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping ...")
        finally:
            stop(processes)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Another demo of this checkout that begins meanwhile waits: both would write the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def interrupted(signum: int, frame: Any) -> None:
    raise KeyboardInterrupt


def demo_environment(sandbox_url: str) -> dict[str, str]:
    """The environment of all processes; what the person has set already stays as it is."""
    defaults = {
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "DEBUG": "0",
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "LOG_FORMAT": "console",
        # The terminal is for the sign-ins; whoever wants the lines sets LOG_LEVEL.
        "LOG_LEVEL": "WARNING",
        # The sandbox's orders change as one watches.
        "REFRESH_MINUTES": "1",
        "CUSTOMERS_TO_TRY": json.dumps(customers_to_try()),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "DATA_DIR": str(settings.BASE_DIR),
        **sandbox_settings(sandbox_url),
    }
    here = str(Path(orders_portal.__file__).parents[1])  # so that `-m` finds us wherever it is called
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    return {**defaults, **os.environ, "PYTHONPATH": path}


def customers_to_try() -> dict[str, dict[str, str]]:
    """What each of the sandbox's customers shows, by upstream and ID, for the portal's first page."""
    sources = dict.fromkeys(customer.source for customer in customers.ALL)
    return {
        source: {customer.id: customer.shows for customer in customers.ALL if customer.source == source}
        for source in sources
    }


def sandbox_settings(sandbox_url: str) -> dict[str, str]:
    """Of the upstreams for which the person has named no credentials: with those, the real one is asked."""
    theirs = {
        manifest.name
        for manifest in catalogue.MANIFESTS.values()
        for each in manifest.settings
        for name in (manifest.variable(each.name), f"{manifest.variable(each.name)}_FILE")
        if os.environ.get(name)
    }
    prefixes = tuple(f"{name.upper()}_" for name in theirs)
    ours = credentials.environment(sandbox_url)
    return {name: value for name, value in ours.items() if not prefixes or not name.startswith(prefixes)}


def gunicorn_command(port: int) -> list[str]:
    # One process with threads: pages wait for upstreams, and one process shares its memory cache.
    return [
        *(sys.executable, "-m", "gunicorn", "orders_portal.wsgi"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "orders_portal.server_worker.Worker", "--workers", "1", "--threads", "64"),
        *("--no-control-socket", "--log-level", "warning", "--limit-request-line", "8190"),
    ]


def start(
    command: list[str], environment: dict[str, str], *, silent: bool = False
) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches it through us, once and in order.
    return subprocess.Popen(
        command,
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if silent else None,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def wait_for(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise CommandError("A process ended before it answered; see its message above.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"{url} did not answer within {START_TIMEOUT:.0f} s.")


def watch(processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when a process has ended, or when whoever started us is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        if any(process.poll() is not None for process in processes):
            raise CommandError("A process ended by itself; the demo stops.")
        time.sleep(0.3)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, then make those that don't. A second Ctrl-C must not interrupt this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def portal_address(port: int) -> str:
    return f"http://127.0.0.1:{port}{settings.SCRIPT_NAME}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def welcome(port: int, sandbox_port: int, people: list[tuple[demo.DemoPerson, str]]) -> str:
    lines = ["", f"Orders Portal   {portal_address(port)}", "", "Sign in as:"]
    lines += [f"  {person.username:<10} {password:<14} {person.role}" for person, password in people]
    lines += ["", "Customers to try:"]
    shows = {customer.id: customer.shows for customer in customers.ALL}
    lines += [f"  {source:<7} {customer_id:<26} {shows[customer_id]}" for source, customer_id in TRY]
    lines += [
        f"  all of them: http://127.0.0.1:{sandbox_port}/",
        "",
        "Passwords are new at each start. Ctrl-C stops everything.",
        "",
    ]
    return "\n".join(lines)
