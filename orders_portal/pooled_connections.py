"""Connections of a pool of which one broken connection says that the others may be broken as well.

psycopg's pool waits longer and longer between two broken connections that it hands out: after a restart of
the server three idle ones cost whoever asks next two seconds, as long as anybody waits for a connection.
"""

from typing import Any

from psycopg import Connection, Cursor, OperationalError
from psycopg_pool import ConnectionPool


class PooledConnection(Connection[Any]):
    """It is asked for a sign of life, by `execute`, before it is handed out (`CONN_HEALTH_CHECKS`)."""

    def execute(self, *args: Any, **kwargs: Any) -> Cursor[Any]:
        try:
            return super().execute(*args, **kwargs)
        except OperationalError:
            # Those that the pool itself checks belong to nobody meanwhile: this does not call itself.
            if self.closed and isinstance(self._pool, ConnectionPool):
                self._pool.check()
            raise
