"""Adding to the ledger: one row for each thing that somebody did, committed before the caller goes on."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, InterfaceError, connection

from orders.domain.exchanges import Exchange
from orders.domain.masking import mask_addresses, mask_text
from orders.infrastructure import metrics
from orders.infrastructure.database_failures import BRIEFLY, hits_everybody, transaction_waiting
from orders.ledger import context
from orders.ledger.appending import append
from orders.ledger.counting import count
from orders.ledger.group_commit import GroupCommit, TooManyWaiting
from orders.ledger.head_notes import note_hourly
from orders.ledger.models import Action, LedgerEntry


class LedgerUnavailable(Exception):
    """The ledger could not be written, so that what was to be written must not happen."""


def record(
    action: Action,
    *,
    actor: User | AnonymousUser | None = None,
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
    started = time.perf_counter()
    try:
        if connection.in_atomic_block:
            _append_within(entry)
        else:
            _group_commit.write(entry)
            note_hourly(entry.id, entry.hash)
    except (DatabaseError, InterfaceError, TooManyWaiting) as error:
        metrics.ledger_failures.inc()
        raise LedgerUnavailable("the ledger could not be written") from error
    metrics.ledger_append_seconds.observe(time.perf_counter() - started)
    count(entry, actor)
    return entry


def _append_within(entry: LedgerEntry) -> None:
    """It stands or falls with what the caller is doing."""
    try:
        _commit([entry])
    except DatabaseError as error:
        _group_commit.note(error)
        raise
    _group_commit.note(None)


def _commit(entries: Sequence[LedgerEntry]) -> None:
    # Others have just waited for the head in vain: whoever comes now looks whether it is free again.
    with transaction_waiting(BRIEFLY if _group_commit.is_failing else None):
        append(entries)


_group_commit = GroupCommit(_commit, hits_everybody, max_wait=settings.DB_LOCK_TIMEOUT + 0.5)
os.register_at_fork(after_in_child=_group_commit.start_afresh)


def _fit(field: str, text: str) -> str:
    """Text that every database takes: no NUL, no half characters, no longer than its column."""
    return _storable(text)[: getattr(LedgerEntry._meta.get_field(field), "max_length", None)]


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _details(given: Mapping[str, Any] | None) -> str:
    """As JSON, with the token that the request came with: a script's doing is never taken for a person's."""
    token = context.token_prefix()
    given = {**(given or {}), "token": token} if token else given
    if not given:
        return ""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False, default=_plain)
    return mask_addresses(_storable(text))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return sorted(value)
    return str(value)
