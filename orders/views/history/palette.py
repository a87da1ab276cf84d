"""Where one can go from anywhere: pages, the customers looked at last, and views of the latest one's list.

The palette (Ctrl-K) reads it; without scripts it is a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from orders import services
from orders.ledger.recent_customers import RecentCustomer
from orders.people.permissions import rights_in
from orders.presentation.filtersets.parameters import EVERYTHING, VIEW
from orders.presentation.texts.phrases import Text
from orders.services.recent import recent_customers
from orders.views.history.saved_views import list_views
from orders.views.shared import page_sizes
from orders.views.shared.navigation import landing_places
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest
from orders.views.shared.upstream_words import upstream_words

# Pages of a person's own, beside those of the main navigation.
_OWN = (
    ("saved-views", _("Your views")),
    ("settings", _("Settings")),
    ("profile", _("Tokens and column sets")),
)


@dataclass(frozen=True)
class PalettePage:
    """Words and addresses; the views are of `whose` list, which is blank where nobody was looked at yet."""

    pages: Sequence[tuple[Text, str]]
    customers: Sequence[tuple[str, str]]
    views: Sequence[tuple[Text, str]]
    whose: str = ""


@require_safe
def show(request: PortalRequest) -> HttpResponse:
    theirs = recent_customers(request.user, rights_in(request))
    recents = [each for each in theirs if each.source in _sources()]
    customers = [(_words(each), _history(request, each.source, each.customer_id)) for each in recents]
    page = PalettePage(
        pages=[(words, reverse(name)) for name, words in (*landing_places(request), *_OWN)],
        customers=customers,
        views=_views(request, recents[0].source, recents[0].customer_id) if recents else [],
        whose=customers[0][0] if recents else "",
    )
    return render_page(request, "orders/history/palette.html", page)


def _words(customer: RecentCustomer) -> str:
    return f"{customer.customer_id} · {upstream_words(customer.source).label}"


def _sources() -> frozenset[str]:
    return frozenset(each.name for each in services.sources())


def _history(request: PortalRequest, source: str, customer_id: str) -> str:
    address, size = reverse("history", args=[source, customer_id]), page_sizes.preferred(request, source)
    return f"{address}?{size}" if size else address


def _views(request: PortalRequest, source: str, customer_id: str) -> list[tuple[Text, str]]:
    views, address = list_views(request, source), reverse("history", args=[source, customer_id])
    shipped = [(words, name) for name, (words, _parameters) in views.shipped.items()]
    own = [(view.name, str(view.number)) for view in views.own]
    keys = [(_("All orders"), EVERYTHING), *shipped, *own]
    return [(words, f"{address}?{VIEW}={key}") for words, key in keys]
