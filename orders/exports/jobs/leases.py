"""Who works on an export: one worker at a time, for as long as it gives signs of life.

Every write of a worker asks for its lease in the same statement. So a worker that was taken for dead, and
wakes up, finds out before it can do harm.
"""

import time
from collections import Counter
from datetime import timedelta
from math import inf
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from orders.exports.engine.file_builder import Step
from orders.exports.models import Export
from orders.people import limits

_MOST_ATTEMPTS = 50
BETWEEN_SAVES = 1.0  # seconds

_WAITING, _RUNNING = Export.State.WAITING, Export.State.RUNNING


class LeaseLost(Exception):
    """Somebody else has the export now; nothing of it may be touched."""


class CancelRequested(Exception):
    """Its owner does not want it any more."""


def lapsed() -> Q:
    return Q(state=_RUNNING, lease_until__lt=timezone.now())


def startable() -> list[Export]:
    """What may be worked on now, in a fair order: first whoever has the fewest running, then the oldest."""
    running = Counter(
        Export.objects.filter(state=_RUNNING).exclude(lapsed()).values_list("owner_id", flat=True)
    )
    found = []
    waiting = Export.objects.filter(Q(state=_WAITING) | lapsed(), cancel_requested=False)
    remaining = list(waiting.select_related("owner").order_by("made_at", "pk"))
    most = {owner.pk: most_running(owner) for owner in {each.owner for each in remaining}}
    while remaining:
        export = min(remaining, key=lambda each: running[each.owner_id])
        remaining.remove(export)
        if running[export.owner_id] < most[export.owner_id]:
            running[export.owner_id] += 1
            found.append(export)
    return found


def running(owner: User) -> int:
    """How many of the person's files are being made, in the background and within requests."""
    return Export.objects.filter(owner=owner, state=_RUNNING).exclude(lapsed()).count()


def most_running(owner: User) -> float:
    """How many of the person's files may be made at once."""
    return limits.limit_of(owner, "running") or inf


def claim() -> "Lease | None":
    """The next export, ours from now on; None where nothing may be started."""
    for export in startable():
        lease = _claim(export)
        if lease is not None:
            return lease
    return None


def claim_new(owner: User, **fields: Any) -> "Lease":
    """A new export that is begun at once, within the request that asks for it."""
    now, token = timezone.now(), uuid4().hex
    export = Export.objects.create(
        owner=owner,
        state=_RUNNING,
        lease_owner=token,
        lease_until=now + timedelta(seconds=settings.EXPORT_LEASE),
        heartbeat_at=now,
        started_at=now,
        attempts=1,
        **fields,
    )
    return Lease(export, token, was_released=True)


def _claim(export: Export) -> "Lease | None":
    token = uuid4().hex
    with transaction.atomic():
        # Two workers, or one and a request, must not start a person's third and fourth at once.
        limits.one_at_a_time(export.owner)
        if running(export.owner) >= most_running(export.owner):
            return None
        now = timezone.now()
        claimed = Export.objects.filter(
            Q(state=_WAITING) | lapsed(), pk=export.pk, cancel_requested=False
        ).update(
            state=_RUNNING,
            lease_owner=token,
            lease_until=now + timedelta(seconds=settings.EXPORT_LEASE),
            heartbeat_at=now,
            started_at=now,
            orders_at_start=F("orders_done"),
            attempts=F("attempts") + 1,
        )
    if not claimed:
        return None
    was_released = not export.lease_owner
    return Lease(Export.objects.get(pk=export.pk), token, was_released=was_released)


class Lease:
    """`was_released` says that whoever had the export before gave it back by itself."""

    def __init__(self, export: Export, token: str, *, was_released: bool) -> None:
        self.export = export
        self.was_released = was_released
        self._token = token
        self._saved_pages = export.pages_done
        self._valid_until = time.monotonic() + settings.EXPORT_LEASE
        self._next_save = 0.0

    @property
    def is_worn_out(self) -> bool:
        """Whether it was begun so often that something about it must kill its workers."""
        return self.export.attempts > _MOST_ATTEMPTS

    def confirm(self) -> None:
        """Raises unless the export is still ours."""
        self._write(heartbeat_at=timezone.now())

    def keep(self, step: Step) -> None:
        """Called often: now and then it saves how far we are. Raises `LeaseLost` or `CancelRequested`."""
        is_due = step.pages < self._saved_pages or (step.is_read and step.pages != self._saved_pages)
        if not is_due and time.monotonic() < self._next_save:
            return
        try:
            self.save(step)
        except OperationalError:  # a busy database; the lease lasts longer than that
            connection.close_if_unusable_or_obsolete()
            if time.monotonic() > self._valid_until:
                raise LeaseLost from None
        self._next_save = time.monotonic() + min(BETWEEN_SAVES, settings.EXPORT_LEASE / 4)

    def save(self, step: Step) -> None:
        """The cursor, after everything before it is safe on the disk."""
        if step.pages != self._saved_pages:
            step.sync()
        last, findings = step.mark, step.findings
        self._write(
            lease_until=timezone.now() + timedelta(seconds=settings.EXPORT_LEASE),
            heartbeat_at=timezone.now(),
            total_count=last.total if last.has_total else None,
            orders_done=last.orders,
            rows_done=last.rows,
            pages_done=step.pages,
            next_offset=last.next_offset,
            duplicates=last.duplicates,
            searched_from=findings.searched_from,
            searched_to=findings.searched_to,
        )
        self._saved_pages = step.pages
        self._valid_until = time.monotonic() + settings.EXPORT_LEASE

    def release(self, **fields: Any) -> None:
        """Give the export back, with its outcome."""
        self._write(lease_owner="", lease_until=None, **fields)

    def _write(self, **fields: Any) -> None:
        mine = Export.objects.filter(pk=self.export.pk, lease_owner=self._token, state=_RUNNING)
        is_cancelled = fields.get("state") == Export.State.CANCELLED
        if (mine if is_cancelled else mine.filter(cancel_requested=False)).update(**fields):
            return
        raise CancelRequested if mine.exists() else LeaseLost
