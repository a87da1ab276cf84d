"""The first page: look-up, recent customers, saved views, and how the upstreams are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.views.generic import View

from orders import services
from orders.domain.descriptions import Description
from orders.ledger.recent_customers import RecentCustomer, recent_customers
from orders.people.models import SavedView
from orders.people.saved_views import views_for
from orders.views.history.saved_views import address_of_view
from orders.views.shared import page_sizes
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_lines import upstream_line


@dataclass(frozen=True)
class HomePage:
    """`recents` come with the query of the page size that the person likes, saved views with the address of
    the latest customer's list (empty where there is none); the rest is of a look-up.

    `choices` are (words, address); `lonely_orders` are IDs of orders without their customer's.
    """

    recents: Sequence[tuple[RecentCustomer, str]]
    saved_views: Iterable[tuple[SavedView, str]]
    upstreams: Sequence[dict[str, str]]
    descriptions: Sequence[Description]
    lookup_text: str = ""
    lookup_source: str = ""
    lookup_error: str | Promise = ""
    lonely_orders: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    more_choices: int = 0


def home_page(request: PortalRequest) -> HomePage:
    recents = recent_customers(request.user)
    latest = {recent.source: recent.customer_id for recent in reversed(recents)}
    return HomePage(
        recents=[(recent, page_sizes.preferred(request, recent.source)) for recent in recents],
        saved_views=[
            (view, address_of_view(view.source, latest.get(view.source, ""), view.pk))
            for view in views_for(request.user)
        ],
        upstreams=[upstream_line(state) for state in services.upstream_states()],
        descriptions=services.sources(),
    )


class HomeView(View):
    def get(self, request: PortalRequest) -> HttpResponse:
        return render_page(request, "orders/history/home.html", home_page(request))
