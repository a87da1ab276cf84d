"""/portfolio/: a person's accounts in numbers that lead somewhere; and what can be done for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from orders.domain.terms import Term, read
from orders.people.account_sets import AccountChoice
from orders.people.permissions import rights_in
from orders.presentation.dates import drawn_moment
from orders.presentation.formatters import order_address
from orders.presentation.month_picture import month_picture, small_month_picture
from orders.presentation.numbers import grouped
from orders.presentation.texts.ages import age_words
from orders.presentation.texts.attention_texts import line_states
from orders.presentation.texts.phrases import Text
from orders.presentation.texts.plain_words import CAUSES, word_of
from orders.presentation.texts.state_words import named
from orders.services import portfolio
from orders.services.portfolio import AccountFigures, Change, Figures, MonthCounts, Portfolio
from orders.views.shared.account_forms import PortfolioForm, as_fields, as_query, chosen_in
from orders.views.shared.account_sets import SetChoice, set_choices
from orders.views.shared.pager import Pager, offset_pager
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import with_changes
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

TEMPLATE = "orders/history/portfolio/portfolio.html"
FAILED = ("failed", "retries-exhausted")


@dataclass(frozen=True)
class Tile:
    """A number that leads to the list that it counts; without an address to nowhere."""

    words: Text
    number: int
    tone: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True)
class AccountRow:
    account: AccountFigures
    address: str
    months: SafeString
    last_order: SafeString | str
    oldest_open: str
    failed_address: str
    retry_address: str
    read: str
    not_read: str


@dataclass(frozen=True)
class ChangeRow:
    """`was` is None of a new order."""

    change: Change
    address: str
    account_name: str
    at: SafeString
    was: Term | None
    now: Term
    lines: str


@dataclass(frozen=True)
class PortfolioPage:
    """`found` is None, and with it all that is drawn of it, where the address asks for what can't be.

    `months` are (name, counts) for the table beside the picture. `chosen` is the query string that names the
    accounts, `choices` the same as fields of a form, and `has_choice` says whether these are some of all.
    """

    found: Portfolio | None
    errors: Sequence[str] = ()
    ignored: Sequence[str] = ()
    text: str = ""
    head: str = ""
    tiles: Sequence[Tile] = ()
    tiles_label: str = ""
    picture: SafeString | str = ""
    months: Sequence[tuple[str, MonthCounts]] = ()
    changes: Sequence[ChangeRow] = ()
    changes_since: SafeString | str = ""
    changes_until: str = ""
    all_changes_address: str = ""
    rows: Sequence[AccountRow] = ()
    pager: Pager | None = None
    age: str = ""
    progress: int | None = None
    sets: Sequence[SetChoice] = ()
    chosen: str = ""
    choices: Sequence[tuple[str, str]] = ()
    has_choice: bool = False
    may_export: bool = False
    is_behind: bool = False


@dataclass(frozen=True)
class RefreshProgress:
    """`chosen` is the query string that names the accounts; empty for all of them."""

    progress: int | None
    chosen: str


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    form = PortfolioForm(request.GET)
    if not form.is_valid():
        errors = [f"{name}: {said}" for name, all_said in form.errors.items() for said in all_said]
        return render_page(request, TEMPLATE, PortfolioPage(None, errors), status=400)
    found = portfolio.portfolio(actor=request.user, wish=form.wish, rights=rights_in(request))
    page = _page(request, form, found)
    return render_page(request, TEMPLATE, page, status=404 if form.wish.offset > found.total else 200)


@require_POST
def refresh(request: PortalRequest) -> HttpResponse:
    """Read the chosen accounts' customers now, in the background; back to where that was asked."""
    choice = chosen_in(request.POST)
    number = portfolio.refresh(actor=request.user, choice=choice, rights=rights_in(request))
    if number:
        said = ngettext("%(count)s customer is read now.", "%(count)s customers are read now.", number)
        messages.success(request, said % {"count": grouped(number)})
    else:
        messages.info(request, gettext("They are all being read already, or there is nobody to read."))
    if len(choice.accounts) == 1 and request.POST.get("from") == "account":
        return redirect("account", *choice.accounts)
    return redirect(reverse("portfolio") + as_query(choice))


@require_safe
def progress(request: PortalRequest) -> HttpResponse:
    """How far those who are read now have come, for the page that shows it, which is new at the end."""
    choice = chosen_in(request.GET)
    waiting, of = portfolio.still_waiting(actor=request.user, choice=choice, rights=rights_in(request))
    context = RefreshProgress(percent_read(waiting, of), as_query(choice))
    response = render_page(request, "orders/history/portfolio/progress.html", context)
    if not waiting:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def mark_changes_read(request: PortalRequest) -> HttpResponse:
    """What was shown has been read; what came since is still new."""
    at = _moment(request.POST.get("until", ""))
    portfolio.mark_changes_read(actor=request.user, at=at or timezone.now(), rights=rights_in(request))
    return redirect("portfolio")


def tiles(found: Figures, at: datetime, choice: AccountChoice) -> list[Tile]:
    """The numbers of some accounts; those of the board lead there, to the same orders."""
    oldest = "" if found.oldest_open is None else age_words(_seconds(at, found.oldest_open))
    return [
        Tile(gettext("Failed, needs somebody"), found.failed, "bad", address=board(choice, *FAILED)),
        Tile(
            gettext("Open for too long"),
            found.open_too_long,
            "late",
            gettext("oldest open: %(age)s") % {"age": oldest} if oldest else "",
            board(choice, "open-too-long"),
        ),
        Tile(gettext("Will retry"), found.will_retry, "wait", address=board(choice, "will-retry")),
        Tile(
            gettext("Promotions refused"),
            found.promotions_refused,
            "wait",
            address=board(choice, "promotion-refused"),
        ),
        Tile(gettext("Orders, last 30 days"), found.recent, "good"),
    ]


def percent_read(waiting: int, of: int) -> int | None:
    """How far those who are read now have come; None where nobody is."""
    return round(100 * (of - waiting) / of) if waiting else None


def board(choice: AccountChoice, *kinds: str) -> str:
    """Where what needs somebody is listed."""
    query = [*as_fields(choice), *(("kind", kind) for kind in kinds)]
    return f"{reverse('attention')}?{urlencode(query)}"


def month_parts(
    months: Sequence[tuple[int, MonthCounts]],
) -> tuple[SafeString, list[tuple[str, MonthCounts]]]:
    """The picture of some months, and its numbers by name."""
    days = [(date(month // 12, month % 12 + 1, 1), counts) for month, counts in months]
    return month_picture(days), [(f"{day:%Y-%m}", counts) for day, counts in days]


def _page(request: PortalRequest, form: PortfolioForm, found: Portfolio) -> PortfolioPage:
    query, wish = request.GET, form.wish
    picture, months = month_parts(found.months)
    all_changes = with_changes(query, {"changes": "all"}) + "#changes"
    return PortfolioPage(
        found=found,
        ignored=form.ignored,
        text=wish.text,
        head=_head(found),
        tiles=tiles(found.figures, found.at, wish.choice) if not wish.text else (),
        tiles_label=gettext("In numbers"),
        picture=picture,
        months=months,
        changes=list(_changes(found)),
        changes_since=drawn_moment(found.changes_since),
        changes_until=found.at.isoformat(),
        all_changes_address=all_changes if found.change_count > len(found.changes) else "",
        rows=[_row(each, found.at) for each in found.accounts],
        pager=offset_pager(query, wish.offset, wish.limit, shown=len(found.accounts), total=found.total),
        age=age_words(_seconds(found.at, found.read_at)) if found.read_at else "",
        progress=percent_read(found.waiting, found.customers),
        sets=set_choices(request.user, query),
        chosen=as_query(wish.choice),
        choices=as_fields(wish.choice),
        has_choice=bool(wish.text) or not wish.choice.is_all,
        may_export=rights_in(request).may_export,
        is_behind=bool(wish.offset and found.total and not found.accounts),
    )


def _head(found: Portfolio) -> str:
    customers = ngettext("%(count)s customer", "%(count)s customers", found.customers)
    accounts = ngettext("%(count)s account", "%(count)s accounts", found.total)
    return gettext("%(customers)s in %(accounts)s") % {
        "customers": customers % {"count": grouped(found.customers)},
        "accounts": accounts % {"count": grouped(found.total)},
    }


def _row(account: AccountFigures, at: datetime) -> AccountRow:
    figures, of_account = account.figures, AccountChoice(accounts=(account.account,))
    return AccountRow(
        account=account,
        address=reverse("account", args=[account.account]),
        months=small_month_picture(
            account.months, gettext("Orders of %(name)s by month") % {"name": account.name}
        ),
        last_order=drawn_moment(figures.last_order) if figures.last_order else "–",
        oldest_open=age_words(_seconds(at, figures.oldest_open)) if figures.oldest_open else "–",
        failed_address=board(of_account, *FAILED),
        retry_address=board(of_account, "will-retry"),
        read=age_words(_seconds(at, account.read_at)) if account.read_at else "",
        not_read=", ".join(word_of(CAUSES, each) for each in account.errors),
    )


def _changes(found: Portfolio) -> Iterator[ChangeRow]:
    for change in found.changes:
        states = upstream_words(change.source).statuses
        yield ChangeRow(
            change=change,
            address=order_address(change.source, change.customer_id, change.order_id),
            account_name=found.account_names[change.source, change.customer_id],
            at=drawn_moment(change.seen_at),
            was=_term(states, change.was),
            now=named(read(states, change.now)),
            lines=line_states(change.lines_now) if change.lines_now != change.lines_were else "",
        )


def _term(states: Mapping[str, Term], code: str) -> Term | None:
    return named(read(states, code)) if code else None


def _seconds(at: datetime, moment: datetime) -> int:
    return max(0, int((at - moment).total_seconds()))


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
