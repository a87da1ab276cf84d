"""What needs somebody, read from what is remembered: facts that the clock turns into kinds of attention.

Every question goes through the orders that `is_alert` marks, of the customers that are given; whose customers
those are is for the caller to ask.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import TruncDate

from orders.index.models import IndexedCustomer, IndexedOrder
from orders.index.seen_models import SeenAlert
from orders.infrastructure.among import among

Customer = tuple[str, str]  # source and customer ID

# The gravest first: an order counts as the first of them that it is.
KINDS = ("retries-exhausted", "failed", "open-too-long", "promotion-refused", "will-retry")
_WILL_RETRY = KINDS.index("will-retry")
_NONE = len(KINDS)
_TOGETHER = 500


class Sieve(msgspec.Struct, frozen=True, kw_only=True):
    """What of it is wanted; nothing given is all. `seen` is None for both."""

    kinds: tuple[str, ...] = ()
    seen: bool | None = None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One order that needs somebody, as it was when it was last seen. Codes are as in `IndexedOrder`."""

    source: str
    customer_id: str
    order_id: str
    kind: str
    is_seen: bool
    status: str
    line_statuses: str
    promotion_results: str
    error_code: str
    retry_used: int | None
    retry_allowed: int | None
    open_since: datetime | None
    next_attempt: datetime | None
    is_estimated: bool
    changed_at: datetime
    last_seen: datetime


def keys_of(customers: Iterable[Customer]) -> dict[int, Customer]:
    """The numbers of those customers of whom any order is remembered."""
    wanted = set(customers)
    if not wanted:
        return {}  # PostgreSQL can't tell whether no keys are numbers or texts
    ids = {customer_id for _, customer_id in wanted}
    rows = IndexedCustomer.objects.filter(customer_id__in=among(ids)).values_list(
        "pk", "source", "customer_id"
    )
    return {pk: (source, customer_id) for pk, source, customer_id in rows if (source, customer_id) in wanted}


def alerts(
    keys: Collection[int], sieve: Sieve, *, person_id: int, now: datetime
) -> QuerySet[IndexedOrder, IndexedOrder]:
    """The orders, with `rank` (the kind's place in `KINDS`) and `is_seen`; in no order."""
    rows: QuerySet[Any] = (
        IndexedOrder.objects.filter(is_alert=True, customer__in=among(keys))
        .annotate(rank=_rank(now))
        .filter(rank__lt=_NONE)
    )
    seen = SeenAlert.objects.filter(
        person=person_id, order=OuterRef("pk"), kind=OuterRef("rank"), changed_at__gte=OuterRef("changed_at")
    )
    rows = rows.annotate(is_seen=Exists(seen))
    if sieve.kinds:
        rows = rows.filter(rank__in=[KINDS.index(kind) for kind in sieve.kinds])
    return rows if sieve.seen is None else rows.filter(is_seen=sieve.seen)


def page(rows: QuerySet[Any], offset: int, limit: int) -> list[Alert]:
    """By kind; what will be tried again by when, all else by when it changed, newest first."""
    soonest = Case(When(rank=_WILL_RETRY, then=F("next_attempt")))
    ordered = rows.order_by("rank", soonest.asc(nulls_last=True), "-changed_at", "pk")
    shown = ordered.select_related("customer")[offset : offset + limit]
    return [_alert(row) for row in shown]


def counts(rows: QuerySet[Any]) -> Mapping[str, tuple[int, int]]:
    """By kind how many there are, and how many of them are unseen; kinds without any are left out."""
    found = rows.order_by().values_list("rank", "is_seen").annotate(number=Count("pk"))
    total: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    for rank, is_seen, number in found:
        total[KINDS[rank]] += number
        unseen[KINDS[rank]] += 0 if is_seen else number
    return {kind: (total[kind], unseen[kind]) for kind in KINDS if total[kind]}


def count_by_customer(rows: QuerySet[Any]) -> Mapping[int, int]:
    return dict(rows.order_by().values_list("customer").annotate(number=Count("pk")))


def kinds_by_customer(rows: QuerySet[Any]) -> Mapping[int, Mapping[str, int]]:
    """How many of each kind; kinds without any are left out."""
    found: dict[int, dict[str, int]] = {}
    counted = rows.order_by().values_list("customer", "rank").annotate(number=Count("pk"))
    for key, rank, number in counted:
        found.setdefault(key, {})[KINDS[rank]] = number
    return found


def attempts_by_day(rows: QuerySet[Any], until: datetime) -> Mapping[date, int]:
    """How many retries are to come on which day of the reader's zone."""
    coming = rows.filter(next_attempt__lt=until).order_by()
    days = coming.annotate(day=TruncDate("next_attempt")).values_list("day").annotate(number=Count("pk"))
    return dict(days)


def mark_seen(rows: QuerySet[Any], person_id: int) -> int:
    """These are seen as they are now; says how many."""
    marks = [
        SeenAlert(person_id=person_id, order_id=pk, kind=rank, changed_at=changed_at)
        for pk, rank, changed_at in rows.order_by().values_list("pk", "rank", "changed_at")
    ]
    SeenAlert.objects.bulk_create(
        marks,
        batch_size=_TOGETHER,
        update_conflicts=True,
        unique_fields=["person", "order"],
        update_fields=["kind", "changed_at"],
    )
    return len(marks)


def _rank(now: datetime) -> Case:
    recent = Q(is_unsettled=True) | Q(changed_at__gte=now - timedelta(days=settings.ATTENTION_DAYS))
    late = [
        Q(customer__source=source, open_since__lte=now - timedelta(hours=hours))
        for source, hours in settings.OPEN_TOO_LONG_HOURS.items()
    ]
    tests: Sequence[Q] = (
        Q(trouble="retries-exhausted") & recent,
        Q(trouble="failed") & recent,
        reduce(or_, late, Q(pk__in=[])),
        Q(promotion_refused=True) & recent,
        Q(next_attempt__isnull=False),
    )
    return Case(
        *(When(test, then=Value(place)) for place, test in enumerate(tests)),
        default=Value(_NONE),
        output_field=SmallIntegerField(),
    )


def _alert(row: Any) -> Alert:
    return Alert(
        source=row.customer.source,
        customer_id=row.customer.customer_id,
        kind=KINDS[row.rank],
        **{
            name: getattr(row, name)
            for name in Alert.__struct_fields__
            if name not in {"source", "customer_id", "kind"}
        },
    )
