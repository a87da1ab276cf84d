"""/attention/: what needs somebody, over all of a person's accounts; and what they have seen of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from orders import services
from orders.domain.identifiers import is_identifier
from orders.domain.terms import Term, read
from orders.people.permissions import rights_in
from orders.presentation.columns import FileValue
from orders.presentation.dates import drawn_moment, moment_words
from orders.presentation.formatters import order_address
from orders.presentation.retry_picture import retry_picture
from orders.presentation.texts import attention_texts as texts
from orders.presentation.texts.ages import age_words
from orders.presentation.texts.phrases import Text
from orders.presentation.texts.plain_words import CAUSES, word_of
from orders.presentation.texts.state_words import named
from orders.services import attention
from orders.services.attention import KINDS, Alert, Board, Wish
from orders.views.shared.account_forms import MOST, BoardForm
from orders.views.shared.account_sets import SetChoice, set_choices
from orders.views.shared.pager import Pager, offset_pager
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import with_changes
from orders.views.shared.requests import PortalRequest
from orders.views.shared.small_files import SmallFile
from orders.views.shared.upstream_words import upstream_words

COLUMNS = (
    *("kind", "seen", "account", "source", "customerId", "orderId", "status", "statusMeaning"),
    *("lineStatuses", "errorCode", "promotionResults", "retriesUsed", "retriesAllowed", "nextAttempt"),
    *("isEstimated", "openSince", "changedAt", "lastSeen"),
)
_LISTED = 10  # customers who could not be read; the others are counted


@dataclass(frozen=True)
class Choice:
    """One filter in a row of them: a link that puts it on, or takes it off."""

    words: Text
    number: int | str
    address: str
    is_on: bool


@dataclass(frozen=True)
class Row:
    alert: Alert
    name: str  # as the form that marks it sends it
    account_name: str
    address: str
    status: Term
    what: Sequence[str]
    since: SafeString
    next_attempt: SafeString | str
    age: str


@dataclass(frozen=True)
class Group:
    kind: str
    words: Text
    tone: str
    number: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class BoardPage:
    """`board` is None, and with it all that is drawn of it, where the address asks for what can't be."""

    board: Board | None
    errors: Sequence[str] = ()
    ignored: Sequence[str] = ()
    groups: Sequence[Group] = ()
    kinds: Sequence[Choice] = ()
    seen: Sequence[Choice] = ()
    accounts: Sequence[Choice] = ()
    sources: Sequence[Choice] = ()
    sets: Sequence[SetChoice] = ()
    pager: Pager | None = None
    offset: int = 0
    limit: int = 0
    picture: SafeString | str = ""
    days: Sequence[tuple[str, int]] = ()
    not_read: Sequence[tuple[str, str, str, str, str]] = ()
    not_listed: int = 0
    age: str = ""
    back: str = ""
    export_address: str = ""
    has_filters: bool = False
    is_behind: bool = False


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    form = BoardForm(request.GET)
    if not form.is_valid():
        errors = [f"{name}: {said}" for name, all_said in form.errors.items() for said in all_said]
        return render_page(
            request, "orders/history/attention/board.html", BoardPage(None, errors), status=400
        )
    wish = form.wish
    rights = rights_in(request)
    board = attention.board(actor=request.user, wish=wish, rights=rights)
    page = _page(request, form, board, may_export=rights.may_export)
    status = 404 if form.wish.offset > board.total else 200
    return render_page(request, "orders/history/attention/board.html", page, status=status)


@require_safe
def export(request: PortalRequest) -> HttpResponseBase:
    """All that the filters leave, as CSV. The file says by its name where a customer could not be read."""
    form = BoardForm(request.GET)
    if not form.is_valid():
        return show(request)
    board = attention.board_for_file(actor=request.user, wish=form.wish, rights=rights_in(request))
    is_whole = board.read == board.of
    with SmallFile("attention" if is_whole else "PARTIAL_attention", COLUMNS, _cells(board)) as file:
        services.list_exported(
            request.user,
            "attention",
            row_count=len(board.rows),
            file_sha256=file.sha256,
            customers={(each.source, each.customer_id) for each in board.rows},
        )
        answer = file.answer()
    if not is_whole:
        answer["X-Customers-Not-Read"] = str(board.of - board.read)
    return answer


def _cells(board: Board) -> Iterator[Sequence[FileValue]]:
    for each in board.rows:
        status = named(read(upstream_words(each.source).statuses, each.status))
        yield (
            *(each.kind, "1" if each.is_seen else "0"),
            *(board.account_names[each.source, each.customer_id], each.source, each.customer_id),
            *(each.order_id, each.status, status.word, each.line_statuses, each.error_code),
            *(each.promotion_results, each.retry_used, each.retry_allowed, each.next_attempt),
            *("1" if each.is_estimated else "0", each.open_since, each.changed_at, each.last_seen),
        )


@require_POST
def mark_seen(request: PortalRequest) -> HttpResponse:
    """Mark orders as seen, and back to the place where that was done."""
    orders = {
        (parts[0], parts[1], parts[2])
        for value in request.POST.getlist("order")[:MOST]
        if len(parts := value.split(":")) == 3 and all(map(is_identifier, parts))
    }
    attention.mark_seen(actor=request.user, orders=orders, rights=rights_in(request))
    form = BoardForm(QueryDict(request.POST.get("back", "")))
    query = with_changes(form.data, {}) if form.is_valid() else ""  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("attention") + query.removesuffix("?"))


def _page(request: PortalRequest, form: BoardForm, board: Board, *, may_export: bool) -> BoardPage:
    query, wish = request.GET, form.wish
    days = [
        (day, board.attempts.get(day, 0))
        for day in (timezone.localdate() + timedelta(days=ahead) for ahead in range(attention.PICTURE_DAYS))
    ]
    return BoardPage(
        board=board,
        ignored=form.ignored,
        groups=list(_groups(board)),
        kinds=[
            _choice(query, "kind", kind, texts.KINDS[kind], board.counts[kind][0])
            for kind in KINDS
            if kind in board.counts
        ],
        seen=[_choice(query, "seen", value, words, "") for value, words in texts.SEEN.items()],
        accounts=[
            _choice(query, "account", str(each.account), each.name, each.number)
            for each in board.accounts[:_LISTED]
        ],
        sources=[_choice(query, "source", each.name, each.short_label, "") for each in services.sources()],
        sets=set_choices(request.user, query),
        pager=offset_pager(query, wish.offset, wish.limit, shown=len(board.rows), total=board.total),
        offset=wish.offset,
        limit=wish.limit,
        picture=retry_picture(days),
        days=[(day.isoformat(), number) for day, number in days],
        not_read=[
            (
                each.source,
                each.customer_id,
                each.account_name,
                word_of(CAUSES, each.error),
                moment_words(each.read_at) if each.read_at else "",
            )
            for each in board.not_read[:_LISTED]
        ],
        not_listed=max(0, len(board.not_read) - _LISTED),
        age=_age(board, board.last_read) if board.last_read else "",
        back=query.urlencode(),
        export_address=(
            reverse("export-attention") + with_changes(query, {"offset": None, "limit": None})
            if may_export and board.total
            else ""
        ),
        has_filters=wish != Wish(offset=wish.offset, limit=wish.limit),
        is_behind=bool(wish.offset and board.total and not board.rows),
    )


def _groups(board: Board) -> Iterator[Group]:
    for kind, rows in groupby(board.rows, key=lambda each: each.kind):
        yield Group(
            kind=kind,
            words=texts.KINDS[kind],
            tone=texts.TONES[kind],
            number=board.counts[kind][0],
            rows=[_row(board, each) for each in rows],
        )


def _row(board: Board, alert: Alert) -> Row:
    if alert.kind == "open-too-long" and alert.open_since is not None:
        since = alert.open_since
    else:
        since = alert.changed_at
    return Row(
        alert=alert,
        name=f"{alert.source}:{alert.customer_id}:{alert.order_id}",
        account_name=board.account_names[alert.source, alert.customer_id],
        address=order_address(alert.source, alert.customer_id, alert.order_id),
        status=named(read(upstream_words(alert.source).statuses, alert.status)),
        what=list(
            filter(
                None,
                (
                    texts.retries(alert.kind, alert.retry_used, alert.retry_allowed),
                    texts.line_states(alert.line_statuses),
                    texts.promotions(alert.promotion_results) if alert.kind == "promotion-refused" else "",
                ),
            )
        ),
        since=drawn_moment(since),
        next_attempt=drawn_moment(alert.next_attempt) if alert.next_attempt else "",
        age=_age(board, alert.last_seen),
    )


def _age(board: Board, moment: Any) -> str:
    return age_words(max(0, int((board.at - moment).total_seconds())))


def _choice(query: QueryDict, name: str, value: str, words: Text, number: int | str) -> Choice:
    is_on = value in query.getlist(name)
    return Choice(words, number, with_changes(query, {name: None if is_on else value, "offset": None}), is_on)
