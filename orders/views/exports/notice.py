"""Says on whatever page a person is that a file of theirs is done, and asks only while one is being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods

from orders import exports
from orders.exports import notices
from orders.views.exports.card import ExportCard
from orders.views.shared.given import way_back
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class ExportNotice:
    """`ended` are those their owner has not been told of; `is_awaited` while more are being made."""

    ended: Sequence[ExportCard] = ()
    is_awaited: bool = False

    @property
    def is_shown(self) -> bool:
        return bool(self.ended) or self.is_awaited


@dataclass(frozen=True)
class NoticePage:
    """The notice alone, as a page of the portal has it at its top."""

    export_notice: ExportNotice


def export_notice(request: HttpRequest) -> dict[str, Any]:
    """For every template; asked for only by those that show it."""
    return {"export_notice": SimpleLazyObject(lambda: _notice_of(request))}


def _notice_of(request: HttpRequest) -> ExportNotice:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ExportNotice()
    try:
        found = notices.news_of(user)
    except DatabaseError:
        return ExportNotice()  # the page that says so must not fail by it
    return ExportNotice(
        ended=[ExportCard(export) for export in found if not export.is_under_way],
        is_awaited=any(export.is_under_way for export in found),
    )


@require_http_methods(["GET", "POST"])
def notice(request: PortalRequest) -> HttpResponse:
    """GET asks whether there is news, POST says that it has been read."""
    if request.method == "POST":
        notices.mark_as_told(request.user, exports.exports_of(request.user))
        return way_back(request)
    current = _notice_of(request)
    if current.is_awaited and str(len(current.ended)) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render_page(request, "orders/exports/notice.html", NoticePage(current))
