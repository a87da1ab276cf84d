"""What needs somebody, over all customers of a person's accounts, from what is remembered; asks nobody."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
from django.core.cache import cache
from django.utils import timezone

from orders.domain.granted_rights import Right, Rights
from orders.index import attention
from orders.index.attention import KINDS, Alert, Customer, Sieve
from orders.index.refresh_state import outcomes
from orders.ledger import Action
from orders.people import limits
from orders.people.account_sets import AccountChoice, chosen_accounts
from orders.people.permissions import Person, customers_in_scope
from orders.services.guard import Target, admit, guarded, name_customers
from orders.upstreams.http.shared_state import SharedState

__all__ = [
    "KINDS",
    "PICTURE_DAYS",
    "Alert",
    "Board",
    "Sieve",
    "Wish",
    "board",
    "board_for_file",
    "mark_seen",
    "unseen_count",
]

PICTURE_DAYS = 14
_MOST_IN_A_FILE = 1_000_000
_COUNT_KEPT = 60.0  # seconds: as long as a changed assignment may take to change the number
_counts = SharedState(cache, prefix="attention:")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a board is asked for; nothing given is all."""

    choice: AccountChoice = AccountChoice()
    sources: tuple[str, ...] = ()
    sieve: Sieve = Sieve()
    offset: int = 0
    limit: int = 50


class AccountCount(NamedTuple):
    account: int
    name: str
    number: int


class NotRead(NamedTuple):
    """A customer who could not be read lately; what is known of them is as of `read_at`."""

    source: str
    customer_id: str
    account_name: str
    error: str
    read_at: datetime | None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """`total` counts all that the filters leave. `counts` are (all, unseen) by kind, whatever kinds are asked
    for; `accounts` those with anything at all, the most first. Of `of` customers, `read` were read when they
    were last to be.
    """

    rows: Sequence[Alert]
    account_names: Mapping[Customer, str]
    total: int
    counts: Mapping[str, tuple[int, int]]
    accounts: Sequence[AccountCount]
    attempts: Mapping[date, int]
    read: int
    of: int
    not_read: Sequence[NotRead]
    last_read: datetime | None
    at: datetime


def board(*, actor: Person, wish: Wish, rights: Rights | None = None) -> Board:
    """One page of it, masked by having no personal data, and written down as a look at all of it."""
    details: dict[str, object] = {"page": "attention", **_given(wish)}
    target = Target(details=details)
    with guarded(Action.VIEW_ATTENTION, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        found = _board(actor, look.rights, wish)
        name_customers([(each.source, each.customer_id) for each in found.rows], details)
        look.row_count = len(found.rows)
    return found


def board_for_file(*, actor: Person, wish: Wish, rights: Rights | None = None) -> Board:
    """All that the filters leave, for a file, which has to be written down before it is sent.

    It is one of the person's files of a day: raises `limits.OverLimit`.
    """
    rights = admit(
        Action.EXPORT_DOWNLOAD, Right.VIEW, Right.EXPORT, actor=actor, target=Target(), rights=rights
    )
    found = _board(actor, rights, msgspec.structs.replace(wish, offset=0, limit=_MOST_IN_A_FILE))
    limits.take(actor, "exports")
    return found


def mark_seen(
    *, actor: Person, orders: Collection[tuple[str, str, str]], rights: Rights | None = None
) -> int:
    """Those of these (source, customer ID, order ID) that are the person's to see; says how many."""
    rights = admit(Action.VIEW_ATTENTION, Right.VIEW, actor=actor, target=Target(), rights=rights)
    scope = {(each.source, each.customer_id) for each in customers_in_scope(actor, rights)}
    asked = {each for each in orders if each[:2] in scope}
    keys = attention.keys_of(each[:2] for each in asked)
    rows = attention.alerts(list(keys), Sieve(), person_id=actor.pk or 0, now=timezone.now())
    ids = {order_id for _, _, order_id in asked}
    wanted = [
        pk
        for pk, key, order_id in rows.filter(order_id__in=ids).values_list("pk", "customer", "order_id")
        if (*keys[int(key)], order_id) in asked
    ]
    marked = attention.mark_seen(rows.filter(pk__in=wanted), actor.pk or 0) if wanted else 0
    _counts.delete(str(actor.pk))
    return marked


def unseen_count(actor: Person, rights: Rights) -> int:
    """How many the person has not seen, for every page's header: counted once a minute, and after marking."""
    if Right.VIEW not in rights:
        return 0
    kept: int | None = _counts.get(str(actor.pk))
    if kept is None:
        keys = attention.keys_of(
            (each.source, each.customer_id) for each in customers_in_scope(actor, rights)
        )
        rows = attention.alerts(list(keys), Sieve(seen=False), person_id=actor.pk or 0, now=timezone.now())
        kept = rows.count() if keys else 0
        _counts.set(str(actor.pk), kept, _COUNT_KEPT)
    return kept


def _board(actor: Person, rights: Rights, wish: Wish) -> Board:
    now, person = timezone.now(), actor.pk or 0
    scope = customers_in_scope(actor, rights)
    names = {(each.source, each.customer_id): each.account_name for each in scope}
    accounts = {(each.source, each.customer_id): each.account for each in scope}
    keys = attention.keys_of(names)
    wanted = chosen_accounts(actor, wish.choice)
    shown = [
        key
        for key, customer in keys.items()
        if (wanted is None or accounts[customer] in wanted)
        and (not wish.sources or customer[0] in wish.sources)
    ]
    all_kinds = attention.alerts(shown, Sieve(seen=wish.sieve.seen), person_id=person, now=now)
    rows = attention.alerts(shown, wish.sieve, person_id=person, now=now)
    counts = attention.counts(all_kinds)
    everywhere = attention.alerts(list(keys), wish.sieve, person_id=person, now=now)
    states = outcomes(names)
    not_read = [
        NotRead(*customer, name, states[customer].error, states[customer].read_at)
        for customer, name in names.items()
        if not states[customer].is_ok
    ]
    return Board(
        rows=attention.page(rows, wish.offset, wish.limit),
        account_names=names,
        total=sum(counts[kind][0] for kind in (wish.sieve.kinds or counts) if kind in counts),
        counts=counts,
        accounts=_by_account(attention.count_by_customer(everywhere), keys, accounts, names),
        attempts=attention.attempts_by_day(rows, now + timedelta(days=PICTURE_DAYS)),
        read=len(names) - len(not_read),
        of=len(names),
        not_read=not_read,
        last_read=max((each.read_at for each in states.values() if each.read_at), default=None),
        at=now,
    )


def _by_account(
    numbers: Mapping[int, int],
    keys: Mapping[int, Customer],
    accounts: Mapping[Customer, int],
    names: Mapping[Customer, str],
) -> list[AccountCount]:
    found: dict[int, AccountCount] = {}
    for key, number in numbers.items():
        account, name = accounts[keys[key]], names[keys[key]]
        before = found[account].number if account in found else 0
        found[account] = AccountCount(account, name, before + number)
    return sorted(found.values(), key=lambda each: (-each.number, each.name))


def _given(wish: Wish) -> dict[str, object]:
    given = {
        "account": list(wish.choice.accounts),
        "set": list(wish.choice.sets),
        "source": list(wish.sources),
        "kind": list(wish.sieve.kinds),
        "seen": wish.sieve.seen,
        "offset": wish.offset,
    }
    return {name: value for name, value in given.items() if value not in ([], None, 0)}
