"""Jobs run once, in their order, also where workers die; what is periodic is done once by all workers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orders.infrastructure import job_queues, jobs
from orders.infrastructure.jobs import periodic_jobs, recovery, registry, running
from orders.infrastructure.jobs.maintenance import Maintenance
from orders.infrastructure.jobs.models import PeriodicTurn, WorkerSign
from tests.infrastructure.jobs import sample_jobs

pytestmark = pytest.mark.django_db(transaction=True)

WATCHES = (jobs.WATCHES,)


def work(*arguments: str) -> None:
    call_command("run_worker", "--until-idle", *arguments)


def rows() -> list[tuple[str, str]]:
    """Each job's name and state, in the order of being enqueued."""
    found = DBTaskResult.objects.order_by("enqueued_at").values_list("task_path", "status")
    return [(path.rpartition(".")[2], status) for path, status in found]


def test_jobs_run_once_each_in_the_order_of_priority_and_age():
    sample_jobs.note.enqueue("first")
    sample_jobs.note.enqueue("second")
    sample_jobs.note.using(priority=5).enqueue("urgent")

    work()
    work()

    assert sample_jobs.ran == ["urgent", "first", "second"]
    assert {status for _, status in rows()} == {"SUCCESSFUL"}


def test_a_job_of_a_transaction_that_failed_never_was():
    with transaction.atomic():
        sample_jobs.note.enqueue("never")
        transaction.set_rollback(True)

    work()

    assert sample_jobs.ran == []


def test_a_worker_takes_only_from_its_queues():
    sample_jobs.note.enqueue("watch")
    sample_jobs.note_file.enqueue("file")

    work("--queues", "files=2")
    assert sample_jobs.ran == ["file"]

    work("--queues", "watches")
    assert sample_jobs.ran == ["file", "watch"]


@pytest.mark.parametrize("text", ["fils=1", "files=x", "files=-1", "", "files=0", "files=²"])
def test_a_list_of_queues_that_is_none_is_refused_with_words(text):
    with pytest.raises(CommandError, match=r"queue"):
        work("--queues", text)


def test_how_many_of_each_queue():
    assert job_queues.parsed("files=2, refreshes,watches=0") == {"files": 2, "refreshes": 1}


def test_the_former_name_is_the_same_command():
    sample_jobs.note.enqueue("by its former name")

    call_command("run_exports", until_idle=True)

    assert sample_jobs.ran == ["by its former name"]


def test_a_job_that_fails_is_written_down_without_its_words_and_stops_nobody(caplog):
    sample_jobs.fail.enqueue()
    sample_jobs.note.enqueue("next")

    work()

    failed = DBTaskResult.objects.get(status="FAILED")
    assert (failed.exception_class_path, failed.traceback) == ("builtins.ValueError", "")
    assert sample_jobs.ran == ["next"]


def claimed_by(worker: str) -> running.Row:
    recovery.give_sign(worker, {"watches": 1})
    row = running.claim(worker, WATCHES)
    assert row is not None
    running.active.discard(row.pk)  # that worker is another process
    return row


def test_a_job_whose_worker_died_runs_again(settings):
    settings.EXPORT_LEASE = 60
    sample_jobs.note.enqueue("twice begun")
    claimed_by("dead")

    work()
    assert (sample_jobs.ran, rows()) == ([], [("note", "RUNNING")])

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        work()
    assert (sample_jobs.ran, rows()) == (["twice begun"], [("note", "SUCCESSFUL")])
    assert not WorkerSign.objects.exists()


def test_a_worker_that_was_taken_for_dead_does_not_write_over_the_other_ones_outcome(settings):
    sample_jobs.note.enqueue("both")
    asleep = claimed_by("asleep")
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.EXPORT_LEASE + 1)):
        work()
    by_the_other = DBTaskResult.objects.values().get()

    running.run(asleep)

    assert DBTaskResult.objects.values().get() == by_the_other


def test_a_worker_that_ends_gives_back_at_once_what_it_has_not_done():
    sample_jobs.note.enqueue("given back")
    claimed_by("ending")

    recovery.sign_off("ending")

    assert rows() == [("note", "READY")]


def test_a_job_whose_end_could_not_be_written_down_runs_again(monkeypatch):
    sample_jobs.note.enqueue("again")
    maintenance = Maintenance({"watches": 1})
    maintenance.look()
    row = running.claim(maintenance.worker_id, WATCHES)
    assert row is not None
    with monkeypatch.context() as patch:
        patch.setattr(running, "settle", _database_is_away)
        running.run(row)
    assert rows() == [("note", "RUNNING")]

    recovery.give_back_lost(maintenance.worker_id)

    assert rows() == [("note", "READY")]


def _database_is_away(*_: Any, **__: Any) -> None:
    raise Error("away")


def test_a_job_that_kills_its_workers_is_given_up(settings):
    sample_jobs.note.enqueue("deadly")
    DBTaskResult.objects.update(worker_ids=["dead"] * 51, status="RUNNING", started_at=timezone.now())

    work()

    assert (sample_jobs.ran, rows()) == ([], [("note", "FAILED")])


def test_a_periodic_job_is_enqueued_once_by_all_workers_each_time_it_is_due():
    registry.every(60, sample_jobs.tick)
    start = timezone.now()

    for seconds in (0, 30, 61, 100, 122):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            for _ in range(3):  # workers
                periodic_jobs.enqueue_due()
            work()

    assert sample_jobs.ran == ["tick"] * 3


def test_a_periodic_job_that_still_waits_is_not_enqueued_beside_itself():
    registry.every(1, sample_jobs.tick)
    start = timezone.now()

    for seconds in range(5):
        with time_machine.travel(start + timedelta(seconds=seconds * 2), tick=False):
            periodic_jobs.enqueue_due()

    assert rows() == [("tick", "READY")]


def test_a_periodic_job_that_is_to_be_done_oftener_than_before_need_not_wait_for_its_former_turn():
    PeriodicTurn.objects.create(name=sample_jobs.tick.module_path, due_at=timezone.now() + timedelta(days=1))
    registry.every(10, sample_jobs.tick)

    periodic_jobs.enqueue_due()
    assert rows() == []
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        periodic_jobs.enqueue_due()

    assert rows() == [("tick", "READY")]


def test_every_look_of_a_worker_sweeps_and_one_failing_sweep_keeps_nothing_back():
    seen = []

    @jobs.sweep
    def broken() -> None:
        raise RuntimeError("a mistake of ours")

    jobs.sweep(lambda: seen.append("swept"))
    sample_jobs.note.enqueue("job")

    work()

    assert (seen[:1], sample_jobs.ran) == (["swept"], ["job"])


def test_the_same_job_is_enqueued_once_while_it_waits():
    assert jobs.enqueue_once(sample_jobs.note, "a")
    assert not jobs.enqueue_once(sample_jobs.note, "a")
    assert jobs.enqueue_once(sample_jobs.note, "b")
    work()

    assert sample_jobs.ran == ["a", "b"]
    assert jobs.enqueue_once(sample_jobs.note, "a")


def test_what_waits_runs_and_works_is_told():
    start = timezone.now()
    with time_machine.travel(start - timedelta(seconds=90), tick=False):
        sample_jobs.note.enqueue("old")
    with time_machine.travel(start, tick=False):
        sample_jobs.note.enqueue("new")
        sample_jobs.note_file.enqueue("file")
        recovery.give_sign("somebody", {"files": 1})
        running.claim("somebody", [jobs.FILES])

        states = jobs.queue_states()

        assert states["watches"] == jobs.QueueState(2, 90.0, 0)
        assert states["files"] == jobs.QueueState(0, 0.0, 1)
        assert states["schedules"] == states["refreshes"] == jobs.QueueState(0, 0.0, 0)
        assert jobs.alive_workers() == 1
        assert jobs.waiting(sample_jobs.note) == 2


def test_ended_jobs_are_forgotten_after_a_day():
    sample_jobs.note.enqueue("done")
    work()
    sample_jobs.note.enqueue("waits")

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        recovery.forget_finished()

    assert rows() == [("note", "READY")]
