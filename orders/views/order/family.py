"""What belongs to an order, beside it, in a request of its own: returns, switches, what is left.

On the order's page htmx asks for the panel alone; the same address opened by itself is a whole page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.generic import View

from orders import services
from orders.domain.descriptions import Description
from orders.domain.errors import UpstreamError
from orders.domain.families import Family, FamilyLine, Relative
from orders.domain.orders import Line
from orders.domain.terms import Term
from orders.people.permissions import rights_in
from orders.presentation.texts import state_words
from orders.presentation.texts.family_texts import family_notes, relation_words, verdict_words
from orders.services.families import FamilyDetails
from orders.views.shared import retry_tokens
from orders.views.shared.failures import Failure, failure_of
from orders.views.shared.pages import render_page
from orders.views.shared.query_strings import FRESH, takes, with_changes
from orders.views.shared.requests import PortalRequest

PAGE = "orders/order/family_page.html"
PANEL = "orders/order/family_panel.html"


@dataclass(frozen=True)
class LeftRow:
    """A line and what is left of it; numbers are None where they can't be told, texts empty."""

    line: Line
    ordered: int | None
    returned: int | None
    net: int | None
    left: int | None
    is_computed: bool
    until: date | None
    words: str


@dataclass(frozen=True)
class Branch:
    """An order in the picture of the family; `address` is empty for the one that the page shows."""

    order_id: str
    address: str
    order_type: Term
    status: Term
    created_at: datetime | None
    quantity: int | None
    words: str
    cancelled: Sequence[Line]
    branches: Sequence["Branch"]


@dataclass(frozen=True)
class FamilyPanel:
    """Which order; then what failed, or its relatives and what is left. `is_page`: opened by itself.

    `failures` are those of relatives alone: what is shown holds without them.
    """

    name: str
    title: str
    description: Description
    customer_id: str
    order_id: str
    address: str
    order_address: str
    is_page: bool
    element: str = "panel-family"

    failure: Failure | None = None
    retry_address: str = ""
    refresh_address: str = ""

    answer: FamilyDetails | None = None
    failures: Sequence[Failure] = ()
    about_id: str = ""
    tree: Branch | None = None
    size: int = 0
    rows: Sequence[LeftRow] = ()
    notes: Sequence[str] = ()
    line: str = ""


@dataclass(frozen=True)
class FamilyPage:
    panel: FamilyPanel


class FamilyView(View):
    """200 with the order's family, else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        descriptions = {each.name: each for each in services.sources()}
        if source not in descriptions or "family" not in descriptions[source].order_panels:
            raise Http404(f"no upstream called {source} tells of families")
        panel = FamilyPanel(
            name="family",
            title=gettext("What belongs to it"),
            description=descriptions[source],
            customer_id=customer_id,
            order_id=order_id,
            address=request.path,
            order_address=reverse("details", args=[source, customer_id, order_id]),
            is_page=request.headers.get("HX-Target") != "panel-family",
        )
        try:
            details = services.get_family(
                actor=request.user,
                rights=rights_in(request),
                source=source,
                customer_id=customer_id,
                order_id=order_id,
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
            )
        except UpstreamError as error:
            failure = failure_of(request, error, label=panel.description.label, what="order")
            retry = request.path + failure.retry_address
            return failure.mark(_drawn(request, replace(panel, failure=failure, retry_address=retry)))
        return _drawn(request, _with_family(request, panel, details))


def _drawn(request: PortalRequest, panel: FamilyPanel) -> HttpResponse:
    if panel.is_page:
        return render_page(request, PAGE, FamilyPage(panel))
    return render_page(request, PANEL, FamilyPage(panel))


def _with_family(request: PortalRequest, panel: FamilyPanel, details: FamilyDetails) -> FamilyPanel:
    family = details.family
    failure = None
    if details.freshness.failure is not None:
        failure = failure_of(request, details.freshness.failure, label=panel.description.label, what="order")
    rows = [_row(each) for each in family.lines]
    return replace(
        panel,
        failure=failure,
        retry_address="" if failure is None else request.path + failure.retry_address,
        answer=details,
        failures=[
            failure_of(request, each, label=panel.description.label, what="order")
            for each in details.failures
        ],
        refresh_address=request.path + with_changes(request.GET, FRESH),
        about_id=family.about.order_id,
        tree=_branch(panel, family, family.first, frozenset()),
        size=len(family.relatives),
        rows=rows,
        notes=family_notes(family),
        line=rows[0].words if len(rows) == 1 else "",
    )


def _row(each: FamilyLine) -> LeftRow:
    return LeftRow(
        line=each.line,
        ordered=each.line.quantity,
        returned=each.returned,
        net=each.net,
        left=each.left,
        is_computed=each.is_computed,
        until=each.until,
        words=verdict_words(each),
    )


def _branch(panel: FamilyPanel, family: Family, relative: Relative, above: frozenset[str]) -> Branch:
    """With what stands under it; orders that name each other in a circle end where it closes."""
    is_shown = relative.order_id == panel.order_id
    here = above | {relative.order_id}
    return Branch(
        order_id=relative.order_id,
        address="" if is_shown else _address(panel, relative.order_id),
        order_type=state_words.named(relative.order_type),
        status=state_words.named(relative.status),
        created_at=relative.created_at,
        quantity=relative.quantity,
        words=relation_words(relative),
        cancelled=relative.cancelled,
        branches=[
            _branch(panel, family, each, here)
            for each in family.under(relative.order_id)
            if each.order_id not in here
        ],
    )


def _address(panel: FamilyPanel, order_id: str) -> str:
    return reverse("details", args=[panel.description.name, panel.customer_id, order_id])
