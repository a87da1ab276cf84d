"""Which of Adobe's topics of advice an order calls for."""

from orders.domain.line_agreement import disagreeing_lines, gravest_first
from orders.domain.orders import Order
from orders.domain.retry_status import RetryStatus
from orders.upstreams.adobe_vip_marketplace.advice import ORDERS
from orders.upstreams.adobe_vip_marketplace.terms import RETURNABLE

_PREVIEWS = "PREVIEW"
_SETTLED_TONES = frozenset({"good", "off"})


def order_topics(order: Order, _: RetryStatus) -> list[str]:
    if order.order_type.code.startswith(_PREVIEWS):
        return ["adobe.preview"]
    mix = gravest_first(disagreeing_lines(order))
    if mix:
        topics = [f"adobe.lines.{term.tone if term.known else 'unknown'}" for term, _ in mix]
        # Of an order that is settled, the lines have just said that it isn't.
        if not (order.status.known and order.status.tone in _SETTLED_TONES):
            topics.insert(0, _status_topic(order))
    else:
        topics = [_status_topic(order)]
    # What did not go through has had no use of its promotions.
    return topics if order.status.tone == "bad" else topics + _of_promotions(order)


def _status_topic(order: Order) -> str:
    if order.status.code == "1008" and order.order_type.code not in RETURNABLE:
        return "adobe.cancelled"
    topic = f"adobe.status.{order.status.code or 'none'}"
    return topic if topic in ORDERS else "adobe.status.unknown"


def _of_promotions(order: Order) -> list[str]:
    """Each result once."""
    topics = dict.fromkeys(f"adobe.promotion.{each.result.code or 'none'}" for each in order.promotions)
    return list(dict.fromkeys(topic if topic in ORDERS else "adobe.promotion.none" for topic in topics))
