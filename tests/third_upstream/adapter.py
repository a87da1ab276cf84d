"""A third upstream in one file: Parcel House, whose orders come as `{"count": …, "rows": […]}`."""

import json
from typing import Any, ClassVar

import django_filters
import msgspec
from django.http import QueryDict

from orders.domain.descriptions import Description
from orders.domain.instants import parse_instant
from orders.domain.orders import Line, Order
from orders.domain.queries import FetchedOrder, FetchedPage, ParsedOrder, ParsedPage, Window
from orders.domain.terms import Term, read, vocabulary
from orders.filtersets.base import UpstreamFilterSet
from orders.filtersets.fields import TickBoxes, choices_of
from orders.upstreams.base import Problem
from orders.upstreams.decoding import segment
from orders.upstreams.door import Door

STATUSES = vocabulary(
    Term("SENT", "Sent", "good", "It left the house."),
    Term("LOST", "Lost", "bad", "Nobody knows where it is."),
)


class ParcelQuery(msgspec.Struct, frozen=True, kw_only=True):
    statuses: tuple[str, ...] = ()


class ParcelFilterSet(UpstreamFilterSet):
    query_class: ClassVar[type[Any]] = ParcelQuery

    state = django_filters.MultipleChoiceFilter(
        field_name="statuses", label="State", choices=choices_of(STATUSES), widget=TickBoxes()
    )


class ParcelHouse:
    description = Description(
        name="parcels",
        label="Parcel House",
        short_label="Parcels",
        pages_upstream=True,
        supports=frozenset({"statuses"}),
        columns=("orderId", "creationDate", "status", "lineItemCount"),
        line_columns=("extLineItemNumber", "title", "quantity"),
        statuses=STATUSES,
        address_pattern=r"/api/clients/(?P<customer>[\w-]+)/parcels(?:/(?P<order>[\w-]+))?",
        customer_id_pattern=r"CL-\d+",
        default_limit=10,
    )

    def __init__(self, transport: Door) -> None:
        self._transport = transport

    def list_orders(
        self, customer_id: str, query: ParcelQuery, window: Window, *, correlation_id: str = ""
    ) -> FetchedPage:
        asked = [("skip", str(window.offset)), ("take", str(window.limit))]
        asked += [("state", status) for status in query.statuses]
        path = f"/api/clients/{segment(customer_id)}/parcels"
        answer = self._transport.get(path, asked, correlation_id=correlation_id)
        try:
            body = json.loads(answer.body)
            orders = tuple(_order(row) for row in body["rows"])
            page = ParsedPage(orders=orders, received=len(orders), total_count=body["count"])
        except (ValueError, KeyError, TypeError):
            raise self._transport.bad_answer(answer, "the body is not a list of parcels") from None
        return FetchedPage(page=page, exchange=answer.exchange)

    def get_order(
        self, customer_id: str, order_id: str, *, with_prices: bool = False, correlation_id: str = ""
    ) -> FetchedOrder:
        path = f"/api/clients/{segment(customer_id)}/parcels/{segment(order_id)}"
        answer = self._transport.get(path, (), correlation_id=correlation_id)
        raw = json.loads(answer.body)
        return FetchedOrder(parsed=ParsedOrder(order=_order(raw), raw=raw), exchange=answer.exchange)

    def check(self) -> None:
        self._transport.get("/api/me", ())


def read_problem(status: int, body: bytes) -> Problem:
    """Its refusals look like `{"why": "…"}`."""
    return Problem(message=json.loads(body).get("why", ""))


def _order(row: dict[str, Any]) -> Order:
    return Order(
        order_id=row["id"],
        status=read(STATUSES, row["state"]),
        created_at=parse_instant(row.get("made")),
        lines=tuple(
            Line(number=str(number), title=item["name"], quantity=item["pieces"])
            for number, item in enumerate(row.get("items", ()), 1)
        ),
    )


def filters_for(text: str) -> ParcelFilterSet:
    return ParcelFilterSet(QueryDict(text))
