"""Whose file is made next, and what becomes of it where its worker dies, ends or has no room."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders import exports
from orders.exports.engine.file_builder import FileBuilder, Step
from orders.exports.jobs import leases, runner, upkeep
from orders.exports.jobs.job import Job
from orders.exports.models import Export
from tests.exports.results import (
    claimed,
    column,
    content,
    give,
    ids,
    made,
    offsets,
    request_export,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurried")]


PAGES = 12


ORDERS = PAGES * 100 - 50


def test_turns_go_to_whoever_has_the_fewest_running(agent, other):
    mine = [request_export(agent) for _ in range(5)]
    theirs = [request_export(other) for _ in range(2)]

    claimed = [leases.claim() for _ in range(7)]

    assert [lease and lease.export for lease in claimed] == [
        mine[0],
        theirs[0],
        mine[1],
        theirs[1],
        mine[2],
        None,  # three of one person at a time
        None,
    ]


def test_a_turn_that_ends_lets_the_next_one_begin(agent):
    waiting = [request_export(agent) for _ in range(4)]
    first, *_ = [claimed() for _ in range(3)]
    assert leases.claim() is None

    first.release(state="failed")

    assert claimed().export == waiting[3]


def test_all_turns_come(upstreams, agent, other):
    give(upstreams, 30)
    wanted = [request_export(owner) for owner in (agent, other) for _ in range(5)]

    work()

    assert {Export.objects.get(pk=export.pk).state for export in wanted} == {"complete"}
    assert DBTaskResult.objects.ready().count() == 0


def test_an_export_whose_worker_died_waits_again(agent, settings):
    settings.EXPORT_LEASE = 60
    export = request_export(agent)
    leases.claim()
    DBTaskResult.objects.all().delete()

    exports.reap()
    export.refresh_from_db()
    assert (export.state, DBTaskResult.objects.ready().count()) == ("running", 0)

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        exports.reap()
        export.refresh_from_db()
        assert (export.state, DBTaskResult.objects.ready().count()) == ("waiting", 1)


def test_a_worker_that_was_taken_for_dead_can_do_no_harm(upstreams, agent):
    give(upstreams, ORDERS)
    export = request_export(agent)
    asleep = claimed()
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    made(export)
    runner.run(asleep)

    before = content(export)
    export.refresh_from_db()
    assert (export.state, content(export)) == ("complete", before)
    assert column(before) == ids(ORDERS)


def test_a_worker_that_is_told_to_end_gives_its_export_back(upstreams, agent, monkeypatch):
    give(upstreams, ORDERS)
    export = request_export(agent)
    lease = claimed()
    monkeypatch.setattr(runner, "stopping", Ending(after=5))

    runner.run(lease)

    export.refresh_from_db()
    assert (export.state, export.lease_owner) == ("waiting", "")
    assert 0 < export.pages_done < PAGES
    monkeypatch.undo()
    upstreams.clear_log()
    assert column(content(made(export))) == ids(ORDERS)
    assert min(offsets(upstreams)) > 0


def test_a_file_that_had_only_to_be_written_says_of_itself_what_an_undisturbed_one_says(
    upstreams, agent, monkeypatch
):
    give(upstreams, 250)
    with time_machine.travel(datetime.now(UTC), tick=False):
        both = [request_export(agent, format="xlsx") for _ in range(2)]
    lease, end, keep = claimed(), threading.Event(), Job.keep
    ended, undisturbed = sorted(both, key=lambda each: each.pk != lease.export.pk)

    def keep_until_read(job: Job, step: Step) -> Any:
        if step.pages == 3:
            end.set()
        return keep(job, step)

    monkeypatch.setattr(Job, "keep", keep_until_read)
    monkeypatch.setattr(runner, "stopping", end)
    runner.run(lease)
    monkeypatch.undo()
    ended.refresh_from_db()
    assert (ended.state, ended.pages_done) == ("waiting", 3)
    upstreams.clear_log()
    made(undisturbed)

    ended.refresh_from_db()
    assert {ended.state, undisturbed.state} == {"complete"}
    assert len(offsets(upstreams)) == 3  # those of the one that nobody disturbed
    assert content(ended) == content(undisturbed)


class Ending:
    """Set after so many looks at it."""

    def __init__(self, after: int) -> None:
        self.looks = after

    def is_set(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def wait(self, seconds: float) -> bool:
        return True


def test_an_export_that_kills_its_workers_is_given_up(agent):
    export = request_export(agent)
    Export.objects.update(attempts=50)

    made(export)

    assert (export.state, export.error_cause) == ("failed", "internal")


def test_a_full_disk_stops_the_export_and_not_the_worker(upstreams, agent, monkeypatch):
    give(upstreams, 10)
    export, next_one = request_export(agent), request_export(agent)
    finish = FileBuilder.finish
    full = iter([True])

    def finish_unless_full(builder: FileBuilder) -> Any:
        if next(full, False):
            raise OSError(28, "No space left on device")
        return finish(builder)

    monkeypatch.setattr(FileBuilder, "finish", finish_unless_full)

    made(export)
    next_one.refresh_from_db()

    assert (export.state, export.error_cause, export.file_path) == ("failed", "internal", "")
    assert next_one.state == "complete"


def test_spools_of_nobody_are_deleted(upstreams, agent, export_dir):
    give(upstreams, 10)
    made(request_export(agent))
    Export.objects.all().delete()

    upkeep.clean()
    assert len(list(export_dir.iterdir())) == 1  # it might have been begun just now

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        upkeep.clean()
    assert list(export_dir.iterdir()) == []
