"""Orders as the adapters make them, for what is remembered of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from orders.domain.orders import Line, Order
from orders.index import write_now
from orders.upstreams.adobe_vip_marketplace import terms

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SUBSCRIPTION = "8a1f00000000000000000000000042NA"


def adobe_order(order_id: str = "5883578824", *, status: str = "1000", **given: Any) -> Order:
    lines = given.pop("lines", None)
    return Order(
        **{
            "order_id": order_id,
            "customer_id": "1000000007",
            "status": terms.status(status),
            "order_type": terms.order_type("NEW"),
            "external_reference_id": "PO-77",
            "created_at": NOON - timedelta(days=1),
            "lines": (adobe_line(status=status),) if lines is None else lines,
            **given,
        }
    )


def adobe_line(*, status: str = "1000", **given: Any) -> Line:
    return Line(
        **{
            "number": "1",
            "offer_id": "71104418CA01A12",
            "quantity": 3,
            "subscription_id": SUBSCRIPTION,
            "status": terms.status(status),
            **given,
        }
    )


def see(*orders: Order, after: float = 0, customer_id: str = "1000000007", source: str = "adobe") -> int:
    """So many minutes after noon, an upstream sent these."""
    return write_now(source, customer_id, orders, seen_at=NOON + timedelta(minutes=after))
