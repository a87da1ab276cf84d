"""Processes of our own: the portal's commands, its web server, and how to wait for what they do."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds; the machine may be busy with other tests
_GRACE = 10.0  # seconds between asking a process to end and making it


def run_python(
    *arguments: str, environment: Mapping[str, str], checkout: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Python with these arguments in the root of a checkout, with this environment and no other."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def output_of(*arguments: str, environment: Mapping[str, str], checkout: Path = ROOT) -> str:
    """What Python prints; it has to succeed."""
    done = run_python(*arguments, environment=environment, checkout=checkout)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def output_of_code(code: str, environment: Mapping[str, str], checkout: Path = ROOT) -> str:
    """What this code prints inside the portal, in a process of its own."""
    code = f"import django; django.setup()\n{code}"
    return output_of("-c", code, environment=environment, checkout=checkout).strip()


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """This environment without what would change the portal or belongs to the test runner."""
    ours = (
        *("ADOBE_", "AWS_", "CACHE_", "CELERY_", "DATABASE_", "DJANGO_", "EXPORT_", "FABRIC_", "GUNICORN_"),
        *("LEDGER_", "LIMIT_", "LOG_", "METRICS_", "OIDC_", "PROMETHEUS_", "PYTEST", "SAML_", "SESSION_"),
        *("SSO_", "UPSTREAM_", "WORKER_"),
    )
    names = {"ALLOWED_HOSTS", "DEBUG", "HTTPS_ONLY", "MFA_REQUIRED", "SCRIPT_NAME", "SECRET_KEY"}
    return {
        name: value for name, value in environment.items() if not name.startswith(ours) and name not in names
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(holds: Callable[[], Any], *, seconds: float = PATIENCE, pause: float = 0.05) -> Any:
    """Wait for something to hold; what it gave."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"it did not happen within {seconds:.0f} s"
        time.sleep(pause)
    return found


@dataclass(frozen=True)
class Server:
    """A running web server. `prefix` is the path that all of its addresses begin with."""

    port: int
    process: "subprocess.Popen[bytes]"
    prefix: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def is_up(self) -> bool:
        assert self.process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{self.url}/health/live", timeout=5):
                return True
        except OSError:
            return False


@contextmanager
def serving(
    environment: Mapping[str, str],
    *,
    application: str = "orders_portal.wsgi",
    workers: int = 1,
    threads: int = 8,
    checkout: Path = ROOT,
) -> Iterator[Server]:
    """The portal behind gunicorn, as `make run` starts it; up when it is given, gone in the end."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *(
            "--worker-class",
            "orders_portal.server_worker.Worker",
            "--workers",
            str(workers),
            "--threads",
            str(threads),
        ),
        *("--no-control-socket", "--log-level", "error", "--graceful-timeout", "2"),
    ]
    process = subprocess.Popen(
        command, cwd=checkout, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        server = Server(port, process, environment.get("SCRIPT_NAME", ""))
        wait_until(server.is_up)
        yield server
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, then make it."""
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_GRACE)
