"""/lookups/<id>/: a list of numbers that somebody pasted, a line for each, by what the portal remembers."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from orders import services
from orders.domain.granted_rights import Rights
from orders.domain.lookup import Found
from orders.domain.pasted_text import Mention
from orders.domain.terms import Term, read
from orders.people.permissions import Person, rights_in
from orders.presentation.dates import drawn_moment
from orders.views.history.remembered import pages_of
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.small_files import SmallFile

COLUMNS = (
    *("pasted", "outcome", "source", "customerId", "orderId"),
    *("status", "statusMeaning", "creationDate", "lastSeen"),
)
FOUND, AMBIGUOUS, NOT_FOUND = "found", "ambiguous", "not-found"


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
    last_seen: datetime | None = None

    @property
    def created_words(self) -> SafeString | str:
        return drawn_moment(self.created_at) if self.created_at else ""

    @property
    def seen_words(self) -> SafeString | str:
        return drawn_moment(self.last_seen) if self.last_seen else ""


@dataclass(frozen=True)
class LookupsPage:
    """`counts` are (outcome, how many lines); `may_export` is of whoever looks."""

    rows: Sequence[LookupRow]
    found: int
    ambiguous: int
    missing: int
    is_cut: bool
    may_export: bool
    export_address: str


@require_safe
def show(request: PortalRequest, pk: UUID) -> HttpResponse:
    found = _or_404(services.find_kept, request, pk)
    rows = [_row(*each) for each in found.numbers]
    outcomes = [row.outcome for row in rows]
    page = LookupsPage(
        rows=rows,
        found=outcomes.count(FOUND),
        ambiguous=outcomes.count(AMBIGUOUS),
        missing=outcomes.count(NOT_FOUND),
        is_cut=found.is_cut,
        may_export=rights_in(request).may_export,
        export_address=reverse("export-lookups", args=[pk]),
    )
    return render_page(request, "orders/history/lookups.html", page)


@require_safe
def export(request: PortalRequest, pk: UUID) -> FileResponse:
    """The same lines as CSV, in the pasted order."""
    found = _or_404(services.find_for_file, request, pk)
    rows = [_row(*each) for each in found.numbers]
    file = SmallFile("lookups", COLUMNS, _cells(rows))
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


def _row(mention: Mention, times: int, hits: Sequence[services.Hit]) -> LookupRow:
    pages = pages_of(mention, hits)
    if len(pages) != 1:
        outcome = AMBIGUOUS if pages else NOT_FOUND
        shown = [_link(page) for page in pages] or list(_to_be_asked(mention))
        return LookupRow(mention.identifier, times, outcome, shown)
    page = pages[0]
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
        last_seen=hit.last_seen if hit else None,
    )


def _status(hit: services.Hit) -> Term:
    return read(services.describe(hit.source).statuses, hit.status)


def _link(page: Found) -> tuple[str, str]:
    label = services.describe(page.sources[0]).short_label
    given = {"upstream": label, "customer": page.customer_id, "order": page.order_id}
    if page.order_id:
        words = gettext("%(upstream)s: order %(order)s of customer %(customer)s") % given
        return words, reverse("details", args=[page.sources[0], page.customer_id, page.order_id])
    words = gettext("%(upstream)s: customer %(customer)s") % given
    return words, reverse("history", args=[page.sources[0], page.customer_id])


def _to_be_asked(mention: Mention) -> Iterator[tuple[str, str]]:
    """The upstreams whose customers have such IDs: whether this is one, only asking tells."""
    for each in services.sources():
        if each.customer_id_pattern and re.fullmatch(each.customer_id_pattern, mention.identifier):
            yield _link(Found(sources=(each.name,), customer_id=mention.identifier))


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
