"""fabric's contract: the order history of one customer, in either of its two dialects."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orders.sandbox import customers
from orders.sandbox.fabric import accounts, customer_profiles
from orders.sandbox.fabric.large_book import LargeBook
from orders.sandbox.http.messages import Answer, Request, json_answer
from orders.sandbox.http.tokens import TokenDesk
from orders.sandbox.http.vendor_errors import fabric_error

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
        self._large_book = LargeBook()
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
                case ["data-subscription", "v1", "customers", customer_id]:
                    return self._customer(customer_id)
                case ["data-subscription", "v1", "subscriptions"]:
                    return self._subscriptions(request)
                case ["data-subscription", "v1", "subscriptions", subscription_id]:
                    return self._subscription(subscription_id)
                case ["data-subscription", "v1", "orders", order_id, "trigger-now"]:
                    # This GET places the order in the real system: nobody may ever come here.
                    self.triggered.append(order_id)
                    data = {"order": {"id": order_id, "status": "SUBMITTED"}}
                    return json_answer(200, _success("documented") | {"data": data})
        return fabric_error(403, message="Unknown resource")

    @property
    def _today(self) -> datetime:
        return self._now().replace(hour=0, minute=0, second=0, microsecond=0)

    def _shelf(self, customer_id: str) -> Shelf | None:
        added = self._added.get(customer_id)
        if added is not None:
            return added
        living = self._large_book.orders(customer_id, self._now())
        if living is not None:
            return Shelf(living, dialect="documented")
        today = self._today
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

    def _customer(self, customer_id: str) -> Answer:
        shelf = self._shelf(customer_id)
        if shelf is None:
            malformed = not _ID.fullmatch(customer_id)
            return fabric_error(400, "INVALID_CUSTOMER_ID") if malformed else fabric_error(404)
        body = accounts.customer(customer_id, self._today, shelf.orders)
        answer = json_answer(200, body if customer_id in accounts.BARE else _success("live") | {"data": body})
        return _when(answer, customer_id)

    def _subscriptions(self, request: Request) -> Answer:
        """The search is a customer's ID, or a part of any; for some it is ignored, and all come."""
        search = request.value("search") or ""
        found = [row for each in self._searched(search) for row in self._rows(each)]
        if search not in accounts.UNSEARCHED and self._shelf(search) is None:
            found = [row for row in found if search in row["id"]]
        offset, limit = _number(request.value("offset"), 0), _number(request.value("limit"), DEFAULT_LIMIT)
        data = {
            "subscriptions": found[offset : offset + (limit or DEFAULT_LIMIT)],
            "query": {"limit": limit, "offset": offset, "count": len(found)},
        }
        return _when(json_answer(200, _success("live") | {"data": data}), search)

    def _searched(self, search: str) -> list[str]:
        if search in accounts.UNSEARCHED:
            return [customers.FABRIC_MAIN, search]
        if self._shelf(search) is not None:
            return [search]
        return [each.id for each in customers.ALL if each.source == "fabric" and each.fault is None]

    def _rows(self, customer_id: str) -> list[dict[str, Any]]:
        shelf = self._shelf(customer_id)
        return list(accounts.subscriptions(customer_id, self._today, shelf.orders)) if shelf else []

    def _subscription(self, subscription_id: str) -> Answer:
        if not _ID.fullmatch(subscription_id):
            return fabric_error(400, message="Invalid subscription id")
        for each in self._searched(""):
            rows = self._rows(each)
            # What an order still names may be gone.
            for row in rows[1:] if each in accounts.UNSEARCHED else rows:
                if row["id"] == subscription_id:
                    return json_answer(200, _success("live") | {"data": {"subscription": row}})
        return fabric_error(404, message="Subscription not found.")

    def _one(self, order_id: str) -> Answer:
        for customer in customers.ALL:
            shelf = self._shelf(customer.id) if customer.source == "fabric" else None
            for order in shelf.orders if shelf else ():
                if isinstance(order, dict) and order.get("id") == order_id:
                    return json_answer(200, _success("documented") | {"data": {"order": order}})
        return fabric_error(404, message="Order not found.")


def _when(answer: Answer, customer_id: str) -> Answer:
    """Some customers' panels are slow beside their orders."""
    return replace(answer, delay=accounts.SLOW_SECONDS) if customer_id in accounts.SLOW else answer


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
    orders = customer_profiles.generate(customer_id, today)
    if orders is None:
        return None
    documented = customer_id in customer_profiles.DOCUMENTED
    shelf = Shelf(orders, dialect="documented" if documented else "live")
    if customer_id == customers.FABRIC_SHORT:
        return replace(shelf, honours_paging=False)
    if customer_id == customers.FABRIC_LETTER_OFFSET:
        return replace(shelf, offset_shown="t")
    if customer_id == customers.FABRIC_PARTIAL:
        lost = {"errorCode": "ITEM_NOT_FOUND", "errorMessage": "Two orders could not be read"}
        return replace(shelf, errors=(lost,))
    return shelf
