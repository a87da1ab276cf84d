"""Which errors of a database mean that it is away, and what bounds the connections to it."""

import sqlite3
from typing import Any

import psycopg
import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError, ProgrammingError
from psycopg import errors
from psycopg_pool import PoolTimeout

from orders.infrastructure.database_failures import hits_everybody, is_away
from orders_portal.database_limits import bounded, hold_statements
from orders_portal.pooled_connections import PooledConnection

POSTGRESQL = {"ENGINE": "django.db.backends.postgresql", "NAME": "portal", "CONN_MAX_AGE": 60}
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "portal.sqlite3"}


def caused(error: Exception, cause: Exception) -> Exception:
    """As Django raises it: its own error, because of the driver's."""
    error.__cause__ = cause
    return error


def of_sqlite(name: str) -> Exception:
    cause = sqlite3.OperationalError("refused")
    cause.sqlite_errorname = name
    return caused(OperationalError("refused"), cause)


@pytest.mark.parametrize(
    ("error", "away", "everybody"),
    [
        (of_sqlite("SQLITE_BUSY"), True, True),
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), True, True),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), True, True),
        (of_sqlite("SQLITE_ERROR"), False, False),  # no such table: our mistake
        (caused(OperationalError(), errors.LockNotAvailable()), True, True),
        (caused(OperationalError(), errors.QueryCanceled()), True, True),
        (caused(OperationalError(), errors.ConnectionTimeout()), True, True),
        (caused(OperationalError(), PoolTimeout()), True, True),
        (caused(OperationalError(), errors.AdminShutdown()), True, False),
        (caused(OperationalError(), psycopg.OperationalError("refused")), True, False),
        (caused(InterfaceError(), psycopg.InterfaceError("closed")), True, False),
        (caused(InternalError(), errors.ReadOnlySqlTransaction()), True, False),
        (caused(ProgrammingError(), errors.UndefinedTable()), False, False),
        (caused(DataError(), errors.StringDataRightTruncation()), False, False),
        (ValueError(), False, False),
    ],
    ids=repr,
)
def test_what_an_error_means(error: Exception, away: bool, everybody: bool) -> None:
    assert (is_away(error), hits_everybody(error)) == (away, everybody)


def test_a_connection_to_postgresql_waits_for_no_lock_without_an_end() -> None:
    found = bounded(POSTGRESQL, lock_timeout=2.0, pool=0)

    assert found["CONN_MAX_AGE"] == 60
    assert found["OPTIONS"]["options"] == "-c lock_timeout=2000"
    assert found["OPTIONS"]["connect_timeout"] == 3


def test_what_the_address_says_comes_last() -> None:
    options = {"options": "-c lock_timeout=9", "connect_timeout": "7"}

    found = bounded({**POSTGRESQL, "OPTIONS": options}, lock_timeout=2.0, pool=0)["OPTIONS"]

    assert (found["options"], found["connect_timeout"]) == ("-c lock_timeout=2000 -c lock_timeout=9", "7")


def test_a_pool_waits_as_for_a_lock_and_keeps_nothing_beside_it() -> None:
    found = bounded(POSTGRESQL, lock_timeout=2.0, pool=8)

    assert found["OPTIONS"]["pool"] == {
        "min_size": 1,
        "max_size": 8,
        "timeout": 2.0,
        "connection_class": PooledConnection,
    }
    assert found["CONN_MAX_AGE"] == 0


def test_pages_have_a_limit_for_a_statement_too() -> None:
    entry = bounded(POSTGRESQL, lock_timeout=2.0, pool=0)

    hold_statements(entry, 15.0)

    assert entry["OPTIONS"]["options"] == "-c statement_timeout=15000 -c lock_timeout=2000"


def test_pgbouncer_is_told_nothing_that_it_would_refuse() -> None:
    entry: dict[str, Any] = bounded(
        {**POSTGRESQL, "DISABLE_SERVER_SIDE_CURSORS": True}, lock_timeout=2, pool=0
    )

    hold_statements(entry, 15.0)

    assert "options" not in entry["OPTIONS"]


def test_sqlite_waits_for_its_one_lock() -> None:
    found = bounded({**SQLITE, "OPTIONS": {"timeout": 7}}, lock_timeout=2.0, pool=0)

    assert found["OPTIONS"]["timeout"] == 7
    assert bounded(SQLITE, lock_timeout=2.0, pool=8)["OPTIONS"]["timeout"] == 2.0
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
