"""One order, with everything it carries."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.generic import View

from orders import services
from orders.domain.errors import UpstreamError
from orders.people.permissions import rights_in
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import AT
from orders.views.order import preview
from orders.views.order.line_pages import LINE_PARTS
from orders.views.order.order_page import OrderPage, with_order
from orders.views.shared import retry_tokens, reveal
from orders.views.shared.failures import failure_of
from orders.views.shared.pages import render_page
from orders.views.shared.previous_and_next import list_query, walk_of
from orders.views.shared.query_strings import clean_query, takes
from orders.views.shared.requests import PortalRequest
from orders.views.shared.reveal import NO_REASON, RevealForm

TEMPLATE = "orders/order/order_detail.html"


class DetailsView(View):
    """200 with the order, else the failure's status. The query is the list's own, to lead back to it.

    A POST with a reason shows the same page with personal data in the clear. Its answer is that page
    itself, so that nothing in an address or a cookie could show it again. Loaded again, it is masked.
    """

    def get(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        return _page(request, source, customer_id, order_id)

    def post(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        form = RevealForm(request.POST)
        if not form.is_valid() and rights_in(request).may_reveal:
            return _page(request, source, customer_id, order_id, reveal_form=form)
        if reveal.was_sent_before(request):
            return _page(request, source, customer_id, order_id, is_repeated=True)
        # Without the right the service refuses, whatever the reason, and writes that down.
        reason = form.cleaned_data.get("reason") or NO_REASON
        return _page(request, source, customer_id, order_id, reason=reason)


def _page(
    request: PortalRequest,
    source: str,
    customer_id: str,
    order_id: str,
    *,
    reason: str = "",
    reveal_form: RevealForm | None = None,
    is_repeated: bool = False,
) -> HttpResponse:
    if source not in FILTERSETS:
        raise Http404(f"no upstream is called {source}")
    description = services.describe(source)
    query = clean_query(request.GET)
    for parts in LINE_PARTS:
        query.pop(parts, None)
    with_prices = description.asks_for_prices(query)
    query.pop(description.price_parameter, None)
    history = reverse("history", args=[source, customer_id])
    to_list = list_query(query, description.default_limit).removesuffix("?")
    row = f"#order-{order_id}" if AT in query else ""
    walked = query.copy()
    if with_prices:
        walked[description.price_parameter] = "true"  # who reads prices goes on reading them
    context = OrderPage(
        description=description,
        customer_id=customer_id,
        order_id=order_id,
        list_address=f"{history}{to_list}{row}",
        walk=walk_of(walked, history),
    )
    which: dict[str, Any] = {"source": source, "customer_id": customer_id, "order_id": order_id}
    which |= {"actor": request.user, "rights": rights_in(request), "with_prices": with_prices}
    try:
        if reason:
            details = services.reveal_order(reason=reason, **which)
            reveal.note_sent(request)
        else:
            details = services.get_order(
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
                **which,
            )
    except UpstreamError as error:
        failure = failure_of(request, error, label=description.label, what="order")
        return failure.mark(_drawn(request, replace(context, failure=failure)))
    if details.freshness.failure is not None:
        failure = failure_of(request, details.freshness.failure, label=description.label, what="order")
        context = replace(context, failure=failure)
    page = replace(
        with_order(request, context, details, with_prices),
        reveal_form=reveal_form or RevealForm(),
        reveal_reason=reason,
        is_reveal_repeated=is_repeated,
    )
    return _drawn(request, page, status=400 if reveal_form is not None else 200)


def _drawn(request: PortalRequest, page: OrderPage, *, status: int = 200) -> HttpResponse:
    """The whole page, or what of it is asked for beside a list."""
    if preview.is_wanted(request):
        return preview.drawn(request, page)
    return render_page(request, TEMPLATE, page, status=status)
