"""Caches that several workers could share: a real Redis where there is one, and one that is down."""

import os
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache.backends.redis import RedisCache

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379")


def redis_cache() -> RedisCache:
    """Django's own backend over a real connection; skips the test where nobody answers."""
    import redis

    try:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=0.5) as client:
            client.ping()
    except redis.ConnectionError:
        pytest.skip(f"no Redis answers at {REDIS_URL}; it is not used by default either")
    return RedisCache(REDIS_URL, {"OPTIONS": {"socket_timeout": 2}})


class DeadCache:
    """Every operation fails, as with a Redis that is down."""

    def __init__(self) -> None:
        self.asked = 0

    def _fail(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        raise ConnectionError(f"Error 111 connecting to redis://user:{uuid4()}@cache:6379")

    get = get_many = set = add = incr = delete_many = _fail
