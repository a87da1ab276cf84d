"""What can be asked of an address, as its description says it. Each view declares its own."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.people.api_tokens import Scope
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.base import MAX_PAGE_SIZE
from orders.presentation.filtersets.fields import CodesField, SwitchField, takes_several
from orders.presentation.texts.phrases import Text

JSON = "application/json"
PROBLEM = "application/problem+json"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is no failure; `body` is None for a file."""

    words: Text
    body: Any = None
    headers: Mapping[str, Text] = msgspec.field(default_factory=dict)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """`path` stands below `/api/v1` and has `{names}` in it. Whatever else it answers is a problem."""

    path: str
    name: str
    summary: Text
    scope: Scope
    replies: Mapping[int, Reply]
    method: str = "get"
    parameters: tuple[dict[str, Any], ...] = ()
    body: Any = None


def query(name: str, words: Text, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": str(words), "schema": schema}


def in_path(name: str, words: Text, **schema: Any) -> dict[str, Any]:
    written = {"type": "string", **schema}
    return {"name": name, "in": "path", "required": True, "description": str(words), "schema": written}


def customer() -> dict[str, Any]:
    return in_path("customerId", gettext("The upstream's own ID."), pattern=f"^{IDENTIFIER_PATTERN}$")


def pages(most: int = MAX_PAGE_SIZE) -> tuple[dict[str, Any], ...]:
    words = gettext("How many at once; more than %(most)s means %(most)s.") % {"most": most}
    return (
        query("limit", words, {"type": "integer", "minimum": 1}),
        query("offset", gettext("How many stand before them."), {"type": "integer", "minimum": 0}),
    )


def freshness() -> dict[str, Any]:
    words = _("1 asks the upstream, whatever it said a moment ago.")
    return query("fresh", words, {"type": "string", "enum": ["1"]})


def prices(parameter: str) -> dict[str, Any]:
    words = _("With prices, for whoever may see them.")
    return query(parameter, words, {"type": "string", "enum": ["true", "false"]})


def filters(source: str) -> Iterator[dict[str, Any]]:
    """The parameters that the page's own filters read, with what they call them."""
    filter_set = FILTERSETS[source]
    for name, parameter in filter_set.parameter_names().items():
        filter_ = filter_set.base_filters[name]
        field = filter_.field
        schema: dict[str, Any] = {"type": "string"}
        choices = [str(value) for value, _words in getattr(field, "choices", ()) if value]
        if isinstance(field, SwitchField):
            schema["enum"] = [each for each in (field.on, field.off) if each]
        elif choices:  # codes are open: one that nobody listed is sent as it is
            schema["examples" if isinstance(field, CodesField) else "enum"] = choices
        if takes_several(field):
            schema = {"type": "array", "items": schema}
        yield query(parameter, filter_.label, schema)
    if "whole-days" in filter_set.own_parameters:
        words = _("1 takes bare dates for whole days, the last one included.")
        yield query("whole-days", words, {"type": "string", "enum": ["1"]})
