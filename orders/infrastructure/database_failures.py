"""What it means when the database does not do what it was asked for: it is away or busy, or we are wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    OperationalError,
    connections,
    transaction,
)

# Seconds that somebody waits for a lock which, a moment ago, others waited for in vain.
BRIEFLY = 0.25

# Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html: it waited long enough
# for a lock, or for the whole statement.
_LOCK_NOT_AVAILABLE, _QUERY_CANCELED = "55P03", "57014"
_READ_ONLY = "25006"
# Primary codes of https://www.sqlite.org/rescode.html that tell of the file or its lock, not of our SQL.
_SQLITE_AWAY = frozenset(
    {"BUSY", "LOCKED", "READONLY", "IOERR", "CORRUPT", "FULL", "CANTOPEN", "PROTOCOL", "NOMEM", "NOTADB"}
)


def is_away(error: BaseException) -> bool:
    """Whether it is the database that is away, busy or not to be written, and not a mistake of ours."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    name = _sqlite_name(error)
    if name:
        return name in _SQLITE_AWAY
    return isinstance(error, OperationalError | InterfaceError) or _sqlstate(error) == _READ_ONLY


def hits_everybody(error: BaseException) -> bool:
    """Whether whoever asks next would wait in vain as well: a lost connection was one thread's alone."""
    if _sqlite_name(error):
        return is_away(error)
    if not isinstance(error, OperationalError):
        return False
    # A connection that was never made has no code: nobody else would get one either.
    is_refused = type(error.__cause__).__name__ in {"ConnectionTimeout", "PoolTimeout"}
    return is_refused or _sqlstate(error) in {_LOCK_NOT_AVAILABLE, _QUERY_CANCELED}


def _sqlite_name(error: BaseException) -> str:
    """`BUSY` for `SQLITE_BUSY_SNAPSHOT`; empty for what is not SQLite's."""
    name: str = getattr(error.__cause__, "sqlite_errorname", "")
    return name.removeprefix("SQLITE_").partition("_")[0]


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


@contextmanager
def transaction_waiting(seconds: float | None) -> Iterator[None]:
    """A transaction in which no lock is waited for longer; None leaves that as the settings say.

    Within another transaction the limit lasts until that one ends, and SQLite has its only lock already.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    is_pooled = bool(connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))
    if seconds is None and connection.vendor == "postgresql" and is_pooled:
        # Behind PgBouncer no session is ours, and so none knows our limit.
        seconds = settings.DB_LOCK_TIMEOUT
    if seconds is None or (connection.vendor == "sqlite" and connection.in_atomic_block):
        with transaction.atomic():
            yield
    elif connection.vendor == "sqlite":
        usual = connection.settings_dict.get("OPTIONS", {}).get("timeout", settings.DB_LOCK_TIMEOUT)
        _execute(f"PRAGMA busy_timeout = {_milliseconds(seconds)}")
        try:
            with transaction.atomic():
                yield
        finally:
            _execute(f"PRAGMA busy_timeout = {_milliseconds(usual)}")
    else:
        with transaction.atomic():
            _execute(f"SET LOCAL lock_timeout = {_milliseconds(seconds)}")
            yield


def _execute(statement: str) -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
