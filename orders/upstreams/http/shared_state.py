"""State shared by all workers through Django's cache, and not missed while that is down."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

logger = logging.getLogger("orders.upstreams")

# After a failure the cache is left alone for this long, so that a dead one slows the pages only
# once.
COOL_DOWN = 2.0


class Cache(Protocol):
    """The part of Django's cache API that is used here."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def get_many(self, keys: Iterable[str]) -> dict[str, Any]: ...
    def set(self, key: str, value: Any, timeout: float | None = None) -> Any: ...
    def add(self, key: str, value: Any, timeout: float | None = None) -> Any: ...
    def incr(self, key: str, delta: int = 1) -> Any: ...
    def delete_many(self, keys: Iterable[str]) -> Any: ...


class SharedState:
    """Django's cache without its exceptions: while it is down, all is a miss and all locks free.

    Keys get `prefix` and must be plain; values are plain too (numbers, text, dicts of them).
    Timeouts are in seconds.
    """

    def __init__(self, cache: Cache, *, prefix: str) -> None:
        self._cache = cache
        self._prefix = prefix
        self._dead_until = 0.0

    def get(self, key: str) -> Any:
        return self._try(lambda: self._cache.get(self._prefix + key), None)

    def get_many(self, *keys: str) -> dict[str, Any]:
        found: dict[str, Any] = self._try(
            lambda: self._cache.get_many([self._prefix + key for key in keys]), {}
        )
        return {key.removeprefix(self._prefix): value for key, value in found.items()}

    def set(self, key: str, value: Any, seconds: float) -> None:
        self._try(lambda: self._cache.set(self._prefix + key, value, timeout=seconds), None)

    def add(self, key: str, value: Any, seconds: float) -> bool:
        """Whether the key was free; it is ours now."""
        return bool(self._try(lambda: self._cache.add(self._prefix + key, value, seconds), True))

    def count(self, key: str, seconds: float, *, by: int = 1) -> int:
        """Count within a window that starts with the first; 0 while the cache is down."""

        def counted() -> int:
            if self._cache.add(self._prefix + key, by, seconds):
                return by
            try:
                return int(self._cache.incr(self._prefix + key, by))
            except ValueError:  # the window ended between the two
                self._cache.set(self._prefix + key, by, seconds)
                return by

        result: int = self._try(counted, 0)
        return result

    def delete(self, *keys: str) -> None:
        self._try(lambda: self._cache.delete_many([self._prefix + key for key in keys]), None)

    def _try(self, action: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < self._dead_until:
            return otherwise
        try:
            return action()
        # Each backend has its own exceptions, and none of them may fail a page.
        except Exception as error:
            self._dead_until = time.monotonic() + COOL_DOWN
            logger.warning("the shared cache does not answer: %s", type(error).__name__)
            return otherwise
