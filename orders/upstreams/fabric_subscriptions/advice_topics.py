"""Which of fabric's topics of advice an order calls for."""

from orders.domain.orders import Order
from orders.domain.retry_status import RetryStatus, is_pending, retry_family
from orders.domain.terms import plain_code
from orders.upstreams.fabric_subscriptions.advice import ORDERS

# Where another attempt follows, is late, or never comes.
_PHASES = {
    "will-retry": "pending",
    "overdue": "overdue",
    "retries-exhausted": "over",
    "failed-no-retry": "over",
}
_SETTLED = frozenset({"recovered", "canceled-while-retrying"})


def order_topics(order: Order, status: RetryStatus) -> list[str]:
    state = status.state.code
    if order.is_deleted and is_pending(order):
        is_under_way = plain_code(order.status.code) == "SUBMITTED"
        return ["fabric.deleted.SUBMITTED" if is_under_way else "fabric.deleted"]
    if state == "retrying-now":
        return ["fabric.retry.now"]
    if state in _PHASES:
        return _of_retries(order, status, _PHASES[state])
    topic = f"fabric.status.{plain_code(order.status.code) or 'none'}"
    if order.failure and f"{topic}.error" in ORDERS:
        topic = f"{topic}.error"
    topics = [topic if topic in ORDERS else "fabric.status.unknown"]
    return topics if state in _SETTLED else topics + _of_error(order)


def _of_retries(order: Order, status: RetryStatus, phase: str) -> list[str]:
    family = retry_family(order) or "unknown"
    topics = _of_error(order)
    if family == "payment" and status.card_has_expired:
        topics.append("fabric.card-expired")
    # Without the upstream's own reason, the status alone says what is to come.
    is_bare = (family, phase) == ("unknown", "pending")
    topics.append("fabric.status.RETRY" if is_bare else f"fabric.retry.{family}.{phase}")
    if status.state.code == "failed-no-retry":
        topics.append("fabric.status.FAILED")
    return topics


def _of_error(order: Order) -> list[str]:
    topic = f"fabric.error.{order.failure.code}" if order.failure else ""
    return [topic] if topic in ORDERS else []
