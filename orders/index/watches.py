"""Who watches which order, and when it is asked for next: each step is one conditional statement."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from orders.index.models import IndexedOrder
from orders.index.watch_models import Watch, WatchedOrder

End = Watch.End

LONGEST = timedelta(days=7)
KEPT = timedelta(days=7)  # after it has ended
_LEASE = timedelta(minutes=2)  # for whoever asks; then another one may
_LONGEST_WAIT = timedelta(hours=1)
_AT_ONCE = 50
# Up to this age so many times `WATCH_SECONDS` lie between two calls; an order that takes days has time.
_PACES = ((timedelta(hours=1), 1), (timedelta(days=1), 5), (LONGEST, 30))


class Watched(NamedTuple):
    """A watch with its order, and what is remembered of that: a code, and when it was last seen."""

    source: str
    customer_id: str
    order_id: str
    begun_at: datetime
    ended_at: datetime | None
    end: str
    asked_at: datetime | None
    due_at: datetime | None
    error: str
    status: str | None
    is_unsettled: bool | None
    seen_at: datetime | None


def begin(person: User, source: str, customer_id: str, order_id: str) -> bool:
    """Watch it from now on, and ask at once; whether that is new."""
    now = timezone.now()
    with transaction.atomic():
        order, _ = WatchedOrder.objects.get_or_create(
            source=source, customer_id=customer_id, order_id=order_id
        )
        watch, is_new = Watch.objects.get_or_create(person=person, order=order, defaults={"begun_at": now})
        if not is_new:
            again = Watch.objects.filter(pk=watch.pk).exclude(end="")
            is_new = bool(again.update(begun_at=now, ended_at=None, end=""))
        if is_new:
            WatchedOrder.objects.filter(pk=order.pk).update(due_at=now)
    return is_new


def running(person: User) -> int:
    return Watch.objects.filter(person=person, end="").count()


def is_watching(person: User, source: str, customer_id: str, order_id: str) -> bool:
    return Watch.objects.filter(
        person=person,
        end="",
        order__source=source,
        order__customer_id=customer_id,
        order__order_id=order_id,
    ).exists()


def stop(person: User, source: str, customer_id: str, order_id: str) -> bool:
    """Whether they were watching it."""
    mine = Watch.objects.filter(
        person=person, order__source=source, order__customer_id=customer_id, order__order_id=order_id
    )
    return any(end(watch, End.STOPPED) for watch in mine)


def end(watch: Watch, how: End) -> bool:
    """Whether it was still going on, and nobody else has ended it."""
    return bool(Watch.objects.filter(pk=watch.pk, end="").update(end=how, ended_at=timezone.now()))


def watches_of(person: User) -> list[Watched]:
    """Those that go on, then those that have ended, the newest first; not what they stopped themselves."""
    remembered = IndexedOrder.objects.filter(
        order_id=OuterRef("order__order_id"),
        customer__source=OuterRef("order__source"),
        customer__customer_id=OuterRef("order__customer_id"),
    )
    rows = (
        Watch.objects.filter(person=person)
        .exclude(end=End.STOPPED)
        .annotate(
            status=Subquery(remembered.values("status")[:1]),
            is_unsettled=Subquery(remembered.values("is_unsettled")[:1]),
            seen_at=Subquery(remembered.values("last_seen")[:1]),
        )
    )
    columns = (
        *("order__source", "order__customer_id", "order__order_id", "begun_at", "ended_at", "end"),
        *("order__asked_at", "order__due_at", "order__error", "status", "is_unsettled", "seen_at"),
    )
    found = [Watched(*row) for row in rows.order_by("-begun_at", "-pk").values_list(*columns)]
    return sorted(found, key=lambda each: bool(each.end))


def ended_count(person: User) -> int:
    return Watch.objects.filter(person=person).exclude(end="").count()


def take_due() -> list[WatchedOrder]:
    """Those whose time has come, ours for a while. Cheap where there are none."""
    now = timezone.now()
    due = WatchedOrder.objects.filter(due_at__lte=now)
    rows = list(due.order_by("due_at")[:_AT_ONCE])
    return [row for row in rows if due.filter(pk=row.pk).update(due_at=now + _LEASE)]


def watchers(order: WatchedOrder) -> QuerySet[Watch]:
    return Watch.objects.filter(order=order, end="").select_related("person")


def answered(order: WatchedOrder) -> None:
    """It was asked for, and is so again by the age of the youngest watch."""
    _plan(order, asked_at=timezone.now(), failures=0, error="")


def failed(order: WatchedOrder, cause: str) -> None:
    """Asked again after twice as long each time, up to an hour."""
    _plan(order, failures=order.failures + 1, error=cause[:32])


def forget_old() -> int:
    ended = Watch.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]
    WatchedOrder.objects.filter(watches=None).delete()
    return ended


def _plan(order: WatchedOrder, **fields: object) -> None:
    """Nobody watches any more: it is not due."""
    with transaction.atomic():
        youngest = watchers(order).aggregate(begun=Max("begun_at"))["begun"]
        due_at = None
        if youngest is not None:
            now = timezone.now()
            failures = fields["failures"]
            assert isinstance(failures, int)
            wait = _pause(now - youngest)
            due_at = now + (
                min(wait * 2 ** min(failures, 10), max(wait, _LONGEST_WAIT)) if failures else wait
            )
        WatchedOrder.objects.filter(pk=order.pk).update(due_at=due_at, **fields)


def _pause(age: timedelta) -> timedelta:
    times = next((times for until, times in _PACES if age < until), _PACES[-1][1])
    return timedelta(seconds=settings.WATCH_SECONDS * times)
