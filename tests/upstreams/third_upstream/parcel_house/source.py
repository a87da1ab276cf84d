"""Parcel House as a source of orders."""

import json
from typing import Any

from orders.domain.instants import parse_instant
from orders.domain.orders import Line, Order
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest, ParsedOrder, ParsedPage
from orders.domain.terms import read
from orders.domain.urgency import Urgency
from orders.upstreams.base import Problem
from orders.upstreams.reading.decoding import segment
from orders.upstreams.upstream_client import UpstreamClient
from tests.upstreams.third_upstream.parcel_house.terms import STATUSES, ParcelQuery


class ParcelHouse:
    def __init__(self, transport: UpstreamClient) -> None:
        self._transport = transport

    def list_orders(
        self,
        customer_id: str,
        query: ParcelQuery,
        page_request: PageRequest,
        *,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedPage:
        asked = [("skip", str(page_request.offset)), ("take", str(page_request.limit))]
        asked += [("state", status) for status in query.statuses]
        path = f"/api/clients/{segment(customer_id)}/parcels"
        answer = self._transport.get(
            path, asked, customer_id=customer_id, urgency=urgency, correlation_id=correlation_id
        )
        try:
            body = json.loads(answer.body)
            orders = tuple(_order(row) for row in body["rows"])
            page = ParsedPage(orders=orders, received=len(orders), total_count=body["count"])
        except (ValueError, KeyError, TypeError):
            raise self._transport.bad_answer(answer, "the body is not a list of parcels") from None
        return FetchedPage(page=page, exchange=answer.exchange)

    def get_order(
        self,
        customer_id: str,
        order_id: str,
        *,
        with_prices: bool = False,
        urgency: Urgency = Urgency.PAGE,
        correlation_id: str = "",
    ) -> FetchedOrder:
        path = f"/api/clients/{segment(customer_id)}/parcels/{segment(order_id)}"
        answer = self._transport.get(
            path, customer_id=customer_id, urgency=urgency, correlation_id=correlation_id
        )
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
