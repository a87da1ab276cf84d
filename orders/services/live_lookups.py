"""Numbers that nobody has seen, asked of upstreams in the background, for the customers who may have them.

Whoever is asked is read as far as they may have news, and what they have is remembered; then the numbers are
found like any others. A number of somebody else's customer and one that nobody has cause the same calls.
"""

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.contrib.auth.models import User

from orders.domain.errors import NotFound, UpstreamError
from orders.domain.granted_rights import Right, Rights
from orders.domain.pasted_text import CUSTOMER, ORDER, UNREADABLE, Mention
from orders.index import live_lookups
from orders.index.customers import known_customers
from orders.index.live_lookups import Asking, Customer, State
from orders.index.live_models import AskedCustomer
from orders.infrastructure import jobs
from orders.ledger import Action, record
from orders.people import limits
from orders.people.permissions import Person, customers_in_scope, is_in_scope, rights_of
from orders.services import lookups, refreshing
from orders.services.guard import Target, admit
from orders.services.number_readings import may_have, pages_of
from orders.services.refresh_jobs import can_be_asked
from orders.upstreams import catalogue

__all__ = ["Asking", "ask_live", "progress"]

# One list may ask as many; more of them would keep the refreshes waiting for minutes.
MOST_CUSTOMERS = 2000
_SIDE_BY_SIDE = 4
_AT_ONCE = 25  # customers; then others have their turn
_BEFORE_REFRESHES = 10


def ask_live(actor: Person, rights: Rights, pk: UUID) -> int:
    """Ask for what of a list was not found; says how many customers are asked. Who answered before is not
    asked again. Whoever is a number of the list is one of the customers whom the person looks at in an hour;
    those who are too many are left out. Raises `LookupError` for somebody else's list, and after a day.
    """
    rights = admit(Action.LOOK_UP, Right.VIEW, actor=actor, target=Target(), rights=rights)
    kept = lookups.kept_list(actor, pk)
    limits.take(actor, "lookups")
    missing = [
        mention
        for mention, _, hits in lookups.found_in(actor, rights, kept).numbers
        if mention.label != UNREADABLE and not pages_of(mention, hits)
    ]
    customers = list(dict.fromkeys(_who_may_have(actor, rights, missing))) if missing else []
    numbers = {mention.identifier for mention in missing}
    named = [customer for customer in customers if customer[1] in numbers][:MOST_CUSTOMERS]
    over = set(named) - set(limits.take_customers(actor, named))
    asked = [customer for customer in customers if customer not in over][:MOST_CUSTOMERS]
    details = {"live": len(asked), "numbers": len(missing)}
    record(Action.LOOK_UP, actor=actor, details=details)
    waiting = live_lookups.begin(kept, asked, left_out=len(customers) - len(asked))
    for _ in range(min(_SIDE_BY_SIDE, waiting)):
        ask_some.using(priority=_BEFORE_REFRESHES).enqueue(str(pk))
    return waiting


def progress(actor: Person, rights: Rights, pk: UUID) -> Asking | None:
    """Numbers alone, asked for again and again: they are not written down. Raises `LookupError`."""
    admit(Action.LOOK_UP, Right.VIEW, actor=actor, target=Target(), rights=rights)
    return live_lookups.asking(lookups.kept_list(actor, pk).pk)


@jobs.task(queue_name=jobs.REFRESHES)
def ask_some(lookup: str) -> None:
    """Ask some of those who wait, one after the other; the rest in another job."""
    pk = UUID(lookup)
    for _ in range(_AT_ONCE):
        asked = None if jobs.stopping.is_set() else live_lookups.claim(pk)
        if asked is None:
            break
        _ask(asked)
    else:
        ask_some.using(priority=_BEFORE_REFRESHES).enqueue(lookup)
    live_lookups.end(pk)


@jobs.task(queue_name=jobs.REFRESHES)
def resume_asking() -> None:
    """Whoever was at it may have died."""
    for pk in live_lookups.under_way():
        jobs.enqueue_once(ask_some, str(pk))


jobs.every(60, resume_asking)


def _ask(asked: AskedCustomer) -> None:
    owner = User.objects.filter(pk=asked.lookup.numbers.owner_id).first()
    source, customer_id = asked.source, asked.customer_id
    rights = Rights() if owner is None else rights_of(owner)
    if owner is None or Right.VIEW not in rights or not is_in_scope(owner, rights, source, customer_id):
        live_lookups.note(asked, State.REFUSED)
        return
    try:
        refreshing.look(source, customer_id)
    except NotFound:
        live_lookups.note(asked, State.UNKNOWN)
    except UpstreamError as error:
        live_lookups.note(asked, State.FAILED, error.cause)
    except refreshing.NotAll:
        live_lookups.note(asked, State.FAILED, "incomplete")
    else:
        live_lookups.note(asked, State.READ)


def _who_may_have(actor: Person, rights: Rights, missing: Sequence[Mention]) -> Iterator[Customer]:
    """Those first that are numbers of the list themselves, then those of accounts, then whoever was seen."""
    sources = [each.name for each in catalogue.descriptions() if can_be_asked(each.name)]
    scope = [(each.source, each.customer_id) for each in customers_in_scope(actor, rights)]
    if rights.sees_all:
        scope = [*_numbers_as_customers(missing), *scope, *known_customers(MOST_CUSTOMERS)]
    else:
        numbers = {mention.identifier for mention in missing}
        scope.sort(key=lambda each: each[1] not in numbers)
    # What is called a customer is one, or nobody; all else may be anybody's.
    open_sources = {
        source
        for source in sources
        for mention in missing
        if mention.label != CUSTOMER and may_have((source, ""), mention)
    }
    named = {
        (source, mention.identifier)
        for source in sources
        for mention in missing
        if may_have((source, mention.identifier), mention)
    }
    yield from (customer for customer in scope if customer[0] in open_sources or customer in named)


def _numbers_as_customers(missing: Sequence[Mention]) -> Iterator[Customer]:
    for mention in missing:
        number, label = mention.identifier, mention.label
        for each in catalogue.descriptions() if label != ORDER else ():
            has_form = each.customer_id_pattern and re.fullmatch(each.customer_id_pattern, number)
            if (label == CUSTOMER or has_form) and may_have((each.name, number), mention):
                yield each.name, number
