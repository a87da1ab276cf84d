"""Watching an order until it settles, from its page; and /watching/, all that a person watches."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from orders import services
from orders.domain.errors import NotYours
from orders.domain.terms import Term, read
from orders.people.permissions import rights_in
from orders.presentation.dates import drawn_moment
from orders.presentation.formatters import order_address
from orders.presentation.texts.plain_words import CAUSES, word_of
from orders.presentation.texts.state_words import named
from orders.services import watching
from orders.services.watching import Watched
from orders.views.shared.given import way_back
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

_ENDS = {
    "settled": _("Settled"),
    "over": _("Not settled within a week"),
    "gone": _("The upstream does not know it any more"),
    "refused": _("No longer yours to see"),
}


@dataclass(frozen=True)
class WatchRow:
    """`status` is None, and `address` empty, of an order that is no longer the person's to see."""

    watch: Watched
    upstream: str
    address: str
    status: Term | None
    is_settled: bool
    state: str
    begun: SafeString
    asked: SafeString | str
    next_time: SafeString | str


@dataclass(frozen=True)
class WatchingPage:
    """`ended` is how many have ended, those that the person stopped among them; where more may, and are
    awaited, the page looks again by itself.
    """

    rows: Sequence[WatchRow]
    ended: int
    is_awaited: bool


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    rows = [
        _row(watch, is_theirs)
        for watch, is_theirs in watching.watched(actor=request.user, rights=rights_in(request))
    ]
    ended = watching.ended_count(request.user, rights_in(request))
    page = WatchingPage(rows, ended=ended, is_awaited=not all(row.watch.end for row in rows))
    return render_page(request, "orders/order/watching.html", page)


@require_safe
def progress(request: PortalRequest) -> HttpResponse:
    """Whether more have ended than the page that asks has; then it is loaded anew."""
    ended = watching.ended_count(request.user, rights_in(request))
    response = HttpResponse(status=204)
    if str(ended) != request.GET.get("ended", "0"):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def watch(request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
    """Back to the order's page, which says so. 404 for a customer of somebody else's."""
    _check(source)
    try:
        watching.start(request.user, source, customer_id, order_id, rights_in(request))
    except NotYours:
        raise Http404 from None
    except watching.TooManyWatches:
        said = gettext("You watch %(most)s orders already; stop watching one of them first.")
        messages.error(request, said % {"most": watching.MOST})
    else:
        messages.success(
            request, gettext("You are told when this order has settled, within a week at the latest.")
        )
    return way_back(request, order_address(source, customer_id, order_id))


@require_POST
def unwatch(request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
    """Back to where that was asked. Of an upstream that is gone, too."""
    if watching.stop(request.user, source, customer_id, order_id):
        messages.success(request, gettext("You watch this order no longer."))
    return way_back(request, order_address(source, customer_id, order_id))


def _check(source: str) -> None:
    if source not in {each.name for each in services.sources()}:
        raise Http404(f"no upstream is called {source}")


def _row(watch: Watched, is_theirs: bool) -> WatchRow:
    words = upstream_words(watch.source)
    is_known = is_theirs and bool(watch.status)
    if watch.end:
        state = str(_ENDS[watch.end])
    elif watch.error:
        state = gettext("Could not be asked for: %(cause)s") % {"cause": word_of(CAUSES, watch.error)}
    else:
        state = gettext("Watched")
    return WatchRow(
        watch=watch,
        upstream=words.label,
        address=order_address(watch.source, watch.customer_id, watch.order_id) if is_theirs else "",
        status=named(read(words.statuses, watch.status or "")) if is_known else None,
        is_settled=watch.end == "settled" or (is_theirs and watch.is_unsettled is False),
        state=state,
        begun=drawn_moment(watch.begun_at),
        asked=drawn_moment(watch.asked_at) if watch.asked_at else "–",
        next_time=drawn_moment(watch.due_at) if watch.due_at and not watch.end else "–",
    )
