"""/portfolio/<account>/: one account, its customers at each upstream, and their orders in one list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from orders import services
from orders.domain.terms import Term, read
from orders.people.account_sets import AccountChoice
from orders.people.permissions import rights_in
from orders.presentation.dates import drawn_moment
from orders.presentation.formatters import order_address
from orders.presentation.month_picture import small_month_picture
from orders.presentation.texts.ages import age_words
from orders.presentation.texts.attention_texts import line_states
from orders.presentation.texts.plain_words import CAUSES, word_of
from orders.presentation.texts.state_words import named
from orders.services import portfolio
from orders.services.portfolio import AccountView, CustomerFigures, IndexedOrder, MonthCounts
from orders.views.history.portfolio import Tile, month_parts, percent_read, tiles
from orders.views.shared.account_forms import PartForm, as_fields, as_query
from orders.views.shared.pager import Pager, offset_pager
from orders.views.shared.pages import render_page
from orders.views.shared.panel_places import PanelPlace, panel_places
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

TEMPLATE = "orders/history/portfolio/account.html"
# Customers of each upstream whose panels are asked for as soon as the page is open.
_ASKED_AT_ONCE = 2


@dataclass(frozen=True)
class CustomerRow:
    """`refreshed` is an ISO instant, or empty; `outcome` and `error` as the last read ended."""

    customer: CustomerFigures
    upstream: str
    address: str
    months: SafeString
    last_order: SafeString | str
    refreshed: str
    read: str
    outcome: str
    error: str
    error_words: str


@dataclass(frozen=True)
class Beside:
    """A customer with the places of what is asked of them, each by itself."""

    customer_id: str
    address: str
    panels: Sequence[PanelPlace]


@dataclass(frozen=True)
class Side:
    """An account's customers at one upstream; `further` are those whose panels are a click away."""

    source: str
    label: str
    customers: Sequence[Beside]
    further: int


@dataclass(frozen=True)
class OrderLine:
    order: IndexedOrder
    upstream: str
    address: str
    created: SafeString | str
    order_type: Term
    status: Term
    lines: str
    age: str


@dataclass(frozen=True)
class AccountPage:
    """`view` is None where the address asks for a part of the list that can't be."""

    name: str
    view: AccountView | None
    errors: Sequence[str] = ()
    ignored: Sequence[str] = ()
    tiles: Sequence[Tile] = ()
    tiles_label: str = ""
    picture: SafeString | str = ""
    months: Sequence[tuple[str, MonthCounts]] = ()
    customers: Sequence[CustomerRow] = ()
    sides: Sequence[Side] = ()
    orders: Sequence[OrderLine] = ()
    pager: Pager | None = None
    offset: int = 0
    limit: int = 0
    progress: int | None = None
    chosen: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_behind: bool = False


@require_safe
def show(request: PortalRequest, number: int) -> HttpResponse:
    """404 for an account that there is not, as for one that isn't this person's."""
    form = PartForm(request.GET)
    is_good = form.is_valid()
    offset, limit = (form.cleaned_data.get(name) for name in ("offset", "limit"))
    try:
        view = portfolio.account(
            actor=request.user,
            number=number,
            offset=offset or 0,
            limit=limit or 25,
            rights=rights_in(request),
        )
    except portfolio.NoSuchAccount:
        raise Http404("no such account") from None
    if not is_good:
        errors = [f"{name}: {said}" for name, all_said in form.errors.items() for said in all_said]
        return render_page(request, TEMPLATE, AccountPage(view.name, None, errors), status=400)
    page = replace(_page(request.GET, view, offset or 0, limit or 25), ignored=form.ignored)
    return render_page(request, TEMPLATE, page, status=404 if (offset or 0) > view.total else 200)


def _page(query: QueryDict, view: AccountView, offset: int, limit: int) -> AccountPage:
    choice = AccountChoice(accounts=(view.account,))
    picture, months = month_parts(view.months)
    waiting = sum(each.is_waiting for each in view.customers)
    return AccountPage(
        name=view.name,
        view=view,
        tiles=tiles(view.figures, view.at, choice),
        tiles_label=gettext("In numbers"),
        picture=picture,
        months=months,
        customers=[_customer(each, view.at) for each in view.customers],
        sides=_sides(view),
        orders=[_order(each, view.at) for each in view.orders],
        pager=offset_pager(query, offset, limit, shown=len(view.orders), total=view.total),
        offset=offset,
        limit=limit,
        progress=percent_read(waiting, len(view.customers)),
        chosen=as_query(choice),
        choices=as_fields(choice),
        is_behind=bool(offset and view.total and not view.orders),
    )


def _sides(view: AccountView) -> list[Side]:
    """What both upstreams say of the account, side by side; an upstream that is gone has no side."""
    found = []
    for description in services.sources():
        ids = [each.customer_id for each in view.customers if each.source == description.name]
        beside = [
            Beside(
                customer_id=each,
                address=reverse("history", args=[description.name, each]),
                panels=panel_places(description, each, of=f"{description.name}{number}"),
            )
            for number, each in enumerate(ids[:_ASKED_AT_ONCE])
        ]
        if beside and description.panels:
            further = len(ids) - len(beside)
            found.append(Side(description.name, description.label, beside, further))
    return found


def _customer(customer: CustomerFigures, at: datetime) -> CustomerRow:
    last = customer.last_read
    if customer.is_waiting:
        outcome = "waiting"
    elif last.is_ok:
        outcome = "ok"
    else:
        outcome = "failed" if last.error else "never"
    return CustomerRow(
        customer=customer,
        upstream=upstream_words(customer.source).label,
        address=reverse("history", args=[customer.source, customer.customer_id]),
        months=small_month_picture(
            customer.months, gettext("Orders of %(name)s by month") % {"name": customer.customer_id}
        ),
        last_order=drawn_moment(customer.figures.last_order) if customer.figures.last_order else "–",
        refreshed=last.read_at.isoformat() if last.read_at else "",
        read=_age(at, last.read_at) if last.read_at else "",
        outcome=outcome,
        error=last.error,
        error_words=word_of(CAUSES, last.error),
    )


def _order(order: IndexedOrder, at: datetime) -> OrderLine:
    source, customer_id = order.customer.source, order.customer.customer_id
    words = upstream_words(source)
    return OrderLine(
        order=order,
        upstream=words.label,
        address=order_address(source, customer_id, order.order_id),
        created=drawn_moment(order.created_at) if order.created_at else "–",
        order_type=named(read(words.order_types, order.order_type)),
        status=named(read(words.statuses, order.status)),
        lines=line_states(order.line_statuses),
        age=_age(at, order.last_seen),
    )


def _age(at: datetime, moment: datetime) -> str:
    return age_words(max(0, int((at - moment).total_seconds())))
