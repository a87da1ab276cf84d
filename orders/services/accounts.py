"""Who a customer is and what they own, asked beside their orders: the door to it, as `orders` is to orders.

Each function is one look: admitted, asked within a budget of its own, masked and written down. What it raises
is said in `orders.services.orders`; where one fails, nothing else does.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from django.conf import settings

from orders.domain.customers import (
    Customer,
    CustomerDetails,
    FetchedCustomer,
    FetchedSubscriptions,
    SubscriptionList,
    in_order,
)
from orders.domain.errors import UpstreamError
from orders.domain.freshness import Takes
from orders.domain.granted_rights import Right, Rights
from orders.domain.masking import HIDDEN, mask_customer, mask_subscription
from orders.domain.term_dates import RunningTerm, running_term
from orders.index.company_names import remember_company
from orders.index.customers import is_known, next_order_at, oldest_purchase
from orders.ledger import Action
from orders.people.permissions import Person, scope_of
from orders.services.guard import GuardedCall, Target, guarded
from orders.services.saved_answers import Saved, SavedAnswers, Wish
from orders.upstreams import catalogue, registry

# Seconds for what a panel asks: less than a page may take, since nobody's orders are in it.
BUDGET = 5.0

_customers: SavedAnswers[FetchedCustomer] = SavedAnswers("customer", Saved[FetchedCustomer])
_subscriptions: SavedAnswers[FetchedSubscriptions] = SavedAnswers(
    "subscriptions", Saved[FetchedSubscriptions]
)


def get_customer(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
    rights: Rights | None = None,
) -> CustomerDetails:
    """The customer, masked, with the running term, for which their subscriptions are looked at as well."""
    target = Target(source, customer_id)
    with guarded(Action.VIEW_CUSTOMER, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        wish = _wish(actor, look.rights, takes, is_retry=bool(correlation_id))
        details = _details(target, look, wish, correlation_id)
    return _with_term(details, actor, target, takes)


def reveal_customer(
    *, actor: Person, source: str, customer_id: str, reason: str, rights: Rights | None = None
) -> CustomerDetails:
    """The same with admins and address in the clear, for a reason that goes into the ledger."""
    target = Target(source, customer_id, details={"panel": "customer"})
    needed = (Right.VIEW, Right.REVEAL)
    with guarded(Action.REVEAL, *needed, actor=actor, target=target, reason=reason, rights=rights) as look:
        details = _details(target, look, None, is_revealed=True)
    return _with_term(details, actor, Target(source, customer_id), Takes.SAVED)


def list_subscriptions(
    *,
    actor: Person,
    source: str,
    customer_id: str,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
    rights: Rights | None = None,
) -> SubscriptionList:
    """All that the customer owns or owned, with what is still running first."""
    return _owned(actor, Target(source, customer_id), takes, rights, correlation_id=correlation_id)


def was_known(source: str, customer_id: str) -> bool:
    """Whether orders have been seen of a customer of whom the upstream now knows nothing."""
    return is_known(source, customer_id)


def _details(
    target: Target,
    look: GuardedCall,
    wish: Wish | None,
    correlation_id: str = "",
    *,
    is_revealed: bool = False,
) -> CustomerDetails:
    """What is revealed has no wish: it is asked for, and nothing of it is saved."""
    answered = _customers.answer(
        target.source,
        (target.customer_id,),
        wish,
        lambda: registry.connect_accounts(target.source).get_customer(
            target.customer_id, deadline=time.monotonic() + BUDGET, correlation_id=correlation_id
        ),
    )
    fetched = answered.fetched
    look.exchange, look.row_count, look.freshness = fetched.exchange, 1, answered.freshness
    company = fetched.customer.company_name
    # One that is called by a person's name is a person.
    if answered.freshness.is_live and company and mask_customer(fetched.customer).company_name == company:
        remember_company(target.source, target.customer_id, company)
    return CustomerDetails(
        customer=fetched.customer if is_revealed else _masked(fetched.customer),
        term=RunningTerm(),
        exchange=fetched.exchange,
        fetched_at=answered.at,
        freshness=answered.freshness,
        rights=look.rights,
        is_revealed=is_revealed,
    )


def _masked(customer: Customer) -> Customer:
    masked = mask_customer(customer)
    if settings.SHOW_COMPANY_NAMES or not masked.company_name:
        return masked
    return msgspec.structs.replace(masked, company_name=HIDDEN)


def _with_term(details: CustomerDetails, actor: Person, target: Target, takes: Takes) -> CustomerDetails:
    """The subscriptions' dates say more than the customer's own; without them the term says so. An upstream
    without terms has orders to come instead.
    """
    if not catalogue.describe(target.source).has_terms:
        coming = next_order_at(target.source, target.customer_id, datetime.now(UTC))
        return msgspec.structs.replace(details, next_order=coming)
    owned: SubscriptionList | None = None
    with suppress(UpstreamError):  # it is in the ledger, and said in the panel whose subject it is
        # What the panel beside this one was told a moment ago, or is being told just now, will do.
        owned = _owned(actor, target, Takes.SAVED if takes is Takes.LIVE else takes, details.rights)
    customer = details.customer
    first = oldest_purchase(target.source, target.customer_id)
    term = running_term(
        account_date=customer.coterm_date,
        renewals=None if owned is None else owned.renewals,
        today=datetime.now(UTC).date(),
        opened=None if customer.created_at is None else customer.created_at.date(),
        first_order=None if first is None else first.date(),
        has_one_off_items=owned is not None and owned.has_one_off_items,
    )
    return msgspec.structs.replace(details, term=term)


def _owned(
    actor: Person, target: Target, takes: Takes, rights: Rights | None, *, correlation_id: str = ""
) -> SubscriptionList:
    with guarded(Action.VIEW_SUBSCRIPTIONS, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        answered = _subscriptions.answer(
            target.source,
            (target.customer_id,),
            _wish(actor, look.rights, takes, is_retry=bool(correlation_id)),
            lambda: registry.connect_accounts(target.source).list_subscriptions(
                target.customer_id, deadline=time.monotonic() + BUDGET, correlation_id=correlation_id
            ),
        )
        fetched = answered.fetched
        look.exchange, look.freshness = fetched.exchange, answered.freshness
        look.row_count = len(fetched.subscriptions)
    return SubscriptionList(
        subscriptions=in_order([mask_subscription(each) for each in fetched.subscriptions]),
        exchange=fetched.exchange,
        fetched_at=answered.at,
        freshness=answered.freshness,
        total_count=fetched.total_count,
        lost=fetched.lost,
        may_be_part=fetched.may_be_part,
    )


def _wish(actor: Person, rights: Rights, takes: Takes, *, is_retry: bool) -> Wish:
    return Wish(
        rights=rights,
        scope=scope_of(actor, rights),
        may_be_saved=takes is not Takes.LIVE and not is_retry,
        may_be_stale=takes is not Takes.LIVE,
        is_for_copy=takes is Takes.COPY,
    )
