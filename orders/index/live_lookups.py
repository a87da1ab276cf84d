"""Who of a list is asked next, by whom, and how it ended: each step is one conditional statement, safe
beside itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from orders.index.live_models import AskedCustomer, LiveLookup
from orders.index.models import PastedNumbers

State = AskedCustomer.State
Customer = tuple[str, str]  # source and customer ID

_CANDIDATES = 5
_AGAIN = (State.FAILED, State.REFUSED)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """How far a list has come: of `of` customers `done` were asked. `existing` are those whom the upstream
    knows, `failed` those who could not be asked, with the cause; `left_out` were too many to be asked.
    """

    is_running: bool
    done: int
    of: int
    existing: frozenset[Customer] = frozenset()
    failed: Sequence[tuple[Customer, str]] = ()
    left_out: int = 0


def begin(pasted: PastedNumbers, customers: Sequence[Customer], *, left_out: int) -> int:
    """Ask these, but for those who were asked already and answered; says how many wait now."""
    with transaction.atomic():
        lookup, _ = LiveLookup.objects.update_or_create(
            numbers=pasted, defaults={"begun_at": timezone.now(), "left_out": left_out}
        )
        rows = [
            AskedCustomer(lookup=lookup, source=source, customer_id=customer_id)
            for source, customer_id in customers
        ]
        AskedCustomer.objects.bulk_create(rows, batch_size=400, ignore_conflicts=True)
        AskedCustomer.objects.filter(lookup=lookup, state__in=_AGAIN).update(state=State.WAITING, error="")
        waiting = _open(lookup.pk).count()
        LiveLookup.objects.filter(pk=lookup.pk).update(ended_at=None if waiting else timezone.now())
    return waiting


def claim(lookup: UUID) -> AskedCustomer | None:
    """One of those who wait, ours for a while; None where nobody does."""
    now = timezone.now()
    free = AskedCustomer.objects.filter(
        Q(state=State.WAITING) | Q(state=State.ASKING, lease_until__lt=now), lookup=lookup
    )
    until = now + timedelta(seconds=settings.EXPORT_LEASE)
    # Another worker may be faster with any of them.
    while rows := list(free.select_related("lookup__numbers").order_by("pk")[:_CANDIDATES]):
        for row in rows:
            if free.filter(pk=row.pk).update(state=State.ASKING, lease_until=until):
                return row
    return None


def note(asked: AskedCustomer, state: State, error: str = "") -> None:
    mine = AskedCustomer.objects.filter(pk=asked.pk, state=State.ASKING)
    mine.update(state=state, error=error[:32], lease_until=None)


def end(lookup: UUID) -> None:
    """Write down that it is over, if it is."""
    if not _open(lookup).exists():
        LiveLookup.objects.filter(pk=lookup, ended_at=None).update(ended_at=timezone.now())


def under_way() -> list[UUID]:
    """Lists that somebody may have to go on with: whoever did may have died."""
    lapsed = Q(customers__state=State.ASKING, customers__lease_until__lt=timezone.now())
    rows = LiveLookup.objects.filter(lapsed | Q(customers__state=State.WAITING), ended_at=None)
    return list(rows.distinct().values_list("pk", flat=True)[:100])


def asking(pk: UUID) -> Asking | None:
    """None where nobody was asked for this list."""
    lookup = LiveLookup.objects.filter(pk=pk).first()
    if lookup is None:
        return None
    rows = AskedCustomer.objects.filter(lookup=pk)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    of = sum(counts.values())
    answered = rows.filter(state__in=(State.READ, State.FAILED)).values_list(
        "source", "customer_id", "state", "error"
    )
    return Asking(
        is_running=lookup.ended_at is None,
        done=of - counts.get(State.WAITING, 0) - counts.get(State.ASKING, 0),
        of=of,
        existing=frozenset((row[0], row[1]) for row in answered if row[2] == State.READ),
        failed=[((row[0], row[1]), row[3]) for row in answered if row[2] == State.FAILED],
        left_out=lookup.left_out,
    )


def _open(lookup: UUID) -> QuerySet[AskedCustomer]:
    return AskedCustomer.objects.filter(lookup=lookup, state__in=(State.WAITING, State.ASKING))
