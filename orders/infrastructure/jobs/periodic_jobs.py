"""Periodic jobs: one worker of all has the turn, and enqueues the job."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.infrastructure.jobs.models import PeriodicTurn
from orders.infrastructure.jobs.registry import Periodic, periodic
from orders.infrastructure.jobs.state import enqueue_once


def enqueue_due() -> None:
    """Enqueue what is due and nobody else has taken. A mere look where nothing is."""
    if not periodic:
        return
    now = timezone.now()
    due = dict(PeriodicTurn.objects.filter(name__in=periodic).values_list("name", "due_at"))
    for each in periodic.values():
        if each.name not in due:
            _begin(each)
        elif due[each.name] <= now or due[each.name] > now + timedelta(seconds=each.seconds):
            _take(each)


def _begin(each: Periodic) -> None:
    try:
        with transaction.atomic():
            PeriodicTurn.objects.create(name=each.name, due_at=_next(each))
            enqueue_once(each.job)
    except IntegrityError:
        pass  # another worker was first


def _take(each: Periodic) -> None:
    """By the same rule as the look before, now that it counts."""
    now, following = timezone.now(), _next(each)
    turn = PeriodicTurn.objects.filter(name=each.name)
    with transaction.atomic():
        if turn.filter(due_at__lte=now).update(due_at=following):
            enqueue_once(each.job)
        else:  # it is done more often than it was: its next turn comes sooner
            turn.filter(due_at__gt=following).update(due_at=following)


def _next(each: Periodic) -> datetime:
    return timezone.now() + timedelta(seconds=each.seconds)
