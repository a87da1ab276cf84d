"""fabric's customers and subscriptions, drawn up from the orders that the sandbox has of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from orders.sandbox import customers
from orders.sandbox.fabric.order_book import Book, JsonObject, as_live, stamp

# Of whom every subscription is off; of whom a body comes without an envelope.
SWITCHED_OFF = frozenset({customers.FABRIC_SWITCHED_OFF})
BARE = frozenset({customers.FABRIC_BARE})
# Who gets a list that no search was applied to, and whose first subscription is gone.
UNSEARCHED = frozenset({customers.FABRIC_STRANGERS})
SLOW = frozenset({customers.FABRIC_SLOW_PANELS})
SLOW_SECONDS = 3.0


def customer(customer_id: str, today: datetime, orders: Sequence[Any]) -> JsonObject:
    """The customer as the live system has it; ACTIVE says nothing of the subscriptions."""
    book = Book(customer_id, today)
    body: JsonObject = as_live(book.order("SUCCESS", -1, changed=-1), customer_id)["customer"]
    rows = list(subscriptions(customer_id, today, orders))
    body["hasActiveSubscriptions"] = any(row["status"] == "ACTIVE" for row in rows)
    body["communicationPreference"] = {}
    return body


def subscriptions(customer_id: str, today: datetime, orders: Sequence[Any]) -> Iterator[JsonObject]:
    """One row for each subscription that an order names, newest order first."""
    owner = _owner(customer_id, today)
    seen: set[str] = set()
    for order in reversed([each for each in orders if isinstance(each, dict)]):
        lines = order.get("lineItems")
        for line in lines if isinstance(lines, list) else ():
            given = line.get("subscription") if isinstance(line, dict) else None
            which = given.get("id") if isinstance(given, dict) else None
            if not isinstance(which, str) or which in seen or not isinstance(line.get("item"), dict):
                continue
            seen.add(which)
            yield _row(customer_id, order, line, owner, today)


def _owner(customer_id: str, today: datetime) -> JsonObject:
    book = Book(customer_id, today)
    owner: JsonObject = as_live(book.order("SUCCESS", -1, changed=-1), customer_id)["customer"]
    owner["hasActiveSubscriptions"] = customer_id not in SWITCHED_OFF
    return owner


def _row(
    customer_id: str, order: JsonObject, line: JsonObject, owner: JsonObject, today: datetime
) -> JsonObject:
    plan = {name: value for name, value in line["subscription"].get("plan", {}).items() if name != "id"}
    is_bare = customer_id in BARE
    payment = order.get("paymentDetails") or {}
    if is_bare:
        month = today.replace(year=today.year - 1).strftime("%m/%y")
        payment = {"paymentIdentifier": {"cardIdentifier": "1234", "expiryDate": month}}
    return {
        "id": line["subscription"]["id"],
        "status": "INACTIVE" if customer_id in SWITCHED_OFF else "ACTIVE",
        "channel": "WEBSITE",
        "originOrderId": "70-11",
        "offsetDays": 2,
        "customer": owner,
        "customerReferenceId": None,
        "plan": plan,
        "item": line["item"],
        "offer": {} if is_bare else line.get("offer", {}),
        "expiry": {"billingCycles": 10},
        "shipping": line.get("shipping", {}),
        "shipTo": order.get("shipTo", {}),
        "billTo": order.get("billTo", {}),
        "paymentDetails": payment,
        "isDeleted": False,
        "deletedAt": None,
        "createdAt": stamp(today),
        "updatedAt": stamp(today),
    }
