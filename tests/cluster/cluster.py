"""Two web servers and two workers behind nginx, on PostgreSQL and Redis, and the sandbox upstreams."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from orders.sandbox import credentials
from tests.cluster.parts import Part
from tests.deploy.proxies import SHIPPED
from tests.processes import free_port, output_of, output_of_code, without_ours

PROGRAMS = {
    "postgres": "postgresql",
    "initdb": "postgresql",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
}
_SECRETS = ("SECRET_KEY", "LEDGER_KEY", "METRICS_TOKEN")


def program(name: str) -> str | None:
    """Its path; Debian's PostgreSQL lies beside the others."""
    own = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", *map(str, own)]))


def missing() -> list[str]:
    """Packages of Debian that would have to be there."""
    return sorted({package for name, package in PROGRAMS.items() if program(name) is None})


def answers(url: str) -> bool:
    """Also where it refuses: whoever does that works."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


class Cluster:
    """`folder` holds all that it writes; its address is on `port`."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.folder, self.port = folder, port
        self.web_ports = (free_port(), free_port())
        self._sql_port, self._redis_port, self._sandbox_port = free_port(), free_port(), free_port()
        self.environment = self._environment(settings)
        self.parts = {part.name: part for part in self._parts()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """From empty folders to an address that answers."""
        self._make_database()
        for name in ("postgresql", "redis", "sandbox"):
            self.parts[name].start()
        output_of("manage.py", "migrate", "--verbosity", "0", environment=self.environment)
        output_of("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=self.environment)
        for part in self.parts.values():
            if not part.is_alive():
                part.start()

    def stop(self) -> None:
        """First whoever asks, side by side, and then whom they ask."""
        asked = {"postgresql", "redis", "sandbox"}
        for names in (self.parts.keys() - asked, asked):
            for name in names:
                self.parts[name].ask_to_end()
            for name in names:
                self.parts[name].stop()

    def run(self, code: str) -> str:
        """What the code prints that runs inside the portal."""
        return output_of_code(code, self.environment)

    def revive(self) -> list[str]:
        """Launch what ended by itself, as a service manager does; its names."""
        gone = [part for part in self.parts.values() if part.is_wanted and not part.is_alive()]
        for part in gone:
            part.launch()
        return [part.name for part in gone]

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        return {
            **without_ours(os.environ),
            **credentials.environment(f"http://127.0.0.1:{self._sandbox_port}"),
            **{name: f"{name}-" + os.urandom(24).hex() for name in _SECRETS},
            "DJANGO_SETTINGS_MODULE": "orders_portal.settings",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": f"postgres://portal@127.0.0.1:{self._sql_port}/postgres",
            "CACHE_URL": f"redis://127.0.0.1:{self._redis_port}/0",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "TRUSTED_PROXY_COUNT": "1",
            "HTTPS_ONLY": "0",
            "MFA_REQUIRED": "0",
            "LOG_LEVEL": "WARNING",
            **settings,
        }

    def _parts(self) -> Iterator[Part]:
        python = [sys.executable, "-m", "orders_portal"]
        root = self.folder
        yield self._part(
            "postgresql",
            [
                *(str(program("postgres")), "-D", str(root / "database"), "-p", str(self._sql_port)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"),
            ],
            self._database_answers,
            user=self._database_user(),
            stops_with=signal.SIGINT,
        )
        redis = [str(program("redis-server")), "--port", str(self._redis_port), "--bind", "127.0.0.1"]
        policy = ["--maxmemory", "64mb", "--maxmemory-policy", "volatile-lru"]
        yield self._part("redis", [*redis, "--save", "", "--dir", str(root), *policy], self._redis_answers)
        sandbox = f"http://127.0.0.1:{self._sandbox_port}/"
        command = [*python, "runsandbox", "--port", str(self._sandbox_port)]
        yield self._part("sandbox", command, lambda: answers(sandbox))
        for number, port in enumerate(self.web_ports, start=1):
            command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
            bound = ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "orders_portal.wsgi"]
            ready = f"http://127.0.0.1:{port}/health/ready"
            yield self._part(f"web-{number}", [*command, *bound], lambda ready=ready: answers(ready))
        for number in (1, 2):
            yield self._part(f"worker-{number}", [*python, "run_worker"], lambda: True)
        nginx = [str(program("nginx")), "-c", str(self._proxy_file()), "-g", "daemon off;"]
        yield self._part(
            "nginx", nginx, lambda: answers(f"{self.url}/health/live"), stops_with=signal.SIGQUIT
        )

    def _part(self, name: str, command: list[str], is_up: object, **more: object) -> Part:
        log = self.folder / f"{name}.log"
        return Part(name, command, self.environment, is_up, log, **more)  # type: ignore[arg-type]

    def _database_user(self) -> str | None:
        """PostgreSQL does not run as root."""
        return "postgres" if os.geteuid() == 0 else None

    def _make_database(self) -> None:
        place, user = self.folder / "database", self._database_user()
        place.mkdir(mode=0o700)
        if user:
            shutil.chown(place, user)
        subprocess.run(
            [
                str(program("initdb")),
                "-D",
                str(place),
                "-U",
                "portal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ],
            user=user,
            cwd="/",
            check=True,
            capture_output=True,
        )

    def _database_answers(self) -> bool:
        url = f"postgresql://portal@127.0.0.1:{self._sql_port}/postgres"
        try:
            with psycopg.connect(url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _redis_answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._redis_port), timeout=2) as asked:
                asked.sendall(b"PING\r\n")
                return asked.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _proxy_file(self) -> Path:
        """The shipped one, on our port and without TLS."""
        text = SHIPPED.read_text()
        start, end = (
            text.index("    server {\n        listen 80;"),
            text.index("    server {\n        listen 443"),
        )
        text = text[:start] + text[end:]
        text = re.sub(r"\n        ssl_[^\n]*", "", text)
        servers = "".join(f"server 127.0.0.1:{port} max_fails=3 fail_timeout=2s;" for port in self.web_ports)
        for ours, here in (
            ("server web:8000 max_fails=3 fail_timeout=2s;", servers),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port};"),
            ("/run/nginx.pid", str(self.folder / "nginx.pid")),
            ("/dev/stdout", str(self.folder / "access.log")),
            ("worker_processes auto;", "worker_processes 1;"),
        ):
            assert text.count(ours) == 1, ours
            text = text.replace(ours, here)
        text = text.replace("http {\n", f"http {{\n    client_body_temp_path {self.folder}/bodies;\n", 1)
        file = self.folder / "nginx.conf"
        file.write_text(text)
        return file


@contextmanager
def running(port: int, **settings: str) -> Iterator[Cluster]:
    """A cluster that works; gone in the end, with all that it wrote."""
    folder = Path(tempfile.mkdtemp(prefix="portal-cluster-"))
    folder.chmod(0o755)  # PostgreSQL and nginx are other users
    cluster = Cluster(folder, port, **settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
