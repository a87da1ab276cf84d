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
from orders.people.saved_views import views_of
from orders.views.shared import page_sizes
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_lines import upstream_line


@dataclass(frozen=True)
class HomePage:
    """`recents` come with the query of the page size that the person likes; the rest is of a look-up.

    `choices` are (words, address).
    """

    recents: Sequence[tuple[RecentCustomer, str]]
    saved_views: Iterable[SavedView]
    upstreams: Sequence[dict[str, str]]
    descriptions: Sequence[Description]
    lookup_text: str = ""
    lookup_source: str = ""
    lookup_error: str | Promise = ""
    choices: Sequence[tuple[str, str]] = ()
    more_choices: int = 0


def home_page(request: PortalRequest) -> HomePage:
    return HomePage(
        recents=[
            (recent, page_sizes.preferred(request, recent.source))
            for recent in recent_customers(request.user)
        ],
        saved_views=views_of(request.user),
        upstreams=[upstream_line(state) for state in services.upstream_states()],
        descriptions=services.sources(),
    )


class HomeView(View):
    def get(self, request: PortalRequest) -> HttpResponse:
        return render_page(request, "orders/history/home.html", home_page(request))
