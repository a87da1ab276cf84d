"""The limit of wrong passwords holds across servers that share a Redis."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
import requests

from tests.personas import PASSWORD
from tests.processes import output_of, serving

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def redis_answers() -> bool:
    import redis

    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.fixture
def servers(sqlite_url: str) -> Iterator[list[str]]:
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
        "DATABASE_URL": sqlite_url,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    name = f"person-{uuid4()}"
    person = ("--username", name, "--email", "a@b.example")
    output_of("manage.py", "createsuperuser", "--noinput", *person, environment=environment)
    with serving(environment, threads=4) as one, serving(environment, threads=4) as other:
        yield [name, one.url, other.url]


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
        try_password(other, name, PASSWORD),
        try_password(other, "somebody-else", "wrong"),
    ]

    assert answers == ["wrong"] * 5 + ["blocked", "wrong"]
