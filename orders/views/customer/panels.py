"""What stands beside a customer's orders, each panel in a request of its own: who they are, what they own.

On the history page htmx asks for the panel alone; the same address opened by itself is a whole page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.generic import View

from orders import services
from orders.domain.customers import RUNNING, CustomerDetails, SubscriptionList
from orders.domain.descriptions import Description
from orders.domain.errors import NotYours, UpstreamError
from orders.domain.identifiers import is_identifier
from orders.domain.terms import Term
from orders.people.permissions import rights_in
from orders.presentation.texts import state_words
from orders.presentation.texts.term_texts import renewal_words, term_notes, term_words
from orders.views.customer import owned
from orders.views.customer.customer_facts import (
    Fact,
    badges,
    company,
    customer_facts,
    level_of_licences,
    personal_facts,
)
from orders.views.shared import retry_tokens, reveal
from orders.views.shared.failures import Failure, failure_of
from orders.views.shared.pages import render_page
from orders.views.shared.panel_places import panel_title
from orders.views.shared.query_strings import FRESH, takes, with_changes
from orders.views.shared.requests import PortalRequest
from orders.views.shared.reveal import NO_REASON, RevealForm

PAGE = "orders/customer/page.html"
CUSTOMER = "orders/customer/customer_panel.html"
SUBSCRIPTIONS = "orders/customer/subscriptions_panel.html"


@dataclass(frozen=True)
class Panel:
    """Which panel, of whom; then what failed, or what it shows. `is_page`: it is opened by itself.

    `moved`: orders have been seen of a customer of whom the upstream knows nothing now.
    """

    name: str
    title: str
    description: Description
    customer_id: str
    address: str
    orders_address: str
    is_page: bool
    element: str  # the ID of its place on the page

    failure: Failure | None = None
    moved: bool = False
    retry_address: str = ""
    refresh_address: str = ""

    answer: CustomerDetails | SubscriptionList | None = None
    status: Term | None = None
    is_active: bool = True
    company: str = ""
    term_words: str = ""
    renewal_words: str = ""
    term_notes: Sequence[str] = ()
    level: str = ""
    reseller_address: str = ""
    facts: Sequence[Fact] = ()
    badges: Sequence[str] = ()
    personal_facts: Sequence[Fact] = ()
    is_masked: bool = False
    may_reveal: bool = False
    is_revealed: bool = False
    reveal_form: RevealForm | None = None
    reveal_reason: str = ""

    running: Sequence[owned.OwnedRow] = ()
    over: Sequence[owned.OwnedRow] = ()
    counts: str = ""


@dataclass(frozen=True)
class PanelPage:
    panel: Panel


class CustomerView(View):
    """200 with the customer, else the failure's status. A POST with a reason shows admins and address."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        return _customer(request, _frame(request, "customer", source, customer_id))

    def post(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        panel = _frame(request, "customer", source, customer_id)
        form = RevealForm(request.POST)
        if not form.is_valid() and rights_in(request).may_reveal:
            return _customer(request, replace(panel, reveal_form=form))
        if reveal.was_sent_before(request):
            return _customer(request, panel)
        # Without the right the service refuses, whatever the reason, and writes that down.
        reason = form.cleaned_data.get("reason") or NO_REASON
        return _customer(request, replace(panel, reveal_reason=reason))


class SubscriptionsView(View):
    """200 with all that the customer owns, else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        panel = _frame(request, "subscriptions", source, customer_id)
        try:
            found = services.list_subscriptions(
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
                **_which(request, panel),
            )
        except UpstreamError as error:
            return _failed(request, panel, error)
        running, over = owned.rows(found)
        panel = _answered(request, panel, found)
        return _drawn(
            request,
            replace(
                panel,
                running=running,
                over=over,
                counts=owned.summary(found, has_terms=panel.description.has_terms),
            ),
        )


def _frame(request: PortalRequest, name: str, source: str, customer_id: str) -> Panel:
    """404 for an upstream that there is not, or that tells nothing of the kind."""
    descriptions = {each.name: each for each in services.sources()}
    if source not in descriptions or name not in descriptions[source].panels:
        raise Http404(f"no upstream called {source} tells of {name}")
    # Where several customers stand on one page, each panel has a place of its own.
    element = re.fullmatch(rf"panel-{name}(-[0-9a-z]{{1,40}})?", request.headers.get("HX-Target", ""))
    return Panel(
        name=name,
        title=panel_title(name),
        description=descriptions[source],
        customer_id=customer_id,
        address=request.path,
        orders_address=reverse("history", args=[source, customer_id]),
        is_page=element is None,
        element=f"panel-{name}" if element is None else element[0],
    )


def _which(request: PortalRequest, panel: Panel) -> dict[str, Any]:
    return {
        "actor": request.user,
        "rights": rights_in(request),
        "source": panel.description.name,
        "customer_id": panel.customer_id,
    }


def _customer(request: PortalRequest, panel: Panel) -> HttpResponse:
    which = _which(request, panel)
    try:
        if panel.reveal_reason:
            details = services.reveal_customer(reason=panel.reveal_reason, **which)
            reveal.note_sent(request)
        else:
            details = services.get_customer(
                correlation_id=retry_tokens.redeem(request), takes=takes(request.GET), **which
            )
    except UpstreamError as error:
        return _failed(request, panel, error)
    customer = details.customer
    personal = personal_facts(customer, is_person=not panel.description.has_terms)
    is_masked = bool(personal) and not details.is_revealed
    shown = replace(
        _answered(request, panel, details),
        status=state_words.named(customer.status),
        is_active=customer.status.code.upper() in RUNNING,
        company=company(customer),
        **_term(panel, details),
        facts=customer_facts(details, has_terms=panel.description.has_terms),
        badges=badges(customer),
        reseller_address=_resellers_list(panel, details),
        personal_facts=personal,
        is_masked=is_masked,
        is_revealed=details.is_revealed,
        may_reveal=is_masked and details.rights.may_reveal,
        reveal_form=panel.reveal_form or RevealForm(),
    )
    return _drawn(request, shown, status=200 if panel.reveal_form is None else 400)


def _resellers_list(panel: Panel, details: CustomerDetails) -> str:
    """Where all customers of this one's reseller stand, for whoever may see everybody's."""
    reseller = details.customer.reseller_id
    is_listed = panel.description.lists_resellers and details.rights.sees_all and is_identifier(reseller)
    return reverse("reseller", args=[panel.description.name, reseller]) if is_listed else ""


def _term(panel: Panel, details: CustomerDetails) -> dict[str, Any]:
    """Nothing for an upstream whose customers have no terms."""
    if not panel.description.has_terms:
        return {}
    return {
        "term_words": term_words(details.term),
        "renewal_words": renewal_words(details.term, datetime.now(UTC).date()),
        "term_notes": term_notes(details.term, panel.description.short_label),
        "level": level_of_licences(details.customer),
    }


def _answered(request: PortalRequest, panel: Panel, answer: CustomerDetails | SubscriptionList) -> Panel:
    """With what came, and with why nothing newer did where it is a saved copy."""
    panel = replace(panel, answer=answer, refresh_address=request.path + with_changes(request.GET, FRESH))
    if answer.freshness.failure is None:
        return panel
    return replace(panel, **_failure(request, panel, answer.freshness.failure))


def _failed(request: PortalRequest, panel: Panel, error: UpstreamError) -> HttpResponse:
    """The panel's own failure: it says so in its place, and nothing else is touched by it."""
    panel = replace(panel, **_failure(request, panel, error))
    assert panel.failure is not None
    return panel.failure.mark(_drawn(request, panel))


def _failure(request: PortalRequest, panel: Panel, error: UpstreamError) -> dict[str, Any]:
    failure = failure_of(request, error, label=panel.description.label, what="customer")
    is_gone = error.cause == "not-found" and not isinstance(error, NotYours)
    return {
        "failure": failure,
        "retry_address": request.path + failure.retry_address,
        "moved": is_gone and services.was_known(panel.description.name, panel.customer_id),
    }


def _drawn(request: PortalRequest, panel: Panel, *, status: int = 200) -> HttpResponse:
    if panel.is_page:
        return render_page(request, PAGE, PanelPage(panel), status=status)
    if panel.name == "customer":
        return render_page(request, CUSTOMER, PanelPage(panel), status=status)
    return render_page(request, SUBSCRIPTIONS, PanelPage(panel), status=status)
