"""Real workers: processes of their own over a database and a directory that the test shares with them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orders.sandbox import credentials

LEASE = 2.0  # seconds


def environment(database: str, directory: Path, upstream: str, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
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
    """Starts workers and makes sure that none outlives the test."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = 1, *arguments: str) -> list[subprocess.Popen[bytes]]:
        command = [sys.executable, "manage.py", "run_exports", "--interval", "0.1", *arguments]
        started = [
            subprocess.Popen(command, env=self._settings, stderr=subprocess.PIPE) for _ in range(count)
        ]
        self._processes += started
        return started

    def kill_all(self) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert process.stderr is not None
            process.stderr.close()
        self._processes.clear()

    def run(self, code: str) -> str:
        """What the code prints that runs inside the portal, in a process of its own."""
        script = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", script], env=self._settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], env=self._settings, check=True, capture_output=True
        )


@contextmanager
def workers(settings: dict[str, str]) -> Iterator[Workers]:
    found = Workers(settings)
    found.manage("migrate")
    try:
        yield found
    finally:
        found.kill_all()


def until(holds: Callable[[], Any], *, seconds: float) -> Any:
    """Wait until something holds; what it gave."""
    import time

    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found
