"""The customers a person looked at last."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from orders.models import RecentCustomer

SHOWN = 10
KEPT = 50
# Paging through one customer's history shouldn't write to the database at every step.
WRITE_AGAIN_AFTER = timedelta(minutes=5)


def recent_customers(owner: User) -> QuerySet[RecentCustomer]:
    return RecentCustomer.objects.filter(owner=owner).order_by("-seen_at")[:SHOWN]


def remember(owner: User, source: str, customer_id: str) -> None:
    """Put a customer at the head of the person's list, and forget the oldest beyond `KEPT`."""
    now = timezone.now()
    mine = RecentCustomer.objects.filter(owner=owner)
    head = mine.order_by("-seen_at").first()
    if (
        head is not None
        and (head.source, head.customer_id) == (source, customer_id)
        and now - head.seen_at < WRITE_AGAIN_AFTER
    ):
        return
    mine.update_or_create(owner=owner, source=source, customer_id=customer_id, defaults={"seen_at": now})
    stale = mine.order_by("-seen_at").values_list("pk", flat=True)[KEPT:]
    if stale:
        mine.filter(pk__in=list(stale)).delete()
