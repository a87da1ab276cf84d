"""Reading customers of accounts in the background: who is due, one job for each, and what was left lying."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.index import refresh_state
from orders.index.refresh_models import RefreshRun
from orders.index.refresh_state import Customer, LeaseLost
from orders.infrastructure import jobs
from orders.people.models import AccountCustomer
from orders.services import refreshing
from orders.upstreams import registry


@jobs.task(queue_name=jobs.REFRESHES)
def refresh_customer(source: str, customer_id: str) -> None:
    """Read this customer, if they wait and nobody else is at it."""
    read(source, customer_id)


@jobs.task(queue_name=jobs.REFRESHES)
def start_due() -> None:
    """Begin a run over everybody whose turn it is."""
    for source, customer_id in refresh_state.forgotten():
        jobs.enqueue_once(refresh_customer, source, customer_id)
    due = list(_due())
    if due:
        start(due)


jobs.every(60, start_due)


@jobs.sweep
def resume_abandoned() -> None:
    """Readers that died leave a lease; whoever comes next goes on where they stopped."""
    for source, customer_id in refresh_state.abandoned():
        jobs.enqueue_once(refresh_customer, source, customer_id)


def start(customers: list[Customer], *, is_full: bool = False, by: str = "") -> RefreshRun | None:
    """A run over these, with a job for each; None where all of them wait already."""
    with transaction.atomic():
        run = refresh_state.begin(customers, is_full=is_full, by=by)
        if run is not None:
            for source, customer_id in run.waiting.values_list("source", "customer_id"):
                refresh_customer.enqueue(source, customer_id)
    return run


def read(source: str, customer_id: str) -> bool:
    """Read this customer, unless somebody else is at it; whether it was us."""
    reading = refresh_state.claim(source, customer_id)
    if reading is None:
        return False
    rows = AccountCustomer.objects.filter(source=source, customer_id=customer_id)
    minutes = rows.values_list("account__refresh_minutes", flat=True).first()
    if not rows.exists():
        refreshing.note_end(refresh_state.forget(source, customer_id))
        return True
    minutes = settings.REFRESH_MINUTES if minutes is None else minutes
    with suppress(LeaseLost):  # whoever has it now goes on
        refreshing.read(reading, timedelta(minutes=minutes))
    return True


def customers_of_accounts(*, account: str = "", source: str = "") -> list[Customer]:
    """Those that can be asked for; `account` is its name."""
    rows = AccountCustomer.objects.order_by("source", "customer_id")
    if account:
        rows = rows.filter(account__name=account)
    if source:
        rows = rows.filter(source=source)
    return [pair for pair in rows.values_list("source", "customer_id") if can_be_asked(pair[0])]


def can_be_asked(source: str) -> bool:
    """Whether there is such an upstream, and it has credentials."""
    try:
        return registry.is_configured(source)
    except KeyError:  # an account may name an upstream that is gone
        return False


def _due() -> Iterator[Customer]:
    """Everybody whose time has come. Who failed has a later one; who was never read has none."""
    now, states = timezone.now(), refresh_state.states()
    rows = AccountCustomer.objects.values_list("source", "customer_id", "account__refresh_minutes")
    for source, customer_id, own in rows:
        minutes = settings.REFRESH_MINUTES if own is None else own
        state = states.get((source, customer_id))
        is_idle = state is None or (state.run_id is None and (state.due_at is None or state.due_at <= now))
        if minutes and is_idle and can_be_asked(source):
            yield source, customer_id
