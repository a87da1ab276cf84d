"""Which topics an order, or a failure, calls for. Its upstream knows what each of its states means."""

from orders.domain.results import OrderRow
from orders.upstreams import catalogue


def order_topics(row: OrderRow) -> list[str]:
    """In the order in which they are said; empty where the upstream ships no advice on it."""
    if row.source not in catalogue.names():
        return []
    description = catalogue.describe(row.source)
    if description.topics is not None:
        return description.topics(row.order, row.retry_status)
    topic = f"{row.source}.status.{row.order.status.code}"
    return [topic] if topic in description.order_advice else []


def failure_topics(source: str, vendor_code: str) -> list[str]:
    """What an upstream's error code means for a person on the line; empty where we know nothing of it."""
    topic = f"{source}.error.{vendor_code}"
    is_known = source in catalogue.names() and topic in catalogue.describe(source).refusal_advice
    return [topic] if is_known else []
