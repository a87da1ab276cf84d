"""Databases to do harm to: an SQLite file and a PostgreSQL database, each a copy of a migrated one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

ADMIN_URL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/postgres")
Play = Callable[[str], Any]


def run(url: str, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def administer(statement: str) -> None:
    with psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3) as admin:
        admin.execute(statement)


def url_of(name: str) -> str:
    return ADMIN_URL.rpartition("/")[0] + f"/{name}"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "portal.sqlite3"
    run(f"sqlite:///{file}", "manage.py", "migrate", "--verbosity", "0")
    return file


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[str]:
    name = f"portal_migrated_{uuid4().hex[:12]}"
    try:
        administer(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"PostgreSQL can't be reached: {str(error).splitlines()[0]}")
    try:
        run(url_of(name), "manage.py", "migrate", "--verbosity", "0")
        yield name
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    if request.param == "sqlite":
        file = tmp_path / "portal.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    name = f"portal_test_{uuid4().hex[:12]}"
    administer(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('migrated_postgresql')}")
    try:
        yield url_of(name)
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def play(database: str) -> Play:
    """Run a scenario in that database, in a process of its own, and give what it says."""
    start = (
        "import django, sys; django.setup(); from tests.ledger import scenarios; scenarios.main(sys.argv[1])"
    )
    return lambda scenario: json.loads(run(database, "-c", start, scenario))
