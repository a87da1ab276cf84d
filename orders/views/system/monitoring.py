"""/metrics, for Prometheus: not for visitors."""

from collections.abc import Iterator
from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from orders import services
from orders.infrastructure import jobs, metrics, metrics_server
from orders.infrastructure.jobs import upkeep_runs
from orders.ledger import head_notes
from orders.ledger.verification import head_number


class BreakerStates(Collector):
    """Asked at the moment of the scrape, since all workers share one state."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "portal_upstream_breaker_open", "1 while the upstream is not asked", labels=["source"]
        )
        for state in services.upstream_states():
            family.add_metric([state.name], float(state.health.is_open))
        yield family


class LedgerHeads(Collector):
    """How far the ledger has grown, and the end that was noted last, for `verify_ledger --expect`."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("portal_ledger_head", "Number of the ledger's last entry")
        with suppress(DatabaseError):  # the others are worth having
            family.add_metric([], float(head_number()))
        yield family
        noted = head_notes.latest()
        if noted is not None:
            family = GaugeMetricFamily(
                "portal_ledger_noted", "An entry's number, noted each hour with its seal", labels=["seal"]
            )
            family.add_metric([noted.seal], float(noted.number))
            yield family


class Queues(Collector):
    """What waits in the background, and who works: one database, so whichever process is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        length = GaugeMetricFamily("portal_queue_length", "Jobs that wait", labels=["queue"])
        oldest = GaugeMetricFamily(
            "portal_queue_oldest_seconds", "How long the oldest of them has waited", labels=["queue"]
        )
        workers = GaugeMetricFamily("portal_workers", "Workers that gave a sign of life lately")
        with suppress(DatabaseError):
            for name, state in jobs.queue_states().items():
                length.add_metric([name], state.waiting)
                oldest.add_metric([name], state.oldest_seconds)
            workers.add_metric([], jobs.alive_workers())
        yield from (length, oldest, workers)


class LastUpkeep(Collector):
    """The last run of `manage.py upkeep` that came to its end."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        at = GaugeMetricFamily(
            "portal_upkeep_timestamp_seconds", "When upkeep came to its end last, in seconds since 1970"
        )
        sound = GaugeMetricFamily("portal_upkeep_sound", "1 where nothing was wrong in it")
        rows = GaugeMetricFamily("portal_table_rows", "Rows, as upkeep counted them", labels=["table"])
        with suppress(DatabaseError):
            run = upkeep_runs.latest()
            if run is not None and run.finished_at is not None:
                at.add_metric([], run.finished_at.timestamp())
                sound.add_metric([], float(run.is_sound))
                for table, count in run.details.get("rows", {}).items():
                    rows.add_metric([table], count)
        yield from (at, sound, rows)


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    refused = metrics_server.refusal(request.headers.get("Authorization", ""))
    if refused == 404:
        raise Http404
    if refused:
        return HttpResponse(status=refused, headers={"WWW-Authenticate": "Bearer"})
    states = CollectorRegistry()
    for collector in (BreakerStates(), LedgerHeads(), Queues(), LastUpkeep()):
        states.register(collector)
    text = generate_latest(metrics.registry()) + generate_latest(states)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
