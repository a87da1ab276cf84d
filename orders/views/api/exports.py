"""Files for scripts: asked for by a POST, made in the background, fetched when they are done."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from orders import exports, services
from orders.domain.errors import NotYours, UpstreamError
from orders.domain.identifiers import is_identifier
from orders.domain.instants import zulu
from orders.exports.models import Export
from orders.people.account_sets import AccountChoice
from orders.people.api_tokens import Scope
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import PageForm
from orders.presentation.filtersets.parameters import tidied
from orders.presentation.records import Instant
from orders.services.files_of_many import NobodyChosen
from orders.views.api.answers import (
    ApiView,
    Count,
    Listing,
    behind,
    ignored,
    json_answer,
    listing_type,
    unusable,
)
from orders.views.api.operations import JSON, Operation, Reply, in_path, pages, query
from orders.views.shared import problems
from orders.views.shared.export_forms import ExportRequest
from orders.views.shared.failures import failure_of
from orders.views.shared.file_answers import POLL_AFTER, seconds_to_wait, send_file
from orders.views.shared.requests import PortalRequest

USUAL_SIZE = 25


NUMBER = re.compile(r"[0-9]{1,9}")  # of an account


def _texts(given: int | str | list[int | str] | None) -> list[str]:
    return [str(each) for each in (given if isinstance(given, list) else [given]) if each is not None]


class NewExport(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True, omit_defaults=True
):
    """What a file is asked for with. `filters` are the history's parameters by their names; what can be said
    once is a text, what can be repeated may be a list of them. Instead of one customer it may be over all of
    some accounts (`account`, by number; an empty list: all of yours), or of sets (`set`, by number or name).
    """

    source: str
    customer_id: str = ""
    account: int | str | list[int | str] | None = None
    set: int | str | list[int | str] | None = None
    rows: str = "orders"
    format: str = "csv"
    dialect: str = ""
    columns: list[str] = []
    filters: dict[str, str | list[str]] = {}

    @property
    def is_portfolio(self) -> bool:
        return not self.customer_id and (self.account is not None or self.set is not None)

    @property
    def choice(self) -> AccountChoice:
        return AccountChoice(
            accounts=tuple(int(each) for each in _texts(self.account)), sets=tuple(_texts(self.set))
        )

    @property
    def has_numbers(self) -> bool:
        """Whether the accounts are given by number, as JSON or as an address writes one."""
        return all(NUMBER.fullmatch(each) for each in _texts(self.account))

    def parameters(self) -> QueryDict:
        """The same as an address would carry it."""
        given = QueryDict(mutable=True)
        for name, values in self.filters.items():
            given.setlist(name, [values] if isinstance(values, str) else values)
        for name in ("rows", "format", "dialect"):
            given[name] = getattr(self, name)
        given["columns"] = ",".join(self.columns)
        return given


class ExportRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One file and how far it is. `file` is where it can be fetched, null while there is none."""

    id: uuid.UUID
    source: str
    customer_id: str | None
    account: list[int]
    set: list[str]
    customers: Count | None
    state: str
    rows: str
    format: str
    dialect: str | None
    columns: list[str]
    filters: dict[str, list[str]]
    made_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    expires_at: Instant | None
    total_count: Count | None
    orders_done: Count
    rows_done: Count
    seconds_left: Count | None
    file_name: str | None
    file_size: Count | None
    file_sha256: str | None
    missing: list[str]
    unreadable_values: dict[str, int]
    cause: str | None
    request_id: str | None
    correlation_id: str | None
    file: str | None


EXPORTS: Any = listing_type("ExportList", ExportRecord)


def operations() -> Iterator[Operation]:
    which = in_path("pk", gettext("The file's own ID."), format="uuid")
    one = Reply(words=gettext("How far it is."), body=ExportRecord)
    yield Operation(
        path="/exports",
        name="exports",
        summary=gettext("Your files, the newest first"),
        scope=Scope.EXPORT,
        parameters=pages(),
        replies={200: Reply(words=gettext("One page of them."), body=EXPORTS)},
    )
    where = {"Location": gettext("Where to see how far it is.")}
    yield Operation(
        path="/exports",
        name="makeExport",
        method="post",
        summary=gettext(
            "Have a file made of the whole filtered result of a customer, or of all of some accounts"
        ),
        scope=Scope.EXPORT,
        body=NewExport,
        replies={202: Reply(words=gettext("It waits for its turn."), body=ExportRecord, headers=where)},
    )
    yield Operation(
        path="/exports/{pk}",
        name="export",
        summary=gettext("One of your files"),
        scope=Scope.EXPORT,
        parameters=(which,),
        replies={200: one},
    )
    partial = query(
        "partial", gettext("1 takes a file that is not complete."), {"type": "string", "enum": ["1"]}
    )
    yield Operation(
        path="/exports/{pk}/file",
        name="exportFile",
        summary=gettext("The file itself"),
        scope=Scope.EXPORT,
        parameters=(which, partial),
        replies={200: Reply(words=gettext("The whole file.")), 202: one},
    )


class ExportsView(ApiView):
    """GET lists one's own files; POST has one made: 202, and 400 where what is asked for can't be."""

    def get(self, request: PortalRequest) -> HttpResponse:
        form = PageForm(tidied(request.GET))
        if not form.is_valid():
            return unusable(request, {name: list(map(str, said)) for name, said in form.errors.items()})
        page = form.page_request(USUAL_SIZE)
        exports.reap()
        mine = exports.exports_of(request.user)
        total = mine.count()
        if page.offset > total:
            return behind(request)
        shown = mine[page.offset : page.offset + page.limit]
        items = [_record(request, each) for each in shown]
        unknown = sorted(name for name in request.GET if name not in form.fields)
        listing: Listing = EXPORTS(
            items=items,
            total_count=total,
            offset=page.offset,
            limit=page.limit,
            notices=list(ignored(unknown)),
        )
        return json_answer(listing)

    def post(self, request: PortalRequest) -> HttpResponse:
        if request.content_type != JSON:
            title = gettext("Nothing was exported: send JSON, and say so in the header Content-Type.")
            return problems.refusal(request, 415, title)
        try:
            wanted = msgspec.json.decode(request.body, type=NewExport)
        except msgspec.DecodeError as error:
            title = gettext("Nothing was exported: send a JSON object as it is described.")
            return problems.refusal(request, 400, title, detail=str(error))
        errors = _errors(wanted)
        if errors:
            return unusable(request, errors)
        description = services.describe(wanted.source)
        asked = ExportRequest(
            request, description, wanted.customer_id, wanted.parameters(), choice=wanted.choice
        )
        try:
            if asked.errors:
                services.export_admitted(
                    actor=request.user, source=wanted.source, customer_id=wanted.customer_id
                )
                return unusable(request, asked.errors)
            export = exports.request_export(asked.spec, owner=request.user)
        except NobodyChosen:
            said = gettext("None of these accounts is yours and has a customer there.")
            return unusable(request, {"account" if wanted.set is None else "set": [said]})
        except UpstreamError as error:
            failure = failure_of(request, error, label=description.label, what="customer")
            return failure.mark(problems.answer(request, problems.problem_of(request, failure)))
        response = json_answer(_record(request, export), status=202)
        response.headers["Location"] = request.build_absolute_uri(reverse("api-export", args=[export.pk]))
        response.headers["Retry-After"] = str(POLL_AFTER[0])
        return response


class ExportView(ApiView):
    def get(self, request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
        return json_answer(_record(request, _own(request, pk)))


class FileView(ApiView):
    """200 with the file, 202 while it is being made, 409 where there is none or it is partial, 410 later."""

    http_method_names = ["get", "options"]

    def get(self, request: PortalRequest, pk: uuid.UUID) -> HttpResponseBase:
        export = _own(request, pk)
        if export.is_under_way:
            response = json_answer(_record(request, export), status=202)
            response.headers["Retry-After"] = str(seconds_to_wait(exports.progress(export).seconds_left))
            return response
        if export.state == Export.State.EXPIRED:
            return _gone(request)
        cause = export.error_cause or "bad-answer"
        if not export.has_file:
            words = gettext("There is no file: %(state)s.") % {"state": export.get_state_display().lower()}
            return problems.refusal(request, 409, words, cause=cause)
        if export.state == Export.State.PARTIAL and request.GET.get("partial") != "1":
            title = gettext("The file is not complete. Add partial=1 to the address to take what there is.")
            return problems.refusal(request, 409, title, detail=" ".join(export.missing) or None, cause=cause)
        try:
            return send_file(export, exports.open_file(export, request.user))
        except Export.DoesNotExist:
            return _gone(request)
        except exports.NotOnThisDisk:
            title = gettext("This server can't find the file. Try again: another one may have it.")
            response = problems.refusal(request, 503, title)
            response.headers["Retry-After"] = str(POLL_AFTER[1])
            return response
        except NotYours as error:
            raise Http404("not this person's customer any more") from error


def _errors(wanted: NewExport) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if wanted.source not in FILTERSETS:
        names = ", ".join(FILTERSETS)
        errors["source"] = [gettext("Choose one of: %(names)s.") % {"names": names}]
    if wanted.customer_id and (wanted.account is not None or wanted.set is not None):
        errors["customerId"] = [gettext("Give one customer, or accounts and sets.")]
    elif not wanted.has_numbers:
        errors["account"] = [gettext("None of these accounts is yours and has a customer there.")]
    elif not wanted.is_portfolio and not is_identifier(wanted.customer_id):
        errors["customerId"] = [gettext("An ID has 1 to 64 letters, digits, “-”, “_” or “.”.")]
    return errors


def _own(request: PortalRequest, pk: uuid.UUID) -> Export:
    """As it is now, should its worker be gone. Another person's is as good as missing."""
    exports.reap()
    export = exports.exports_of(request.user).filter(pk=pk).first()
    if export is None:
        raise Http404("no such export of this person")
    return export


def _gone(request: PortalRequest) -> HttpResponse:
    return problems.refusal(request, 410, gettext("The file is gone"))


def _record(request: PortalRequest, export: Export) -> ExportRecord:
    left = exports.progress(export).seconds_left if export.is_under_way else None
    address = reverse("api-export-file", args=[export.pk])
    return ExportRecord(
        id=export.pk,
        source=export.source,
        customer_id=export.customer_id or None,
        account=export.accounts,
        set=export.account_sets,
        customers=export.customers if export.is_portfolio else None,
        state=export.state,
        rows=export.rows,
        format=export.format,
        dialect=export.dialect or None,
        columns=export.columns,
        filters={name: list(map(str, values)) for name, values in QueryDict(export.query).lists()},
        made_at=zulu(export.made_at),
        started_at=_instant(export.started_at),
        finished_at=_instant(export.finished_at),
        expires_at=_instant(export.expires_at),
        total_count=export.total_count,
        orders_done=export.orders_done,
        rows_done=export.rows_done,
        seconds_left=None if left is None else round(left),
        file_name=export.file_name or None,
        file_size=export.file_size,
        file_sha256=export.file_sha256 or None,
        missing=export.missing,
        unreadable_values=export.unreadable,
        cause=export.error_cause or None,
        request_id=export.error_request_id or None,
        correlation_id=export.error_correlation_id or None,
        file=request.build_absolute_uri(address) if export.has_file else None,
    )


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else zulu(moment)
