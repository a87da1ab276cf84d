"""Figures of many customers, from what is remembered. Whose customers those are is for the caller to ask.

Customers are given by their numbers (`orders.index.attention.keys_of`). Every question is answered from an
index of the database, and none reads what a customer ordered long ago.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import msgspec
from django.db import connection
from django.db.models import Count, Min, OuterRef, Subquery

from orders.domain.month_counts import MonthCounts
from orders.index import attention
from orders.index.models import CustomerMonth, IndexedCustomer, IndexedOrder, StatusChange
from orders.index.seen_models import ReadChanges
from orders.infrastructure.among import among, array_of

RECENT_DAYS = 30
MOST_DAYS_OF_CHANGES = 7


_COUNTS = ", ".join(f"SUM(m.{name})" for name in MonthCounts._fields)
_GROUPS = {
    "postgresql": "unnest(%s::bigint[], %s::bigint[]) AS g(customer, belongs_to)",
    "sqlite": "(SELECT CAST(key AS INTEGER) AS customer, value AS belongs_to FROM json_each(%s)) g",
}
_BY_MONTH = {
    vendor: f"SELECT g.belongs_to, m.month, {_COUNTS} FROM {groups} "  # noqa: S608 - names of ours
    f"JOIN {CustomerMonth._meta.db_table} m ON m.customer_key = g.customer "
    "WHERE m.month BETWEEN %s AND %s GROUP BY g.belongs_to, m.month"
    for vendor, groups in _GROUPS.items()
}
_NUMBERS = ("recent", "failed", "open", "open_too_long", "will_retry", "promotions_refused")
_numbers_of = attrgetter(*_NUMBERS)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """`recent` were created in the last `RECENT_DAYS`; `open` ones are worked on, or due, since
    `oldest_open` at the longest. The other numbers are those of the board of what needs somebody.
    """

    recent: int = 0
    failed: int = 0
    open: int = 0
    open_too_long: int = 0
    will_retry: int = 0
    promotions_refused: int = 0
    last_order: datetime | None = None
    oldest_open: datetime | None = None


def together(many: Iterable[Figures]) -> Figures:
    """Of several customers."""
    numbers = [0] * len(_NUMBERS)
    last: datetime | None = None
    oldest: datetime | None = None
    for each in many:
        for place, number in enumerate(_numbers_of(each)):
            numbers[place] += number
        if each.last_order is not None and (last is None or each.last_order > last):
            last = each.last_order
        if each.oldest_open is not None and (oldest is None or each.oldest_open < oldest):
            oldest = each.oldest_open
    return Figures(**dict(zip(_NUMBERS, numbers, strict=True)), last_order=last, oldest_open=oldest)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was seen in another state than before, between two instants; a new one has no `was`.

    States are codes; `lines_were` and `lines_now` are as in `IndexedOrder`.
    """

    source: str
    customer_id: str
    order_id: str
    was: str = ""
    now: str
    lines_were: str = ""
    lines_now: str = ""
    seen_at: datetime


def figures(keys: Collection[int], *, now: datetime) -> dict[int, Figures]:
    """By customer; those of whom no order is remembered stand there with none."""
    orders = IndexedOrder.objects.filter(customer__in=among(keys)).order_by()
    recent = dict(
        orders.filter(created_at__gte=now - timedelta(days=RECENT_DAYS))
        .values_list("customer")
        .annotate(number=Count("pk"))
    )
    begun = orders.filter(is_alert=True, open_since__lte=now).values_list("customer")
    opened = {key: (number, since) for key, number, since in begun.annotate(Count("pk"), Min("open_since"))}
    needing = attention.alerts(keys, attention.Sieve(), person_id=0, now=now)
    by_kind = attention.kinds_by_customer(needing)
    last = _last_orders(keys)
    return {
        key: Figures(
            recent=recent.get(key, 0),
            failed=kinds.get("failed", 0) + kinds.get("retries-exhausted", 0),
            open=opened.get(key, (0, None))[0],
            open_too_long=kinds.get("open-too-long", 0),
            will_retry=kinds.get("will-retry", 0),
            promotions_refused=kinds.get("promotion-refused", 0),
            last_order=last.get(key),
            oldest_open=opened.get(key, (0, None))[1],
        )
        for key in keys
        for kinds in (by_kind.get(key, {}),)
    }


def by_month(groups: Mapping[int, int], first: int, last: int) -> list[tuple[int, int, MonthCounts]]:
    """Group, month (as in `IndexedOrder`; both ends included) and its counts, where there are any.

    `groups` has the group of each customer: the database adds them up, since of 2,000 customers twelve
    months each are 24,000 rows to read.
    """
    if not groups:
        return []
    if connection.vendor == "postgresql":
        given = [array_of(groups), array_of(groups.values())]
    else:
        given = [json.dumps(groups)]
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH[connection.vendor], [*given, first, last])
        return [(group, month, MonthCounts(*counts)) for group, month, *counts in cursor.fetchall()]


def together_by_month(rows: Iterable[tuple[int, int, MonthCounts]]) -> dict[int, MonthCounts]:
    """Of all groups; what `by_month` gave."""
    found: dict[int, list[int]] = {}
    for _, month, counts in rows:
        total = found.setdefault(month, [0] * len(counts))
        for place, number in enumerate(counts):
            total[place] += number
    return {month: MonthCounts(*total) for month, total in found.items()}


def changes(keys: Mapping[int, tuple[str, str]], since: datetime, most: int) -> tuple[list[Change], int]:
    """What was seen to change, or was created and first seen, since then: the newest, and how many."""
    changed = StatusChange.objects.filter(customer__in=among(keys), seen_at__gt=since)
    created = IndexedOrder.objects.filter(
        customer__in=among(keys), created_at__gt=since, first_seen__gt=since
    )
    found = [
        _change(keys, *row)
        for row in changed.order_by("-seen_at", "pk").values_list(
            "customer", "order_id", "now", "lines_now", "seen_at", "was", "lines_were"
        )[:most]
    ]
    found += [
        _change(keys, *row)
        for row in created.order_by("-first_seen", "pk").values_list(
            "customer", "order_id", "status", "line_statuses", "first_seen"
        )[:most]
    ]
    found.sort(key=lambda each: each.seen_at, reverse=True)
    return found[:most], changed.count() + created.count()


def changes_since(person_id: int, now: datetime) -> datetime:
    """Since when changes are new to this person: since they said that they had read them, or for a week."""
    earliest = now - timedelta(days=MOST_DAYS_OF_CHANGES)
    read_at = ReadChanges.objects.filter(person=person_id).values_list("read_at", flat=True).first()
    return earliest if read_at is None else max(read_at, earliest)


def mark_changes_read(person_id: int, at: datetime) -> None:
    """What was seen after `at` is still new."""
    ReadChanges.objects.update_or_create(person_id=person_id, defaults={"read_at": at})


def newest_orders(keys: Collection[int], offset: int, limit: int) -> tuple[Sequence[IndexedOrder], int]:
    """Orders of these customers in one list, the newest first, those without a date last; and how many."""
    rows = IndexedOrder.objects.filter(customer__in=among(keys))
    ordered = rows.order_by("-month", "-created_at", "pk").select_related("customer")
    return list(ordered[offset : offset + limit]), rows.count()


def _change(
    keys: Mapping[int, tuple[str, str]],
    key: Any,
    order_id: str,
    now: str,
    lines_now: str,
    seen_at: datetime,
    was: str = "",
    lines_were: str = "",
) -> Change:
    source, customer_id = keys[key]
    return Change(
        source=source,
        customer_id=customer_id,
        order_id=order_id,
        was=was,
        now=now,
        lines_were=lines_were,
        lines_now=lines_now,
        seen_at=seen_at,
    )


def _last_orders(keys: Collection[int]) -> dict[int, datetime]:
    newest = IndexedOrder.objects.filter(customer=OuterRef("pk"), created_at__isnull=False)
    dates = newest.order_by("-created_at").values("created_at")[:1]
    rows = IndexedCustomer.objects.filter(pk__in=among(keys)).annotate(last=Subquery(dates))
    return {key: last for key, last in rows.values_list("pk", "last") if last is not None}
