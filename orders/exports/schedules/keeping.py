"""How people make schedules, pause them, switch them on again, and delete them: each with its ledger row."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orders.exports.schedules.models import Schedule
from orders.exports.schedules.running import next_turn, start_run
from orders.ledger import Action, record
from orders.people.personal_settings import zones_of

MOST_SCHEDULES = 50


def schedules_of(owner: User) -> QuerySet[Schedule]:
    return Schedule.objects.filter(owner=owner)


def make(owner: User, **fields: Any) -> Schedule:
    schedule = Schedule(owner=owner, **fields)
    next_turn(schedule, zones_of([owner.pk])[owner.pk])
    with transaction.atomic():
        schedule.save()
        _note(schedule, "made", every=schedule.every, query=schedule.query)
    return schedule


def pause(schedule: Schedule) -> None:
    """No turn comes until it is switched on again."""
    schedule.state, schedule.next_at = Schedule.State.PAUSED, None
    with transaction.atomic():
        schedule.save(update_fields=["state", "next_at"])
        _note(schedule, "paused")


def resume(schedule: Schedule) -> None:
    """As if it had never failed; from its next turn on."""
    schedule.state, schedule.failures = Schedule.State.ON, 0
    next_turn(schedule, zones_of([schedule.owner_id])[schedule.owner_id])
    with transaction.atomic():
        schedule.save(update_fields=["state", "failures", "zone", "next_at"])
        _note(schedule, "resumed")


def delete(schedule: Schedule) -> None:
    """Files that it has had made stay for as long as they would."""
    with transaction.atomic():
        _note(schedule, "deleted")
        schedule.delete()


def run_now(schedule: Schedule) -> bool:
    """A turn beside the others; False while one is under way."""
    return start_run(schedule, due_at=timezone.now()) is not None


def _note(schedule: Schedule, change: str, **more: Any) -> None:
    details = {"schedule": schedule.pk, "kind": schedule.kind, "change": change, **more}
    record(
        Action.SCHEDULE,
        actor=schedule.owner,
        source=schedule.source,
        customer_id=schedule.customer_id,
        details=details,
    )
