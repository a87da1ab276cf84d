"""Who is read next, by whom, and how it ended: each step is one conditional statement, safe beside itself."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from orders.index.models import IndexedCustomer, IndexedOrder
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.infrastructure.among import among

Customer = tuple[str, str]  # source and customer ID

_TOGETHER = 400
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(days=1)
# Settled again within a moment of being created, or clocks that differ: read a little twice.
_OVERLAP = timedelta(minutes=5)


def begin(customers: Iterable[Customer], *, is_full: bool, by: str = "") -> RefreshRun | None:
    """A run over those that don't wait already; None where all of them do."""
    wanted = sorted(set(customers))
    now = timezone.now()
    with transaction.atomic():
        CustomerRefresh.objects.bulk_create(
            [CustomerRefresh(source=source, customer_id=customer_id) for source, customer_id in wanted],
            batch_size=_TOGETHER,
            ignore_conflicts=True,
        )
        run = RefreshRun.objects.create(began_at=now, customers=0, by=by)
        taken = 0
        for source in sorted({source for source, _ in wanted}):
            ids = [customer_id for named, customer_id in wanted if named == source]
            for start in range(0, len(ids), _TOGETHER):
                idle = CustomerRefresh.objects.filter(
                    source=source, customer_id__in=ids[start : start + _TOGETHER], run=None
                )
                taken += idle.update(
                    run=run,
                    is_whole=is_full,
                    reads_from="",
                    reads_to=None,
                    next_offset=0,
                    lease="",
                    lease_until=None,
                )
        if not taken:
            run.delete()
            return None
        RefreshRun.objects.filter(pk=run.pk).update(customers=taken)
        run.customers = taken
    return run


def waiting(customers: Collection[Customer]) -> list[Customer]:
    """Those of them that wait or are being read."""
    found = CustomerRefresh.objects.exclude(run=None).order_by("source", "customer_id")
    return [pair for pair in found.values_list("source", "customer_id") if pair in customers]


def states() -> dict[Customer, CustomerRefresh]:
    return {(each.source, each.customer_id): each for each in CustomerRefresh.objects.all()}


def abandoned() -> list[Customer]:
    """Those whose reader gave no sign of life in time."""
    lapsed = CustomerRefresh.objects.filter(lease_until__lt=timezone.now()).exclude(run=None)
    return list(lapsed.values_list("source", "customer_id"))


def forgotten() -> list[Customer]:
    """Some of those that have waited for long: whoever was to read them may have died before."""
    long_ago = timezone.now() - timedelta(minutes=10)
    rows = CustomerRefresh.objects.filter(run__began_at__lt=long_ago, lease="")
    return list(rows.order_by("pk").values_list("source", "customer_id")[:_TOGETHER])


def failed(customers: Collection[Customer]) -> list[CustomerRefresh]:
    """Those whose last read failed, in their order."""
    rows = CustomerRefresh.objects.filter(outcome=CustomerRefresh.Outcome.FAILED)
    return [
        row for row in rows.order_by("source", "customer_id") if (row.source, row.customer_id) in customers
    ]


class LastRead(NamedTuple):
    """How a customer's last read ended, and when the last one that succeeded began."""

    is_ok: bool = False
    error: str = ""
    read_at: datetime | None = None


def state_of(source: str, customer_id: str) -> CustomerRefresh | None:
    return CustomerRefresh.objects.filter(source=source, customer_id=customer_id).first()


def outcomes(customers: Iterable[Customer]) -> dict[Customer, LastRead]:
    """Of each of these; whoever was never read stands there as that."""
    wanted = list(customers)
    if not wanted:
        return {}
    of = CustomerRefresh.objects.filter(customer_id__in=among({customer_id for _, customer_id in wanted}))
    rows = of.values_list("source", "customer_id", "outcome", "error", "read_at")
    known = {
        (source, customer_id): LastRead(outcome == CustomerRefresh.Outcome.OK, error, read_at)
        for source, customer_id, outcome, error, read_at in rows
    }
    return {customer: known.get(customer, LastRead()) for customer in wanted}


class LeaseLost(Exception):
    """Somebody else reads this customer now."""


class Reading:
    """One customer, ours to read: until `done` or `failed`, or until the lease lapses."""

    def __init__(self, row: CustomerRefresh, lease: str) -> None:
        self.row = row
        self._lease = lease
        assert row.run_id is not None  # only those who wait are claimed
        self._run_id = row.run_id

    def started(self, *, is_whole: bool, reads_from: str, reads_to: datetime) -> None:
        self._write(is_whole=is_whole, reads_from=reads_from, reads_to=reads_to, next_offset=0)

    def page_written(self, next_offset: int, orders: int) -> None:
        """What stands before `next_offset` is in the index."""
        self._write(next_offset=next_offset, lease_until=_lease_end())
        RefreshRun.objects.filter(pk=self._run_id).update(orders=F("orders") + orders)

    def done(self, due_after: timedelta) -> RefreshRun | None:
        """The run, where this was the last of it."""
        row = self.row
        assert row.reads_to is not None  # `started`
        began = {"read_at": row.reads_to} | ({"read_whole_at": row.reads_to} if row.is_whole else {})
        return self._end(
            outcome=CustomerRefresh.Outcome.OK,
            error="",
            failures=0,
            due_at=timezone.now() + due_after,
            **began,
        )

    def failed(self, cause: str) -> RefreshRun | None:
        """Tried again after five minutes, then after twice as long each time, up to a day."""
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(self.row.failures, 10))
        return self._end(
            outcome=CustomerRefresh.Outcome.FAILED,
            error=cause[:32],
            failures=self.row.failures + 1,
            due_at=timezone.now() + wait,
        )

    def give_back(self) -> None:
        """Unfinished: whoever is next goes on where this one stopped."""
        self._write(lease="", lease_until=timezone.now())

    def _end(self, **fields: object) -> RefreshRun | None:
        run_id = self._run_id
        with transaction.atomic():
            self._write(**fields, tried_at=timezone.now(), run=None, lease="", lease_until=None)
            if fields["outcome"] == CustomerRefresh.Outcome.FAILED:
                RefreshRun.objects.filter(pk=run_id).update(failed=F("failed") + 1)
        return end(run_id)

    def _write(self, **fields: object) -> None:
        mine = CustomerRefresh.objects.filter(pk=self.row.pk, lease=self._lease)
        if not mine.update(**fields):
            raise LeaseLost
        for name, value in fields.items():
            if name != "run":
                setattr(self.row, name, value)


def claim(source: str, customer_id: str) -> Reading | None:
    """Ours from now on; None where nobody waits, or somebody is at it."""
    lease, now = uuid4().hex, timezone.now()
    free = CustomerRefresh.objects.filter(
        Q(lease="") | Q(lease_until__lt=now), source=source, customer_id=customer_id
    ).exclude(run=None)
    if not free.update(lease=lease, lease_until=_lease_end()):
        return None
    return Reading(CustomerRefresh.objects.get(source=source, customer_id=customer_id), lease)


def end(run_id: int) -> RefreshRun | None:
    """The run, if it is over and nobody has said so before."""
    over = RefreshRun.objects.filter(pk=run_id, ended_at=None)
    if CustomerRefresh.objects.filter(run=run_id).exists() or not over.update(ended_at=timezone.now()):
        return None
    return RefreshRun.objects.get(pk=run_id)


def forget(source: str, customer_id: str) -> RefreshRun | None:
    """A customer of no account any more. The run, where that was the last of it."""
    row = CustomerRefresh.objects.filter(source=source, customer_id=customer_id).first()
    if row is None:
        return None
    run_id = row.run_id
    row.delete()
    return None if run_id is None else end(run_id)


def read_from(row: CustomerRefresh) -> datetime | None:
    """Since when orders may be new or have changed; None: all of them have to be read.

    The earlier of the last read and the oldest order that the upstream may still change by itself.
    """
    return None if row.is_whole else changed_since(row)


def changed_since(row: CustomerRefresh) -> datetime | None:
    """As `read_from`, whatever the read under way is."""
    if row.read_at is None or row.read_whole_at is None:
        return None
    if row.read_whole_at < timezone.now() - timedelta(days=settings.REFRESH_FULL_DAYS):
        return None
    unsettled = _orders_of(row.source, row.customer_id).filter(is_unsettled=True)
    dates = list(unsettled.values_list("created_at", flat=True))
    if None in dates:
        return None
    return min([row.read_at - _OVERLAP, *(date for date in dates if date is not None)])


class LastSeen(NamedTuple):
    """An order as it is remembered."""

    status: str
    line_statuses: str
    changed_at: datetime
    last_seen: datetime


def last_seen(source: str, customer_id: str, order_ids: Collection[str]) -> dict[str, LastSeen]:
    """What is remembered of these orders, by order ID."""
    found = _orders_of(source, customer_id).filter(order_id__in=order_ids)
    return {row[0]: LastSeen(*row[1:]) for row in found.values_list("order_id", *LastSeen._fields)}


def created_since(source: str, customer_id: str, order_ids: Sequence[str], since: datetime) -> set[str]:
    """Those of these orders that are known to have been created then or later."""
    found = _orders_of(source, customer_id).filter(order_id__in=order_ids, created_at__gte=since)
    return set(found.values_list("order_id", flat=True))


def _orders_of(source: str, customer_id: str) -> QuerySet[IndexedOrder]:
    customers = IndexedCustomer.objects.filter(source=source, customer_id=customer_id)
    return IndexedOrder.objects.filter(customer__in=customers.values("pk"))


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.EXPORT_LEASE)
