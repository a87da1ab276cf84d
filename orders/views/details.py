"""One order, with everything it carries."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from orders import cells, services
from orders.access import rights_of
from orders.columns import LINE_COLUMNS
from orders.domain.attention import advice
from orders.domain.descriptions import Description
from orders.domain.errors import UpstreamError
from orders.domain.orders import Line
from orders.domain.results import LineRow, OrderDetails, OrderRow
from orders.domain.summaries import summary
from orders.escalation import escalation_text
from orders.filtersets import FILTERSETS
from orders.tables import LineTable
from orders.views import order_facts, retry_tokens
from orders.views.addresses import clean_query, with_changes
from orders.views.failures import failure_of
from orders.views.requests import PortalRequest
from orders.views.reveal import RevealForm, reveal_context


class DetailsView(View):
    """200 with the order, else the failure's status. The query is the list's own, to lead back to it.

    A POST with a reason shows the same page with personal data in the clear. Its answer is that page
    itself, so that nothing in an address or a cookie could show it again: a refresh asks anew.
    """

    def get(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        return _page(request, source, customer_id, order_id)

    def post(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        form = RevealForm(request.POST)
        if not form.is_valid() and rights_of(request.user).may_reveal:
            return _page(request, source, customer_id, order_id, reveal_form=form)
        # Without the right the service refuses, whatever the reason, and writes that down.
        reason = form.cleaned_data.get("reason") or "none given"
        return _page(request, source, customer_id, order_id, reason=reason)


def _page(
    request: PortalRequest,
    source: str,
    customer_id: str,
    order_id: str,
    *,
    reason: str = "",
    reveal_form: RevealForm | None = None,
) -> HttpResponse:
    if source not in FILTERSETS:
        raise Http404(f"no upstream is called {source}")
    description = services.describe(source)
    query = clean_query(request.GET)
    with_prices = query.pop("fetch-price", [""])[-1] == "true"
    context: dict[str, Any] = {
        "description": description,
        "customer_id": customer_id,
        "order_id": order_id,
        "list_address": reverse("history", args=[source, customer_id])
        + (f"?{query.urlencode()}" if query else ""),
    }
    which: dict[str, Any] = {"source": source, "customer_id": customer_id, "order_id": order_id}
    which |= {"actor": request.user, "with_prices": with_prices}
    try:
        if reason:
            details = services.reveal_order(reason=reason, **which)
        else:
            details = services.get_order(correlation_id=retry_tokens.redeem(request), **which)
    except UpstreamError as error:
        failure = failure_of(request, error, label=description.label, what="order")
        return failure.mark(render(request, "orders/order_detail.html", {**context, "failure": failure}))
    context |= _order_context(request, description, details, with_prices)
    context |= reveal_context(details, reveal_form, reason)
    status = 400 if reveal_form is not None else 200
    return render(request, "orders/order_detail.html", context, status=status)


def _order_context(
    request: PortalRequest, description: Description, details: OrderDetails, with_prices: bool
) -> dict[str, Any]:
    row, order = details.row, details.order
    return {
        "details": details,
        "row": row,
        "order": order,
        "status_tag": cells.term(order.status),
        "summary": summary(order, now=details.fetched_at),
        "advice": advice(order, row.attention),
        "clock": order_facts.clock(row),
        "retry_words": order_facts.retry_words(row),
        "lines": _line_table(row, order.lines, description),
        "cancelling_lines": _line_table(row, order.cancelling_lines, description),
        "promotions": order_facts.promotions(order),
        "promotion_ids": any(promotion.promotion_id for promotion in order.promotions),
        "totals": order_facts.totals(order),
        "totals_note": f"As {description.short_label} sent them. {description.totals_note}".strip(),
        "blocks": order_facts.blocks(row),
        "raw_json": msgspec.json.format(msgspec.json.encode(details.raw), indent=2).decode(),
        "price_address": (
            with_changes(request.GET, {"fetch-price": "true"})
            if description.offers_prices and not with_prices and details.rights.may_see_prices
            else ""
        ),
        "refresh_address": with_changes(request.GET, {}),
        "escalation": escalation_text(
            label=description.label,
            exchange=details.exchange,
            page=request.build_absolute_uri(request.path),
        ),
    }


def _line_table(row: OrderRow, lines: Sequence[Line], description: Description) -> LineTable | None:
    """The lines, without the columns that would be blank in every one of them."""
    rows = [LineRow(parent=row, line=line) for line in lines]
    if not rows:
        return None
    filled = [
        name
        for index, name in enumerate(description.line_columns)
        if index == 0 or any(cells.is_filled(LINE_COLUMNS[name].draw(each)) for each in rows)
    ]
    return LineTable.for_lines(rows, filled)
