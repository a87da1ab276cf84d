"""The customers of a reseller, for whoever may see everybody's: found by name where an ID is not known."""

import time
from typing import Any

import msgspec
from django.conf import settings

from orders.domain.errors import NotYours
from orders.domain.freshness import Takes
from orders.domain.granted_rights import Right, Rights
from orders.domain.masking import HIDDEN, mask_listed_customer
from orders.domain.resellers import (
    COUNTED_TO,
    CustomersQuery,
    FetchedCustomers,
    ListedCustomer,
    ResellersCustomers,
)
from orders.ledger import Action, record
from orders.people import limits
from orders.people.permissions import Person, scope_of
from orders.services.accounts import BUDGET
from orders.services.guard import Target, guarded, look_at_several
from orders.services.saved_answers import Saved, SavedAnswers, Wish
from orders.upstreams import registry

_answers: SavedAnswers[FetchedCustomers] = SavedAnswers("reseller", Saved[FetchedCustomers])


def list_customers_of_reseller(
    *,
    actor: Person,
    rights: Rights,
    source: str,
    reseller_id: str,
    query: CustomersQuery,
    correlation_id: str = "",
    takes: Takes = Takes.LIVE,
) -> ResellersCustomers:
    """One page, written down with the customers it names and without the name that was looked for.

    It counts as a look-up, and each customer named as one whom the person looks at. Where companies' names
    are not shown nobody is found by one. Without the scope of everybody's customers it is as if there were no
    such list.
    """
    if not settings.SHOW_COMPANY_NAMES:
        query = msgspec.structs.replace(query, company_name="")
    details: dict[str, Any] = {"reseller_id": reseller_id, "offset": query.offset}
    if not rights.sees_all and Right.VIEW in rights:
        tried = {**details, "tried": str(Action.LOOK_UP)}
        record(Action.REFUSED, actor=actor, source=source, outcome="refused-scope", details=tried)
        raise NotYours(source=source)
    target = Target(source, details=details)
    with guarded(Action.LOOK_UP, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        limits.take(actor, "lookups")
        answered = _answers.answer(
            source,
            (reseller_id, msgspec.json.encode(query).decode()),
            Wish(
                rights=look.rights,
                scope=scope_of(actor, look.rights),
                may_be_saved=takes is not Takes.LIVE and not correlation_id,
                may_be_stale=False,
            ),
            lambda: registry.connect_resellers(source).list_customers(
                reseller_id, query, deadline=time.monotonic() + BUDGET, correlation_id=correlation_id
            ),
        )
        fetched = answered.fetched
        look.exchange, look.row_count = fetched.exchange, len(fetched.customers)
        look.freshness = answered.freshness
        look_at_several(actor, [(source, each.customer_id) for each in fetched.customers], details)
    behind = query.offset + fetched.received
    is_last = not fetched.received or (fetched.total_count is not None and behind >= fetched.total_count)
    return ResellersCustomers(
        customers=tuple(map(_shown, fetched.customers)),
        exchange=fetched.exchange,
        fetched_at=answered.at,
        offset=query.offset,
        next_offset=None if is_last and not _stops_counting(fetched) else behind,
        total_count=fetched.total_count,
        lost=fetched.lost,
        freshness=answered.freshness,
    )


def _stops_counting(fetched: FetchedCustomers) -> bool:
    return fetched.received > 0 and (fetched.total_count or 0) >= COUNTED_TO


def _shown(each: ListedCustomer) -> ListedCustomer:
    masked = mask_listed_customer(each)
    if settings.SHOW_COMPANY_NAMES or not masked.company_name:
        return masked
    return msgspec.structs.replace(masked, company_name=HIDDEN)
