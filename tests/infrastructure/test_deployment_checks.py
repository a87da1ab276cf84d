"""`check --deploy` names what would go wrong only later, on many processes or machines."""

import pytest

from orders.infrastructure.deployment_checks import the_way_in_is_known, unshared

IN_PROCESS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": ""}
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"


def redis_at(*places):
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": list(places)}


@pytest.mark.parametrize(
    ("cache", "processes", "database", "expected"),
    [
        (IN_PROCESS, 1, SQLITE, []),
        (IN_PROCESS, 2, POSTGRESQL, ["orders.W011"]),
        (redis_at("redis://127.0.0.1:6379/1"), 4, SQLITE, []),
        (redis_at("redis://cache.internal:6379/1"), 4, SQLITE, ["orders.W012"]),
        (redis_at("redis://cache.internal:6379/1"), 4, POSTGRESQL, []),
    ],
)
def test_what_processes_and_machines_have_to_share(cache, processes, database, expected):
    assert [message.id for message in unshared(cache, database, processes=processes)] == expected


@pytest.mark.parametrize(
    ("https", "proxies", "token", "expected"),
    [
        (True, 1, "m" * 40, []),
        (True, 0, "m" * 40, ["orders.W013"]),
        (False, 0, "", ["orders.W014"]),
    ],
)
def test_whether_visitors_have_addresses_and_somebody_watches(https, proxies, token, expected, settings):
    settings.SECURE_SSL_REDIRECT, settings.TRUSTED_PROXY_COUNT, settings.METRICS_TOKEN = https, proxies, token

    assert [message.id for message in the_way_in_is_known()] == expected
