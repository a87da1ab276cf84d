"""What the orders that were seen tell of their customer."""

from datetime import datetime

from django.db.models import Min

from orders.index.models import IndexedCustomer, IndexedOrder

# Orders that begin something; a renewal or a return says nothing of a first day.
_PURCHASES = ("NEW", "TRANSFER")


def is_known(source: str, customer_id: str) -> bool:
    """Whether an order of theirs has been seen."""
    return IndexedCustomer.objects.filter(source=source, customer_id=customer_id).exists()


def next_order_at(source: str, customer_id: str, now: datetime) -> datetime | None:
    """When the earliest order that is still to come is due, of those that are remembered."""
    orders = IndexedOrder.objects.filter(
        customer__source=source, customer__customer_id=customer_id, is_deleted=False
    )
    scheduled = orders.filter(status="SCHEDULED", scheduled_at__gt=now).aggregate(at=Min("scheduled_at"))[
        "at"
    ]
    retried = orders.filter(is_unsettled=True, next_attempt__gt=now).aggregate(at=Min("next_attempt"))["at"]
    return min(filter(None, (scheduled, retried)), default=None)


def oldest_purchase(source: str, customer_id: str) -> datetime | None:
    """Of the orders that are remembered: there may have been older ones."""
    oldest: datetime | None = IndexedOrder.objects.filter(
        customer__source=source, customer__customer_id=customer_id, order_type__in=_PURCHASES
    ).aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def known_customers(most: int) -> list[tuple[str, str]]:
    """Those of whom an order has been seen, as source and customer ID; the ones that were new last first."""
    rows = IndexedCustomer.objects.order_by("-pk").values_list("source", "customer_id")
    return list(rows[:most])
