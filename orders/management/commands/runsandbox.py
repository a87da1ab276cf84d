"""`manage.py runsandbox`: both upstreams as doubles, for the demo and for trying things out."""

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orders.sandbox import RecordedRequest, SandboxServer, credentials, customers


class Command(BaseCommand):
    help = "Run doubles of both upstreams until interrupted. Needs no database and no credentials."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=9000, help="0 picks a free one")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer takes")

    def handle(self, *args: Any, **options: Any) -> None:
        sandbox = SandboxServer(
            options["port"],
            options["host"],
            latency=options["latency"],
            on_request=self._report if options["verbosity"] > 1 else None,
        )
        try:
            sandbox.start()
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {options['host']}:{options['port']}: {error.strerror}"
            ) from error
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        try:
            self._introduce(sandbox)
            over.wait()
        finally:
            sandbox.stop()

    def _introduce(self, sandbox: SandboxServer) -> None:
        width = max(len(customer.id) for customer in customers.ALL)
        lines = [
            f"Sandbox upstreams: {sandbox.url} (Ctrl-C stops them)",
            "",
            "Settings for the portal:",
        ]
        lines += [f"  {name}={value}" for name, value in credentials.environment(sandbox.url).items()]
        lines += ["", "Customers to look up:"]
        lines += [
            f"  {customer.source:6}  {customer.id:{width}}  {customer.shows}" for customer in customers.ALL
        ]
        self.stdout.write("\n".join(lines))
        # Whoever starts this in a pipe waits for the address.
        sys.stdout.flush()

    def _report(self, entry: RecordedRequest) -> None:
        status = entry.status or "no answer"
        self.stdout.write(f"{entry.at:%H:%M:%S} {status} {entry.method} {entry.raw_target}")
