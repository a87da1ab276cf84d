"""Files made in the background: progress, stops, continuations, expiry; always the same bytes."""

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from orders import exports
from orders.exports.engine.file_builder import Step
from orders.exports.jobs import leases
from orders.exports.models import Export
from orders.sandbox import customers
from tests.exports.results import (
    CUSTOMER,
    EVERYTHING,
    NEWEST,
    column,
    content,
    give,
    ids,
    made,
    offsets,
    request_export,
    rows,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hurried")]


PAGES = 12


ORDERS = PAGES * 100 - 50


def stopped_at(export: Export, upstreams: Any, page: int) -> Export:
    """The export, stopped because the upstream failed at this page."""
    upstreams.script("adobe", [503] * 30, customer_id=CUSTOMER, path_contains=f"offset={page * 100}&")
    made(export)
    upstreams.clear_faults()
    return export


def test_a_file_is_made_from_what_was_asked_for(upstreams, agent):
    give(upstreams, ORDERS)

    export = made(request_export(agent, query=f"{EVERYTHING}&offset=50&rows=lines"))

    data = content(export)
    assert export.state == "complete"
    assert column(data) == ids(ORDERS)
    assert export.file_name == f"orders_adobe_{CUSTOMER}_{export.made_at:%Y%m%dT%H%M%S}Z.csv"
    assert (export.file_size, export.file_sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (export.total_count, export.orders_done, export.rows_done) == (ORDERS, ORDERS, ORDERS)
    assert (export.query, export.missing, export.lease_owner) == (EVERYTHING, [], "")
    assert export.searched_from == "2000-01-01"
    assert export.expires_at == (export.finished_at or NEWEST) + timedelta(hours=24)


def test_asking_for_a_file_asks_no_upstream(upstreams, agent):
    export = request_export(agent)

    assert (export.state, upstreams.requests) == ("waiting", [])
    assert DBTaskResult.objects.ready().count() == 1


@pytest.mark.parametrize("page", range(PAGES))
def test_a_failure_at_any_page_leaves_no_file_and_can_be_continued(upstreams, agent, page):
    give(upstreams, ORDERS)
    export = stopped_at(request_export(agent), upstreams, page)

    assert (export.state, export.error_cause, export.file_path) == ("failed", "unavailable", "")
    assert (export.pages_done, export.next_offset, export.orders_done) == (page, page * 100, page * 100)
    assert export.error_request_id
    with pytest.raises(Export.DoesNotExist):
        exports.open_file(export, agent)

    upstreams.clear_log()
    exports.fetch_rest(export)
    made(export)

    assert (export.state, export.error_cause) == ("complete", "")
    assert column(content(export)) == ids(ORDERS)
    assert min(offsets(upstreams)) == page * 100


@pytest.mark.parametrize(
    "wanted",
    [{}, {"dialect": "excel", "rows": "lines"}, {"format": "xlsx"}, {"format": "xlsx", "rows": "both"}],
)
def test_a_continued_file_is_the_undisturbed_one_byte_for_byte(upstreams, agent, wanted):
    give(upstreams, ORDERS)
    with time_machine.travel(datetime.now(UTC), tick=False):
        disturbed, undisturbed = request_export(agent, **wanted), request_export(agent, **wanted)

    made(undisturbed)
    Export.objects.filter(pk=disturbed.pk).update(state="waiting")
    disturbed.refresh_from_db()
    discard_file(disturbed)
    stopped_at(disturbed, upstreams, 7)
    exports.fetch_rest(disturbed)
    made(disturbed)

    assert disturbed.state == undisturbed.state == "complete"
    assert content(disturbed) == content(undisturbed)
    assert disturbed.file_sha256 == undisturbed.file_sha256


def discard_file(export: Export) -> None:
    """As if it had not been made yet."""
    from orders.exports.jobs import storage

    storage.discard(storage.directory_of(export))
    Export.objects.filter(pk=export.pk).update(
        state="waiting",
        file_path="",
        pages_done=0,
        next_offset=0,
        orders_done=0,
        rows_done=0,
        expires_at=None,
    )
    exports.reap()
    export.refresh_from_db()


def test_both_kinds_of_rows_stand_on_two_sheets_of_one_workbook(upstreams, agent):
    give(upstreams, 150)

    export = made(request_export(agent, rows="both", format="xlsx"))

    with exports.open_file(export, agent) as file, zipfile.ZipFile(file) as workbook:
        names = workbook.read("xl/workbook.xml").decode()
        sheets = [workbook.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    assert 'name="Orders"' in names
    assert 'name="Line items"' in names
    assert [sheet.count("<row ") for sheet in sheets] == [151, 226]
    assert "<f>" not in "".join(sheets)
    assert (export.orders_done, export.rows_done) == (150, 375)


def test_what_a_stopped_export_has_can_be_had_as_partial_and_still_be_completed(upstreams, agent):
    give(upstreams, ORDERS)
    export = stopped_at(request_export(agent), upstreams, 5)

    exports.offer_what_there_is(export)

    assert export.state == "partial"
    assert export.file_name.startswith(f"PARTIAL_orders_adobe_{CUSTOMER}_")
    assert export.missing == ["Orders 501 to 1,150 of 1,150 are missing."]
    assert column(content(export)) == ids(500)

    upstreams.clear_log()
    exports.fetch_rest(export)
    made(export)

    assert export.state == "complete"
    assert column(content(export)) == ids(ORDERS)
    assert min(offsets(upstreams)) == 500


def test_a_partial_workbook_says_which_range_it_covers(upstreams, agent):
    give(upstreams, ORDERS)
    export = stopped_at(request_export(agent, format="xlsx"), upstreams, 5)

    exports.offer_what_there_is(export)

    with exports.open_file(export, agent) as file:
        about = dict(load_workbook(file)["About this file"].iter_rows(values_only=True, max_col=2))
    assert about["Covers, UTC"] == f"2000-01-01 to {export.pinned_end}"


def test_an_incomplete_file_is_named_so_and_fetching_the_rest_begins_anew(upstreams, agent):
    give(upstreams, 250)
    upstreams.script("adobe", ["moving-total"] * 100, customer_id=CUSTOMER)
    export = made(request_export(agent))
    upstreams.clear_faults()

    assert (export.state, column(content(export))) == ("partial", ids(250))
    assert export.file_name.startswith("PARTIAL_")
    assert "250 different ones came" in export.missing[0]

    exports.fetch_rest(export)
    made(export)

    assert (export.state, export.missing, column(content(export))) == ("complete", [], ids(250))


def test_fabric_files_are_made_in_the_background_too(upstreams, agent):
    whole = made(request_export(agent, source="fabric", customer_id=customers.FABRIC_LONG, query=""))
    short = made(request_export(agent, source="fabric", customer_id=customers.FABRIC_SHORT, query=""))

    assert (whole.state, len(rows(content(whole)))) == ("complete", 1500)
    assert (short.state, short.missing) == ("partial", ["fabric says that 57 orders exist and sent 20."])


def test_a_waiting_export_is_cancelled_at_once(upstreams, agent):
    export = request_export(agent)

    exports.cancel(export)
    work()

    export.refresh_from_db()
    assert (export.state, upstreams.requests) == ("cancelled", [])


def test_a_running_export_is_cancelled_soon_and_leaves_nothing(upstreams, agent, export_dir, monkeypatch):
    give(upstreams, ORDERS)
    export = request_export(agent)
    monkeypatch.setattr(leases, "BETWEEN_SAVES", 0.0)
    monkeypatch.setattr("orders.exports.jobs.leases.Lease.keep", cancelling_at(3, export))

    made(export)

    assert export.state == "cancelled"
    assert list(export_dir.iterdir()) == []
    assert len(offsets(upstreams)) < PAGES * 2


def cancelling_at(page: int, export: Export) -> Any:
    keep = leases.Lease.keep

    def cancel_then_keep(lease: leases.Lease, step: Step) -> None:
        if step.pages == page:
            exports.cancel(export)
        keep(lease, step)

    return cancel_then_keep


def test_progress_counts_pages_rows_and_time(agent):
    now = timezone.now()
    export = Export(
        customer_id=CUSTOMER,
        total_count=1000,
        orders_done=600,
        orders_at_start=200,
        rows_done=900,
        pages_done=6,
        started_at=now,
        heartbeat_at=now + timedelta(seconds=4),
    )

    assert exports.progress(export) == exports.Progress(
        fraction=0.6, pages=6, total_pages=10, orders=600, rows=900, rate=100.0, seconds_left=4.0
    )
    assert exports.progress(Export()) == exports.Progress(
        fraction=None, pages=0, total_pages=None, orders=0, rows=0, rate=None, seconds_left=None
    )


def test_progress_is_saved_while_the_file_is_being_made(upstreams, agent, monkeypatch):
    give(upstreams, ORDERS)
    export = request_export(agent)
    monkeypatch.setattr(leases, "BETWEEN_SAVES", 0.0)
    seen = []
    save = leases.Lease.save

    def save_and_look(lease: leases.Lease, step: Step) -> None:
        save(lease, step)
        stored = Export.objects.get(pk=export.pk)
        seen.append((stored.pages_done, stored.orders_done, stored.total_count))

    monkeypatch.setattr(leases.Lease, "save", save_and_look)
    work()

    assert (5, 500, ORDERS) in seen
    assert seen == sorted(seen)


def test_files_go_after_a_day(upstreams, agent, export_dir, monkeypatch):
    give(upstreams, 10)
    export = made(request_export(agent))

    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        with pytest.raises(Export.DoesNotExist):
            exports.open_file(export, agent)
        monkeypatch.setattr("orders.exports.jobs.upkeep.cleaning_due_at", 0.0)
        work()

    export.refresh_from_db()
    assert (export.state, export.file_path, bool(export.file_sha256)) == ("expired", "", True)
    assert list(export_dir.iterdir()) == []


def test_a_file_is_its_owners_alone(upstreams, agent, other):
    give(upstreams, 10)
    export = made(request_export(agent))

    with pytest.raises(Export.DoesNotExist):
        exports.open_file(export, other)
    assert list(exports.exports_of(other)) == []
    assert list(exports.exports_of(agent)) == [export]


def test_files_and_directories_are_for_our_eyes_only(upstreams, agent, export_dir):
    give(upstreams, 10)
    for kind in ("csv", "xlsx"):
        made(request_export(agent, format=kind))

    found = [export_dir, *export_dir.rglob("*")]
    assert len([path for path in found if path.is_file()]) == 2
    assert {path.stat().st_mode & 0o077 for path in found} == {0}
