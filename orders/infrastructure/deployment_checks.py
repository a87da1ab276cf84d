"""What `manage.py check --deploy` says of an installation that would work, and not well."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

_HERE = {"", "localhost", "127.0.0.1", "::1"}


@checks.register(checks.Tags.staticfiles, deploy=True)
def static_files_are_collected(**_: Any) -> list[checks.CheckMessage]:
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return []
    said = "Static files are not collected: browsers load them uncompressed, and anew each minute."
    return [checks.Warning(said, hint="manage.py collectstatic --noinput", id="orders.W010")]


@checks.register(deploy=True)
def processes_share_what_they_must(**_: Any) -> list[checks.CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    return unshared(settings.CACHES["default"], engine, processes=settings.WEB_CONCURRENCY)


def unshared(cache: dict[str, Any], engine: str, *, processes: int) -> list[checks.CheckMessage]:
    """Limits on wrong passwords, saved answers and breakers are in the cache; all else in the database."""
    found: list[checks.CheckMessage] = []
    is_of_one_process = cache["BACKEND"].endswith(".LocMemCache")
    if is_of_one_process and processes > 1:
        said = "CACHE_URL is not set, and WEB_CONCURRENCY says several processes: each counts for itself."
        found.append(checks.Warning(said, hint="Set CACHE_URL to a Redis.", id="orders.W011"))
    if engine.endswith("sqlite3") and not is_of_one_process and not _hosts(cache["LOCATION"]) <= _HERE:
        said = "The cache is on another machine, but DATABASE_URL is an SQLite file: machines can't share it."
        found.append(checks.Warning(said, hint="Set DATABASE_URL to a PostgreSQL.", id="orders.W012"))
    return found


@checks.register(checks.Tags.security, deploy=True)
def the_way_in_is_known(**_: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXY_COUNT:
        said = "TRUSTED_PROXY_COUNT is 0: behind a proxy all visitors then have the proxy's address."
        hint = "Set it to how many proxies in front add themselves to X-Forwarded-For."
        found.append(checks.Warning(said, hint=hint, id="orders.W013"))
    if not settings.METRICS_TOKEN:
        said = "METRICS_TOKEN is not set: nobody can read /metrics, and no alert is ever raised."
        found.append(checks.Warning(said, id="orders.W014"))
    return found


def _hosts(location: str | list[str]) -> set[str]:
    places = [location] if isinstance(location, str) else location
    return {urlsplit(place).hostname or "" for place in places}
