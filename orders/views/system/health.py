"""For load balancers: is the process alive, and can it work? The upstreams are nobody's business here."""

import time
import uuid
from collections.abc import Callable
from threading import Lock

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from orders.infrastructure import lifecycle
from orders.infrastructure.jobs import readiness, upkeep_runs

_NAMES = {True: "ok", False: "failing"}
# Anybody may ask: however often that is, the database and the cache are asked so many times a second.
ASKED_EVERY = 1.0


class _Remembered:
    """What a process found out, for a second."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at = float("-inf")
        self._found: dict[str, bool] = {}
        self.is_migrated = False  # for good: what is applied stays applied while we run

    def checks(self, ask: Callable[[], dict[str, bool]]) -> dict[str, bool]:
        with self._lock:
            if time.monotonic() - self._at >= ASKED_EVERY:
                self._found = ask()
                self._at = time.monotonic()
            return self._found

    def forget(self) -> None:
        self._at, self.is_migrated = float("-inf"), False


remembered = _Remembered()


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where pages can be served, else 503; what is in the way is named, why isn't.

    Without the cache pages are served all the same: it is `degraded` then.
    """
    phase = lifecycle.phase()
    if phase != "serving":
        return JsonResponse({"status": phase, "checks": {}}, status=503)
    found = remembered.checks(_ask)
    checks = {name: _NAMES[works] for name, works in found.items() if name != "cache"}
    checks["cache"] = "ok" if found["cache"] else "degraded"
    is_ready = all(works for name, works in found.items() if name != "cache")
    return JsonResponse(
        {"status": "ok" if is_ready else "failing", "checks": checks, "upkeep": _last_upkeep(is_ready)},
        status=200 if is_ready else 503,
    )


def _ask() -> dict[str, bool]:
    is_there = _works(_ask_database)
    is_migrated = is_there and _works(_ask_migrations)
    return {
        "database": is_there,
        "migrations": is_migrated,
        "writing": is_migrated and _works(readiness.write_nothing),
        "cache": _works(_ask_cache),
    }


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:
        return False
    return True


def _ask_database() -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> None:
    if remembered.is_migrated:
        return
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("some migrations are not applied")
    remembered.is_migrated = True


def _ask_cache() -> None:
    key = f"ready:{uuid.uuid4()}"
    cache.set(key, "1", timeout=5)
    if cache.get(key) != "1":
        raise OSError("the cache forgot at once")
    cache.delete(key)


def _last_upkeep(is_ready: bool) -> str | None:
    """When `manage.py upkeep` came to its end last; None where it never did, or where nobody can be asked."""
    run = upkeep_runs.latest() if is_ready else None
    return run.finished_at.isoformat() if run and run.finished_at else None
