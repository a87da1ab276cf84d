"""Says on whatever page a person is that a file of theirs is done, and asks only while one is being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from orders.models import Export
from orders.prepared import Prepared
from orders.views.export_words import ExportCard
from orders.views.requests import PortalRequest

State = Export.State
UNDER_WAY = (State.WAITING, State.RUNNING)
TOLD = (State.COMPLETE, State.PARTIAL, State.FAILED)


@dataclass(frozen=True)
class ExportNotice:
    """`ended` are those their owner has not been told of; `is_awaited` while more are being made."""

    ended: Sequence[ExportCard] = ()
    is_awaited: bool = False

    @property
    def is_shown(self) -> bool:
        return bool(self.ended) or self.is_awaited


def export_notice(request: HttpRequest) -> dict[str, Any]:
    """For every template; asked for only by those that show it."""
    return {"export_notice": SimpleLazyObject(lambda: _notice_of(request))}


def _notice_of(request: HttpRequest) -> ExportNotice:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ExportNotice()
    try:
        found = _news_of(user)
    except DatabaseError:
        return ExportNotice()  # the page that says so must not fail by it
    return ExportNotice(
        ended=[ExportCard(export) for export in found if not export.is_under_way],
        is_awaited=any(export.is_under_way for export in found),
    )


def _news_of(user: Any) -> list[Export]:
    """What is being made for this person, and what they have not been told of yet."""
    if not _HAS_NEWS.exists(user.pk):  # as on almost every page
        return []
    return list(_news(user.pk).order_by("made_at"))


def _news(person: int) -> QuerySet[Export]:
    return Export.objects.filter(Q(state__in=UNDER_WAY) | Q(state__in=TOLD, noticed_at=None), owner_id=person)


_HAS_NEWS = Prepared(lambda person: _news(person).order_by().values_list("state")[:1])


@require_http_methods(["GET", "POST"])
def notice(request: PortalRequest) -> HttpResponse:
    """GET asks whether there is news, POST says that it has been read."""
    if request.method == "POST":
        _mark_as_read(request)
        back = request.POST.get("next", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, None) else "home")
    current = _notice_of(request)
    if current.is_awaited and str(len(current.ended)) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "orders/_export_notice.html", {"export_notice": current})


def _mark_as_read(request: PortalRequest) -> None:
    Export.objects.filter(owner=request.user, noticed_at=None, state__in=TOLD).update(
        noticed_at=timezone.now()
    )
