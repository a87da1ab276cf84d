"""What bounds every connection to the database: how long it waits, how it is kept, how many there are."""

from typing import Any

# What may stand in the address instead stays as it is there.
_CONNECT_TIMEOUT = 3  # seconds
# Seconds after which a server that does not acknowledge is given up, and probes of a silent connection.
_POSTGRESQL = {
    "connect_timeout": _CONNECT_TIMEOUT,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


def bounded(entry: dict[str, Any], *, lock_timeout: float, pool: int) -> dict[str, Any]:
    """An entry of DATABASES with its limits. `lock_timeout` is in seconds; `pool` is how many connections a
    process may have, 0 for one in each thread.
    """
    options = entry.get("OPTIONS", {})
    if "sqlite" in entry["ENGINE"]:
        # Readers don't wait for the writer, and a second writer waits for a while instead of failing.
        options = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": lock_timeout,
            **options,
        }
        return {**entry, "OPTIONS": options}
    if "postgresql" not in entry["ENGINE"]:
        return entry
    options = {**_POSTGRESQL, **options}
    if not is_pooled_outside(entry):
        # Said when the connection is made, so that it costs no question. What the address says comes later.
        own = f"-c lock_timeout={round(lock_timeout * 1000)}"
        options["options"] = f"{own} {options.get('options', '')}".strip()
    kept = {**entry}
    if pool and "pool" not in options:
        from orders_portal.pooled_connections import PooledConnection  # SQLite needs none of it

        # Who waits for a connection waits as for a lock.
        size = {"min_size": 1, "max_size": pool}
        options["pool"] = {**size, "timeout": lock_timeout, "connection_class": PooledConnection}
        kept["CONN_MAX_AGE"] = 0  # Django refuses to keep connections beside a pool
    return {**kept, "OPTIONS": options}


def hold_statements(entry: dict[str, Any], seconds: float) -> None:
    """From now on no statement of this process may last longer. For pages: a command takes its time."""
    if "postgresql" in entry["ENGINE"] and not is_pooled_outside(entry):
        options = entry["OPTIONS"]
        options["options"] = f"-c statement_timeout={round(seconds * 1000)} {options['options']}"


def is_pooled_outside(entry: dict[str, Any]) -> bool:
    """Whether PgBouncer stands in between: it hands sessions round, and refuses to be told of limits."""
    return bool(entry.get("DISABLE_SERVER_SIDE_CURSORS"))
