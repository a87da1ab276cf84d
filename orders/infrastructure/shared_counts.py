"""Counting over all processes in the database, for what must hold over all of them without a Redis.

A count is one statement, so that nobody's is lost. Where the database is busy or away, each process counts
for itself for a while: neither a page nor a file waits for that.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from orders.infrastructure.count_models import SharedCount
from orders.infrastructure.database_failures import BRIEFLY, transaction_waiting

logger = logging.getLogger("orders.infrastructure")

Answer = TypeVar("Answer")

COOL_DOWN = 2.0  # seconds for which a database that could not be counted in is left alone
_KEPT = 60.0  # seconds for which a row that counts for nothing stays
_TABLE = SharedCount._meta.db_table

_COUNT = f"""
INSERT INTO {_TABLE} (key, count, until) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    count = excluded.count + CASE WHEN {_TABLE}.until > %s THEN {_TABLE}.count ELSE 0 END,
    until = CASE WHEN {_TABLE}.until > %s THEN {_TABLE}.until ELSE excluded.until END
RETURNING count
"""  # noqa: S608  (our own name)
_SET = f"""
INSERT INTO {_TABLE} (key, count, until) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET count = excluded.count, until = excluded.until
RETURNING count
"""  # noqa: S608


class Counts(Protocol):
    """Where a process counts for itself meanwhile."""

    def count(self, key: str, seconds: float, *, by: int = 1) -> int: ...
    def set(self, key: str, value: int, seconds: float) -> None: ...
    def get_many(self, *keys: str) -> dict[str, int]: ...


class DatabaseCounts:
    """Counts of one subject, whose names begin with `prefix`."""

    def __init__(self, *, prefix: str, meanwhile: Counts, now: Callable[[], float] = time.time) -> None:
        self._prefix = prefix
        self._meanwhile = meanwhile
        self._now = now
        self._away_until = 0.0
        self._tidy_at = now() + _KEPT

    def count(self, key: str, seconds: float, *, by: int = 1) -> int:
        """What it comes to within a window that starts with the first."""
        now = self._now()
        found = self._try(lambda: self._written(_COUNT, [self._prefix + key, by, now + seconds, now, now]))
        return self._meanwhile.count(key, seconds, by=by) if found is None else found

    def set(self, key: str, value: int, seconds: float) -> None:
        values = [self._prefix + key, value, self._now() + seconds]
        if self._try(lambda: self._written(_SET, values)) is None:
            self._meanwhile.set(key, value, seconds)

    def get_many(self, *keys: str) -> dict[str, int]:
        """Those that count for something."""
        names = [self._prefix + key for key in keys]
        rows = SharedCount.objects.filter(key__in=names, until__gt=self._now()).values_list("key", "count")
        found = self._try(lambda: list(rows))
        if found is None:
            return self._meanwhile.get_many(*keys)
        return {key.removeprefix(self._prefix): count for key, count in found}

    def _written(self, statement: str, values: list[Any]) -> int:
        connection = connections[DEFAULT_DB_ALIAS]
        with transaction_waiting(BRIEFLY), connection.cursor() as cursor:
            cursor.execute(statement, values)
            (count,) = cursor.fetchone()
            now = self._now()
            if now > self._tidy_at:
                self._tidy_at = now + _KEPT
                SharedCount.objects.filter(key__startswith=self._prefix, until__lt=now - _KEPT).delete()
        return int(count)

    def _try(self, action: Callable[[], Answer]) -> Answer | None:
        """None where the database could not be asked, now or a moment ago."""
        if time.monotonic() < self._away_until:
            return None
        connection = connections[DEFAULT_DB_ALIAS]
        # A file is made by threads that have no connection, and end without giving one back.
        is_own = connection.connection is None
        try:
            return action()
        except (DatabaseError, InterfaceError) as error:
            self._away_until = time.monotonic() + COOL_DOWN
            logger.warning("calls can't be counted in the database: %s", type(error).__name__)
            return None
        finally:
            if is_own and not connection.in_atomic_block:
                connection.close()
