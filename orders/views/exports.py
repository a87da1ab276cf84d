"""A person's exports: the list, one of them with its progress, and what can be done about it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from orders import exports
from orders.domain.errors import NotYours
from orders.models import Export
from orders.views.export_words import ExportCard
from orders.views.requests import PortalRequest

SHOWN = 100


@require_safe
def export_list(request: PortalRequest) -> HttpResponse:
    exports.take_over()
    mine = list(exports.exports_of(request.user)[:SHOWN])
    _notice(exports.exports_of(request.user))
    context = {
        "exports": [ExportCard(export) for export in mine],
        "is_busy": any(export.is_under_way for export in mine),
        "inline_max": f"{settings.EXPORT_INLINE_MAX:,}",
    }
    return render(request, "orders/exports.html", context)


@require_safe
def detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    export = _own(request, pk)
    _notice(exports.exports_of(request.user).filter(pk=pk))
    return render(request, "orders/export_detail.html", _context(export))


@require_safe
def progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The figures while the page's `state` still holds; else the whole of it, which may ask no more."""
    export = _own(request, pk)
    if export.is_under_way and request.GET.get("state") == export.state:
        return render(request, "orders/_export_progress.html", _context(export))
    if not export.is_under_way:
        _notice(exports.exports_of(request.user).filter(pk=pk))
    response = render(request, "orders/_export.html", _context(export))
    response.headers["HX-Retarget"] = "#export"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


@require_POST
def cancel(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(request, pk, lambda export: export.is_under_way, exports.cancel, "It is being cancelled.")


@require_POST
def fetch_rest(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(
        request,
        pk,
        lambda export: ExportCard(export).can_fetch_rest,
        exports.fetch_rest,
        "It goes on where it stopped.",
    )


@require_POST
def offer(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(
        request,
        pk,
        lambda export: ExportCard(export).can_offer_what_there_is,
        exports.offer_what_there_is,
        "The incomplete file is ready; its name says what it is.",
    )


def _own(request: PortalRequest, pk: uuid.UUID) -> Export:
    """As it is now, should its worker be gone. Another person's export is as good as missing."""
    exports.take_over()
    export = exports.exports_of(request.user).filter(pk=pk).first()
    if export is None:
        raise Http404("no such export of this person")
    return export


def _context(export: Export) -> dict[str, Any]:
    return {"item": ExportCard(export), "export": export}


def _notice(mine: Any) -> None:
    """Its owner sees how it ended: no other page needs to say so."""
    under_way = (Export.State.WAITING, Export.State.RUNNING)
    mine.filter(noticed_at=None).exclude(state__in=under_way).update(noticed_at=timezone.now())


def _change(
    request: PortalRequest,
    pk: uuid.UUID,
    may: Callable[[Export], bool],
    change: Callable[[Export], None],
    words: str,
) -> HttpResponse:
    """A button that came too late changes nothing and says so."""
    export = _own(request, pk)
    if may(export):
        try:
            change(export)
        except NotYours as error:
            raise Http404("not this person's customer any more") from error
        messages.success(request, words)
    else:
        messages.info(request, f"Nothing was changed: {export.get_state_display().lower()} already.")
    return redirect("export-detail", pk)
