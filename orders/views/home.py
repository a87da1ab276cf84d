"""The first page: look-up, recent customers, saved views, and how the upstreams are."""

from typing import Any

from django.views.generic import TemplateView

from orders import services
from orders.ledger.recents import recent_customers
from orders.models import SavedView
from orders.views import page_sizes
from orders.views.requests import PortalRequest


def home_context(request: PortalRequest) -> dict[str, Any]:
    return {
        "recents": [
            (recent, page_sizes.preferred(request, recent.source))
            for recent in recent_customers(request.user)
        ],
        "saved_views": SavedView.objects.filter(owner=request.user),
        "upstreams": [upstream_line(state) for state in services.upstream_states()],
        "descriptions": services.sources(),
    }


def upstream_line(state: services.UpstreamState) -> dict[str, str]:
    """One line of the first page: name, tone, word and detail."""
    health = state.health
    if not state.is_configured:
        tone, word, detail = "off", "Not configured", "An administrator can set its credentials."
    elif health.is_open:
        tone, word = "bad", "Failing"
        detail = f"since {health.failing_since:%H:%M:%S} UTC" if health.failing_since else ""
    elif health.last_success is None and health.last_failure is None:
        tone, word, detail = "off", "Not asked yet", ""
    elif health.last_failure is not None and (
        health.last_success is None or health.last_failure > health.last_success
    ):
        tone, word = "wait", "Failed last time"
        detail = f"{health.last_failure:%H:%M:%S} UTC, {health.last_cause}"
    else:
        tone, word = "good", "Answering"
        detail = f"{health.last_success:%H:%M:%S} UTC" if health.last_success else ""
    return {"name": state.name, "label": state.label, "tone": tone, "word": word, "detail": detail}


class HomeView(TemplateView):
    request: PortalRequest
    template_name = "orders/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | home_context(self.request)
