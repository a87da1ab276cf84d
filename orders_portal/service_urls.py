"""DATABASE_URL and CACHE_URL, read into Django's settings.

Which addresses are valid is decided by whoever connects with them: dj-database-url for a database,
redis-py for a Redis. Around them stands only what they leave out. No error repeats a part of a URL,
since a URL holds a password.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import dj_database_url
from environs import ValidationError

# What a connection of Django's is told beside its options; pools and PgBouncer ask for them.
# https://docs.djangoproject.com/en/5.2/ref/databases/#postgresql-connection-settings
CONNECTION_SETTINGS = ("conn_max_age", "conn_health_checks", "disable_server_side_cursors")
# The libpq form allows several hosts, each with a port of its own; sockets are written in percent codes.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
NETWORK_URL = re.compile(r"(?P<scheme>[\w.+-]+)://(?P<user>[^/?#]*@)?(?P<hosts>[^/?#@]*)(?P<rest>.*)", re.S)
HOST = re.compile(r"(?P<name>\[[^\]]*\]|[^:]*)(?::(?P<port>\d{0,5}))?")

CACHE_SETTINGS = {"key_prefix": str, "timeout": int, "version": int}
CACHE_OPTIONS = {"max_entries": int, "cull_frequency": int}
PLAIN_CACHES = {
    "locmem": "django.core.cache.backends.locmem.LocMemCache",
    "db": "django.core.cache.backends.db.DatabaseCache",
    "file": "django.core.cache.backends.filebased.FileBasedCache",
    "dummy": "django.core.cache.backends.dummy.DummyCache",
}
_MOST_ANSWERS = 300  # kept in one process's memory, mostly some KB each, at most half a MB
REDIS_SCHEMES = ("redis", "rediss", "unix")


def database(url: str, *, conn_max_age: int) -> dict[str, Any]:
    """An entry of DATABASES. `conn_max_age`, in seconds, holds where the URL names none and has no pool."""
    try:
        return _database(url, conn_max_age)
    except ValueError:
        raise ValidationError("not the address of a database") from None


def _database(url: str, conn_max_age: int) -> dict[str, Any]:
    parts = NETWORK_URL.fullmatch(url)
    if parts is None or parts["scheme"].startswith(("sqlite", "spatialite")):
        found: dict[str, Any] = {**dj_database_url.parse(url)}
    else:
        found = {**dj_database_url.parse(f"{parts['scheme']}://{parts['user'] or ''}{parts['rest']}")}
        found["HOST"], found["PORT"] = _hosts_and_ports(parts["hosts"])
    options = found.pop("OPTIONS", {})
    for name, text in parse_qsl(url.partition("?")[2]):
        # The library makes numbers of digits; a password or a name of digits must keep its zeros.
        if type(options.get(name)) is int and str(options[name]) != text:
            options[name] = text
    # Django keeps no connection open beside a pool, and refuses to start where it is told both.
    found["CONN_MAX_AGE"] = 0 if options.get("pool") else conn_max_age
    # A question more for each request, and no page meets a connection that was broken since the last one.
    found["CONN_HEALTH_CHECKS"] = "postgresql" in found["ENGINE"]
    for name in CONNECTION_SETTINGS:
        if name in options:
            found[name.upper()] = options.pop(name)
    if "postgresql" in found["ENGINE"] and not (found["NAME"] or options.get("service")):
        raise ValueError("no database is named")
    return found | ({"OPTIONS": options} if options else {})


def _hosts_and_ports(hosts: str) -> tuple[str, str]:
    """`a:1,b:2` as libpq takes them apart from each other: `a,b` and `1,2`."""
    names: list[str] = []
    ports: list[str] = []
    for each in hosts.split(","):
        found = HOST.fullmatch(each)
        if found is None or int(found["port"] or 1) not in range(1, 2**16):
            raise ValueError("not a host with a port")
        names.append(unquote(found["name"].strip("[]")))
        ports.append(found["port"] or "")
    return ",".join(names), ",".join(ports) if any(ports) else ""


def cache(url: str) -> dict[str, Any]:
    """An entry of CACHES."""
    try:
        return _redis(url) if _scheme(url) in REDIS_SCHEMES else _plain_cache(url)
    except (KeyError, ValueError):
        raise ValidationError("not the address of a cache") from None


def is_in_process(cache: dict[str, Any]) -> bool:
    """Whether each process has a cache of its own."""
    return cache["BACKEND"] in {PLAIN_CACHES["locmem"], PLAIN_CACHES["dummy"]}


def cache_of_answers(cache: dict[str, Any]) -> dict[str, Any]:
    """An entry of CACHES beside `cache`, for what `orders.infrastructure.sealed_cache` keeps."""
    options = dict(cache.get("OPTIONS", {}))
    prefix = cache.get("KEY_PREFIX", "")
    answers = {**cache, "KEY_PREFIX": f"{prefix}:answers" if prefix else "answers"}
    if cache["BACKEND"] == PLAIN_CACHES["locmem"]:
        answers["LOCATION"] = f"{cache.get('LOCATION', '')} answers"
        options["MAX_ENTRIES"] = _MOST_ANSWERS
    elif cache["BACKEND"] not in PLAIN_CACHES.values():
        options["serializer"] = "orders.infrastructure.sealed_cache.PlainBytes"
    return {**answers, **({"OPTIONS": options} if options else {})}


def _scheme(url: str) -> str:
    return url.partition("://")[0]


def _plain_cache(url: str) -> dict[str, Any]:
    """`locmem://name`, `db://table`, `file:///folder` or `dummy://`."""
    parts = urlsplit(url)
    found: dict[str, Any] = {
        "BACKEND": PLAIN_CACHES[_scheme(url)],
        "LOCATION": unquote(parts.netloc + parts.path),
    }
    options: dict[str, int] = {}
    for name, text in parse_qsl(parts.query):
        if name in CACHE_SETTINGS:
            found[name.upper()] = CACHE_SETTINGS[name](text)
        else:
            options[name.upper()] = CACHE_OPTIONS[name](text)
    return found | ({"OPTIONS": options} if options else {})


def _redis(url: str) -> dict[str, Any]:
    """One Redis, or several with a comma between: the first takes what is written, all answer.

    The locations are a list, because Django splits a text at commas and semicolons, a password's too.
    """
    settings: dict[str, Any] = {}
    locations = [_redis_location(each, settings) for each in re.split(r",(?=(?:rediss?|unix)://)", url)]
    return {
        "BACKEND": "orders.infrastructure.shared_cache.SharedCache",
        "LOCATION": locations,
        **settings,
    }


def _redis_location(url: str, settings: dict[str, Any]) -> str:
    """The address as redis-py takes it, less the query's settings of Django's own, which go to `settings`."""
    from redis import ConnectionPool  # only who has a Redis waits for its library

    before, _, query = url.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    settings.update({n.upper(): CACHE_SETTINGS[n](text) for n, text in pairs if n in CACHE_SETTINGS})
    rest = [pair for pair in pairs if pair[0] not in CACHE_SETTINGS]
    place = before.partition("://")[2]
    user_and_host, _, path = place.partition("/")
    if _scheme(url) == "unix":
        if not path:
            raise ValueError("a socket has a path")
    elif path and not path.isdigit():
        if user_and_host.rpartition("@")[2]:
            raise ValueError("a database of Redis is a number")
        before = f"unix://{place}"  # a socket, by the scheme of a network address
    location = f"{before}?{urlencode(rest)}" if rest else before
    try:
        pool = ConnectionPool.from_url(location)
        pool.connection_class(**pool.connection_kwargs)  # made, not connected: refuses unknown options
    except (TypeError, AttributeError) as error:
        raise ValueError("redis-py can't connect with it") from error
    return location
