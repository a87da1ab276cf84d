"""The export's address: the whole filtered result as a file, or a status that says that it is not.

What a script saves must be the complete file: everything else has a failing status and a line of plain
text. A person's browser gets pages with the same statuses.
"""

import base64
import uuid
from dataclasses import replace
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from orders import exports, services
from orders.access import Refused
from orders.api_auth import plain, token_of, wants_page
from orders.domain.errors import NotYours, UpstreamError
from orders.exports import BadExport, FinishedFile, TooLarge
from orders.filtersets import FILTERSETS
from orders.models import Export
from orders.views.export_menu import filter_words, hidden_fields
from orders.views.export_requests import ExportRequest
from orders.views.failures import failure_of
from orders.views.requests import PortalRequest

POLL_AFTER = (2, 5, 30)  # seconds: at least, by default, at most


class ExportView(View):
    """GET gives a small file at once; POST has a file of any size made in the background."""

    # A HEAD would ask the upstream for everything, to send nothing of it.
    http_method_names = ["get", "post", "options"]

    def dispatch(self, request: Any, source: str, customer_id: str) -> HttpResponseBase:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        self.wanted = ExportRequest(request, services.describe(source), customer_id)
        try:
            if self.wanted.errors:
                services.export_admitted(actor=request.user, source=source, customer_id=customer_id)
                return _refused(request, self.wanted, self.wanted.errors)
            return super().dispatch(request, source, customer_id)
        except BadExport as reason:
            return _refused(request, self.wanted, reason.errors)
        except UpstreamError as error:
            return _failed(request, self.wanted, error)
        except Refused:
            return _forbidden(request)

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponseBase:
        all_or_nothing = _wants_all_or_nothing(request)
        try:
            finished = exports.export_now(
                actor=request.user, takes_partial=not all_or_nothing, **self.wanted.what
            )
        except TooLarge as reason:
            return _too_large(request, self.wanted, reason.total)
        if finished.missing and all_or_nothing:
            finished.file.close()
            return plain(" ".join((*finished.missing, TAKE_PARTIAL)), status=409)
        return _send_finished(finished)

    def post(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponseBase:
        export = exports.request_export(owner=request.user, **self.wanted.what)
        if wants_page(request):
            return redirect("export-detail", export.pk)
        address = request.build_absolute_uri(reverse("export-file", args=[export.pk]))
        response = plain(
            f"The file is being made. GET {address} answers 202 until it is done, then with the file.",
            status=202,
        )
        response.headers["Location"] = address
        response.headers["Retry-After"] = str(POLL_AFTER[0])
        return response


class FileView(View):
    """A file made in the background, for its owner alone."""

    http_method_names = ["get", "options"]

    def get(self, request: PortalRequest, pk: uuid.UUID) -> HttpResponseBase:
        exports.take_over()
        export = exports.exports_of(request.user).filter(pk=pk).first()
        if export is None:
            raise Http404("no such export of this person")
        if export.is_under_way:
            return _not_yet(request, export)
        if export.state == Export.State.EXPIRED:
            return _gone(request)
        if not export.has_file:
            return _answer(request, export, f"There is no file: {export.get_state_display().lower()}.")
        if export.state == Export.State.PARTIAL and _wants_all_or_nothing(request):
            return plain(" ".join((*export.missing, TAKE_PARTIAL)), status=409)
        try:
            opened = exports.open_file(export, request.user)
        except Export.DoesNotExist:
            return _gone(request)
        except NotYours as error:
            raise Http404("not this person's customer any more") from error
        except Refused:
            return _forbidden(request)
        return _send(
            opened,
            name=export.file_name,
            content_type=CONTENT_TYPES[export.format],
            size=export.file_size or 0,
            sha256=export.file_sha256,
        )


TAKE_PARTIAL = "Add partial=1 to the address to take what there is."
# A page may be asked for again under the same correlation ID; a file is begun anew.
NOTHING_WHOLE = "No file was made, because it would not be complete. Your filters are kept."
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _wants_all_or_nothing(request: PortalRequest) -> bool:
    """A person sees that a file's name begins with `PARTIAL_`; behind a token nobody looks."""
    return token_of(request) is not None and request.GET.get("partial") != "1"


def _send_finished(finished: FinishedFile) -> FileResponse:
    return _send(
        finished.file,
        name=finished.name,
        content_type=finished.content_type,
        size=finished.size,
        sha256=finished.sha256,
    )


def _send(opened: BinaryIO, *, name: str, content_type: str, size: int, sha256: str) -> FileResponse:
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Content-Length"] = str(size)
    # RFC 9530 for programs, and the same as `sha256sum` prints it.
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
    response.headers["X-File-SHA256"] = sha256
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(request: PortalRequest, wanted: ExportRequest, errors: dict[str, list[str]]) -> HttpResponse:
    if not wants_page(request):
        lines = [f"{name}: {' '.join(said)}" for name, said in errors.items()]
        return plain("\n".join(["Nothing was exported.", *lines]), status=400)
    return _page(request, wanted, status=400, errors=errors)


def _forbidden(request: PortalRequest) -> HttpResponse:
    """The portal's own page, or a line for a script."""
    if wants_page(request):
        raise PermissionDenied
    return plain("Nothing was exported. You may not export orders.", status=403)


def _too_large(request: PortalRequest, wanted: ExportRequest, total: int) -> HttpResponse:
    words = f"{total:,} orders are too many for one request"
    if wants_page(request):
        return _page(request, wanted, status=200, too_large=words)
    return plain(
        f"{words}. Send the same address as a POST to have the file made in the background: "
        "that answers 202 and a Location, which answers 202 until the file is done.",
        status=413,
    )


def _failed(request: PortalRequest, wanted: ExportRequest, error: UpstreamError) -> HttpResponse:
    failure = failure_of(request, error, label=wanted.description.label, what="customer")
    if error.cause == "timeout":
        failure = replace(failure, words=failure.words._replace(text=NOTHING_WHOLE))
    if wants_page(request):
        return failure.mark(_page(request, wanted, status=failure.status, failure=failure))
    return failure.mark(plain(f"Nothing was exported. {failure.title}. {error}", status=failure.status))


def _page(request: PortalRequest, wanted: ExportRequest, *, status: int, **more: Any) -> HttpResponse:
    query = wanted.filter_query
    history = reverse("history", args=[wanted.description.name, wanted.customer_id])
    context = {
        "description": wanted.description,
        "customer_id": wanted.customer_id,
        "history_address": f"{history}?{query}" if query else history,
        "export_address": reverse("export", args=[wanted.description.name, wanted.customer_id]),
        "form": wanted.form,
        "filters": filter_words(wanted.filters),
        "hidden": hidden_fields(wanted.given, wanted.filters),
        **more,
    }
    return render(request, "orders/export_answer.html", context, status=status)


def _not_yet(request: PortalRequest, export: Export) -> HttpResponse:
    if wants_page(request):
        return redirect("export-detail", export.pk)
    least, usual, most = POLL_AFTER
    left = exports.progress(export).seconds_left
    response = plain(f"{export.get_state_display()}: {export.orders_done:,} orders so far.", status=202)
    response.headers["Retry-After"] = str(usual if left is None else round(min(max(left, least), most)))
    return response


def _gone(request: PortalRequest) -> HttpResponse:
    text = "This file was kept for 24 hours and is deleted now. Export it again from the customer's history."
    if not wants_page(request):
        return plain(text, status=410)
    context = {"title": "The file is gone", "text": text}
    return render(request, "orders/error_page.html", context, status=410)


def _answer(request: PortalRequest, export: Export, text: str) -> HttpResponse:
    return redirect("export-detail", export.pk) if wants_page(request) else plain(text, status=409)
