"""/metrics, for Prometheus: not for visitors."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from orders import metrics, services
from orders.middleware import is_loopback


class BreakerStates(Collector):
    """Asked at the moment of the scrape, since all workers share one state."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "portal_upstream_breaker_open", "1 while the upstream is not asked", labels=["source"]
        )
        for state in services.upstream_states():
            family.add_metric([state.name], float(state.health.is_open))
        yield family


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    elif not is_loopback(request):
        raise Http404
    states = CollectorRegistry()
    states.register(BreakerStates())
    text = generate_latest(metrics.registry()) + generate_latest(states)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
