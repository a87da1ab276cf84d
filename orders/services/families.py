"""An order with its relatives, for a panel beside it: few calls, within a budget of their own.

Each call is a look of its own: admitted, masked and written down like any other. Where one fails that is not
for the order itself, the rest is shown, and nothing is computed from what may be missing.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from orders.domain.errors import UpstreamError
from orders.domain.exchanges import Exchange
from orders.domain.families import TAKES_BACK, Family, Relation, Relative, family_of
from orders.domain.freshness import ASKED_NOW, Freshness, Takes
from orders.domain.granted_rights import Right, Rights
from orders.domain.masking import Masker
from orders.domain.orders import Order
from orders.domain.queries import FetchedOrder, FetchedPage, ParsedPage
from orders.domain.terms import read
from orders.index import remember
from orders.index.relatives import RememberedOrder, orders_of_subscriptions
from orders.ledger import Action
from orders.people.permissions import Person, scope_of
from orders.services import saved_answers
from orders.services.guard import GuardedCall, Target, guarded
from orders.services.saved_answers import Answered, Saved, SavedAnswers, Wish
from orders.upstreams import catalogue, registry

# Seconds, and calls, for all that the panel asks.
BUDGET = 5.0
MOST_CALLS = 4
_MOST_BY_SUBSCRIPTION = 10
_EVER = "2000-01-01"
# What may have moved seats of an order that was made before, and names none; what one may have been made of.
_FOLLOWING = frozenset({"SWITCH", "RENEWAL"})
_PRECEDING = {"SWITCH": frozenset({"NEW", "TRANSFER", "RENEWAL"}), "RENEWAL": frozenset({"NEW", "TRANSFER"})}

_Fetched = TypeVar("_Fetched", FetchedOrder, FetchedPage)
_referring: SavedAnswers[FetchedPage] = SavedAnswers("referring", Saved[FetchedPage])


class FamilyDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The family, and the call for the order itself. `failures` are those of its relatives."""

    family: Family
    exchange: Exchange
    fetched_at: datetime
    freshness: Freshness = ASKED_NOW
    failures: tuple[UpstreamError, ...] = ()


def get_family(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    order_id: str,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
    rights: Rights | None = None,
) -> FamilyDetails:
    """Raises `UpstreamError` where the order itself can't be had."""
    asking = _Asking(actor, source, customer_id, takes, rights)
    own = asking.order(order_id, correlation_id)
    shown = own.fetched.parsed.order
    original = None
    named = shown.reference_order_id
    if named and named != order_id:
        with asking.apart():
            original = asking.order(named).fetched.parsed.order
    roots = [original.order_id] if original is not None else []
    if shown.order_type.code not in TAKES_BACK:
        roots.append(order_id)
    referring: list[Order] = []
    is_complete = True
    for root, made in ((each, original if each == named else shown) for each in roots):
        before = len(asking.failures)
        with asking.apart():
            page = asking.referring(root, made)
            referring += page.orders
            is_complete = is_complete and page.is_whole and not page.lost
        is_complete = is_complete and len(asking.failures) == before
    masked = asking.masked
    about = original if original is not None and shown.order_type.code in TAKES_BACK else shown
    family = family_of(
        masked(shown),
        original=None if original is None else masked(original),
        referring=[masked(each) for each in referring],
        by_subscription=_by_subscription(asking, about),
        is_complete=is_complete and bool(roots),
        today=datetime.now(UTC).date(),
    )
    return FamilyDetails(
        family=family,
        exchange=own.fetched.exchange,
        fetched_at=own.at,
        freshness=own.freshness,
        failures=tuple(asking.failures),
    )


@dataclass
class _Asking:
    """The calls for one panel: who asks, how many were made, and what failed."""

    actor: Person
    source: str
    customer_id: str
    takes: Takes
    rights: Rights | None
    failures: list[UpstreamError] = field(default_factory=list)
    calls: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + BUDGET)

    @property
    def may_ask(self) -> bool:
        return self.calls < MOST_CALLS and time.monotonic() < self.until

    def masked(self, order: Order) -> Order:
        return Masker(self.rights or Rights()).mask(order)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What fails within is kept, and the panel goes on."""
        try:
            yield
        except UpstreamError as error:
            self.failures.append(error)

    def order(self, order_id: str, correlation_id: str = "") -> Answered[FetchedOrder]:
        target = Target(self.source, self.customer_id, order_id, details={"panel": "family"})
        with guarded(
            Action.VIEW_ORDER, Right.VIEW, actor=self.actor, target=target, rights=self.rights
        ) as look:
            answered = self._told(
                look,
                saved_answers.orders,
                (self.customer_id, order_id, ""),
                lambda: registry.connect_family(self.source).get_relative(
                    self.customer_id, order_id, deadline=self.until, correlation_id=correlation_id
                ),
                is_retry=bool(correlation_id),
            )
            look.row_count = 1
        if answered.freshness.is_live:
            remember(self.source, self.customer_id, (answered.fetched.parsed.order,), seen_at=answered.at)
        return answered

    def referring(self, order_id: str, made: Order | None) -> ParsedPage:
        when = made.created_at if made is not None else None
        since = _EVER if when is None else when.astimezone(UTC).date().isoformat()
        details = {"panel": "family", "reference_order_id": order_id}
        target = Target(self.source, self.customer_id, details=details)
        with guarded(
            Action.VIEW_LIST, Right.VIEW, actor=self.actor, target=target, rights=self.rights
        ) as look:
            answered = self._told(
                look,
                _referring,
                (self.customer_id, order_id, since),
                lambda: registry.connect_family(self.source).list_referring(
                    self.customer_id, order_id, since=since, deadline=self.until
                ),
            )
            look.row_count = len(answered.fetched.page.orders)
        page = answered.fetched.page
        if answered.freshness.is_live:
            remember(self.source, self.customer_id, page.orders, seen_at=answered.at)
        return page

    def _told(
        self,
        look: GuardedCall,
        answers: SavedAnswers[_Fetched],
        question: tuple[str, ...],
        ask: Callable[[], _Fetched],
        *,
        is_retry: bool = False,
    ) -> Answered[_Fetched]:
        self.rights = look.rights
        wish = Wish(
            rights=look.rights,
            scope=scope_of(self.actor, look.rights),
            may_be_saved=self.takes is not Takes.LIVE and not is_retry,
            may_be_stale=self.takes is not Takes.LIVE,
            is_for_copy=self.takes is Takes.COPY,
        )

        def counted() -> _Fetched:
            self.calls += 1
            return ask()

        answered = answers.answer(self.source, question, wish, counted)
        look.exchange, look.freshness = answered.fetched.exchange, answered.freshness
        return answered


def _by_subscription(asking: _Asking, about: Order) -> Sequence[Relative]:
    """Switches name no order: those of the same subscription, as remembered, and asked as far as calls go."""
    subscriptions = {each.subscription_id for each in (*about.lines, *about.cancelling_lines)} - {""}
    remembered = [
        each
        for each in orders_of_subscriptions(asking.source, asking.customer_id, subscriptions)
        if each.order_id != about.order_id and _belongs(each, about)
    ]
    found = []
    for each in remembered[-_MOST_BY_SUBSCRIPTION:]:
        asked = _asked(asking, each.order_id) if each.order_type == "SWITCH" else None
        found.append(_remembered(asking, each) if asked is None else _switch(asked, subscriptions))
    return found


def _belongs(each: RememberedOrder, about: Order) -> bool:
    if each.created_at is None or about.created_at is None:
        return each.order_type in _FOLLOWING
    if each.created_at >= about.created_at:
        return each.order_type in _FOLLOWING
    return each.order_type in _PRECEDING.get(about.order_type.code, ())


def _asked(asking: _Asking, order_id: str) -> Order | None:
    asked: Order | None = None
    if asking.may_ask:
        with asking.apart():
            asked = asking.masked(asking.order(order_id).fetched.parsed.order)
    return asked


def _switch(order: Order, subscriptions: set[str]) -> Relative:
    return Relative(
        order_id=order.order_id,
        relation=Relation.SUBSCRIPTION,
        order_type=order.order_type,
        status=order.status,
        created_at=order.created_at,
        quantity=order.total_quantity,
        cancelled=tuple(each for each in order.cancelling_lines if each.subscription_id in subscriptions),
    )


def _remembered(asking: _Asking, each: RememberedOrder) -> Relative:
    description = catalogue.describe(asking.source)
    return Relative(
        order_id=each.order_id,
        relation=Relation.SUBSCRIPTION,
        order_type=read(description.order_types, each.order_type),
        status=read(description.statuses, each.status),
        created_at=each.created_at,
        quantity=each.total_quantity,
        seen_at=each.last_seen,
    )
