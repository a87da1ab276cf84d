"""fabric's contract: the order history of one customer, in either of its two dialects."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orders.sandbox import customers, fabric_customers
from orders.sandbox.messages import Answer, Request, json_answer
from orders.sandbox.tokens import TokenDesk
from orders.sandbox.vendor_errors import fabric_error

DEFAULT_LIMIT = 20
_ID = re.compile(r"[0-9a-fA-F]{24}")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Shelf:
    """One customer's orders and the manner in which they are handed out."""

    orders: Sequence[Any]
    dialect: str = "live"
    honours_paging: bool = True
    offset_shown: Any = None
    errors: Sequence[Any] = field(default_factory=tuple)


class Fabric:
    def __init__(self, tokens: TokenDesk, now: Callable[[], datetime]) -> None:
        self.triggered: list[str] = []
        self._tokens = tokens
        self._now = now
        self._added: dict[str, Shelf] = {}
        self._cache: dict[str, tuple[datetime, Shelf | None]] = {}
        self._lock = threading.Lock()

    def add_orders(self, customer_id: str, orders: Sequence[Any], dialect: str, honours_paging: bool) -> None:
        if dialect not in ("live", "documented"):
            raise ValueError(f"unknown dialect {dialect!r}")
        with self._lock:
            before = self._added.get(customer_id, Shelf(()))
            self._added[customer_id] = replace(
                before,
                orders=(*before.orders, *orders),
                dialect=dialect,
                honours_paging=honours_paging,
            )

    def forget_added(self) -> None:
        with self._lock:
            self._added.clear()

    def refusal(self, request: Request) -> Answer | None:
        if not request.headers.get("authorization"):
            return fabric_error(403, message="No token was sent")
        if not self._tokens.accepts("fabric", request.bearer):
            return fabric_error(403, message="The token is unknown or has expired")
        return None

    def answer(self, request: Request) -> Answer:
        refused = self.refusal(request)
        if refused is not None:
            return refused
        if request.method == "GET":
            match request.segments:
                case ["data-subscription", "v1", "customers", customer_id, "orders"]:
                    return self._history(request, customer_id)
                case ["data-subscription", "v1", "orders", order_id]:
                    return self._one(order_id)
                case ["data-subscription", "v1", "orders", order_id, "trigger-now"]:
                    # This GET places the order in the real system: nobody may ever come here.
                    self.triggered.append(order_id)
                    data = {"order": {"id": order_id, "status": "SUBMITTED"}}
                    return json_answer(200, _success("documented") | {"data": data})
        return fabric_error(403, message="Unknown resource")

    def _shelf(self, customer_id: str) -> Shelf | None:
        added = self._added.get(customer_id)
        if added is not None:
            return added
        today = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            day, shelf = self._cache.get(customer_id, (None, None))
            if day != today:
                shelf = _filled_shelf(customer_id, today)
                self._cache[customer_id] = today, shelf
            return shelf

    def _history(self, request: Request, customer_id: str) -> Answer:
        shelf = self._shelf(customer_id)
        if shelf is None and not _ID.fullmatch(customer_id):
            return fabric_error(400)
        if shelf is None:
            return fabric_error(404)
        if shelf.dialect == "documented":
            data: dict[str, Any] = {"orders": list(shelf.orders)}
        else:
            data = _live_page(shelf, request)
        body = _success(shelf.dialect) | {"data": data}
        if shelf.errors:
            body["message"] = "Request processed with partial success"
            data["errors"] = list(shelf.errors)
        return json_answer(200, body)

    def _one(self, order_id: str) -> Answer:
        for customer in customers.ALL:
            shelf = self._shelf(customer.id) if customer.source == "fabric" else None
            for order in shelf.orders if shelf else ():
                if isinstance(order, dict) and order.get("id") == order_id:
                    return json_answer(200, _success("documented") | {"data": {"order": order}})
        return fabric_error(404, message="Order not found.")


def _live_page(shelf: Shelf, request: Request) -> dict[str, Any]:
    offset, limit = 0, DEFAULT_LIMIT
    if shelf.honours_paging:
        offset = _number(request.value("offset"), 0)
        limit = _number(request.value("limit"), DEFAULT_LIMIT) or DEFAULT_LIMIT
    shown = offset if shelf.offset_shown is None else shelf.offset_shown
    query = {"offset": shown, "limit": limit, "totalOrders": len(shelf.orders)}
    return {"query": query, "orders": list(shelf.orders[offset : offset + limit])}


def _number(text: str | None, default: int) -> int:
    return int(text) if text and _NUMBER.fullmatch(text) else default


def _success(dialect: str) -> dict[str, Any]:
    stop = "." if dialect == "live" else ""
    return {"responseStatus": "OK", "message": f"Request processed successfully{stop}"}


def _filled_shelf(customer_id: str, today: datetime) -> Shelf | None:
    orders = fabric_customers.generate(customer_id, today)
    if orders is None:
        return None
    documented = customer_id in fabric_customers.DOCUMENTED
    shelf = Shelf(orders, dialect="documented" if documented else "live")
    if customer_id == customers.FABRIC_SHORT:
        return replace(shelf, honours_paging=False)
    if customer_id == customers.FABRIC_LETTER_OFFSET:
        return replace(shelf, offset_shown="t")
    if customer_id == customers.FABRIC_PARTIAL:
        lost = {"errorCode": "ITEM_NOT_FOUND", "errorMessage": "Two orders could not be read"}
        return replace(shelf, errors=(lost,))
    return shelf
