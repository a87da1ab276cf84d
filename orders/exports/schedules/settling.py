"""The end of a schedule's turn: written down once, whoever comes to it, and told."""

from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from orders.exports.schedules import telling
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.ledger import Action, record

MOST_FAILURES = 5  # in a row; then it stops

_Outcome = ScheduleRun.Outcome


class End(NamedTuple):
    """`cause` is a word for why it failed, `fingerprint` what was found where it didn't."""

    outcome: str = ""
    cause: str = ""
    fingerprint: str = ""


def end(run: ScheduleRun, found: End) -> bool:
    """Write the end down, and tell the owner what they want to know; False where somebody else has."""
    with transaction.atomic():
        mine = ScheduleRun.objects.filter(pk=run.pk).exclude(state=ScheduleRun.State.DONE)
        if not mine.update(state=ScheduleRun.State.DONE, ended_at=timezone.now()):
            return False
        schedule = Schedule.objects.select_for_update().get(pk=run.schedule_id)
        outcome = found.outcome or _compared(schedule, found.fingerprint)
        ScheduleRun.objects.filter(pk=run.pk).update(outcome=outcome, cause=found.cause)
        is_stopped = _note(schedule, outcome, found.fingerprint)
        owner = User.objects.get(pk=schedule.owner_id)
        delivered = ScheduleRun.objects.values_list("delivered_as", flat=True).get(pk=run.pk)
        record(
            Action.SCHEDULE_RUN,
            actor=owner,
            source=schedule.source,
            customer_id=schedule.customer_id,
            outcome=found.cause if outcome == _Outcome.FAILED else "ok",
            details={
                "schedule": schedule.pk,
                "kind": schedule.kind,
                "found": outcome,
                **({"delivered": delivered} if delivered else {}),
            },
        )
        if is_stopped:
            details = {"schedule": schedule.pk, "change": "stopped", "failures": schedule.failures}
            record(Action.SCHEDULE, actor=owner, details=details)
        if schedule.tells_always or outcome not in (_Outcome.SAME, _Outcome.CANCELLED):
            run.refresh_from_db()
            telling.tell(owner, schedule, run)
    return True


def _compared(schedule: Schedule, fingerprint: str) -> str:
    """What has nothing before it is news."""
    return _Outcome.SAME if fingerprint == schedule.fingerprint else _Outcome.CHANGED


def _note(schedule: Schedule, outcome: str, fingerprint: str) -> bool:
    """Whether that has stopped it."""
    was_on = schedule.state == Schedule.State.ON
    if outcome == _Outcome.FAILED:
        schedule.failures += 1
        if schedule.failures >= MOST_FAILURES and was_on:
            schedule.state, schedule.next_at = Schedule.State.STOPPED, None
    elif outcome != _Outcome.CANCELLED:
        schedule.failures = 0
    if outcome in (_Outcome.CHANGED, _Outcome.SAME):
        schedule.fingerprint = fingerprint
    schedule.save(update_fields=["failures", "state", "next_at", "fingerprint"])
    return was_on and schedule.state == Schedule.State.STOPPED
