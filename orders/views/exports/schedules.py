"""/schedules/: what is delivered to a person when, how that went, and what they can do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from orders.exports.schedules import keeping
from orders.exports.schedules.looking import address_of
from orders.exports.schedules.models import Schedule, ScheduleRun
from orders.exports.schedules.words import cause_words
from orders.people.permissions import Right, require, rights_in
from orders.people.personal_settings import zones_of
from orders.presentation.dates import drawn_moment
from orders.views.exports.schedule_form import ScheduleForm, turn_words
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

_RUNS_SHOWN = 5
_TONES = {
    Schedule.State.ON: "good",
    Schedule.State.PAUSED: "off",
    Schedule.State.STOPPED: "bad",
}
_OUTCOME_TONES = {"changed": "good", "same": "off", "partial": "bad", "failed": "bad", "cancelled": "off"}


@dataclass(frozen=True)
class RunLine:
    """`address` leads to its file; `delivered_as` is its name where files are kept."""

    run: ScheduleRun
    at: SafeString
    words: str
    tone: str
    why: str
    address: str
    delivered_as: str


@dataclass(frozen=True)
class ScheduleRow:
    schedule: Schedule
    address: str
    turn: str
    next_at: SafeString | str
    tone: str
    runs: Sequence[RunLine]


@dataclass(frozen=True)
class SchedulesPage:
    """The person's schedules, and the form for a new one in the zone of their own."""

    rows: Sequence[ScheduleRow]
    form: ScheduleForm
    zone: str


@require_http_methods(["GET", "POST"])
def schedules(request: PortalRequest) -> HttpResponse:
    """GET lists one's own, with a form that the address may fill in; POST makes another one."""
    require(request.user, Right.VIEW, rights=rights_in(request))
    is_sent = request.method == "POST"
    form = ScheduleForm(request, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        made = keeping.make(request.user, **form.fields_of_schedule())
        messages.success(request, gettext("“%(name)s” was scheduled.") % {"name": made.name})
        return redirect("schedules")
    mine = keeping.schedules_of(request.user).prefetch_related("runs")
    zone = zones_of([request.user.pk])[request.user.pk]
    page = SchedulesPage([_row(each, zone) for each in mine], form, zone.key)
    status = 400 if is_sent else 200
    return render_page(request, "orders/exports/schedules.html", page, status=status)


@require_POST
def pause(request: PortalRequest, pk: int) -> HttpResponse:
    return _change(request, pk, keeping.pause, gettext("“%(name)s” is paused."))


@require_POST
def resume(request: PortalRequest, pk: int) -> HttpResponse:
    return _change(request, pk, keeping.resume, gettext("“%(name)s” is on."))


@require_POST
def delete(request: PortalRequest, pk: int) -> HttpResponse:
    return _change(request, pk, keeping.delete, gettext("“%(name)s” was deleted."))


@require_POST
def run(request: PortalRequest, pk: int) -> HttpResponse:
    return _change(request, pk, keeping.run_now, gettext("“%(name)s” has its turn now."))


def _change(
    request: PortalRequest, pk: int, change: Callable[[Schedule], object], words: str
) -> HttpResponse:
    """Another person's is as good as missing."""
    schedule = keeping.schedules_of(request.user).filter(pk=pk).first()
    if schedule is None:
        raise Http404("no such schedule of this person")
    change(schedule)
    messages.success(request, words % {"name": schedule.name})
    return redirect("schedules")


def _row(schedule: Schedule, zone: ZoneInfo) -> ScheduleRow:
    return ScheduleRow(
        schedule=schedule,
        address=address_of(schedule),
        turn=turn_words(schedule, zone.key),
        next_at=drawn_moment(schedule.next_at) if schedule.next_at else "–",
        tone=_TONES[Schedule.State(schedule.state)],
        runs=[_run(each) for each in list(schedule.runs.all())[:_RUNS_SHOWN]],
    )


def _run(run: ScheduleRun) -> RunLine:
    return RunLine(
        run=run,
        at=drawn_moment(run.due_at),
        words=str(run.get_outcome_display()) if run.outcome else gettext("under way"),
        tone=_OUTCOME_TONES.get(run.outcome, "busy"),
        why=cause_words(run.cause) if run.cause else "",
        address=reverse("export-detail", args=[run.export_id]) if run.export_id else "",
        delivered_as=run.delivered_as,
    )
