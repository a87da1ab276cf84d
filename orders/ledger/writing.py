"""Adding to the ledger: one row under one lock, committed before the caller goes on."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from orders.domain.exchanges import Exchange
from orders.domain.masking import mask_text
from orders.ledger import chain, context
from orders.models import Action, LedgerEntry, LedgerHead


class LedgerUnavailable(Exception):
    """The ledger could not be written, so that what was to be written must not happen."""


def record(
    action: Action,
    *,
    actor: Any = None,
    username: str = "",
    source: str = "",
    customer_id: str = "",
    order_id: str = "",
    details: Mapping[str, Any] | None = None,
    outcome: str = "ok",
    reason: str = "",
    exchange: Exchange | None = None,
    row_count: int | None = None,
    file_sha256: str = "",
) -> LedgerEntry:
    """Add one entry. When this returns it is committed, unless the caller holds a transaction open.

    `username` is for entries without an `actor`. Texts are cut to fit and cleared of e-mail addresses.
    """
    entry = LedgerEntry(
        actor_id=actor.pk if actor is not None else None,
        username=_fit("username", actor.get_username() if actor is not None else username),
        action=action,
        source=_fit("source", source),
        customer_id=_fit("customer_id", customer_id),
        order_id=_fit("order_id", order_id),
        details=_details(details),
        outcome=_fit("outcome", outcome),
        reason=_fit("reason", mask_text(reason)),
        request_id=_fit("request_id", context.request_id()),
        upstream_request_id=_fit("upstream_request_id", exchange.request_id if exchange else ""),
        correlation_id=_fit("correlation_id", exchange.correlation_id if exchange else ""),
        client_address=context.current_address(),
        row_count=row_count,
        file_sha256=_fit("file_sha256", file_sha256),
    )
    try:
        with transaction.atomic():
            _append(entry)
    except DatabaseError as error:
        raise LedgerUnavailable("the ledger could not be written") from error
    return entry


def _append(entry: LedgerEntry) -> None:
    """Number, link and seal the entry. The head's row is locked from reading it until the commit."""
    head = locked_head()
    key = chain.keys()[0]
    entry.id = head.number + 1
    entry.at = timezone.now()
    entry.previous_hash = head.hash
    entry.hash = chain.seal_of_entry(entry, key)
    entry.append()
    head.number, head.hash = entry.id, entry.hash
    head.seal = chain.seal_of_head(head, key)
    head.save(force_update=True)


def locked_head() -> LedgerHead:
    """The head, locked until the transaction ends. SQLite's transactions lock the whole file instead."""
    head = LedgerHead.objects.select_for_update().filter(pk=1).first()
    if head is not None:
        return head
    # Whoever else makes it at the same time is waited for.
    LedgerHead.objects.bulk_create([LedgerHead(hash=chain.GENESIS)], ignore_conflicts=True)
    head = LedgerHead.objects.select_for_update().get(pk=1)
    if head.number == 0 and LedgerEntry.objects.exists():
        # Nothing we do leaves entries without a head; starting anew would hide that somebody did.
        raise DatabaseError("the ledger's head is missing")
    return head


def _fit(field: str, text: str) -> str:
    """Text that every database takes: no NUL, no half characters, no longer than its column."""
    return _storable(text)[: getattr(LedgerEntry._meta.get_field(field), "max_length", None)]


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _details(given: Mapping[str, Any] | None) -> str:
    if not given:
        return ""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False, default=_plain)
    return mask_text(_storable(text))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    return str(value)
