"""The limit of wrong passwords holds across servers that share a Redis."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent.parent
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
PATIENCE = 60.0  # seconds; the machine may be busy with other tests


def redis_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[str]]:
    """Two whole portals, each a process of its own: one database, one Redis."""
    if not redis_answers():
        assert not os.environ.get("CI"), f"no Redis at {REDIS}"
        pytest.skip(f"no Redis at {REDIS}")
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "k" * 60,
        "HTTPS_ONLY": "0",
        "MFA_REQUIRED": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "CACHE_URL": REDIS,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "DJANGO_SUPERUSER_PASSWORD": "a-password-for-tests",
    }
    name = f"person-{uuid4()}"
    for command in (
        ["migrate", "--verbosity", "0"],
        ["createsuperuser", "--noinput", "--username", name, "--email", "a@b.example"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    ports = [free_port(), free_port()]
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "orders_portal.wsgi", "--bind", f"127.0.0.1:{port}"),
                *("--worker-class", "gthread", "--threads", "4", "--no-control-socket"),
            ],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]
    try:
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            wait_for(address)
        yield [name, *addresses]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{address}/health/ready", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")


def try_password(address: str, name: str, password: str) -> str:
    browser = requests.Session()
    browser.get(f"{address}/accounts/login/", timeout=10)
    response = browser.post(
        f"{address}/accounts/login/",
        data={"login": name, "password": password, "csrfmiddlewaretoken": browser.cookies["csrf"]},
        allow_redirects=False,
        timeout=10,
    )
    if response.status_code == 302:
        return "in"
    return "blocked" if "Too many wrong passwords" in response.text else "wrong"


def test_wrong_passwords_at_one_server_count_at_the_other(servers):
    name, one, other = servers

    answers = [try_password(address, name, "wrong") for address in (one, other, one, other, one)]
    answers += [
        try_password(other, name, "a-password-for-tests"),
        try_password(other, "somebody-else", "wrong"),
    ]

    assert answers == ["wrong"] * 5 + ["blocked", "wrong"]
