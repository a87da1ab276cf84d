"""Which remembered orders and customers a number belongs to. Whose they are is for the caller to ask."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F

from orders.index.models import IndexedCustomer, IndexedOrder, IndexedReference

Kind = IndexedReference.Kind

# A number that stands in more orders than this leads to their customers; nobody reads so many lines.
MOST_ORDERS = 200


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A customer, or one of their orders, that has the number. It is known since `first_seen`; `last_seen` is
    when it looked like this.
    """

    source: str
    customer_id: str
    order_id: str = ""
    order_type: str = ""
    status: str = ""
    created_at: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    @property
    def customer(self) -> tuple[str, str]:
        return self.source, self.customer_id


def find(numbers: Collection[str]) -> Mapping[str, tuple[Hit, ...]]:
    """For each number its customers, then its orders, each once: by their own ID, their reference, their
    subscriptions. A number that is remembered of nobody has no hits; four questions, whatever is found.
    """
    found: dict[str, dict[Hit, None]] = {number: {} for number in numbers}
    customers = IndexedCustomer.objects.filter(customer_id__in=numbers).order_by("source")
    for source, customer_id in customers.values_list("source", "customer_id"):
        found[customer_id][Hit(source=source, customer_id=customer_id)] = None
    for number, hit in _orders("order_id", {number: [number] for number in numbers}):
        found[number][hit] = None
    references = IndexedReference.objects.filter(
        value__in=numbers, kind__in=(Kind.REFERENCE, Kind.SUBSCRIPTION), order_key__gt=0
    ).order_by("value", "customer_key", "order_key")
    numbers_of: dict[int, list[str]] = {}
    for value, order_key in references.values_list("value", "order_key")[: MOST_ORDERS * len(found) + 1]:
        numbers_of.setdefault(order_key, []).append(value)
    for number, hit in _orders("pk", numbers_of):
        found[number][hit] = None
    return {number: tuple(hits) for number, hits in found.items()}


def _orders(column: str, numbers_of: Mapping[Any, list[str]]) -> list[tuple[str, Hit]]:
    """The orders whose `column` is one of the keys, each with the numbers it is looked for by; newest
    first.
    """
    # Nothing is asked for like something, so that time tells nothing of what there is.
    orders = IndexedOrder.objects.filter(**{f"{column}__in": list(numbers_of) or [0]}).order_by(
        F("created_at").desc(nulls_last=True), "order_id"
    )
    rows = orders.values_list(
        column,
        "customer__source",
        "customer__customer_id",
        "order_id",
        "order_type",
        "status",
        "created_at",
        "first_seen",
        "last_seen",
    )
    return [
        (
            number,
            Hit(
                source=source,
                customer_id=customer_id,
                order_id=order_id,
                order_type=order_type,
                status=status,
                created_at=created_at,
                first_seen=first_seen,
                last_seen=last_seen,
            ),
        )
        for key, source, customer_id, order_id, order_type, status, created_at, first_seen, last_seen in rows
        for number in numbers_of[key]
    ]
