"""All of a person's accounts, as far as they were read: numbers, and what needs somebody. Nobody is asked."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext

from orders.domain.instants import zulu
from orders.domain.terms import read
from orders.people.api_tokens import Scope
from orders.people.permissions import rights_in
from orders.presentation.records import Instant
from orders.presentation.texts.state_words import named
from orders.services import attention, portfolio
from orders.services.attention import KINDS, Alert, Board
from orders.services.portfolio import AccountFigures, Portfolio
from orders.views.api.answers import ApiView, Notice, behind, ignored, json_answer, listing_type, unusable
from orders.views.api.operations import Operation, Reply, pages, query
from orders.views.shared.account_forms import MOST, BoardForm, ListForm, PortfolioForm
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words


class AccountNumbers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One account. `orders` were created in the last 30 days; `months` are totals, this month last. `readAt`
    is when the customer who was read longest ago was; null where one of them never was.
    """

    account_id: int
    account: str
    customers: int
    orders: int
    failed: int
    open: int
    open_too_long: int
    will_retry: int
    promotions_refused: int
    last_order: Instant | None
    oldest_open: Instant | None
    months: list[int]
    read_at: Instant | None
    errors: list[str]


class NeedsSomebody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One order, under the gravest kind that it is, as it was when it was `last_seen`."""

    kind: str
    seen: bool
    account: str
    source: str
    customer_id: str
    order_id: str
    status: str
    status_meaning: str
    line_statuses: str
    error_code: str
    promotion_results: str
    retries_used: int | None
    retries_allowed: int | None
    next_attempt: Instant | None
    is_estimated: bool
    open_since: Instant | None
    changed_at: Instant
    last_seen: Instant


_SEVERAL = {"type": "array", "items": {"type": "string"}}
ACCOUNTS: Any = listing_type("AccountList", AccountNumbers)
ALERTS: Any = listing_type("AttentionList", NeedsSomebody)


def operations() -> Iterator[Operation]:
    yield Operation(
        path="/portfolio",
        name="portfolio",
        summary=gettext("A person's accounts in numbers, those first that need somebody"),
        scope=Scope.READ,
        parameters=(
            query(
                "q", gettext("A part of the account's name, or of a customer's company."), {"type": "string"}
            ),
            *_chosen(),
            *pages(MOST),
        ),
        replies={200: Reply(words=gettext("The accounts."), body=ACCOUNTS)},
    )
    kinds = {"type": "array", "items": {"type": "string", "enum": list(KINDS)}}
    yield Operation(
        path="/attention",
        name="attention",
        summary=gettext("What needs somebody, over all of a person's accounts"),
        scope=Scope.READ,
        parameters=(
            *_chosen(),
            query("source", gettext("Of these upstreams alone; repeats."), _SEVERAL),
            query("kind", gettext("Of these kinds alone; repeats."), kinds),
            query("seen", gettext("1: what the person has seen; 0: what not."), {"enum": ["0", "1"]}),
            *pages(MOST),
        ),
        replies={200: Reply(words=gettext("The orders, the gravest kind first."), body=ALERTS)},
    )


def _chosen() -> Iterator[dict[str, Any]]:
    yield query("account", gettext("Of these accounts alone, by number; repeats."), _SEVERAL)
    words = gettext("Of the accounts of these sets of yours, by number or name; repeats.")
    yield query("set", words, _SEVERAL)


class PortfolioView(ApiView):
    def get(self, request: PortalRequest) -> HttpResponse:
        form = PortfolioForm(request.GET)
        if not form.is_valid():
            return unusable(request, _errors(form))
        wish = form.wish
        found = portfolio.portfolio(actor=request.user, wish=wish, rights=rights_in(request))
        if wish.offset > found.total:
            return behind(request)
        listing = ACCOUNTS(
            items=[_numbers(each) for each in found.accounts],
            total_count=found.total,
            offset=wish.offset,
            limit=wish.limit,
            freshness="saved",
            age=_age(found),
            notices=list(_notices(form, found.read, found.customers)),
        )
        return json_answer(listing)


class AttentionView(ApiView):
    def get(self, request: PortalRequest) -> HttpResponse:
        form = BoardForm(request.GET)
        if not form.is_valid():
            return unusable(request, _errors(form))
        wish = form.wish
        board = attention.board(actor=request.user, wish=wish, rights=rights_in(request))
        if wish.offset > board.total:
            return behind(request)
        listing = ALERTS(
            items=[_alert(board, each) for each in board.rows],
            total_count=board.total,
            offset=wish.offset,
            limit=wish.limit,
            freshness="saved",
            age=0 if board.last_read is None else max(0, int((board.at - board.last_read).total_seconds())),
            notices=list(_notices(form, board.read, board.of)),
        )
        return json_answer(listing)


def _errors(form: Any) -> dict[str, list[str]]:
    return {name: [str(said) for said in all_said] for name, all_said in form.errors.items()}


def _age(found: Portfolio) -> int:
    return 0 if found.read_at is None else max(0, int((found.at - found.read_at).total_seconds()))


def _notices(form: ListForm, read_: int, of: int) -> Iterator[Notice]:
    yield from ignored(form.ignored)
    if read_ < of:
        text = gettext("%(read)s of %(of)s customers were read; of the others this is old, or missing.")
        yield Notice(notice="incomplete", text=text % {"read": read_, "of": of})


def _numbers(account: AccountFigures) -> AccountNumbers:
    figures = account.figures
    return AccountNumbers(
        account_id=account.account,
        account=account.name,
        customers=account.customers,
        orders=figures.recent,
        failed=figures.failed,
        open=figures.open,
        open_too_long=figures.open_too_long,
        will_retry=figures.will_retry,
        promotions_refused=figures.promotions_refused,
        last_order=_instant(figures.last_order),
        oldest_open=_instant(figures.oldest_open),
        months=list(account.months),
        read_at=_instant(account.read_at),
        errors=list(account.errors),
    )


def _alert(board: Board, alert: Alert) -> NeedsSomebody:
    status = named(read(upstream_words(alert.source).statuses, alert.status))
    return NeedsSomebody(
        kind=alert.kind,
        seen=alert.is_seen,
        account=board.account_names[alert.source, alert.customer_id],
        source=alert.source,
        customer_id=alert.customer_id,
        order_id=alert.order_id,
        status=alert.status,
        status_meaning=status.word,
        line_statuses=alert.line_statuses,
        error_code=alert.error_code,
        promotion_results=alert.promotion_results,
        retries_used=alert.retry_used,
        retries_allowed=alert.retry_allowed,
        next_attempt=_instant(alert.next_attempt),
        is_estimated=alert.is_estimated,
        open_since=_instant(alert.open_since),
        changed_at=zulu(alert.changed_at),
        last_seen=zulu(alert.last_seen),
    )


def _instant(moment: datetime | None) -> str | None:
    return zulu(moment) if moment else None
