"""Where numbers lead, by what the portal remembers of the orders it has seen. Nobody is asked."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext

from orders import services
from orders.domain.identifiers import without_unseen
from orders.domain.instants import zulu
from orders.domain.terms import read
from orders.people.api_tokens import Scope
from orders.people.permissions import rights_in
from orders.presentation.numbers import grouped
from orders.presentation.records import Instant
from orders.views.api.answers import ApiView, Notice, ignored, json_answer, listing_type, unusable
from orders.views.api.operations import Operation, Reply, query
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

MOST = 500
LONGEST = 100  # characters of a reference


class SeenOrder(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A customer with the number, or one of their orders, as it was when it was `last_seen`."""

    source: str
    customer_id: str
    order_id: str | None = None
    order_type: str | None = None
    status: str | None = None
    status_meaning: str | None = None
    creation_date: Instant | None = None
    last_seen: Instant | None = None


class Lookup(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One number as it was given, and what it leads to where that is certain; `hits` has all there is."""

    pasted: str
    outcome: Literal["found", "ambiguous", "not-found", "unreadable"]
    source: str | None = None
    customer_id: str | None = None
    order_id: str | None = None
    status: str | None = None
    status_meaning: str | None = None
    creation_date: Instant | None = None
    last_seen: Instant | None = None
    hits: list[SeenOrder] = []


LOOKUPS: Any = listing_type("LookupList", Lookup)


def operations() -> Iterator[Operation]:
    numbers = query(
        "id",
        gettext("A customer's or an order's ID, a reference or a subscription; repeats, at most %(most)s.")
        % {"most": MOST},
        {"type": "array", "items": {"type": "string"}},
    )
    yield Operation(
        path="/lookup",
        name="lookup",
        summary=gettext("Where numbers lead, by what the portal remembers"),
        scope=Scope.LOOKUP,
        parameters=({**numbers, "required": True},),
        replies={200: Reply(words=gettext("Each different number, in the order given."), body=LOOKUPS)},
    )


class LookupView(ApiView):
    def get(self, request: PortalRequest) -> HttpResponse:
        given = list(dict.fromkeys(filter(None, map(without_unseen, request.GET.getlist("id")))))
        if not given:
            return unusable(request, {"id": [gettext("Give at least one number.")]})
        numbers = given[:MOST]
        readable = list(filter(_is_number, numbers))
        found = services.find(request.user, rights_in(request), readable) if readable else {}
        items = [_looked_up(number, found.get(number)) for number in numbers]
        _write_down(request, items, {hit.customer for hits in found.values() for hit in hits})
        listing = LOOKUPS(
            items=items,
            total_count=len(items),
            offset=0,
            limit=MOST,
            freshness="saved",
            age=_age([hit for hits in found.values() for hit in hits]),
            notices=list(_notices(request, len(given))),
        )
        return json_answer(listing)


def _is_number(text: str) -> bool:
    """A word is none, nor is a text: what people paste by mistake has no digit, or too much else."""
    return len(text) <= LONGEST and "@" not in text and any(map(str.isdecimal, text))


def _looked_up(number: str, hits: Sequence[services.Hit] | None) -> Lookup:
    """One order, or one customer with all their orders that carry the number, is certain; nothing else is."""
    if hits is None:
        return Lookup(pasted=number, outcome="unreadable")
    if not hits:
        return Lookup(pasted=number, outcome="not-found")
    seen = list(map(_seen, hits))
    if len({hit.customer for hit in hits}) > 1:
        return Lookup(pasted=number, outcome="ambiguous", hits=seen)
    own = [each for each in seen if each.order_id == number] or seen
    certain = own[0] if len(own) == 1 else SeenOrder(source=own[0].source, customer_id=own[0].customer_id)
    fields = msgspec.structs.asdict(certain)
    fields.pop("order_type")
    return Lookup(pasted=number, outcome="found", hits=seen, **fields)


def _seen(hit: services.Hit) -> SeenOrder:
    status = read(upstream_words(hit.source).statuses, hit.status)
    return SeenOrder(
        source=hit.source,
        customer_id=hit.customer_id,
        order_id=hit.order_id or None,
        order_type=hit.order_type or None,
        status=hit.status or None,
        status_meaning=status.word or None,
        creation_date=zulu(hit.created_at) if hit.created_at else None,
        last_seen=zulu(hit.last_seen) if hit.last_seen else None,
    )


def _write_down(
    request: PortalRequest, items: Sequence[Lookup], customers: Collection[tuple[str, str]]
) -> None:
    """As one look-up, however many numbers there are, with the IDs that all that was found has in common."""
    certain = [each for each in items if each.outcome == "found"]
    shared = {
        name: {getattr(each, name) for each in certain} for name in ("source", "customer_id", "order_id")
    }
    only = {name: next(iter(values)) or "" for name, values in shared.items() if len(values) == 1}
    services.look_up(
        actor=request.user,
        rights=rights_in(request),
        source=only.get("source", ""),
        customer_id=only.get("customer_id", ""),
        order_id=only.get("order_id", ""),
        choices=len(certain),
        customers=customers,
    )


def _age(hits: Sequence[services.Hit]) -> int:
    """Of what was seen the longest ago."""
    seen = [hit.last_seen for hit in hits if hit.last_seen is not None]
    return max(0, int((datetime.now(UTC) - min(seen)).total_seconds())) if seen else 0


def _notices(request: PortalRequest, count: int) -> Iterator[Notice]:
    if count > MOST:
        text = gettext("Of %(count)s numbers the first %(most)s were looked up.")
        yield Notice(notice="too-many", text=text % {"count": grouped(count), "most": grouped(MOST)})
    yield from ignored(sorted(name for name in request.GET if name != "id"))
