"""The first page: look-up, recent customers, saved views, and how the upstreams are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.views.generic import View

from orders import services
from orders.domain.descriptions import Description
from orders.ledger.recent_customers import RecentCustomer
from orders.people.models import SavedView
from orders.people.permissions import rights_in, those_in_scope
from orders.people.saved_views import views_for
from orders.services.recent import recent_customers
from orders.views.history.saved_views import address_of_view
from orders.views.shared import page_sizes
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_lines import upstream_line
from orders.views.shared.upstream_words import upstream_words

_FIRST_TO_TRY = 8  # of an upstream; the rest is folded


@dataclass(frozen=True)
class HomePage:
    """`recents` and saved views come with what their upstream is called; beside it stands the query of the
    page size that the person likes, and the address of the latest customer's list (empty: there is none).

    The rest is of a look-up. `choices` are (words, address);
    `to_try` are a demo's customers and what they show, by upstream: the first, and the rest.
    """

    recents: Sequence[tuple[RecentCustomer, str, str]]
    saved_views: Iterable[tuple[SavedView, str, str]]
    upstreams: Sequence[dict[str, str]]
    descriptions: Sequence[Description]
    lookup_text: str = ""
    lookup_source: str = ""
    lookup_error: str | Promise = ""
    choices: Sequence[tuple[str, str]] = ()
    more_choices: int = 0
    to_try: Sequence["ToTry"] = ()


@dataclass(frozen=True)
class ToTry:
    description: Description
    first: Sequence[tuple[str, str]]
    rest: Sequence[tuple[str, str]]


def home_page(request: PortalRequest) -> HomePage:
    recents = recent_customers(request.user, rights_in(request))
    latest = {recent.source: recent.customer_id for recent in reversed(recents)}
    return HomePage(
        recents=[
            (each, upstream_words(each.source).label, page_sizes.preferred(request, each.source))
            for each in recents
        ],
        saved_views=[
            (
                view,
                upstream_words(view.source).label,
                address_of_view(view.source, latest.get(view.source, ""), view.pk),
            )
            for view in views_for(request.user)
        ],
        upstreams=[upstream_line(state) for state in services.upstream_states()],
        descriptions=services.sources(),
        to_try=list(_to_try(request)) if settings.CUSTOMERS_TO_TRY else (),
    )


def _to_try(request: PortalRequest) -> Iterator[ToTry]:
    """Of a demo's customers those whom the person may see; real ones are nobody's to try."""
    rights = rights_in(request)
    if not rights.may_view:
        return
    given = [(source, each) for source, shown in settings.CUSTOMERS_TO_TRY.items() for each in shown]
    seen = those_in_scope(request.user, rights, given)
    for description in services.sources():
        shown = settings.CUSTOMERS_TO_TRY.get(description.name, {})
        theirs = [(each, shows) for each, shows in shown.items() if (description.name, each) in seen]
        if theirs:
            yield ToTry(description, theirs[:_FIRST_TO_TRY], theirs[_FIRST_TO_TRY:])


class HomeView(View):
    def get(self, request: PortalRequest) -> HttpResponse:
        return render_page(request, "orders/history/home.html", home_page(request))
