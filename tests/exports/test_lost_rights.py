"""Whoever may no longer, gets no more of a file: a run asks again and again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from orders.domain.errors import NotYours
from orders.exports.engine.file_builder import Step
from orders.exports.jobs import job
from orders.exports.models import Export
from orders.ledger import Action, LedgerEntry
from orders.people.models import Assignment
from orders.people.permissions import Refused
from tests.exports.results import entries, export_now, give, request_export, run

pytestmark = pytest.mark.django_db


PAGES = 12


def loses_the_role(somebody: Any) -> None:
    somebody.groups.clear()


def is_switched_off(somebody: Any) -> None:
    somebody.is_active = False
    somebody.save()


def loses_the_customer(somebody: Any) -> None:
    Assignment.objects.all().delete()


ENDS = [loses_the_role, is_switched_off, loses_the_customer]


@pytest.fixture
def after_page(monkeypatch: Any, settings: Any) -> Callable[[int, Callable[[], Any]], None]:
    """Something happens once so many pages are in the spool."""
    settings.EXPORT_WORKERS = 1
    monkeypatch.setattr("orders.exports.jobs.job.BETWEEN_QUESTIONS", 0.0)

    def happens(pages: int, what: Callable[[], Any]) -> None:
        left = [what]
        keep = job.Job.keep

        def keep_and_happen(kept: job.Job, step: Step) -> Any:
            if step.pages >= pages and left:
                left.pop()()
            return keep(kept, step)

        monkeypatch.setattr(job.Job, "keep", keep_and_happen)

    return happens


@pytest.mark.parametrize("end", ENDS)
def test_a_run_stops_when_its_owner_may_no_longer(upstreams, manager, after_page, end) -> None:
    give(upstreams, PAGES * 100)
    export = request_export(manager)
    after_page(3, lambda: end(type(manager).objects.get(pk=manager.pk)))

    run()

    export.refresh_from_db()
    assert (export.state, export.error_cause, export.file_path) == ("failed", "refused", "")
    assert 3 <= export.pages_done < PAGES
    refused = "refused-scope" if end is loses_the_customer else "refused-right"
    assert entries() == [
        ("export-start", "ok"),
        ("refused", refused),
        ("export-end", "refused"),
    ]


@pytest.mark.parametrize("end", ENDS)
def test_a_run_does_not_begin_for_whoever_may_no_longer(upstreams, manager, end) -> None:
    export = request_export(manager)
    end(manager)

    run()

    export.refresh_from_db()
    assert (export.state, export.error_cause, upstreams.requests) == ("failed", "refused", [])


@pytest.mark.parametrize("end", ENDS)
def test_a_file_at_once_stops_too(upstreams, manager, export_dir, after_page, end) -> None:
    give(upstreams, PAGES * 100)
    after_page(3, lambda: end(type(manager).objects.get(pk=manager.pk)))

    with pytest.raises((Refused, NotYours)):
        export_now(actor=manager)

    assert list(export_dir.iterdir()) == []
    assert [action for action, _ in entries()][-2:] == ["refused", "export-end"]
    assert not LedgerEntry.objects.filter(action=Action.EXPORT_DOWNLOAD).exists()


def test_a_busy_database_does_not_stop_a_run(upstreams, manager, monkeypatch, after_page) -> None:
    give(upstreams, 300)
    export = request_export(manager)
    admitted = job.admitted
    busy = iter([False, True, True])

    def admitted_if_not_busy(export: Export) -> Any:
        if next(busy, False):
            raise OperationalError("database is locked")
        return admitted(export)

    monkeypatch.setattr(job, "admitted", admitted_if_not_busy)
    run()

    export.refresh_from_db()
    assert (export.state, export.orders_done) == ("complete", 300)
