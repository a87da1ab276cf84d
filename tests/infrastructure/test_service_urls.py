"""DATABASE_URL and CACHE_URL: every form that the servers' own clients take is taken, and understood."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from environs import ValidationError
from redis import ConnectionPool

from orders_portal import service_urls

REDIS = "orders.infrastructure.shared_cache.SharedCache"


def asked_for(url):
    """What psycopg is told, without a connection being made."""
    given = service_urls.database(url, conn_max_age=60)
    wrapper = DatabaseWrapper({"TIME_ZONE": None, "TEST": {}, "OPTIONS": {}, **given})
    told = wrapper.get_connection_params()
    names = {"host", "port", "user", "password", "dbname", "sslmode", "service", "target_session_attrs"}
    return {name: value for name, value in told.items() if name in names}


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgres://orders:secret@db.example:5433/portal",
            {
                "user": "orders",
                "password": "secret",
                "host": "db.example",
                "port": "5433",
                "dbname": "portal",
            },
        ),
        ("postgresql:///portal", {"dbname": "portal"}),
        ("pgsql://db.example/portal", {"host": "db.example", "dbname": "portal"}),
        (
            "postgres://o%40rders:p%2F%3A%40%23%3F,;1@db/portal",
            {"user": "o@rders", "password": "p/:@#?,;1", "host": "db", "dbname": "portal"},
        ),
        (
            "postgres://u@[2001:db8::7]:5433/p",
            {"user": "u", "host": "2001:db8::7", "port": "5433", "dbname": "p"},
        ),
        ("postgres://%2FVar%2Frun%2Fpg:5433/p", {"host": "/Var/run/pg", "port": "5433", "dbname": "p"}),
        ("postgres:///p?host=/cloudsql/Proj:region:Db", {"host": "/cloudsql/Proj:region:Db", "dbname": "p"}),
        (
            "postgres://u:s@one:5432,two:5433/p?target_session_attrs=read-write",
            {
                "user": "u",
                "password": "s",
                "host": "one,two",
                "port": "5432,5433",
                "dbname": "p",
                "target_session_attrs": "read-write",
            },
        ),
        ("postgres://one,two/p", {"host": "one,two", "dbname": "p"}),
        ("postgres://[::1]:1,[::2]/p", {"host": "::1,::2", "port": "1,", "dbname": "p"}),
        ("postgres://db/p?sslmode=verify-full", {"host": "db", "dbname": "p", "sslmode": "verify-full"}),
        (
            "postgres://db/p?user=u&password=0042",
            {"host": "db", "dbname": "p", "user": "u", "password": "0042"},
        ),
        ("postgres:///?service=portal", {"service": "portal"}),
    ],
)
def test_every_form_of_libpqs_addresses_reaches_psycopg_as_it_was_meant(url, told):
    assert asked_for(url) == told


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": False}),
        ("?pool=true", {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}}),
        ("?pool=false", {"CONN_MAX_AGE": 60, "OPTIONS": {"pool": False}}),
        ("?conn_max_age=0", {"CONN_MAX_AGE": 0}),
        ("?conn_health_checks=true", {"CONN_HEALTH_CHECKS": True}),
        (
            "?disable_server_side_cursors=true&prepare_threshold=5",
            {"DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": {"prepare_threshold": 5}},
        ),
    ],
)
def test_pools_and_pgbouncer_are_told_in_the_address(query, expected):
    given = service_urls.database(f"postgres://u:s@db/portal{query}", conn_max_age=60)

    assert given == given | expected
    assert given.get("OPTIONS") == expected.get("OPTIONS")


def test_django_accepts_a_pool_of_such_an_address():
    given = service_urls.database("postgres://u:s@127.0.0.1:9/portal?pool=true", conn_max_age=60)
    wrapper = DatabaseWrapper({"TIME_ZONE": None, "TEST": {}, **given})

    # Django refuses a pool beside connections that persist, at the first question.
    assert wrapper.pool.closed
    wrapper.close_pool()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////var/lib/portal.sqlite3", "/var/lib/portal.sqlite3"),
        ("sqlite:///portal.sqlite3", "portal.sqlite3"),
        ("sqlite:////a%20b/c.sqlite3", "/a b/c.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
        ("sqlite://", ":memory:"),
    ],
)
def test_sqlite_is_a_path(url, name):
    assert service_urls.database(url, conn_max_age=60)["NAME"] == name


@pytest.mark.parametrize(
    "url",
    [
        "canary",
        "canary://user:canary@host/db",
        "postgres://user:canary@host",
        "postgres://user:canary@host/",
        "postgres://user:canary@host:port/db",
        "postgres://user:canary@host:70000/db",
        "postgres://user:canary@host:0/db",
        "postgres://user:canary@[::1/db",
    ],
)
def test_an_address_that_no_database_has_is_refused_without_a_word_of_it(url):
    with pytest.raises(ValidationError) as refusal:
        service_urls.database(url, conn_max_age=60)

    assert "canary" not in str(refusal.value)
    assert refusal.value.__suppress_context__


def connected_with(url):
    """How redis-py would connect, as Django's cache asks it to; and what was left for Django."""
    given = service_urls.cache(url)
    assert given.pop("BACKEND") == REDIS
    pools = [ConnectionPool.from_url(location) for location in given.pop("LOCATION")]
    named = {"host", "port", "db", "username", "password", "path", "socket_timeout", "ssl_cert_reqs"}
    told = [
        {name: value for name, value in pool.connection_kwargs.items() if name in named} for pool in pools
    ]
    return [(pool.connection_class.__name__, each) for pool, each in zip(pools, told, strict=True)], given


@pytest.mark.parametrize(
    ("url", "kind", "told"),
    [
        ("redis://cache", "Connection", {"host": "cache"}),
        ("redis://", "Connection", {}),
        ("redis://cache:6380/3", "Connection", {"host": "cache", "port": 6380, "db": 3}),
        ("redis://cache?db=3", "Connection", {"host": "cache", "db": 3}),
        ("redis://:secret@cache/0", "Connection", {"password": "secret", "host": "cache", "db": 0}),
        (
            "redis://portal:secret@cache/0",
            "Connection",
            {"username": "portal", "password": "secret", "host": "cache", "db": 0},
        ),
        (
            "redis://portal:a,b;c%40%2F%3A@cache:6379/1",
            "Connection",
            {"username": "portal", "password": "a,b;c@/:", "host": "cache", "port": 6379, "db": 1},
        ),
        ("redis://[2001:db8::7]:6380/1", "Connection", {"host": "2001:db8::7", "port": 6380, "db": 1}),
        (
            "rediss://:s@cache:6380/0",
            "SSLConnection",
            {"password": "s", "host": "cache", "port": 6380, "db": 0},
        ),
        (
            "rediss://cache?ssl_cert_reqs=none&socket_timeout=0.25",
            "SSLConnection",
            {"host": "cache", "ssl_cert_reqs": "none", "socket_timeout": 0.25},
        ),
        ("unix:///run/redis.sock?db=2", "UnixDomainSocketConnection", {"path": "/run/redis.sock", "db": 2}),
        (
            "unix://portal:s@/run/redis.sock",
            "UnixDomainSocketConnection",
            {"username": "portal", "password": "s", "path": "/run/redis.sock"},
        ),
        ("redis:///run/redis.sock?db=2", "UnixDomainSocketConnection", {"path": "/run/redis.sock", "db": 2}),
        ("redis://:s@/run/r.sock", "UnixDomainSocketConnection", {"password": "s", "path": "/run/r.sock"}),
        ("redis:///4", "Connection", {"db": 4}),
    ],
)
def test_every_form_of_a_redis_address_reaches_its_library_as_it_was_meant(url, kind, told):
    assert connected_with(url) == ([(kind, told)], {})


def test_settings_of_djangos_own_are_taken_out_of_a_redis_address():
    assert connected_with("redis://cache/1?key_prefix=portal&timeout=60&max_connections=9") == (
        [("Connection", {"host": "cache", "db": 1})],
        {"KEY_PREFIX": "portal", "TIMEOUT": 60},
    )


def test_replicas_stand_behind_a_comma():
    assert connected_with("redis://:a,b@one/0,rediss://two/0")[0] == [
        ("Connection", {"password": "a,b", "host": "one", "db": 0}),
        ("SSLConnection", {"host": "two", "db": 0}),
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("locmem://", {"BACKEND": service_urls.PLAIN_CACHES["locmem"], "LOCATION": ""}),
        ("locmem://own", {"BACKEND": service_urls.PLAIN_CACHES["locmem"], "LOCATION": "own"}),
        ("db://cache_table", {"BACKEND": service_urls.PLAIN_CACHES["db"], "LOCATION": "cache_table"}),
        (
            "file:///var/cache/portal?timeout=60&max_entries=500",
            {
                "BACKEND": service_urls.PLAIN_CACHES["file"],
                "LOCATION": "/var/cache/portal",
                "TIMEOUT": 60,
                "OPTIONS": {"MAX_ENTRIES": 500},
            },
        ),
        ("dummy://", {"BACKEND": service_urls.PLAIN_CACHES["dummy"], "LOCATION": ""}),
    ],
)
def test_caches_without_a_server(url, expected):
    assert service_urls.cache(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "canary",
        "canary://canary",
        "redis+sentinel://:canary@one:26379/main",
        "redis://:canary@cache:port/0",
        "redis://:canary@cache/name",
        "redis://:canary@cache/0?socket_timeout=canary",
        "redis://:canary@cache/0?no_such_option=canary",
        "redis://:canary@cache/0?timeout=canary",
        "redis://:canary@[::1/0",
        "unix://",
        "locmem://?max_entries=canary",
        "locmem://?canary=1",
    ],
)
def test_an_address_that_no_cache_has_is_refused_without_a_word_of_it(url):
    with pytest.raises(ValidationError) as refusal:
        service_urls.cache(url)

    assert "canary" not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize(
    ("url", "answers"),
    [
        (
            "locmem://own",
            {
                "BACKEND": service_urls.PLAIN_CACHES["locmem"],
                "LOCATION": "own answers",
                "KEY_PREFIX": "answers",
                "OPTIONS": {"MAX_ENTRIES": 300},
            },
        ),
        (
            "db://cache_table?key_prefix=portal",
            {
                "BACKEND": service_urls.PLAIN_CACHES["db"],
                "LOCATION": "cache_table",
                "KEY_PREFIX": "portal:answers",
            },
        ),
        (
            "redis://cache/1?key_prefix=portal",
            {
                "BACKEND": REDIS,
                "LOCATION": ["redis://cache/1"],
                "KEY_PREFIX": "portal:answers",
                "OPTIONS": {"serializer": "orders.infrastructure.sealed_cache.PlainBytes"},
            },
        ),
    ],
)
def test_answers_have_a_room_of_their_own_where_the_rest_is_kept(url, answers):
    assert service_urls.cache_of_answers(service_urls.cache(url)) == answers
