"""Who works on an export: one worker at a time, for as long as it gives signs of life.

Every write of a worker asks for its lease in the same statement. So a worker that was taken for dead, and
wakes up, finds out before it can do harm.
"""

import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from orders.exports.making import Making
from orders.models import Export

MOST_PER_PERSON = 3
_MOST_ATTEMPTS = 50
_BETWEEN_SAVES = 1.0  # seconds

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
    remaining = list(waiting.order_by("made_at", "pk"))
    while remaining:
        export = min(remaining, key=lambda each: running[each.owner_id])
        remaining.remove(export)
        if running[export.owner_id] < MOST_PER_PERSON:
            running[export.owner_id] += 1
            found.append(export)
    return found


def claim() -> "Lease | None":
    """The next export, ours from now on; None where nothing may be started."""
    for export in startable():
        lease = _claim(export)
        if lease is not None:
            return lease
    return None


def _claim(export: Export) -> "Lease | None":
    token = uuid4().hex
    with transaction.atomic():
        # Two workers must not start a person's third and fourth at once.
        list(get_user_model().objects.select_for_update().filter(pk=export.owner_id).values("pk"))
        mine = Export.objects.filter(owner_id=export.owner_id, state=_RUNNING)
        if mine.exclude(lapsed()).count() >= MOST_PER_PERSON:
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

    def keep(self, making: Making) -> None:
        """Called often: now and then it saves how far we are. Raises `LeaseLost` or `CancelRequested`."""
        pages = making.spool.pages
        if pages >= self._saved_pages and time.monotonic() < self._next_save:
            return
        try:
            self.save(making)
        except OperationalError:  # a busy database; the lease lasts longer than that
            connection.close_if_unusable_or_obsolete()
            if time.monotonic() > self._valid_until:
                raise LeaseLost from None
        self._next_save = time.monotonic() + min(_BETWEEN_SAVES, settings.EXPORT_LEASE / 4)

    def save(self, making: Making) -> None:
        """The cursor, after everything before it is safe on the disk."""
        spool, findings = making.spool, making.findings
        if spool.pages != self._saved_pages:
            spool.sync()
        last = spool.last
        self._write(
            lease_until=timezone.now() + timedelta(seconds=settings.EXPORT_LEASE),
            heartbeat_at=timezone.now(),
            total_count=last.total if last.has_total else None,
            orders_done=last.orders,
            rows_done=last.rows,
            pages_done=spool.pages,
            next_offset=last.next_offset,
            duplicates=last.duplicates,
            searched_from=findings.searched_from or self.export.searched_from,
            searched_to=findings.searched_to or self.export.searched_to,
        )
        self._saved_pages = spool.pages
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
