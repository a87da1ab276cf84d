"""The export's address: the whole filtered result as a file, or a status that says that it is not.

What a script saves must be the complete file: everything else has a failing status and a line of plain
text. A person's browser gets pages with the same statuses.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from orders import exports, services
from orders.domain.descriptions import Description
from orders.domain.errors import NotYours, UpstreamError
from orders.exports import NotOnThisDisk, StorageAway, TooLarge
from orders.exports.models import Export
from orders.people.limits import OverLimit
from orders.people.permissions import Refused
from orders.people.personal_settings import chosen_by
from orders.people.token_authentication import plain, wants_page
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.numbers import grouped
from orders.views.shared.export_forms import ExportForm, ExportRequest
from orders.views.shared.export_menu import filter_words, hidden_fields, selected_words
from orders.views.shared.failures import Failure, failure_of
from orders.views.shared.file_answers import POLL_AFTER, seconds_to_wait, send_file
from orders.views.shared.pages import ErrorPage, render_page
from orders.views.shared.query_strings import list_address
from orders.views.shared.requests import PortalRequest


@dataclass(frozen=True)
class NoFilePage:
    """Why there is no file yet: what was asked for, and then one of the reasons.

    `too_much` says why it can be made in the background alone; that is an error where it has an `error_word`.
    `asks_reason` is None where no personal data is asked for; `export` is a partial one, which can be taken.
    """

    description: Description
    customer_id: str
    history_address: str
    export_address: str
    form: ExportForm
    filters: Sequence[str]
    hidden: Sequence[tuple[str, str]]

    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    too_much: str = ""
    error_word: str = ""
    failure: Failure | None = None
    export: Export | None = None
    asks_reason: bool | None = None
    reason_errors: Sequence[str] = ()


class ExportView(View):
    """GET gives a small file at once; POST has a file of any size made in the background."""

    # A HEAD would ask the upstream for everything, to send nothing of it.
    http_method_names = ["get", "post", "options"]

    def dispatch(self, request: Any, source: str, customer_id: str) -> HttpResponseBase:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        self.asked = ExportRequest(request, services.describe(source), customer_id)
        try:
            if self.asked.errors:
                services.export_admitted(actor=request.user, source=source, customer_id=customer_id)
                return _refused(request, self.asked)
            return super().dispatch(request, source, customer_id)
        except UpstreamError as error:
            return _failed(request, self.asked, error)
        except Refused:
            return _forbidden(request)

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponseBase:
        if request.GET.get("personal") == "1" and wants_page(request):
            rights = services.export_admitted(actor=request.user, source=source, customer_id=customer_id)
            return _page(request, self.asked, status=200, asks_reason=rights.may_reveal, reason_errors=())
        try:
            export = exports.export_now(self.asked.spec, owner=request.user)
        except TooLarge as reason:
            return _too_large(request, self.asked, reason.total)
        except OverLimit as reason:
            if reason.kind != "running":
                raise
            return _no_turn(request, self.asked, reason)
        if _is_unwanted(request, export) and wants_page(request):
            return _page(request, self.asked, status=409, export=export)
        return _deliver(request, export)

    def post(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponseBase:
        export = exports.request_export(self.asked.spec, owner=request.user)
        if wants_page(request):
            return redirect("export-detail", export.pk)
        address = request.build_absolute_uri(reverse("export-file", args=[export.pk]))
        response = plain(
            gettext(
                "The file is being made. GET %(address)s answers 202 until it is done, then with the file."
            )
            % {"address": address},
            status=202,
        )
        response.headers["Location"] = address
        response.headers["Retry-After"] = str(POLL_AFTER[0])
        return response


class FileView(View):
    """A file made earlier, for its owner alone."""

    http_method_names = ["get", "options"]

    def get(self, request: PortalRequest, pk: uuid.UUID) -> HttpResponseBase:
        exports.reap()
        export = exports.exports_of(request.user).filter(pk=pk).first()
        if export is None:
            raise Http404("no such export of this person")
        try:
            return _deliver(request, export)
        except NotYours as error:
            raise Http404("not this person's customer any more") from error
        except Refused:
            return _forbidden(request)


NOTHING_EXPORTED = _("Nothing was exported.")
TAKE_PARTIAL = _("Add partial=1 to the address to take what there is.")
# A page may be asked for again under the same correlation ID; a file is begun anew.
NOTHING_WHOLE = _("No file was made, because it would not be complete. Your filters are kept.")


def _is_unwanted(request: PortalRequest, export: Export) -> bool:
    """A partial file is given only to who says that they know: a name that begins with `PARTIAL_` is easily
    overlooked.
    """
    return export.state == Export.State.PARTIAL and request.GET.get("partial") != "1"


def _deliver(request: PortalRequest, export: Export) -> HttpResponseBase:
    """The file, or the status that says why there is none."""
    if export.is_under_way:
        return _not_yet(request, export)
    if export.state == Export.State.EXPIRED:
        return _gone(request)
    if not export.has_file:
        words = gettext("There is no file: %(state)s.") % {"state": export.get_state_display().lower()}
        return _answer(request, export, words)
    if _is_unwanted(request, export):
        return _answer(request, export, " ".join((*export.missing, str(TAKE_PARTIAL))))
    try:
        opened = exports.open_file(export, export.owner)
    except Export.DoesNotExist:
        return _gone(request)
    except NotOnThisDisk as reason:
        return _not_found_here(request, reason)
    return send_file(export, opened)


def _refused(request: PortalRequest, asked: ExportRequest) -> HttpResponse:
    errors = asked.errors
    if not wants_page(request):
        lines = [f"{name}: {' '.join(said)}" for name, said in errors.items()]
        return plain("\n".join([str(NOTHING_EXPORTED), *lines]), status=400)
    if "reason" in errors and "personal" in request.POST:
        return _page(request, asked, status=400, asks_reason=True, reason_errors=errors["reason"])
    return _page(request, asked, status=400, errors=errors)


def _forbidden(request: PortalRequest) -> HttpResponse:
    """The portal's own page, or a line for a script."""
    if wants_page(request):
        raise PermissionDenied
    return plain(gettext("Nothing was exported. You may not export orders."), status=403)


def _too_large(request: PortalRequest, asked: ExportRequest, total: int) -> HttpResponse:
    words = gettext("%(total)s orders are too many for one request") % {"total": grouped(total)}
    if wants_page(request):
        return _page(request, asked, status=200, too_much=words)
    return plain(
        gettext(
            "%(words)s. Send the same address as a POST to have the file made in the "
            "background: that answers 202 and a Location, which answers 202 until the file is "
            "done."
        )
        % {"words": words},
        status=413,
    )


def _no_turn(request: PortalRequest, asked: ExportRequest, reason: OverLimit) -> HttpResponse:
    """So many of the person's files are made just now; one in the background waits for its turn."""
    words = gettext("%(limit)s files of yours are being made just now") % {"limit": reason.limit}
    if wants_page(request):
        response = _page(request, asked, status=429, too_much=words, error_word="limit")
    else:
        text = gettext(
            "%(words)s. Try again in a moment, or send the same address as a POST: then it waits its turn."
        )
        response = plain(text % {"words": words}, status=429)
    response.headers["Retry-After"] = str(POLL_AFTER[1])
    return response


def _failed(request: PortalRequest, asked: ExportRequest, error: UpstreamError) -> HttpResponse:
    failure = failure_of(request, error, label=asked.description.label, what="customer")
    if error.cause == "timeout":
        failure = replace(failure, words=failure.words._replace(text=NOTHING_WHOLE))
    if wants_page(request):
        return failure.mark(_page(request, asked, status=failure.status, failure=failure))
    return failure.mark(
        plain(
            gettext("Nothing was exported. %(title)s. %(error)s") % {"title": failure.title, "error": error},
            status=failure.status,
        )
    )


def _page(request: PortalRequest, asked: ExportRequest, *, status: int, **more: Any) -> HttpResponse:
    source = asked.description.name
    has_default = source in chosen_by(request).default_views
    context = NoFilePage(
        description=asked.description,
        customer_id=asked.customer_id,
        history_address=list_address(
            source, asked.customer_id, QueryDict(asked.filter_query), has_default=has_default
        ),
        export_address=reverse("export", args=[source, asked.customer_id]),
        form=asked.form,
        filters=[*selected_words(asked.given), *filter_words(asked.filters)],
        hidden=hidden_fields(asked.given, asked.filters, of_file=True),
        **more,
    )
    return render_page(request, "orders/exports/answer.html", context, status=status)


def _not_yet(request: PortalRequest, export: Export) -> HttpResponse:
    if wants_page(request):
        return redirect("export-detail", export.pk)
    response = plain(
        gettext("%(state)s: %(orders_done)s orders so far.")
        % {"state": export.get_state_display(), "orders_done": grouped(export.orders_done)},
        status=202,
    )
    response.headers["Retry-After"] = str(seconds_to_wait(exports.progress(export).seconds_left))
    return response


def _gone(request: PortalRequest) -> HttpResponse:
    text = gettext(
        "This file was kept for 24 hours and is deleted now. Export it again from the customer's history."
    )
    if not wants_page(request):
        return plain(text, status=410)
    return ErrorPage(gettext("The file is gone"), text).response(request, status=410)


def _not_found_here(request: PortalRequest, reason: NotOnThisDisk) -> HttpResponse:
    if isinstance(reason, StorageAway):
        text = gettext(
            "The file was made and has not expired, but the place where files are kept does not give it. Try "
            "again in a moment. If that does not help, tell your administrator."
        )
    else:
        text = _not_shared()
    if not wants_page(request):
        return plain(text, status=503)
    return ErrorPage(gettext("The file can't be found here"), text).response(request, status=503)


def _not_shared() -> str:
    return gettext(
        "The file was made and has not expired, but this server can't find it. Try again: another server may "
        "have it. If not, export it again, and tell your administrator that web servers and workers don't "
        "share EXPORT_DIR."
    )


def _answer(request: PortalRequest, export: Export, text: str) -> HttpResponse:
    return redirect("export-detail", export.pk) if wants_page(request) else plain(text, status=409)
