"""Databases of a test's own for processes of their own: SQLite files and PostgreSQL databases.

Each is a copy of one that was migrated once in a run (of one worker): migrations cost more than most tests.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from tests.processes import output_of

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://root@127.0.0.1:5432/postgres")


def migrate(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    output_of("manage.py", "migrate", "--verbosity", "0", environment=environment)


def administer(statement: str) -> None:
    with psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3) as server:
        server.execute(statement)


def rows_of(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What a PostgreSQL database answers: cheaper than a process of the portal's, for who asks often."""
    with psycopg.connect(url, autocommit=True, connect_timeout=3) as server:
        return server.execute(statement.encode()).fetchall()


def url_of(name: str) -> str:
    return POSTGRESQL.rpartition("/")[0] + f"/{name}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """As pytest-django has it, and a copy before any test has been at it.

    Where none of a run's tests asks for a database, it makes none.
    """
    file = tmp_path_factory.mktemp("migrated") / "portal.sqlite3"
    is_made = connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"]
    if is_made and connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
    return file


@pytest.fixture(scope="session")
def migrated_sqlite(django_db_setup: Path) -> Path:
    """To be copied, not used."""
    if not django_db_setup.exists():  # there is none, or of another make
        migrate(f"sqlite:///{django_db_setup}")
    return django_db_setup


@pytest.fixture(scope="session")
def migrated_postgresql() -> Iterator[str]:
    """The name of a database to be copied, not used."""
    name = f"portal_migrated_{uuid4().hex[:12]}"
    try:
        administer(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"PostgreSQL can't be reached: {str(error).splitlines()[0]}")
    try:
        migrate(url_of(name))
        yield name
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """An empty database in a file."""
    return Path(shutil.copy(migrated_sqlite, tmp_path / "portal.sqlite3"))


@pytest.fixture
def sqlite_url(sqlite_file: Path) -> str:
    """The address of an empty SQLite database."""
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
def postgresql_url(migrated_postgresql: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database, gone afterwards."""
    name = f"portal_test_{uuid4().hex[:12]}"
    administer(f"CREATE DATABASE {name} TEMPLATE {migrated_postgresql}")
    try:
        yield url_of(name)
    finally:
        administer(f"DROP DATABASE {name} WITH (FORCE)")
