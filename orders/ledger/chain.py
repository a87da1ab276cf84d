"""How an entry is sealed: HMAC-SHA256 over its content and the seal of the entry before it.

A plain hash would let anybody who can write to the database forge a chain that looks right. The key is
not in the database, so they can't. A new key takes over from the next entry on; older entries are checked
against the keys in LEDGER_KEY_FALLBACKS.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from orders.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerHead

# What the first entry followed before beginnings had a seal. It says nothing, but the entry's own seal does.
_UNSEALED_BEGINNING = "0" * 64

SEALED_FIELDS = (
    "id",
    "at",
    "actor_id",
    "username",
    "action",
    "source",
    "customer_id",
    "order_id",
    "details",
    "outcome",
    "reason",
    "request_id",
    "upstream_request_id",
    "correlation_id",
    "client_address",
    "row_count",
    "file_sha256",
    "previous_hash",
)


def keys() -> list[bytes]:
    """The key that seals now, then those that sealed before."""
    current = settings.LEDGER_KEY or settings.SECRET_KEY
    old = [*settings.LEDGER_KEY_FALLBACKS, *settings.SECRET_KEY_FALLBACKS]
    return [_derived(str(secret)) for secret in (current, *old)]


def _derived(secret: str) -> bytes:
    # SECRET_KEY signs other things too; what is sealed here must be worth nothing there.
    return hmac.digest(secret.encode(), b"orders.ledger", "sha256")


def genesis(key: bytes) -> str:
    """What the first entry of all follows. It is made from the key alone, which the database doesn't have."""
    return _seal(key, "genesis", {})


def beginnings(keys: Iterable[bytes]) -> tuple[str, ...]:
    """Everything that a first entry of ours may follow."""
    return (*map(genesis, keys), _UNSEALED_BEGINNING)


def seal_of_entry(entry: LedgerEntry, key: bytes) -> str:
    return _seal(key, "entry", {name: getattr(entry, name) for name in SEALED_FIELDS})


def seal_of_head(head: LedgerHead, key: bytes) -> str:
    return _seal(key, "head", {"number": head.number, "hash": head.hash})


def seal_of_checkpoint(checkpoint: LedgerCheckpoint, key: bytes) -> str:
    given = {name: getattr(checkpoint, name) for name in ("up_to", "hash", "at", "before")}
    return _seal(key, "checkpoint", given)


def is_any(seal: str, candidates: Iterable[str]) -> bool:
    return any(hmac.compare_digest(seal, candidate) for candidate in candidates)


def _seal(key: bytes, kind: str, content: dict[str, Any]) -> str:
    text = json.dumps([kind, content], sort_keys=True, separators=(",", ":"), default=_plain)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _plain(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no canonical form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
