"""nginx with the file that we ship, before a portal; only addresses and paths are the test's own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faultserver import Certificate
from tests.processes import ROOT, end, free_port, wait_until

SHIPPED = ROOT / "deploy" / "nginx.conf"
MISSING = "no nginx found, or not root: on a Debian, `apt-get install nginx-light`"


@dataclass(frozen=True)
class Proxy:
    """nginx, and where it listens without and with TLS."""

    plain: int
    tls: int
    folder: Path

    @property
    def log(self) -> str:
        return (self.folder / "access.log").read_text()


def nginx() -> str:
    """Its path; skips where there is none, and fails on CI."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None or os.geteuid() != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return str(found)


def configured(folder: Path, portals: list[int], certificate: Certificate, plain: int, tls: int) -> Path:
    """The shipped file with the addresses and paths of this test."""
    text = SHIPPED.read_text()
    servers = "".join(f"server 127.0.0.1:{port} max_fails=3 fail_timeout=2s;" for port in portals)
    for ours, here in (
        ("server web:8000 max_fails=3 fail_timeout=2s;", servers),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        ("/etc/nginx/tls/portal.crt", str(certificate.path)),
        ("/etc/nginx/tls/portal.key", str(certificate.key)),
        ("/run/nginx.pid", str(folder / "nginx.pid")),
        ("/dev/stdout", str(folder / "access.log")),
        ("worker_processes auto;", "worker_processes 1;"),
    ):
        assert text.count(ours) == 1, ours
        text = text.replace(ours, here)
    file = folder / "nginx.conf"
    file.write_text(re.sub(r"^http \{$", f"http {{ client_body_temp_path {folder}/bodies;", text, flags=re.M))
    return file


@contextmanager
def in_front_of(portals: list[int], folder: Path, certificate: Certificate) -> Iterator[Proxy]:
    program, proxy = nginx(), Proxy(free_port(), free_port(), folder)
    file = configured(folder, portals, certificate, proxy.plain, proxy.tls)
    process = subprocess.Popen(
        [program, "-c", str(file), "-g", "daemon off;"], stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until(lambda: (folder / "nginx.pid").exists() and (folder / "nginx.pid").read_text().strip())
        yield proxy
    finally:
        end(process)
