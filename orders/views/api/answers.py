"""What all answers to scripts have in common: their shape, how old they are, what has to be known of them."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.generic import View

from orders.domain.freshness import Freshness
from orders.people.permissions import Refused
from orders.presentation.records import record_type
from orders.views.shared.problems import Problem, refusal
from orders.views.shared.requests import PortalRequest

Count = Annotated[int, msgspec.Meta(ge=0)]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says above its rows. `notice` is its word for it, `names` what it is about.

    `problem` is why nothing newer is shown, where what is shown is `stale`.
    """

    notice: str
    text: str
    names: list[str] = []
    problem: Problem | None = None


class Age(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`age` is how many seconds ago the upstream said it."""

    freshness: Literal["live", "saved", "stale"] = "live"
    age: Count = 0
    notices: list[Notice] = []


class Listing(Age, frozen=True, kw_only=True, rename="camel"):
    """One page of a list. `total_count` is null where the upstream gives no total."""

    total_count: Count | None
    offset: Count
    limit: Count


@cache
def orders_type(source: str) -> type[Listing]:
    """A page of an upstream's orders."""
    order = record_type(source).order
    return listing_type(f"{source.capitalize()}Orders", order)


@cache
def order_type(source: str) -> type[msgspec.Struct]:
    """One order by itself: its own fields, and how old they are."""
    aged_by = [(each.name, each.type) for each in msgspec.structs.fields(Age)]
    bases = (record_type(source).order,)
    name = f"{source.capitalize()}OrderDetails"
    return msgspec.defstruct(name, aged_by, bases=bases, frozen=True, kw_only=True)


def listing_type(name: str, item: type[msgspec.Struct]) -> type[Listing]:
    fields = [("items", list[item])]  # type: ignore[valid-type]  # known when it runs
    return msgspec.defstruct(name, fields, bases=(Listing,), frozen=True, kw_only=True, rename="camel")  # type: ignore[return-value]  # its base


def aged(freshness: Freshness, notices: list[Notice]) -> dict[str, Any]:
    """The fields of `Age`."""
    return {"freshness": freshness.state, "age": freshness.age, "notices": notices}


def json_answer(body: msgspec.Struct, *, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), content_type="application/json", status=status)


class ApiView(View):
    """Refusals are problems; those of addresses and limits come from further out, and are so too."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused:
            return refusal(request, 403, gettext("Your role does not include this."))

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = super().http_method_not_allowed(request, *args, **kwargs).headers["Allow"]
        response = refusal(request, 405, gettext("This address knows no such method"))
        response.headers["Allow"] = allowed
        return response


def ignored(names: Sequence[str]) -> Iterator[Notice]:
    """Of parameters that an address of ours knows none of."""
    if names:
        text = gettext("Ignored, because there is no such parameter here.")
        yield Notice(notice="ignored-parameters", text=text, names=list(names))


def behind(request: PortalRequest) -> HttpResponse:
    """404 for a part of a list that begins behind its end."""
    return refusal(request, 404, gettext("This page lies behind the last one"), cause="out-of-range")


def unusable(request: PortalRequest, errors: dict[str, list[str]]) -> HttpResponse:
    """400, and nobody was asked."""
    title = gettext("Nothing was asked, because a parameter can't be used as it is.")
    return refusal(request, 400, title, errors=errors)
