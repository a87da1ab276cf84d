"""/lookups/<id>/: numbers that somebody pasted, a line for each, by what the portal remembers, and by what
upstreams said when they were asked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from orders import services
from orders.domain.granted_rights import Rights
from orders.domain.lookup import Found, guess, named_source
from orders.domain.pasted_text import CUSTOMER, ORDER, OTHER, Mention
from orders.domain.pasted_text import UNREADABLE as UNREADABLE_LABEL
from orders.domain.terms import Term, read
from orders.people.permissions import Person, rights_in
from orders.presentation.dates import drawn_moment
from orders.presentation.numbers import grouped
from orders.presentation.texts.plain_words import CAUSES, word_of
from orders.services import live_lookups
from orders.services.live_lookups import Asking
from orders.services.recent import recent_customers
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.small_files import SmallFile
from orders.views.shared.upstream_words import upstream_words

COLUMNS = (
    *("pasted", "outcome", "source", "customerId", "orderId"),
    *("status", "statusMeaning", "creationDate", "lastSeen"),
)
FOUND, AMBIGUOUS, NOT_FOUND = "found", "ambiguous", "not-found"
UNREADABLE, FAILED = "unreadable", "failed"
# In a list of so few numbers one may be an order of another one.
FEW = 3
MOST_READINGS = 6


@dataclass(frozen=True)
class LookupRow:
    """One number. `source` to `last_seen` are of the one order or customer it leads to, else empty.

    `pages` are (words, address): the one it leads to, all that it may mean, or where it could be asked for.
    """

    number: str
    times: int
    outcome: str
    pages: Sequence[tuple[str, str]]
    source: str = ""
    customer_id: str = ""
    order_id: str = ""
    status: Term | None = None
    created_at: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    @property
    def since_words(self) -> SafeString | str:
        return drawn_moment(self.first_seen) if self.first_seen else ""

    @property
    def created_words(self) -> SafeString | str:
        return drawn_moment(self.created_at) if self.created_at else ""

    @property
    def seen_words(self) -> SafeString | str:
        return drawn_moment(self.last_seen) if self.last_seen else ""


@dataclass(frozen=True)
class Progress:
    """How far upstreams were asked: `percent` of `of` customers. `failures` are words, with how many."""

    pk: UUID
    is_running: bool
    percent: int
    of: int
    failures: Sequence[str]
    left_out: int

    @property
    def state(self) -> str:
        return "running" if self.is_running else "done"


@dataclass(frozen=True)
class LookupsPage:
    """How many lines have which outcome; `may_export` is of whoever looks. `may_ask` where upstreams may know
    more, `asking` is how far they were asked.
    """

    pk: UUID
    rows: Sequence[LookupRow]
    found: int
    ambiguous: int
    missing: int
    unread: int
    failed: int
    is_cut: bool
    may_ask: bool
    asking: Progress | None
    may_export: bool
    export_address: str


@dataclass(frozen=True)
class ProgressPage:
    """How far upstreams were asked, alone, as the list's page shows it."""

    asking: Progress


@require_safe
def show(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _or_404(services.find_kept, request, pk)
    rows = list(_rows(request, found))
    outcomes = [row.outcome for row in rows]
    asking = None if found.asking is None else _progress(pk, found.asking)
    is_over = asking is not None and not asking.is_running
    page = LookupsPage(
        pk=pk,
        rows=rows,
        found=outcomes.count(FOUND),
        ambiguous=outcomes.count(AMBIGUOUS),
        missing=outcomes.count(NOT_FOUND),
        unread=outcomes.count(UNREADABLE),
        failed=outcomes.count(FAILED),
        is_cut=found.is_cut,
        may_ask=FAILED in outcomes if is_over else asking is None and NOT_FOUND in outcomes,
        asking=asking,
        may_export=rights_in(request).may_export,
        export_address=reverse("export-lookups", args=[pk]),
    )
    return render_page(request, "orders/history/lookups.html", page)


@require_POST
def ask_live(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Ask the upstreams for what was not found, in the background; back to the list."""
    try:
        waiting = live_lookups.ask_live(request.user, rights_in(request), pk)
    except LookupError:
        raise Http404 from None
    if not waiting:
        messages.info(request, gettext("There is nobody left to ask who could have these numbers."))
    return HttpResponseRedirect(reverse("lookups", args=[pk]), status=303)


@require_safe
def progress(request: PortalRequest, pk: UUID) -> HttpResponse:
    """How far that has come, for the page that shows it, which is new at the end."""
    try:
        asking = live_lookups.progress(request.user, rights_in(request), pk)
    except LookupError:
        raise Http404 from None
    if asking is None:
        raise Http404
    page = ProgressPage(_progress(pk, asking))
    response = render_page(request, "orders/history/lookups_progress.html", page)
    if not asking.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def export(request: PortalRequest, pk: UUID) -> FileResponse:
    """The same lines as CSV, in the pasted order."""
    found = _or_404(services.find_for_file, request, pk)
    rows = list(_rows(request, found))
    with SmallFile("lookups", COLUMNS, _cells(rows)) as file:
        services.list_exported(
            request.user,
            "lookups",
            row_count=len(rows),
            file_sha256=file.sha256,
            customers=found.customers,
        )
        return file.answer()


def _or_404(
    find: Callable[[Person, Rights, UUID], services.FoundNumbers], request: PortalRequest, pk: UUID
) -> services.FoundNumbers:
    try:
        return find(request.user, rights_in(request), pk)
    except LookupError:
        raise Http404 from None


def _rows(request: PortalRequest, found: services.FoundNumbers) -> Iterator[LookupRow]:
    mentions = [mention for mention, _, _ in found.numbers]
    recent: list[tuple[str, str]] = []
    if len(mentions) == 1 and mentions[0].label == ORDER:
        theirs = recent_customers(request.user, rights_in(request))
        recent = [(each.source, each.customer_id) for each in theirs]
    for place, (mention, times, hits) in enumerate(found.numbers):
        pages = services.pages_of(mention, hits)
        if mention.label == UNREADABLE_LABEL:
            yield LookupRow(mention.identifier, times, UNREADABLE, ())
        elif len(pages) == 1:
            yield _found_row(mention, times, hits, pages[0])
        elif pages:
            yield LookupRow(mention.identifier, times, AMBIGUOUS, [_link(page) for page in pages])
        else:
            outcome = FAILED if mention.identifier in found.unasked else NOT_FOUND
            is_one_of_few = len(mentions) <= FEW
            before = mentions[:place] if is_one_of_few else []
            readings = list(dict.fromkeys(_readings(mention, before, recent, is_alone=len(mentions) == 1)))
            yield LookupRow(mention.identifier, times, outcome, list(map(_link, readings[:MOST_READINGS])))


def _found_row(mention: Mention, times: int, hits: Sequence[services.Hit], page: Found) -> LookupRow:
    source, customer_id = page.sources[0], page.customer_id
    hit = next(
        (
            hit
            for hit in hits
            if hit.order_id and (hit.order_id, hit.customer) == (page.order_id, (source, customer_id))
        ),
        None,
    )
    return LookupRow(
        mention.identifier,
        times,
        FOUND,
        [_link(page)],
        source=source,
        customer_id=customer_id,
        order_id=page.order_id,
        status=_status(hit) if hit else None,
        created_at=hit.created_at if hit else None,
        first_seen=hit.first_seen if hit else None,
        last_seen=hit.last_seen if hit else None,
    )


def _status(hit: services.Hit) -> Term:
    return read(upstream_words(hit.source).statuses, hit.status)


def _link(page: Found) -> tuple[str, str]:
    label = upstream_words(page.sources[0]).label
    given = {"upstream": label, "customer": page.customer_id, "order": page.order_id}
    if page.order_id:
        words = gettext("%(upstream)s: order %(order)s of customer %(customer)s") % given
        return words, reverse("details", args=[page.sources[0], page.customer_id, page.order_id])
    words = gettext("%(upstream)s: customer %(customer)s") % given
    return words, reverse("history", args=[page.sources[0], page.customer_id])


def _readings(
    mention: Mention, before: Sequence[Mention], recent: Sequence[tuple[str, str]], *, is_alone: bool
) -> Iterator[Found]:
    """What a number may be that nobody has seen, as only asking tells: an order of a customer who stands
    before it or was looked at lately; a customer, of the upstream whose IDs look like it.
    """
    number, every = mention.identifier, services.sources()
    if mention.label != CUSTOMER:
        for other in before:
            if other.label not in {ORDER, OTHER, UNREADABLE_LABEL}:
                for source in _sources(other):
                    yield Found(sources=(source,), customer_id=other.identifier, order_id=number)
        for source, customer_id in recent:
            if source in _sources(mention):
                yield Found(sources=(source,), customer_id=customer_id, order_id=number)
    if mention.label in {ORDER, OTHER}:
        return
    looks_like = [
        each.name
        for each in every
        if each.customer_id_pattern and re.fullmatch(each.customer_id_pattern, number)
    ]
    for source in looks_like or (_sources(mention) if is_alone or mention.label == CUSTOMER else ()):
        if named_source(mention, every) in {"", source}:
            yield Found(sources=(source,), customer_id=number)


def _sources(mention: Mention) -> Sequence[str]:
    """The upstream that it was named with, or those that it looks like."""
    named = named_source(mention, services.sources())
    return (named,) if named else guess(mention.identifier, services.sources())


def _progress(pk: UUID, asking: Asking) -> Progress:
    causes = Counter((customer[0], cause) for customer, cause in asking.failed)
    return Progress(
        pk=pk,
        is_running=asking.is_running,
        percent=round(100 * asking.done / asking.of) if asking.of else 100,
        of=asking.of,
        failures=[_failure(source, cause, count) for (source, cause), count in sorted(causes.items())],
        left_out=asking.left_out,
    )


def _failure(source: str, cause: str, count: int) -> str:
    words = ngettext(
        "%(upstream)s: %(cause)s, %(count)s time", "%(upstream)s: %(cause)s, %(count)s times", count
    )
    said = {"upstream": upstream_words(source).label, "cause": word_of(CAUSES, cause)}
    return words % {**said, "count": grouped(count)}


def _cells(rows: Sequence[LookupRow]) -> Iterator[Sequence[str | datetime | None]]:
    for row in rows:
        yield (
            row.number,
            row.outcome,
            row.source,
            row.customer_id,
            row.order_id,
            row.status.code if row.status else "",
            row.status.word if row.status else "",
            row.created_at,
            row.last_seen,
        )
