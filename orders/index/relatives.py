"""Which remembered orders of a customer have a subscription in common: a switch names nothing else."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from orders.index.models import IndexedCustomer, IndexedOrder, IndexedReference

_MOST_SUBSCRIPTIONS = 100
_MOST_ORDERS = 500


class RememberedOrder(NamedTuple):
    """Codes as they are remembered; `last_seen` is when the order looked like this."""

    order_id: str
    order_type: str
    status: str
    created_at: datetime | None
    total_quantity: int | None
    last_seen: datetime


def orders_of_subscriptions(
    source: str, customer_id: str, subscription_ids: Collection[str]
) -> list[RememberedOrder]:
    """Oldest first; those of one customer alone, whoever else had the same subscription."""
    customer = IndexedCustomer.objects.filter(source=source, customer_id=customer_id).first()
    if customer is None or not subscription_ids:
        return []
    keys = IndexedReference.objects.filter(
        value__in=list(subscription_ids)[:_MOST_SUBSCRIPTIONS],
        customer_key=customer.pk,
        kind=IndexedReference.Kind.SUBSCRIPTION,
        order_key__gt=0,
    ).values_list("order_key", flat=True)[:_MOST_ORDERS]
    orders = IndexedOrder.objects.filter(pk__in=set(keys), is_deleted=False).order_by(
        "created_at", "order_id"
    )
    return [RememberedOrder(*row) for row in orders.values_list(*RememberedOrder._fields)]
