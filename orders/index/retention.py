"""Forgetting orders that nobody has seen for long, a slice at a time."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from orders.domain.standing import Outcome
from orders.index import company_names, watches
from orders.index.models import CustomerMonth, IndexedOrder, IndexedReference, StatusChange
from orders.index.pasted import forget_pasted
from orders.index.refresh_models import RefreshRun
from orders.index.seen_models import SeenAlert

# Rows looked at in one transaction: a writer of a page's waits no longer than for these.
SLICE = 2000


def forget_old() -> int:
    """Forget what was last seen before `INDEX_RETENTION_DAYS`; says how many orders that were."""
    before = timezone.now() - timedelta(days=settings.INDEX_RETENTION_DAYS)
    last = IndexedOrder.objects.aggregate(last=Max("pk"))["last"] or 0
    forgotten = 0
    # By the key: the instant has no tree of its own, since each look moves it.
    for start in range(0, last + 1, SLICE):
        with transaction.atomic():
            forgotten += _forget(list(_old(start, before)))
    StatusChange.objects.filter(seen_at__lt=before).delete()
    forget_pasted()
    watches.forget_old()
    company_names.forget_old()
    RefreshRun.objects.filter(ended_at__lt=before).delete()
    return forgotten


def _old(start: int, before: datetime) -> QuerySet[IndexedOrder]:
    return IndexedOrder.objects.filter(pk__gte=start, pk__lt=start + SLICE, last_seen__lt=before)


def _forget(orders: list[IndexedOrder]) -> int:
    if not orders:
        return 0
    keys = [order.pk for order in orders]
    values = sorted({value.partition(":")[2] for order in orders for value in order.numbers.split()})
    for start in range(0, len(values), 500):
        IndexedReference.objects.filter(value__in=values[start : start + 500], order_key__in=keys).delete()
    IndexedOrder.objects.filter(pk__in=keys).delete()
    SeenAlert.objects.filter(order__in=keys).delete()
    months: dict[int, set[int]] = {}
    for order in orders:
        months.setdefault(order.customer_id, set()).add(order.month)
    for customer, gone in months.items():
        if not IndexedOrder.objects.filter(customer=customer).exists():
            # Their offers, of which one row a customer is kept, are told by the customer alone.
            offers = IndexedReference.objects.filter(value__in=values, customer_key=customer, order_key=0)
            offers.delete()
        _count_anew(customer, gone)
    return len(keys)


def _count_anew(customer: int, months: set[int]) -> None:
    for month in months:
        outcomes = IndexedOrder.objects.filter(customer=customer, month=month).values_list(
            "outcome", flat=True
        )
        counts = Counter(outcomes)
        CustomerMonth.objects.filter(customer_key=customer, month=month).update(
            completed=counts[Outcome.COMPLETED],
            open=counts[Outcome.OPEN],
            failed=counts[Outcome.FAILED],
            other=counts[Outcome.OTHER],
        )
