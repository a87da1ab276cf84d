"""Orders watched until they settle: who may, one call for all who watch, and word of how it ended.

It is always asked live, in the background, with the refreshes' urgency. Each watcher's rights and scope are
asked for anew before; a watch that is no longer allowed ends, and says so.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from orders.domain.errors import NotFound, UpstreamError
from orders.domain.granted_rights import Right, Rights
from orders.domain.standing import standing
from orders.domain.urgency import Urgency
from orders.index import watches, write_now
from orders.index.watch_models import Watch, WatchedOrder
from orders.index.watches import End, Watched
from orders.infrastructure import jobs
from orders.ledger import Action, record
from orders.people import notices
from orders.people.notices import What
from orders.people.permissions import is_in_scope, rights_of, those_in_scope
from orders.services.guard import Target, admit, guarded, hold_to_limits, name_customers
from orders.upstreams import catalogue, registry

__all__ = ["Watched", "ended_count", "is_watching", "start", "stop", "watched"]

MOST = 100  # watches of a person that go on

_TOLD = {
    End.SETTLED: What.WATCH_SETTLED,
    End.OVER: What.WATCH_OVER,
    End.GONE: What.WATCH_GONE,
    End.REFUSED: What.WATCH_REFUSED,
}


class TooManyWatches(Exception):
    """Somebody watches as many orders as one may."""


def start(actor: User, source: str, customer_id: str, order_id: str, rights: Rights | None = None) -> bool:
    """Watch an order of a customer of theirs; whether they did not yet. Raises `TooManyWatches`."""
    target = Target(source, customer_id, order_id, details={"watch": "begun"})
    admit(Action.WATCH, Right.VIEW, actor=actor, target=target, rights=rights)
    hold_to_limits(Action.WATCH, actor, target)
    if watches.running(actor) >= MOST and not watches.is_watching(actor, source, customer_id, order_id):
        raise TooManyWatches
    with transaction.atomic():
        is_new = watches.begin(actor, source, customer_id, order_id)
        record(Action.WATCH, actor=actor, **target.columns)
    return is_new


def stop(actor: User, source: str, customer_id: str, order_id: str) -> bool:
    """Whether they watched it. Their own watch they may end, whosever the customer is by now."""
    with transaction.atomic():
        was_watching = watches.stop(actor, source, customer_id, order_id)
        if was_watching:
            _write_down(actor, source, customer_id, order_id, End.STOPPED)
    return was_watching


def is_watching(actor: User, source: str, customer_id: str, order_id: str) -> bool:
    return watches.is_watching(actor, source, customer_id, order_id)


def watched(*, actor: User, rights: Rights | None = None) -> list[tuple[Watched, bool]]:
    """Each watch of theirs, and whether its order is still theirs to see; written down as a look at those."""
    details: dict[str, object] = {"page": "watching"}
    with guarded(
        Action.WATCH, Right.VIEW, actor=actor, target=Target(details=details), rights=rights
    ) as look:
        found = watches.watches_of(actor)
        theirs = those_in_scope(actor, look.rights, {(each.source, each.customer_id) for each in found})
        name_customers(theirs, details)
        look.row_count = len(found)
    return [(each, (each.source, each.customer_id) in theirs) for each in found]


def ended_count(actor: User, rights: Rights | None = None) -> int:
    """A number alone, asked for again and again: it is not written down."""
    admit(Action.WATCH, Right.VIEW, actor=actor, target=Target(), rights=rights)
    return watches.ended_count(actor)


@jobs.sweep
def ask_due() -> None:
    for order in watches.take_due():
        jobs.enqueue_once(ask_watched, order.pk)


@jobs.task(queue_name=jobs.WATCHES)
def ask_watched(pk: int) -> None:
    """Ask for one order, for all who may still watch it."""
    order = WatchedOrder.objects.filter(pk=pk).first()
    if order is None:
        return
    for watch in watches.watchers(order):
        if not _may_watch(watch.person, order):
            _end(order, watch, End.REFUSED)
        elif watch.begun_at < timezone.now() - watches.LONGEST:
            _end(order, watch, End.OVER)
    if not watches.watchers(order).exists():
        watches.answered(order)
        return
    if order.source not in catalogue.names():  # rows outlive the upstream that they name
        watches.failed(order, "not-configured")
        return
    try:
        is_settled = _ask(order)
    except NotFound:
        _end_all(order, End.GONE)
    except UpstreamError as error:
        watches.failed(order, error.cause)
        return
    else:
        if is_settled:
            _end_all(order, End.SETTLED)
    watches.answered(order)


def _ask(order: WatchedOrder) -> bool:
    """Whether it has settled; what came is remembered."""
    fetched = registry.connect(order.source).get_order(
        order.customer_id, order.order_id, urgency=Urgency.REFRESH
    )
    found = fetched.parsed.order
    write_now(order.source, order.customer_id, [found], seen_at=timezone.now())
    return not standing(found).is_unsettled


def _may_watch(person: User, order: WatchedOrder) -> bool:
    rights = rights_of(person)
    return Right.VIEW in rights and is_in_scope(person, rights, order.source, order.customer_id)


def _end_all(order: WatchedOrder, how: End) -> None:
    for watch in watches.watchers(order):
        _end(order, watch, how)


def _end(order: WatchedOrder, watch: Watch, how: End) -> None:
    """Once, whoever else is at it."""
    with transaction.atomic():
        if not watches.end(watch, how):
            return
        _write_down(watch.person, order.source, order.customer_id, order.order_id, how)
        place = f"/{order.source}/customers/{order.customer_id}/orders/{order.order_id}/"
        address = "/watching/" if how == End.REFUSED else place
        notices.tell(watch.person, _TOLD[how], subject=order.order_id, address=address)


def _write_down(person: User, source: str, customer_id: str, order_id: str, how: End) -> None:
    record(
        Action.WATCH,
        actor=person,
        source=source,
        customer_id=customer_id,
        order_id=order_id,
        outcome="refused-scope" if how == End.REFUSED else "ok",
        details={"watch": str(how)},
    )
