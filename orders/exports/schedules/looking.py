"""What a schedule finds, with the rights that its owner has now: a fingerprint that says whether it changed.

Each look is one of the owner's, with its row in the ledger, like the page that it stands for.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.http import QueryDict
from django.urls import reverse

from orders import services
from orders.domain.queries import PageRequest
from orders.exports.schedules.models import Schedule
from orders.exports.specification import ExportSpec, filters_alone
from orders.people.account_sets import AccountChoice
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import EVERYTHING, VIEW
from orders.services import attention, portfolio

Kind = Schedule.Kind
_PAGE = 100
MOST_ORDERS = 1000  # of a view that are compared, the first ones
_ALL = 1_000_000
_CHOOSE = ("account", "set")


class CannotBeMeant(Exception):
    """What the schedule asks for can't be asked for any more."""


def fingerprint(schedule: Schedule, owner: User) -> str:
    """Of a view, the board or the portfolio. Raises what a look at it raises, and `CannotBeMeant`."""
    found = {Kind.VIEW: _of_view, Kind.ATTENTION: _of_board, Kind.PORTFOLIO: _of_portfolio}
    facts = found[Kind(schedule.kind)](schedule, owner)
    return hashlib.sha256(msgspec.json.encode(list(facts))).hexdigest()


def file_of(schedule: Schedule) -> ExportSpec:
    """The file as it would be asked for now. Raises `exports.BadExport`."""
    return ExportSpec.checked(
        source=schedule.source,
        choice=choice_of(schedule),
        query=filters_of(schedule),
        rows=schedule.rows,
        format=schedule.format,
        dialect=schedule.dialect,
    )


def address_of(schedule: Schedule) -> str:
    """Where its owner sees by themselves what it looks at."""
    query = f"?{schedule.query}" if schedule.query else ""
    if schedule.kind == Kind.VIEW:
        # A bare address opens with a view of its reader's, where they have chosen one.
        shown = query if filters_alone(schedule.query) else f"?{VIEW}={EVERYTHING}"
        return reverse("history", args=[schedule.source, schedule.customer_id]) + shown
    if schedule.kind == Kind.FILE:
        chosen = QueryDict(schedule.query, mutable=True)
        chosen["source"] = schedule.source
        return f"{reverse('export-portfolio')}?{chosen.urlencode()}"
    return reverse("attention" if schedule.kind == Kind.ATTENTION else "portfolio") + query


def choice_of(schedule: Schedule) -> AccountChoice:
    given = QueryDict(schedule.query)
    accounts = [int(each) for each in given.getlist("account") if each.isascii() and each.isdecimal()]
    return AccountChoice(accounts=tuple(accounts), sets=tuple(given.getlist("set")))


def filters_of(schedule: Schedule) -> QueryDict:
    """The filters of the upstream alone."""
    given = filters_alone(schedule.query)
    for name in _CHOOSE if schedule.kind == Kind.FILE else ():
        given.pop(name, None)
    return given


def _of_view(schedule: Schedule, owner: User) -> Iterator[Any]:
    if schedule.source not in FILTERSETS:  # a schedule outlives the upstream that it names
        raise CannotBeMeant
    filters = FILTERSETS[schedule.source](filters_of(schedule))
    if not filters.is_valid():
        raise CannotBeMeant
    offset = 0
    while offset < MOST_ORDERS:
        page = services.list_orders(
            actor=owner,
            source=schedule.source,
            customer_id=schedule.customer_id,
            query=filters.query,
            page_request=PageRequest(offset, _PAGE),
            as_listed=True,
        )
        yield page.total_count
        for row in page.rows:
            order = row.order
            yield order.order_id, order.status.code, [line.status.code for line in order.lines]
        if not page.has_next:
            break
        offset += len(page.rows) + page.lost


def _of_board(schedule: Schedule, owner: User) -> Iterator[Any]:
    given = QueryDict(schedule.query)
    sieve = attention.Sieve(kinds=tuple(given.getlist("kind")))
    wish = attention.Wish(
        choice=choice_of(schedule), sources=tuple(given.getlist("source")), sieve=sieve, limit=_ALL
    )
    for each in attention.board(actor=owner, wish=wish).rows:
        yield each.source, each.customer_id, each.order_id, each.kind, each.changed_at


def _of_portfolio(schedule: Schedule, owner: User) -> Iterator[Any]:
    """Without what only the calendar changes."""
    wish = portfolio.Wish(choice=choice_of(schedule), limit=_ALL, changes=0)
    for each in portfolio.portfolio(actor=owner, wish=wish).accounts:
        numbers = each.figures
        yield (
            *(each.account, each.customers, numbers.failed, numbers.open, numbers.open_too_long),
            *(numbers.will_retry, numbers.promotions_refused, numbers.last_order),
        )
