"""/status/: how each upstream is, since when, and how its calls of the last hour went. For everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from orders import services
from orders.domain.call_history import Slot
from orders.presentation.dates import drawn_moment, time_words
from orders.presentation.hour_picture import hour_picture, times_picture
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_lines import upstream_line


@dataclass(frozen=True)
class SystemStatus:
    """One upstream: its line, since when it has been so, its hour in pictures and in numbers."""

    line: Mapping[str, str]
    since: SafeString | str
    calls: SafeString
    times: SafeString
    slowest: str
    rows: Sequence[tuple[str, str, str, str, str]]
    answers: int
    failures: int


@dataclass(frozen=True)
class StatusPage:
    """In the order in which the upstreams are listed everywhere."""

    systems: Sequence[SystemStatus]


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    systems = [_status(state) for state in services.upstream_states()]
    return render_page(request, "orders/system/status.html", StatusPage(systems))


def _status(state: services.UpstreamState) -> SystemStatus:
    slots = services.last_hour(state.name)
    line = upstream_line(state)
    since = _since(state, line["tone"])
    return SystemStatus(
        line=line,
        since=drawn_moment(since) if since else "",
        calls=hour_picture(slots, state.label),
        times=times_picture(slots, state.label),
        slowest=_seconds(max((slot.p95 for slot in slots if slot.p95 is not None), default=None)),
        rows=[_row(slot) for slot in reversed(slots)],
        answers=sum(slot.answers for slot in slots),
        failures=sum(slot.failures for slot in slots),
    )


def _since(state: services.UpstreamState, tone: str) -> datetime | None:
    """Nothing where only the last call failed: the line says when that was."""
    if state.health.is_open:
        return state.health.failing_since
    return state.health.asked_since if tone == "good" else None


def _row(slot: Slot) -> tuple[str, str, str, str, str]:
    return (
        time_words(slot.began),
        str(slot.answers),
        str(slot.failures),
        _seconds(slot.median),
        _seconds(slot.p95),
    )


def _seconds(seconds: float | None) -> str:
    """The steps in which times are counted are no finer than this."""
    return "" if seconds is None else gettext("up to %(seconds)s s") % {"seconds": f"{seconds:g}"}
