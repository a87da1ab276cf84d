"""A person's accounts in numbers: how their customers' orders stand, as far as was read; asks nobody."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.utils import timezone

from orders.domain.granted_rights import Right, Rights
from orders.domain.month_counts import MonthCounts, month_of
from orders.index import portfolio as figures
from orders.index.attention import Customer, keys_of
from orders.index.company_names import company_names
from orders.index.models import IndexedOrder
from orders.index.portfolio import Change, Figures
from orders.index.refresh_state import LastRead, outcomes, waiting
from orders.ledger import Action
from orders.people.account_sets import AccountChoice
from orders.people.permissions import InScope, Person, customers_in_scope
from orders.services import refresh_jobs
from orders.services.chosen import chosen_customers
from orders.services.guard import Target, admit, guarded, look_at_several, name_customers

__all__ = [
    "AccountFigures",
    "AccountView",
    "Change",
    "CustomerFigures",
    "Figures",
    "IndexedOrder",
    "MonthCounts",
    "NoSuchAccount",
    "Portfolio",
    "Wish",
    "account",
    "mark_changes_read",
    "portfolio",
    "refresh",
    "still_waiting",
]

MONTHS = 12


class NoSuchAccount(LookupError):
    """There is none, or it is not this person's: both look alike."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """`text` stands in the account's name, or in that of a customer's company. `changes` is how many of the
    newest changes are wanted.
    """

    choice: AccountChoice = AccountChoice()
    text: str = ""
    offset: int = 0
    limit: int = 50
    changes: int = 6


class AccountFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `months` are totals, the oldest first, this month last. `read_at` is when the customer who
    was read longest ago was; None where one of them never was. `errors` are causes, of those not read lately.
    """

    account: int
    name: str
    customers: int
    figures: Figures
    months: Sequence[int]
    read_at: datetime | None
    errors: Sequence[str]
    waiting: int


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """`months` are (month, counts) of all accounts that match, as are `figures`. Of all `customers`, `read`
    could be read when they were last to be, and `waiting` are being read.
    """

    accounts: Sequence[AccountFigures]
    total: int
    figures: Figures
    months: Sequence[tuple[int, MonthCounts]]
    changes: Sequence[Change]
    change_count: int
    changes_since: datetime
    account_names: Mapping[Customer, str]
    customers: int
    read: int
    waiting: int
    read_at: datetime | None
    at: datetime


class CustomerFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One customer of an account; `company` is what it is called, where that is known and shown."""

    source: str
    customer_id: str
    company: str = ""
    figures: Figures
    months: Sequence[int] = ()
    last_read: LastRead
    is_waiting: bool


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """One account with its customers, and a page of their orders in one list, `total` of them."""

    account: int
    name: str
    customers: Sequence[CustomerFigures]
    figures: Figures
    months: Sequence[tuple[int, MonthCounts]]
    orders: Sequence[IndexedOrder]
    total: int
    at: datetime


def portfolio(*, actor: Person, wish: Wish, rights: Rights | None = None) -> Portfolio:
    """A page of the accounts, those first that need somebody; written down as a look at all of it."""
    given = {
        "text": bool(wish.text),
        "account": list(wish.choice.accounts),
        "set": list(wish.choice.sets),
        "offset": wish.offset,
    }
    details: dict[str, object] = {"page": "portfolio"} | {name: each for name, each in given.items() if each}
    target = Target(details=details)
    with guarded(Action.VIEW_PORTFOLIO, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        found = _portfolio(actor, look.rights, wish)
        if found.changes:
            name_customers([(each.source, each.customer_id) for each in found.changes], details)
        look.row_count = len(found.accounts)
    return found


def account(
    *, actor: Person, number: int, offset: int = 0, limit: int = 25, rights: Rights | None = None
) -> AccountView:
    """One account of theirs. Raises `NoSuchAccount`."""
    details: dict[str, object] = {"page": "account", "account": number}
    target = Target(details=details)
    with guarded(Action.VIEW_PORTFOLIO, Right.VIEW, actor=actor, target=target, rights=rights) as look:
        scope = [each for each in customers_in_scope(actor, look.rights) if each.account == number]
        if not scope:
            raise NoSuchAccount
        found = _account(scope, offset, limit)
        look_at_several(
            actor, {(each.customer.source, each.customer.customer_id) for each in found.orders}, details
        )
        look.row_count = len(found.orders)
    return found


def refresh(*, actor: Person, choice: AccountChoice, rights: Rights | None = None) -> int:
    """Customers of these accounts of theirs are read now, in the background; says how many.
    Whoever is being read already is not read twice.
    """
    rights = admit(Action.REFRESH, Right.VIEW, actor=actor, target=Target(), rights=rights)
    wanted = [
        (each.source, each.customer_id)
        for each in chosen_customers(actor, rights, choice)
        if refresh_jobs.can_be_asked(each.source)
    ]
    run = refresh_jobs.start(wanted, by=actor.get_username()) if wanted else None
    return 0 if run is None else run.customers


def still_waiting(*, actor: Person, choice: AccountChoice, rights: Rights | None = None) -> tuple[int, int]:
    """How many customers of these accounts of theirs wait to be read, and how many there are.
    Numbers alone, asked for again and again: they are not written down.
    """
    rights = admit(Action.VIEW_PORTFOLIO, Right.VIEW, actor=actor, target=Target(), rights=rights)
    scope = {(each.source, each.customer_id) for each in chosen_customers(actor, rights, choice)}
    return len(waiting(scope)), len(scope)


def mark_changes_read(*, actor: Person, at: datetime, rights: Rights | None = None) -> None:
    """All that the person has been shown until then."""
    admit(Action.VIEW_PORTFOLIO, Right.VIEW, actor=actor, target=Target(), rights=rights)
    figures.mark_changes_read(actor.pk or 0, min(at, timezone.now()))


def _portfolio(actor: Person, rights: Rights, wish: Wish) -> Portfolio:
    now = timezone.now()
    scope = _sought(chosen_customers(actor, rights, wish.choice), wish.text)
    named = [(each.source, each.customer_id) for each in scope]
    keys = keys_of(named)
    customers = _customers(named, keys, now)
    account_of = {(each.source, each.customer_id): each.account for each in scope}
    by_month = _by_month({key: account_of[customer] for key, customer in keys.items()}, now)
    accounts = _accounts(scope, customers, _month_totals(by_month, now))
    since = figures.changes_since(actor.pk or 0, now)
    changes, change_count = figures.changes(keys, since, wish.changes)
    reads = [each.last_read for each in customers]
    return Portfolio(
        accounts=accounts[wish.offset : wish.offset + wish.limit],
        total=len(accounts),
        figures=figures.together(each.figures for each in customers),
        months=_months(by_month, now),
        changes=changes,
        change_count=change_count,
        changes_since=since,
        account_names={(each.source, each.customer_id): each.account_name for each in scope},
        customers=len(scope),
        read=sum(each.is_ok for each in reads),
        waiting=sum(each.is_waiting for each in customers),
        read_at=max((each.read_at for each in reads if each.read_at), default=None),
        at=now,
    )


def _sought(scope: Sequence[InScope], text: str) -> list[InScope]:
    """Those of an account with the text in its name or in the name of one of its customers' companies."""
    if not text:
        return list(scope)
    sought = text.casefold()
    names = company_names([(each.source, each.customer_id) for each in scope])
    accounts = {
        each.account
        for each in scope
        if sought in each.account_name.casefold()
        or sought in names.get((each.source, each.customer_id), "").casefold()
    }
    return [each for each in scope if each.account in accounts]


def _account(scope: Sequence[InScope], offset: int, limit: int) -> AccountView:
    now = timezone.now()
    named = [(each.source, each.customer_id) for each in scope]
    keys = keys_of(named)
    customers = _customers(named, keys, now)
    orders, total = figures.newest_orders(keys, offset, limit)
    companies = company_names(named)
    by_month = _by_month({key: key for key in keys}, now)
    by_customer = _month_totals(by_month, now)
    key_of = {customer: key for key, customer in keys.items()}
    return AccountView(
        account=scope[0].account,
        name=scope[0].account_name,
        customers=[
            msgspec.structs.replace(
                each,
                months=by_customer[key_of.get((each.source, each.customer_id), 0)],
                company=companies.get((each.source, each.customer_id), ""),
            )
            for each in customers
        ],
        figures=figures.together(each.figures for each in customers),
        months=_months(by_month, now),
        orders=list(orders),
        total=total,
        at=now,
    )


def _customers(
    named: Sequence[Customer], keys: Mapping[int, Customer], now: datetime
) -> list[CustomerFigures]:
    """Each of these, without their months."""
    of_key = figures.figures(list(keys), now=now)
    found = {customer: of_key[key] for key, customer in keys.items()}
    reads, being_read = outcomes(named), set(waiting(set(named)))
    return [
        CustomerFigures(
            source=customer[0],
            customer_id=customer[1],
            figures=found.get(customer, Figures()),
            last_read=reads[customer],
            is_waiting=customer in being_read,
        )
        for customer in named
    ]


def _accounts(
    scope: Sequence[InScope],
    customers: Sequence[CustomerFigures],
    months: Mapping[int, Sequence[int]],
) -> list[AccountFigures]:
    """Those first that need somebody."""
    of_account: dict[int, list[CustomerFigures]] = {}
    for each, customer in zip(scope, customers, strict=True):
        of_account.setdefault(each.account, []).append(customer)
    names = {each.account: each.account_name for each in scope}
    found = [_summary(number, names[number], of, months[number]) for number, of in of_account.items()]
    return sorted(found, key=_gravest_first)


def _summary(
    number: int, name: str, customers: Sequence[CustomerFigures], months: Sequence[int]
) -> AccountFigures:
    reads = [each.last_read for each in customers]
    dates = [each.read_at for each in reads if each.read_at is not None]
    return AccountFigures(
        account=number,
        name=name,
        customers=len(customers),
        figures=figures.together(each.figures for each in customers),
        months=months,
        read_at=min(dates) if len(dates) == len(reads) else None,
        errors=sorted({each.error for each in reads if not each.is_ok and each.error}),
        waiting=sum(each.is_waiting for each in customers),
    )


def _gravest_first(account: AccountFigures) -> tuple[int, int, int, str]:
    found = account.figures
    return (-found.failed, -found.open, -found.will_retry, account.name.casefold())


def _by_month(groups: Mapping[int, int], now: datetime) -> list[tuple[int, int, MonthCounts]]:
    last = month_of(now)
    return figures.by_month(groups, last - MONTHS + 1, last)


def _months(rows: Sequence[tuple[int, int, MonthCounts]], now: datetime) -> list[tuple[int, MonthCounts]]:
    """Of all of them, the oldest month first; those without any order are there."""
    last = month_of(now)
    found = figures.together_by_month(rows)
    return [(month, found.get(month, MonthCounts())) for month in range(last - MONTHS + 1, last + 1)]


def _month_totals(rows: Sequence[tuple[int, int, MonthCounts]], now: datetime) -> defaultdict[int, list[int]]:
    """How many orders of each month each group has, the oldest month first."""
    first = month_of(now) - MONTHS + 1
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0] * MONTHS)
    for group, month, counts in rows:
        found[group][month - first] += sum(counts)
    return found
