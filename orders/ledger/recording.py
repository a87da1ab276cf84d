"""Adding to the ledger: one row for each thing that somebody did, committed before the caller goes on."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

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
from orders.ledger.group_commit import TOGETHER, GroupCommit, TooManyWaiting
from orders.ledger.head_notes import note_hourly
from orders.ledger.models import Action, LedgerEntry


class LedgerUnavailable(Exception):
    """The ledger could not be written, so that what was to be written must not happen."""


class Given(TypedDict, total=False):
    """What may be said of an entry. `username` is for those without an `actor`; texts are cut to fit, and
    cleared of e-mail addresses.
    """

    actor: User | AnonymousUser | None
    username: str
    source: str
    customer_id: str
    order_id: str
    details: Mapping[str, Any] | None
    outcome: str  # "ok" where none is given
    reason: str
    exchange: Exchange | None
    row_count: int | None
    file_sha256: str


def record(action: Action, **given: Unpack[Given]) -> LedgerEntry:
    """Add one entry. When this returns it is committed, unless the caller holds a transaction open."""
    made = entry(action, **given)
    _write([made], given.get("actor"))
    return made


def record_all(entries: Sequence[LedgerEntry], *, actor: User | AnonymousUser | None) -> None:
    """Add these in one go, within the caller's transaction."""
    for start in range(0, len(entries), TOGETHER):
        _write(entries[start : start + TOGETHER], actor)


def entry(action: Action, **given: Unpack[Given]) -> LedgerEntry:
    """What is to be recorded, of the request that is being answered."""
    actor, exchange = given.get("actor"), given.get("exchange")
    username = actor.get_username() if actor is not None else given.get("username", "")
    return LedgerEntry(
        actor_id=actor.pk if actor is not None else None,
        username=_fit("username", username),
        action=action,
        source=_fit("source", given.get("source", "")),
        customer_id=_fit("customer_id", given.get("customer_id", "")),
        order_id=_fit("order_id", given.get("order_id", "")),
        details=_details(given.get("details")),
        outcome=_fit("outcome", given.get("outcome", "ok")),
        reason=_fit("reason", mask_text(given.get("reason", ""))),
        request_id=_fit("request_id", context.request_id()),
        upstream_request_id=_fit("upstream_request_id", exchange.request_id if exchange else ""),
        correlation_id=_fit("correlation_id", exchange.correlation_id if exchange else ""),
        client_address=context.current_address(),
        row_count=given.get("row_count"),
        file_sha256=_fit("file_sha256", given.get("file_sha256", "")),
    )


def _write(entries: Sequence[LedgerEntry], actor: User | AnonymousUser | None) -> None:
    started = time.perf_counter()
    try:
        if connection.in_atomic_block:
            _append_within(entries)
        else:
            (alone,) = entries
            _group_commit.write(alone)
            note_hourly(alone.id, alone.hash)
    except (DatabaseError, InterfaceError, TooManyWaiting) as error:
        metrics.ledger_failures.inc()
        raise LedgerUnavailable("the ledger could not be written") from error
    metrics.ledger_append_seconds.observe(time.perf_counter() - started)
    for each in entries:
        count(each, actor)


def _append_within(entries: Sequence[LedgerEntry]) -> None:
    """They stand or fall with what the caller is doing."""
    try:
        _commit(entries)
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
    """As JSON, with the token that the request came with, or the schedule whose turn it is: what a script or
    the portal does by itself is never taken for a person's doing.
    """
    token, schedule = context.token_prefix(), context.schedule()
    given = {**(given or {}), "token": token} if token else given
    given = {**(given or {}), "by": "schedule", "schedule": schedule} if schedule is not None else given
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
