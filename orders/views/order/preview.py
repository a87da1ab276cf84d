"""An order beside the list it stands in: the part of its page to read out. It is a look like any other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.safestring import SafeString

from orders.domain.orders import Order
from orders.domain.terms import Term
from orders.views.order.order_page import OrderPage
from orders.views.shared.failures import Failure
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

TEMPLATE = "orders/order/preview.html"
PLACE = "preview"  # the ID of the element beside the list, which htmx sends along


@dataclass(frozen=True)
class Preview:
    """Fields of an `OrderPage`; `address` is that of the whole page."""

    order_id: str
    address: str
    failure: Failure | None
    order: Order | None
    retry_state: Term | None
    status_tags: SafeString | str
    sentence: str
    sentence_marked: SafeString | str
    retry_words: str
    advice: Sequence[str]
    support_text: str


def is_wanted(request: PortalRequest) -> bool:
    return request.method == "GET" and request.headers.get("HX-Target") == PLACE


def drawn(request: PortalRequest, page: OrderPage) -> HttpResponse:
    shown = Preview(
        order_id=page.order_id,
        address=request.get_full_path(),
        failure=page.failure,
        order=page.order,
        retry_state=page.retry_state,
        status_tags=page.status_tags,
        sentence=page.sentence,
        sentence_marked=page.sentence_marked,
        retry_words=page.retry_words,
        advice=page.advice,
        support_text=page.support_text,
    )
    return render_page(request, TEMPLATE, shown)
