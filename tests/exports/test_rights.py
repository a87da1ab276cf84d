"""Who may take orders away as a file, for how long, and what the ledger has of it."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from orders import exports
from orders.access import Refused
from orders.api_tokens import make_token
from orders.domain.errors import NotYours
from orders.exports import jobs, leases
from orders.exports.making import Making
from orders.ledger import Action, LedgerEntry, appending, writing
from orders.models import Assignment, Export
from orders.sandbox import SandboxServer
from tests.exports.results import CUSTOMER, EVERYTHING, export_now, give, offsets, order, request_export
from tests.pages import Page
from tests.people import assign, person

pytestmark = pytest.mark.django_db

ADDRESS = f"/adobe/customers/{CUSTOMER}/orders/"
EXPORT = f"{ADDRESS}export/?{EVERYTHING}"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
PAGES = 12
EMAIL = "canary.7f3b@example.com"

# A role, whether the customer is one of theirs, and what they get of a file.
CASES = [
    ("", True, 403),
    ("customer-service agent", True, 403),
    ("customer-service agent", False, 403),
    ("account manager", True, 200),
    ("account manager", False, 404),
    ("supervisor", False, 200),
    ("administrator", False, 200),
]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0] or 'nobody'}-{'in' if case[1] else 'out'}")
def case(request: pytest.FixtureRequest, upstreams: SandboxServer) -> tuple[Any, int]:
    """Somebody, and the status of what they ask for."""
    role, is_in_scope, status = request.param
    give(upstreams, 3)
    asking = person("milo", *filter(None, [role]))
    if is_in_scope:
        assign(asking, "adobe", CUSTOMER)
    return asking, status


@pytest.fixture
def manager(upstreams: SandboxServer) -> Any:
    found = person("milo", "account manager")
    assign(found, "adobe", CUSTOMER)
    return found


def signed_in(somebody: Any) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def script_of(somebody: Any) -> Client:
    _, text = make_token(owner=somebody, name="nightly")
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})


def run() -> None:
    lease = leases.claim()
    assert lease is not None
    jobs.run(lease)


def file_of(owner: Any) -> Export:
    """A file that was made while its owner had every right."""
    owner.is_superuser = True
    owner.save()
    export = request_export(owner)
    run()
    owner.is_superuser = False
    owner.save()
    export.refresh_from_db()
    assert export.state == "complete"
    return export


def entries() -> list[tuple[str, str]]:
    """What was written down, in its order."""
    written = LedgerEntry.objects.filter(Q(action__startswith="export") | Q(action="refused"))
    return list(written.order_by("pk").values_list("action", "outcome"))


def sent(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_at_once(case: tuple[Any, int]) -> None:
    asking, status = case

    for response in (signed_in(asking).get(EXPORT), script_of(asking).get(EXPORT)):
        assert response.status_code == status
        assert ("Content-Disposition" in response.headers) == (status == 200)
        response.close()
        assert response.headers["Content-Type"].startswith("text/csv" if status == 200 else "text/plain")


def test_a_file_in_the_background(case: tuple[Any, int]) -> None:
    asking, status = case
    wanted = {200: 202}.get(status, status)

    assert signed_in(asking).post(EXPORT).status_code == wanted
    assert script_of(asking).post(EXPORT).status_code == wanted
    assert Export.objects.count() == (2 if status == 200 else 0)


def test_a_file_made_earlier(case: tuple[Any, int]) -> None:
    asking, status = case
    address = f"/exports/{file_of(asking).pk}/file/"

    for response in (signed_in(asking).get(address), script_of(asking).get(address)):
        assert response.status_code == status
        assert ("Content-Disposition" in response.headers) == (status == 200)
        response.close()


@pytest.mark.parametrize("button", ["rest", "offer"])
def test_the_rest_of_a_file(case: tuple[Any, int], upstreams: SandboxServer, button: str) -> None:
    asking, status = case
    export = file_of(asking)
    Export.objects.update(state="failed", file_path="")
    upstreams.clear_log()

    response = signed_in(asking).post(f"/exports/{export.pk}/{button}/")

    assert response.status_code == {200: 302}.get(status, status)
    export.refresh_from_db()
    changed = "waiting" if button == "rest" else "partial"
    assert export.state == (changed if status == 200 else "failed")
    assert offsets(upstreams) == []


def test_in_a_browser_a_refusal_is_a_page(case: tuple[Any, int], upstreams: SandboxServer) -> None:
    asking, status = case
    if status == 200:
        return
    upstreams.clear_log()
    client = signed_in(asking)

    for response in (client.get(EXPORT, headers=BROWSER), client.post(EXPORT, headers=BROWSER)):
        assert (response.status_code, Page(response).root.all("h1") != []) == (status, True)
    wrong = client.get(f"{EXPORT}&rows=both&format=csv", headers=BROWSER)
    assert (wrong.status_code, Page(wrong).root.all(id="export")) == (status, [])
    assert upstreams.requests == []
    refused = "refused-right" if status == 403 else "refused-scope"
    assert entries() == [("refused", refused)] * 3


def test_somebody_elses_customer_and_a_missing_one_look_the_same(manager: Any) -> None:
    foreign, missing = "1000000137", "1000000000"
    client = signed_in(manager)
    for ask in (client.get, client.post):
        pages = []
        for customer_id in (foreign, missing):
            answer = ask(f"/adobe/customers/{customer_id}/orders/export/", headers=BROWSER)
            pages.append(
                (
                    answer.status_code,
                    re.sub(r"\d\d:\d\d:\d\d", "", Page(answer).text.replace(customer_id, "")),
                )
            )
        assert pages[0] == pages[1]
        assert pages[0][0] == 404


@pytest.mark.parametrize(
    ("role", "is_offered"),
    [("customer-service agent", False), ("account manager", True), ("supervisor", True)],
)
def test_only_who_may_export_has_the_menu(upstreams: SandboxServer, role: str, is_offered: bool) -> None:
    give(upstreams, 3)
    asking = person("milo", role)
    assign(asking, "adobe", CUSTOMER)

    page = Page(signed_in(asking).get(f"{ADDRESS}?{EVERYTHING}"))

    assert len(page.order_ids) == 3
    assert (page.root.all(class_="export-menu") != []) == is_offered


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
    monkeypatch.setattr("orders.exports.making._BETWEEN_QUESTIONS", 0.0)

    def happens(pages: int, what: Callable[[], Any]) -> None:
        left = [what]
        tick = Making._tick

        def tick_and_happen(making: Making) -> None:
            if making.spool.pages >= pages and left:
                left.pop()()
            tick(making)

        monkeypatch.setattr(Making, "_tick", tick_and_happen)

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
    admitted = Making._admitted
    busy = iter([False, True, True])

    def admitted_if_not_busy(making: Making) -> Any:
        if next(busy, False):
            raise OperationalError("database is locked")
        return admitted(making)

    monkeypatch.setattr(Making, "_admitted", admitted_if_not_busy)
    run()

    export.refresh_from_db()
    assert (export.state, export.orders_done) == ("complete", 300)


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

    exports.take_over()

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

        monkeypatch.setattr(writing, "append", append_unless)

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
    assert not export_dir.exists() or list(export_dir.iterdir()) == []
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


def test_a_file_whose_download_cannot_be_written_down_is_not_sent(upstreams, manager, unwritable) -> None:
    give(upstreams, 3)
    export = request_export(manager)
    run()
    client = signed_in(manager)
    unwritable(Action.EXPORT_DOWNLOAD)

    response = client.get(f"/exports/{export.pk}/file/")

    assert (response.status_code, "Content-Disposition" in response.headers) == (503, False)


@pytest.mark.parametrize("role", ["account manager", "supervisor"])
@pytest.mark.parametrize("rows", ["orders", "lines"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_neither_personal_data_nor_partner_prices_stand_in_a_file(upstreams, role, rows, kind) -> None:
    owner = person("milo", role)
    assign(owner, "adobe", CUSTOMER)
    upstreams.forget_added_orders()
    line = {"extLineItemNumber": 1, "offerId": "offer", "quantity": 2, "pricing": {"partnerPrice": "471.13"}}
    upstreams.add_adobe_orders(
        CUSTOMER, [order(1, externalReferenceId=f"for {EMAIL}", lineItems=[line], pricing=line["pricing"])]
    )

    at_once = export_now(actor=owner, rows=rows, format=kind).file.read()
    export = request_export(owner, rows=rows, format=kind)
    run()
    export.refresh_from_db()
    with exports.open_file(export, owner) as opened:
        later = opened.read()

    for data in (at_once, later):
        text = texts_of(data) if kind == "xlsx" else data.decode()
        assert "0000000001" in text
        assert "canary.7f3b" not in text
        assert "471.13" not in text


def texts_of(workbook: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        return "\n".join(opened.read(name).decode() for name in opened.namelist())


def test_what_an_upstream_says_of_a_failure_is_masked_too(upstreams, manager) -> None:
    fault = {"status": 400, "body": {"code": "1117", "message": f"no such {EMAIL}"}}
    upstreams.script("adobe", [fault] * 9, customer_id=CUSTOMER)
    export = request_export(manager)
    run()
    export.refresh_from_db()

    said = signed_in(manager).get(EXPORT).content.decode()
    assert export.state == "failed"
    assert "canary.7f3b" not in export.error_message + said
    assert "•••@example.com" in export.error_message
