"""What the ledger has of a file: its start, its end and each download, or there is no file."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from orders import exports
from orders.exports.jobs import leases, upkeep
from orders.exports.models import Export
from orders.ledger import Action, LedgerEntry, appending, recording
from tests.exports.results import (
    CUSTOMER,
    EXPORT,
    entries,
    give,
    request_export,
    run,
    sent,
)
from tests.pages import Page
from tests.personas import signed_in

pytestmark = pytest.mark.django_db


def test_the_ledger_of_a_file_at_once(upstreams, manager) -> None:
    give(upstreams, 120)

    response = signed_in(manager).get(f"{EXPORT}&order-type=NEW&rows=lines")
    data = sent(response)

    start, end, download = LedgerEntry.objects.filter(action__startswith="export").order_by("pk")
    assert [each.action for each in (start, end, download)] == [
        "export-start",
        "export-end",
        "export-download",
    ]
    assert {
        (each.actor_id, each.source, each.customer_id, each.outcome) for each in (start, end, download)
    } == {(manager.pk, "adobe", CUSTOMER, "ok")}
    details = json.loads(start.details)
    assert (details["rows"], details["order_types"], details["created_from"]) == (
        "lines",
        ["NEW"],
        "2000-01-01",
    )
    digest = hashlib.sha256(data).hexdigest()
    assert [(each.row_count, each.file_sha256) for each in (end, download)] == [(180, digest)] * 2
    assert data.count(b"\r\n") == 181
    assert {each.request_id for each in (start, end, download)} == {response.headers["X-Request-Id"]}


def test_the_ledger_of_a_file_in_the_background(upstreams, manager) -> None:
    give(upstreams, 120)
    client = signed_in(manager)

    client.post(EXPORT)
    run()
    export = Export.objects.get()
    data = sent(client.get(f"/exports/{export.pk}/file/"))

    digest = hashlib.sha256(data).hexdigest()
    written = LedgerEntry.objects.filter(action__startswith="export").order_by("pk")
    assert list(written.values_list("action", "outcome", "row_count", "file_sha256")) == [
        ("export-start", "ok", None, ""),
        ("export-end", "ok", 120, digest),
        ("export-download", "ok", 120, digest),
    ]
    assert {entry.actor_id for entry in written} == {manager.pk}
    assert json.loads(written[0].details)["created_from"] == "2000-01-01"


def test_a_file_that_stops_and_goes_on_is_two_starts_and_two_ends(upstreams, manager) -> None:
    give(upstreams, 250)
    export = request_export(manager)
    upstreams.script("adobe", [403] * 5, customer_id=CUSTOMER, path_contains="offset=100&")
    run()
    upstreams.clear_faults()
    export.refresh_from_db()
    exports.fetch_rest(export)
    run()

    assert entries() == [
        ("export-start", "ok"),
        ("export-end", "upstream-credentials"),
        ("export-start", "ok"),
        ("export-end", "ok"),
    ]


def test_a_file_that_is_cancelled_before_its_turn_has_its_end_too(upstreams, manager) -> None:
    give(upstreams, 3)
    waiting = request_export(manager)

    exports.cancel(waiting)
    exports.cancel(waiting)

    assert entries() == [("export-start", "ok"), ("export-end", "cancelled")]


def test_a_file_that_is_cancelled_while_its_worker_is_killed_has_its_end_too(upstreams, manager) -> None:
    give(upstreams, 3)
    export = request_export(manager)
    assert leases.claim() is not None  # by the worker that dies now
    exports.cancel(Export.objects.get(pk=export.pk))
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    exports.reap()

    assert Export.objects.get().state == "cancelled"
    assert entries() == [("export-start", "ok"), ("export-end", "cancelled")]


def test_a_file_that_stopped_ends_once_though_it_is_cancelled_afterwards(upstreams, manager) -> None:
    give(upstreams, 250)
    export = request_export(manager)
    upstreams.script("adobe", [403] * 5, customer_id=CUSTOMER, path_contains="offset=100&")
    run()

    exports.cancel(Export.objects.get(pk=export.pk))

    assert entries() == [("export-start", "ok"), ("export-end", "upstream-credentials")]


@pytest.fixture
def unwritable(monkeypatch: Any) -> Callable[[str], None]:
    """The ledger can't take entries of this sort."""
    append = appending.append

    def set_up(action: str) -> None:
        def append_unless(entries: Sequence[LedgerEntry]) -> None:
            if action in {entry.action for entry in entries}:
                raise DatabaseError("disk I/O error")
            append(entries)

        monkeypatch.setattr(recording, "append", append_unless)

    return set_up


@pytest.mark.parametrize("action", [Action.EXPORT_START, Action.EXPORT_END, Action.EXPORT_DOWNLOAD])
def test_what_cannot_be_written_down_is_not_sent(upstreams, manager, unwritable, export_dir, action) -> None:
    give(upstreams, 3)
    client = signed_in(manager)
    unwritable(action)

    response = client.get(EXPORT)

    assert response.status_code == 503
    assert "Nothing is shown" in Page(response).text
    assert "Content-Disposition" not in response.headers
    assert action == Action.EXPORT_DOWNLOAD or list(export_dir.glob("*")) == []
    assert (upstreams.requests == []) == (action == Action.EXPORT_START)


def test_what_cannot_be_written_down_is_not_begun(upstreams, manager, unwritable) -> None:
    client = signed_in(manager)
    unwritable(Action.EXPORT_START)

    assert client.post(EXPORT).status_code == 503
    assert not Export.objects.exists()


def test_a_file_whose_end_cannot_be_written_down_is_not_offered(upstreams, manager, unwritable) -> None:
    give(upstreams, 3)
    export = request_export(manager)
    unwritable(Action.EXPORT_END)

    run()

    export.refresh_from_db()
    assert (export.state, export.file_path, export.lease_owner) == ("failed", "", "")
    assert signed_in(manager).get(f"/exports/{export.pk}/file/").status_code == 409


@pytest.mark.parametrize("is_in_background", [True, False], ids=["background", "inline"])
def test_an_end_that_is_owed_to_the_ledger_is_written_when_it_is_back(
    is_in_background: bool, upstreams, manager, monkeypatch, unwritable
) -> None:
    give(upstreams, 3)
    upstreams.script("adobe", [403] * 20, customer_id=CUSTOMER)
    client = signed_in(manager)
    append = appending.append
    if is_in_background:
        request_export(manager)
        unwritable(Action.EXPORT_END)
        run()
    else:
        unwritable(Action.EXPORT_END)
        assert client.get(EXPORT).status_code >= 500
    assert entries() == [("export-start", "ok")]

    monkeypatch.setattr(recording, "append", append)
    upkeep.clean()
    upkeep.clean()

    assert entries() == [("export-start", "ok"), ("export-end", "upstream-credentials")]


@pytest.mark.parametrize("dies_in", ["orders.exports.jobs.leases.claim_new", "orders.exports.api.stored"])
def test_a_process_that_dies_at_the_start_leaves_no_start_without_an_end(
    dies_in: str, upstreams, manager, monkeypatch
) -> None:
    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(dies_in, die)
    with pytest.raises(SystemExit):
        signed_in(manager).get(EXPORT)

    assert entries() == []
    assert not Export.objects.exists()


def test_a_mistake_of_ours_within_the_request_has_its_end_too(upstreams, manager, monkeypatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    give(upstreams, 3)
    monkeypatch.setattr("orders.exports.jobs.job.Job.finish", fail)
    client = signed_in(manager)
    client.raise_request_exception = False

    assert client.get(EXPORT).status_code == 500

    assert entries() == [("export-start", "ok"), ("export-end", "internal")]


def test_a_file_whose_download_cannot_be_written_down_is_not_sent(upstreams, manager, unwritable) -> None:
    give(upstreams, 3)
    export = request_export(manager)
    run()
    client = signed_in(manager)
    unwritable(Action.EXPORT_DOWNLOAD)

    response = client.get(f"/exports/{export.pk}/file/")

    assert (response.status_code, "Content-Disposition" in response.headers) == (503, False)
