"""Django's Redis cache with an end: a Redis that hangs costs a call a moment, and then nobody for a while.

A dead Redis refuses at once. One that hangs (a stopped process, a lost network, a disk that does not answer)
takes each question and never answers it, and a page has several.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

Answer = TypeVar("Answer")

COOL_DOWN = 5.0  # seconds for which a Redis that did not answer is left alone
_ENDINGS = (exceptions.ConnectionError, exceptions.TimeoutError)


class CacheAway(exceptions.ConnectionError):
    """It did not answer, now or a moment ago. Part of redis-py's family, as all that a Redis raises here."""


class CoolDown:
    """Shared by all threads of a process: who asked in vain has done so for all; then one asks again."""

    def __init__(self, seconds: float = COOL_DOWN, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._until: float | None = None

    @property
    def is_on(self) -> bool:
        """Whether the last answer did not come."""
        return self._until is not None

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Its answer, or `CacheAway`."""
        if self._until is not None:
            with self._lock:
                if self._until is not None and self._clock() < self._until:
                    raise CacheAway("the cache did not answer a moment ago")
                # The others are told so until this one knows better.
                self._until = self._clock() + self._seconds
        try:
            answer = question()
        except _ENDINGS as error:
            self._until = self._clock() + self._seconds
            raise CacheAway(f"the cache does not answer: {type(error).__name__}") from None
        self._until = None
        return answer


_cool_downs: dict[str, CoolDown] = {}


class SharedCache(RedisCache):
    """`CACHE_TIMEOUT` bounds one connection and one answer, unless the address has limits of its own."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        seconds = settings.CACHE_TIMEOUT
        options = {
            "socket_timeout": seconds,
            "socket_connect_timeout": seconds,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        # Django makes a cache for each thread; what one of them finds out is for all.
        self._cool_down = _cool_downs.setdefault(str(server), CoolDown())

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).add(key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).touch(key, timeout, version))

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).delete(key, version))

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).get_many(keys, version))

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).has_key(key, version))

    def incr(self, key: Any, delta: Any = 1, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).incr(key, delta, version))

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).set_many(data, timeout, version))

    def delete_many(self, keys: Any, version: Any = None) -> Any:
        return self._cool_down.ask(lambda: super(SharedCache, self).delete_many(keys, version))

    def clear(self) -> Any:
        return self._cool_down.ask(super().clear)
