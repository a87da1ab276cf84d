"""What the shared cache keeps for a while and nobody may read: sealed, under a name that tells nothing.

A cache that is away, full or wrong is a miss, and costs no more than its bounded time.
"""

import base64
import hashlib
import hmac
import logging
import time
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import BaseCache, caches
from django.utils.encoding import force_bytes

logger = logging.getLogger("orders.cache")

ALIAS = "answers"
LARGEST = 2**19  # bytes of one entry, sealed: some thousand orders
_LARGEST_OPENED = 64 * 2**20  # bytes; nothing of ours unpacks to more
_FAST = 1  # zlib's level: a page waits for it
# Seconds for which a cache that failed is left alone, so that it is told of once and slows pages once.
COOL_DOWN = 2.0
_away_until = 0.0

Kept = TypeVar("Kept")


class PlainBytes:
    """Django's serializer for our entries, which are bytes: nothing that a Redis gives back is unpickled."""

    def dumps(self, value: bytes) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError("only bytes are kept here")
        return value

    def loads(self, value: bytes) -> bytes:
        return value


class SealedCache(Generic[Kept]):
    """Entries of one type. `purpose` is part of their names and of the key that seals them."""

    def __init__(self, purpose: str, kept: type[Kept]) -> None:
        self._purpose = purpose
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[Kept] = msgspec.msgpack.Decoder(kept)

    def name(self, *parts: str) -> str:
        """The name of an entry. Who reads it learns nothing of what it is about."""
        # Workers that were given a new key, and those that were not yet, share the oldest of all.
        key = hmac.digest(_keys()[-1], f"names of {self._purpose}".encode(), hashlib.sha256)
        text = "".join(f"{len(part)}:{part};" for part in parts)
        return f"{self._purpose}:{hmac.digest(key, text.encode(), hashlib.sha256).hex()}"

    def get(self, name: str) -> Kept | None:
        sealed = _tried(lambda cache: cache.get(name))
        if not isinstance(sealed, bytes):
            return None
        try:
            return self._decoder.decode(_unpacked(_box(self._purpose, _keys()).decrypt(sealed)))
        except (InvalidToken, zlib.error, msgspec.MsgspecError, ValueError):
            return None

    def set(self, name: str, value: Kept, seconds: float) -> bool:
        """Whether it is kept now. What can't be written down, or is too large, is not."""
        try:
            packed = zlib.compress(self._encoder.encode(value), _FAST)
        except (TypeError, ValueError, OverflowError):
            return False
        sealed = _box(self._purpose, _keys()).encrypt(packed)
        if len(sealed) > LARGEST:
            return False

        def kept(cache: BaseCache) -> bool:
            cache.set(name, sealed, timeout=seconds)
            return True

        return bool(_tried(kept))


def take_turn(name: str, mark: str, seconds: float) -> bool | None:
    """Whether the turn of this name was free and is `mark`'s now; None where no cache can tell."""
    taken: bool | None = _tried(lambda cache: cache.add(f"turn:{name}", mark.encode(), timeout=seconds))
    return taken


def whose_turn(name: str) -> str:
    """The mark of whoever has it; empty where nobody has."""
    mark = _tried(lambda cache: cache.get(f"turn:{name}"))
    return mark.decode() if isinstance(mark, bytes) else ""


def end_turn(name: str) -> None:
    _tried(lambda cache: cache.delete(f"turn:{name}"))


def _tried(action: Callable[[BaseCache], Any]) -> Any:
    """What `action` gives; None where the cache is away."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        return action(caches[ALIAS])
    # Each backend has its own exceptions, and none of them may fail a page.
    except Exception as error:
        _away_until = time.monotonic() + COOL_DOWN
        logger.warning("the shared cache does not answer: %s", type(error).__name__)
        return None


def forget_outage() -> None:
    """Ask the cache again, whatever it did a moment ago."""
    global _away_until
    _away_until = 0.0


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(packed, _LARGEST_OPENED)
    if not unpacker.eof:
        raise ValueError("more than any entry holds")
    return unpacked


def _keys() -> tuple[bytes, ...]:
    return tuple(force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def box(purpose: str) -> MultiFernet:
    """Seals what is kept elsewhere, with a key of its own for each purpose."""
    return _box(purpose, _keys())


@lru_cache(maxsize=8)
def _box(purpose: str, keys: tuple[bytes, ...]) -> MultiFernet:
    """Sealed with the first key; former ones still open what they sealed. One of its own for each purpose."""
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(hmac.digest(key, f"sealed {purpose}".encode(), hashlib.sha256)))
            for key in keys
        ]
    )
