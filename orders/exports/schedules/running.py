"""Schedules whose turn it is: started once, however many workers look; ended by whoever comes to the end."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from orders import exports
from orders.domain.errors import NotFound, NotYours, UpstreamError
from orders.domain.recurrence import Every, Recurrence
from orders.domain.retry_rules import RetryLimits, failing, pause_before
from orders.exports.models import Export
from orders.exports.schedules import delivering, looking, settling
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.exports.schedules.settling import End
from orders.exports.webhooks import sending as webhooks
from orders.infrastructure import jobs
from orders.ledger import LedgerUnavailable
from orders.ledger.context import on_behalf_of
from orders.people.limits import OverLimit
from orders.people.permissions import rights_of
from orders.people.personal_settings import zones_of
from orders.people.sign_in import second_factor
from orders.services.files_of_many import NobodyChosen

logger = logging.getLogger(__name__)

State, RunState, Outcome = Schedule.State, ScheduleRun.State, ScheduleRun.Outcome
_JOB_IS_THERE_BY = timedelta(minutes=1)
# Of a look; the transport has made its attempts before.
RETRIES = RetryLimits(tries=3, throttles=3, first_pause=5.0, first_pause_throttled=5.0, longest_pause=60.0)


class _Stopping(Exception):
    """This worker ends between two tries; another one takes the turn up."""


def next_turn(schedule: Schedule, zone: ZoneInfo) -> None:
    """Reckon when it is due next. The caller saves it."""
    recurrence = Recurrence(
        every=Every(schedule.every), at=schedule.at, weekday=schedule.weekday, day=schedule.day
    )
    schedule.zone, schedule.next_at = zone.key, recurrence.next_after(timezone.now(), zone)


@jobs.task(queue_name=jobs.SCHEDULES)
def start_due_schedules() -> None:
    """Those that are due; of one that was missed for days, one turn."""
    _resume_lost()
    schedules = list(Schedule.objects.filter(state=State.ON))
    zones = zones_of({schedule.owner_id for schedule in schedules})
    for schedule in schedules:
        zone = zones[schedule.owner_id]
        if zone.key != schedule.zone:
            _move(schedule, zone)
        elif schedule.next_at is not None and schedule.next_at <= timezone.now():
            start(schedule, zone)


jobs.every(30, start_due_schedules)


def _resume_lost() -> None:
    """Turns whose job is over without an end, as where the ledger could not be written."""
    begun = timezone.now() - _JOB_IS_THERE_BY
    for pk in ScheduleRun.objects.filter(state=RunState.WAITING, due_at__lt=begun).values_list(
        "pk", flat=True
    ):
        jobs.enqueue_once(run_schedule, pk)


def _move(schedule: Schedule, zone: ZoneInfo) -> None:
    """Its owner lives by another clock now."""
    before = schedule.next_at
    next_turn(schedule, zone)
    same = Schedule.objects.filter(pk=schedule.pk, state=State.ON, next_at=before)
    same.update(zone=schedule.zone, next_at=schedule.next_at)


def start(schedule: Schedule, zone: ZoneInfo) -> None:
    """Whoever moves its next turn on has this one."""
    due = schedule.next_at
    assert due is not None
    next_turn(schedule, zone)
    with transaction.atomic():
        mine = Schedule.objects.filter(pk=schedule.pk, state=State.ON, next_at=due)
        if mine.update(next_at=schedule.next_at):
            start_run(schedule, due_at=due)


def start_run(schedule: Schedule, *, due_at: datetime) -> ScheduleRun | None:
    """A turn of it; none while the last one is under way."""
    with transaction.atomic():
        if schedule.runs.exclude(state=RunState.DONE).exists():
            return None
        run = ScheduleRun.objects.create(schedule=schedule, due_at=due_at)
        run_schedule.enqueue(run.pk)
    return run


@jobs.task(queue_name=jobs.SCHEDULES)
def run_schedule(pk: int) -> None:
    """Look, or have the file made. A run that was begun before by a worker that died is begun again."""
    run = ScheduleRun.objects.select_related("schedule").filter(pk=pk, state=RunState.WAITING).first()
    if run is None:
        return
    with on_behalf_of(schedule=run.schedule_id):
        found = _looked(run)
        if found is not None:
            settling.end(run, found)


def _looked(run: ScheduleRun) -> End | None:
    """How it ended; None where its file is being made, or it is begun again."""
    schedule, owner = run.schedule, User.objects.get(pk=run.schedule.owner_id)
    if second_factor.is_missing_for_script(owner, rights_of(owner)):
        # Nobody shows one at a schedule's turn: it may do what its owner's tokens may.
        return End(outcome=Outcome.FAILED, cause="factor")
    try:
        if schedule.kind == Schedule.Kind.FILE:
            _ask_for_file(run, owner)
            return None
        return End(fingerprint=_with_retries(schedule, owner))
    except _Stopping:
        return None
    except PermissionDenied:
        cause = "refused"
    except (NotYours, NotFound):
        cause = "not-yours"
    except NobodyChosen:
        cause = "nobody"
    except OverLimit:
        cause = "limit"
    except (exports.BadExport, looking.CannotBeMeant, KeyError):
        cause = "bad-request"
    except UpstreamError as error:
        cause = error.cause
    except LedgerUnavailable:
        raise  # nothing may be done that can't be written down; the job is begun again
    except Exception:
        logger.exception("schedule %s", schedule.pk)
        cause = "internal"
    return End(outcome=Outcome.FAILED, cause=cause)


def _with_retries(schedule: Schedule, owner: User) -> str:
    tries = 0
    while True:
        try:
            return looking.fingerprint(schedule, owner)
        except UpstreamError as error:
            tries += 1
            pause = pause_before(tries, failing(error), RETRIES, asked=error.retry_after)
            if pause is None:
                raise
            if jobs.stopping.wait(pause):
                raise _Stopping from error


def _ask_for_file(run: ScheduleRun, owner: User) -> None:
    """Once: whoever moves the run on has asked. That it was refused stays written down."""
    refusal: Exception | None = None
    with transaction.atomic():
        mine = ScheduleRun.objects.filter(pk=run.pk, state=RunState.WAITING)
        if not mine.update(state=RunState.MAKING):
            return
        try:
            export = exports.request_export(looking.file_of(run.schedule), owner=owner)
        except (PermissionDenied, NotYours, OverLimit) as error:
            refusal = error
        else:
            webhooks.owe(export, owner)
            # The schedule tells of it, once, and only where that was asked for.
            Export.objects.filter(pk=export.pk).update(noticed_at=timezone.now())
            ScheduleRun.objects.filter(pk=run.pk).update(export=export)
    if refusal is not None:
        raise refusal


@jobs.sweep
def settle_files() -> None:
    """Runs whose file has come to its end. A mere look where there are none."""
    for run in ScheduleRun.objects.filter(state=RunState.MAKING).select_related("export", "schedule"):
        found = _end_of(run.export)
        if found is None:
            continue
        if run.schedule.delivers and found.outcome in ("", Outcome.PARTIAL):
            jobs.enqueue_once(deliver, run.pk)
        else:
            with on_behalf_of(schedule=run.schedule_id):
                settling.end(run, found)


@jobs.task(queue_name=jobs.SCHEDULES)
def deliver(pk: int) -> None:
    """Put the file of a run where it is wanted, and end the run; a second time it is put there again."""
    run = (
        ScheduleRun.objects.select_related("schedule", "export").filter(pk=pk, state=RunState.MAKING).first()
    )
    if run is None:
        return
    with on_behalf_of(schedule=run.schedule_id):
        found = _end_of(run.export)
        if found is not None and run.export is not None and found.outcome in ("", Outcome.PARTIAL):
            found = _delivered(run, run.export, found)
        if found is not None:
            settling.end(run, found)


def _delivered(run: ScheduleRun, export: Export, found: End) -> End:
    owner = User.objects.get(pk=run.schedule.owner_id)
    if second_factor.is_missing_for_script(owner, rights_of(owner)):
        return End(outcome=Outcome.FAILED, cause="factor")
    try:
        name = delivering.deliver(run.schedule, export, owner)
    except PermissionDenied:
        cause = "refused"
    except NotYours:
        cause = "not-yours"
    except delivering.NotDelivered as error:
        logger.error("schedule %s: not delivered: %s", run.schedule_id, type(error.__cause__).__name__)
        cause = "not-delivered"
    else:
        ScheduleRun.objects.filter(pk=run.pk).update(delivered_as=name)
        return found
    return End(outcome=Outcome.FAILED, cause=cause)


def _end_of(export: Export | None) -> End | None:
    """None while it is being made."""
    states = Export.State
    if export is None or export.state == states.EXPIRED:
        return End(outcome=Outcome.FAILED, cause="gone")
    if export.is_under_way:
        return None
    if export.state == states.COMPLETE:
        return End(fingerprint=export.content_sha256)
    if export.state == states.PARTIAL:
        return End(outcome=Outcome.PARTIAL)
    if export.state == states.CANCELLED:
        return End(outcome=Outcome.CANCELLED)
    return End(outcome=Outcome.FAILED, cause=export.error_cause)


def forget_old_runs() -> int:
    """Says how many."""
    old = timezone.now() - timedelta(days=settings.EXPORT_ROW_DAYS)
    return ScheduleRun.objects.filter(state=RunState.DONE, due_at__lt=old).delete()[0]
