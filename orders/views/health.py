"""For load balancers: is the process alive, and can it work? The upstreams are nobody's business here."""

import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where database and cache answer, else 503; what failed is named, why isn't."""
    checks = {"database": _works(_ask_database), "cache": _works(_ask_cache)}
    healthy = all(checks.values())
    return JsonResponse(
        {
            "status": "ok" if healthy else "failing",
            "checks": {name: "ok" if works else "failing" for name, works in checks.items()},
        },
        status=200 if healthy else 503,
    )


def _works(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    key = f"ready:{uuid.uuid4()}"
    cache.set(key, "1", timeout=5)
    if cache.get(key) != "1":
        raise OSError("the cache forgot at once")
    cache.delete(key)
