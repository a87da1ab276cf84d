"""Which topics an order, or a failure, calls for."""

from orders.domain.line_agreement import disagreeing_lines
from orders.domain.orders import Order
from orders.domain.results import OrderRow
from orders.domain.retry_status import is_pending, retry_family
from orders.domain.terms import plain_code
from orders.presentation.texts.adobe_sentences import RETURNABLE
from orders.presentation.texts.advice.topics import TOPICS
from orders.presentation.texts.line_texts import gravest_first
from orders.upstreams import catalogue

_PREVIEWS = "PREVIEW"
# Where another attempt follows, is late, or never comes.
_PHASES = {
    "will-retry": "pending",
    "overdue": "overdue",
    "retries-exhausted": "over",
    "failed-no-retry": "over",
}
_SETTLED_TONES = frozenset({"good", "off"})
_SETTLED = frozenset({"recovered", "canceled-while-retrying"})


def order_topics(row: OrderRow) -> list[str]:
    """In the order in which they are said; empty where the upstream ships no advice on it."""
    match row.source:
        case "adobe":
            return _of_adobe(row.order)
        case "fabric":
            return _of_fabric(row)
    topic = f"{row.source}.status.{row.order.status.code}"
    return [topic] if topic in TOPICS else []


def failure_topics(source: str, vendor_code: str) -> list[str]:
    """What an upstream's error code means for a person on the line; empty where we know nothing of it."""
    topic = f"{source}.error.{vendor_code}"
    is_known = source in catalogue.names() and topic in catalogue.describe(source).refusal_advice
    return [topic] if is_known else []


def _of_adobe(order: Order) -> list[str]:
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
    return topic if topic in TOPICS else "adobe.status.unknown"


def _of_promotions(order: Order) -> list[str]:
    """Each result once."""
    topics = dict.fromkeys(f"adobe.promotion.{each.result.code or 'none'}" for each in order.promotions)
    return list(dict.fromkeys(topic if topic in TOPICS else "adobe.promotion.none" for topic in topics))


def _of_fabric(row: OrderRow) -> list[str]:
    order, state = row.order, row.retry_status.state.code
    if order.is_deleted and is_pending(order):
        is_under_way = plain_code(order.status.code) == "SUBMITTED"
        return ["fabric.deleted.SUBMITTED" if is_under_way else "fabric.deleted"]
    if state == "retrying-now":
        return ["fabric.retry.now"]
    if state in _PHASES:
        return _of_retries(row, _PHASES[state])
    topic = f"fabric.status.{plain_code(order.status.code) or 'none'}"
    if order.failure and f"{topic}.error" in TOPICS:
        topic = f"{topic}.error"
    topics = [topic if topic in TOPICS else "fabric.status.unknown"]
    return topics if state in _SETTLED else topics + _of_error(order)


def _of_retries(row: OrderRow, phase: str) -> list[str]:
    order = row.order
    family = retry_family(order) or "unknown"
    topics = _of_error(order)
    if family == "payment" and row.retry_status.card_has_expired:
        topics.append("fabric.card-expired")
    # Without the upstream's own reason, the status alone says what is to come.
    is_bare = (family, phase) == ("unknown", "pending")
    topics.append("fabric.status.RETRY" if is_bare else f"fabric.retry.{family}.{phase}")
    if row.retry_status.state.code == "failed-no-retry":
        topics.append("fabric.status.FAILED")
    return topics


def _of_error(order: Order) -> list[str]:
    topic = f"fabric.error.{order.failure.code}" if order.failure else ""
    return [topic] if topic in TOPICS else []
