"""Real workers: processes of their own over a database and a directory that the test shares with them."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orders.sandbox import credentials
from tests.processes import output_of_code, without_ours

LEASE = 2.0  # seconds


def environment(database: str, directory: Path, upstream: str, **more: str) -> dict[str, str]:
    return {
        **without_ours(os.environ),
        **credentials.environment(upstream),
        "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
        "SECRET_KEY": "tests-" + "0123456789abcdef" * 4,
        "DATABASE_URL": database,
        "EXPORT_DIR": str(directory),
        "EXPORT_LEASE": str(LEASE),
        "HTTPS_ONLY": "0",
        **more,
    }


class Workers:
    """Starts workers and makes sure that none outlives the test.

    Their logs go to a file: a pipe that nobody reads would be full after 64 KB, and stop them.
    """

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = 1, *arguments: str) -> list[subprocess.Popen[bytes]]:
        command = [sys.executable, "manage.py", "run_worker", "--interval", "0.1", *arguments]
        started = [subprocess.Popen(command, env=self._settings, stderr=self._log) for _ in range(count)]
        self._processes += started
        return started

    def kill_all(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self._processes.clear()

    def said(self) -> str:
        """What all of them have logged."""
        log = self._log.fileno()  # its position is the workers' own
        return os.pread(log, os.fstat(log).st_size, 0).decode()

    def end(self) -> None:
        self.kill_all()
        self._log.close()

    def run(self, code: str) -> str:
        """What the code prints that runs inside the portal, in a process of its own."""
        return output_of_code(code, self._settings)


@contextmanager
def workers(settings: dict[str, str]) -> Iterator[Workers]:
    """Their database has to be migrated."""
    found = Workers(settings)
    try:
        yield found
    finally:
        found.end()
