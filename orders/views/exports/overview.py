"""A person's exports: the list, one of them with its progress, and what can be done about it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from orders import exports
from orders.domain.errors import NotYours
from orders.exports import notices
from orders.exports.models import Export
from orders.people.personal_settings import chosen_by
from orders.presentation.numbers import grouped
from orders.views.exports.card import ExportCard
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

SHOWN = 100


@dataclass(frozen=True)
class ExportsPage:
    """`is_busy` while one of them is being made; `inline_max` is how many orders are not too many at once."""

    exports: Sequence[ExportCard]
    is_busy: bool
    inline_max: str


@dataclass(frozen=True)
class ExportPage:
    """One export, and the same with its words."""

    item: ExportCard
    export: Export

    @classmethod
    def of(cls, request: PortalRequest, export: Export) -> "ExportPage":
        has_default = export.source in chosen_by(request).default_views
        return cls(ExportCard(export, has_default), export)


@require_safe
def export_list(request: PortalRequest) -> HttpResponse:
    exports.reap()
    mine = list(exports.exports_of(request.user)[:SHOWN])
    notices.mark_as_told(request.user, exports.exports_of(request.user))
    context = ExportsPage(
        exports=[ExportCard(export) for export in mine],
        is_busy=any(export.is_under_way for export in mine),
        inline_max=grouped(settings.EXPORT_INLINE_MAX),
    )
    return render_page(request, "orders/exports/overview.html", context)


@require_safe
def detail(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    export = _own(request, pk)
    notices.mark_as_told(request.user, exports.exports_of(request.user).filter(pk=pk))
    return render_page(request, "orders/exports/detail.html", ExportPage.of(request, export))


@require_safe
def progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The figures while the page's `state` still holds; else the whole of it, which may ask no more."""
    export = _own(request, pk)
    if export.is_under_way and request.GET.get("state") == export.state:
        return render_page(request, "orders/exports/progress.html", ExportPage.of(request, export))
    if not export.is_under_way:
        notices.mark_as_told(request.user, exports.exports_of(request.user).filter(pk=pk))
    response = render_page(request, "orders/exports/card.html", ExportPage.of(request, export))
    response.headers["HX-Retarget"] = "#export"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


@require_POST
def cancel(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(
        request, pk, lambda export: export.is_under_way, exports.cancel, gettext("It is being cancelled.")
    )


@require_POST
def fetch_rest(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(
        request,
        pk,
        lambda export: ExportCard(export).can_fetch_rest,
        exports.fetch_rest,
        gettext("It goes on where it stopped."),
    )


@require_POST
def offer(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    return _change(
        request,
        pk,
        lambda export: ExportCard(export).can_offer_what_there_is,
        exports.offer_what_there_is,
        gettext("The incomplete file is ready; its name says what it is."),
    )


def _own(request: PortalRequest, pk: uuid.UUID) -> Export:
    """As it is now, should its worker be gone. Another person's export is as good as missing."""
    exports.reap()
    export = exports.exports_of(request.user).filter(pk=pk).first()
    if export is None:
        raise Http404("no such export of this person")
    return export


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
        except exports.NotOnThisDisk:
            messages.error(
                request, gettext("What there is can't be had here just now. Fetch the rest instead.")
            )
        else:
            messages.success(request, words)
    else:
        state = export.get_state_display().lower()
        messages.info(request, gettext("Nothing was changed: %(state)s already.") % {"state": state})
    return redirect("export-detail", pk)
