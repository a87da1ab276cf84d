"""The description of the interface for scripts, OpenAPI 3.1: made of the types that answers are made of."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from orders import services
from orders.presentation.columns import Column
from orders.presentation.records import record_type
from orders.views.api import accounts, customers, exports, history, lookup, order
from orders.views.api.operations import JSON, PROBLEM, Operation, Reply
from orders.views.shared.problems import Problem
from orders_portal import __version__

_PARTS = (history, order, customers, lookup, accounts, exports)
_SCHEMAS = "#/components/schemas/{name}"
_MEANINGS = {
    "Problem": _(
        "What went wrong, after RFC 9457. `cause` is one word for programs. The upstream's own IDs, code and "
        "words are null where it was not asked. `errors` names what is wrong by parameter; `retry` is an "
        "address that continues a call without an answer."
    ),
    "Notice": _(
        "What has to be known before the rows are read: that a list is not complete, which time it covers, "
        "what was ignored or could not be read."
    ),
}


def operations() -> Iterator[Operation]:
    for part in _PARTS:
        yield from part.operations()


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """For everybody: it holds what the source code says, and nothing of anybody's orders."""
    here = request.build_absolute_uri(reverse("api-document")).removesuffix("/openapi.json")
    written = {**_document(get_language() or ""), "servers": [{"url": here}]}
    return HttpResponse(msgspec.json.encode(written), content_type=JSON)


@cache
def _document(language: str) -> dict[str, Any]:
    """All but where the portal is; made once for each `language`, which is the one in force."""
    everything = list(operations())
    bodies = {type_: None for each in everything for type_ in _types(each)} | {Problem: None}
    written, components = msgspec.json.schema_components(bodies, ref_template=_SCHEMAS)
    schema_of = dict(zip(bodies, written, strict=True))
    _explain(components)
    paths: dict[str, dict[str, Any]] = {}
    for each in everything:
        paths.setdefault(each.path, {})[each.method] = _operation(each, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": gettext("Orders Portal"),
            "version": __version__,
            "description": gettext(
                "Orders of both upstreams as the portal's pages show them: the same parameters, rights, "
                "masked values and limits, and the names of the columns of files. What is nothing is null, "
                "instants are in UTC, and amounts are decimals in texts. Each look is written down like a "
                "person's."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": gettext("A token of yours; the page Profile makes them."),
                }
            },
        },
    }


def _types(operation: Operation) -> list[Any]:
    given = [operation.body, *(reply.body for reply in operation.replies.values())]
    return [each for each in given if each is not None]


def _operation(operation: Operation, schema_of: dict[Any, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": operation.name,
        "summary": str(operation.summary),
        "security": [{"token": [str(operation.scope)]}],
        "responses": {
            **{str(status): _reply(reply, schema_of) for status, reply in operation.replies.items()},
            "default": {
                "description": gettext("What went wrong."),
                "content": {PROBLEM: {"schema": schema_of[Problem]}},
            },
        },
    }
    if operation.parameters:
        written["parameters"] = list(operation.parameters)
    if operation.body is not None:
        content = {JSON: {"schema": schema_of[operation.body]}}
        written["requestBody"] = {"required": True, "content": content}
    return written


def _reply(reply: Reply, schema_of: dict[Any, Any]) -> dict[str, Any]:
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    written: dict[str, Any] = {
        "description": str(reply.words),
        "content": binary if reply.body is None else {JSON: {"schema": schema_of[reply.body]}},
    }
    if reply.headers:
        written["headers"] = {
            name: {"description": str(words), "schema": {"type": "string"}}
            for name, words in reply.headers.items()
        }
    return written


def _explain(components: dict[str, Any]) -> None:
    """Say what fields mean, in the reader's language; what types are for in code is no concern of readers."""
    for name, schema in components.items():
        schema.pop("title", None)
        schema.pop("description", None)
        if name in _MEANINGS:
            schema["description"] = gettext(_MEANINGS[name])
    for source in (each.name for each in services.sources()):
        of_source, name = record_type(source), source.capitalize()
        _explain_columns(components[f"{name}Line"], of_source.line_columns)
        for owner in (f"{name}Order", f"{name}OrderDetails"):
            _explain_columns(components[owner], of_source.order_columns)


def _explain_columns(schema: dict[str, Any], columns: Iterable[Column[Any]]) -> None:
    for column in columns:
        unit = column.unit_text
        meaning = column.meaning_text
        schema["properties"][column.name]["description"] = f"{meaning} ({unit})" if unit else meaning
