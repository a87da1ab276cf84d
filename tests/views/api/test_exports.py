"""Files for scripts: asked for, watched, fetched; and refused, with a word why."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from orders.exports.models import Export
from orders.ledger.models import LedgerEntry
from orders.people.api_tokens import Scope
from orders.sandbox import SandboxServer, customers
from orders.views.api.exports import EXPORTS, ExportRecord
from tests.personas import assign, person, signed_in
from tests.views.api.conftest import Script, problem, told

pytestmark = pytest.mark.django_db

EXPORT = "/api/v1/exports"
WANTED: dict[str, Any] = {
    "source": "adobe",
    "customerId": customers.ADOBE_SMALL,
    "rows": "lines",
    "filters": {"start-date": "2000-01-01", "order-type": ["NEW", "RENEWAL"]},
}


@pytest.fixture(autouse=True)
def _export_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path


def ask(script: Client, **changes: Any) -> Any:
    return script.post(EXPORT, {**WANTED, **changes}, content_type="application/json")


def record(response: Any, status: int = 200) -> ExportRecord:
    """Read strictly: any field of another type than described would be refused."""
    assert response.status_code == status, response.content
    return msgspec.json.decode(response.content, type=ExportRecord)


def test_a_file_is_asked_for_watched_and_fetched(script: Client) -> None:
    asked = ask(script)
    address = asked.headers["Location"].removeprefix("http://testserver")
    waiting = record(script.get(address))
    too_early = script.get(f"{address}/file")

    call_command("run_worker", until_idle=True)

    done = record(script.get(address))
    response = script.get(f"{address}/file")
    content = response.getvalue()
    assert (record(asked, 202).state, waiting.state, waiting.file) == ("waiting", "waiting", None)
    assert (too_early.status_code, int(too_early.headers["Retry-After"]) > 0) == (202, True)
    assert (done.state, done.orders_done, done.file) == (
        "complete",
        done.total_count,
        f"http://testserver{address}/file",
    )
    assert done.filters == {"start-date": ["2000-01-01"], "order-type": ["NEW", "RENEWAL"]}
    assert hashlib.sha256(content).hexdigest() == done.file_sha256 == response.headers["X-File-SHA256"]
    assert len(content) == done.file_size == int(response.headers["Content-Length"])
    assert content.startswith(b"customerId,orderId,")


def test_it_is_among_ones_own_files_and_nobody_elses(script: Client, script_of: Script) -> None:
    made = record(ask(script), 202)
    other = script_of("supervisor", name="robin")

    mine: Any = msgspec.json.decode(script.get(EXPORT).content, type=EXPORTS)

    assert ([each.id for each in mine.items], mine.total_count, mine.limit) == ([made.id], 1, 25)
    assert other.get(EXPORT).json()["items"] == []
    assert problem(other.get(f"{EXPORT}/{made.id}")).status == 404
    assert problem(other.get(f"{EXPORT}/{made.id}/file")).status == 404
    assert problem(script.get(f"{EXPORT}?offset=2")).cause == "out-of-range"
    assert list(problem(script.get(f"{EXPORT}?limit=many")).errors) == ["limit"]


def test_start_and_download_are_in_the_ledger_with_the_token(script: Client) -> None:
    made = record(ask(script), 202)
    call_command("run_worker", until_idle=True)
    script.get(f"{EXPORT}/{made.id}/file").close()

    looked = LedgerEntry.objects.filter(action__startswith="export").order_by("id")
    assert [each.action for each in looked] == ["export-start", "export-end", "export-download"]
    assert all('"token"' in each.details for each in looked)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"source": "sap"}, ["source"]),
        ({"customerId": ".."}, ["customerId"]),
        # Of nobody: neither a customer nor accounts or sets.
        ({"customerId": ""}, ["customerId"]),
        ({"customerId": "", "account": "x"}, ["account"]),
        ({"customerId": "", "account": [-1]}, ["account"]),
        ({"rows": "sideways"}, ["rows"]),
        ({"format": "pdf"}, ["format"]),
        ({"columns": ["orderId", "colour"]}, ["columns"]),
        ({"filters": {"start-date": "yesterday"}}, ["start-date"]),
        ({"filters": {"reseller-id": ["1", "2"]}}, ["reseller-id"]),
        # With a mistyped filter a file would hold more than was asked for.
        ({"filters": {"colour": "green"}}, ["colour"]),
    ],
)
def test_what_cannot_be_made_is_named_by_its_field(
    script: Client, upstreams: SandboxServer, changes: dict[str, Any], errors: list[str]
) -> None:
    refused = problem(ask(script, **changes))

    assert (refused.status, refused.cause, list(refused.errors)) == (400, "bad-request", errors)
    assert (Export.objects.count(), upstreams.requests) == (0, [])


@pytest.mark.parametrize("body", [" ", "[]", "{", '{"rows": "lines"}', '{"source": 1}', '{"account": "x"}'])
def test_another_body_is_refused_with_what_is_wrong_with_it(script: Client, body: str) -> None:
    refused = problem(script.post(EXPORT, body, content_type="application/json"))

    assert (refused.status, refused.cause, bool(refused.detail)) == (400, "bad-request", True)


def test_a_file_of_nobody_in_particular_is_refused_at_the_customer(
    script: Client, upstreams: SandboxServer
) -> None:
    refused = problem(script.post(EXPORT, {"source": "adobe"}, content_type="application/json"))

    said = ["An ID has 1 to 64 letters, digits, “-”, “_” or “.”."]
    assert (refused.status, refused.cause, refused.errors) == (400, "bad-request", {"customerId": said})
    assert (Export.objects.count(), upstreams.requests) == (0, [])


def test_a_form_is_no_json(script: Client) -> None:
    assert problem(script.post(EXPORT, WANTED | {"filters": ""})).status == 415


@pytest.mark.parametrize("made", [True, False], ids=["asked for", "asked for wrongly"])
def test_who_may_not_export_is_refused(upstreams: SandboxServer, script_of: Script, made: bool) -> None:
    changes: dict[str, Any] = {} if made else {"rows": "sideways"}
    manager = person("milo", "account manager")
    assign(manager, "adobe", customers.ADOBE_EDUCATION)

    agents = problem(ask(signed_in(person("ada", "customer-service agent")), **changes))
    managers = problem(ask(signed_in(manager), **changes))

    assert (agents.status, agents.cause) == (403, "forbidden")
    assert told(managers) == {"status": 404, "cause": "not-found", "source": "adobe", "errors": {}}
    assert problem(ask(script_of("supervisor", scopes=[Scope.READ]), **changes)).status == 403


def test_another_site_can_have_no_file_made(upstreams: SandboxServer) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("thea", "supervisor"))

    refused = problem(ask(strict))

    assert (refused.status, refused.cause, Export.objects.count()) == (403, "forbidden", 0)


@pytest.mark.parametrize(
    ("fields", "query", "status", "cause"),
    [
        ({"state": "expired"}, "", 410, "not-found"),
        ({"state": "failed", "error_cause": "timeout"}, "", 409, "timeout"),
        ({"state": "cancelled"}, "?partial=1", 409, "bad-answer"),
        ({"state": "partial", "file_path": "x/y", "missing": ["Page 2 is missing."]}, "", 409, "bad-answer"),
        ({"state": "partial", "file_path": "x/y"}, "?partial=1", 410, "not-found"),
    ],
)
def test_where_there_is_no_file_a_problem_says_why(
    script: Client, django_user_model: Any, fields: dict[str, Any], query: str, status: int, cause: str
) -> None:
    export = Export.objects.create(
        owner=django_user_model.objects.get(), source="adobe", made_at=timezone.now(), **fields
    )

    refused = problem(script.get(f"{EXPORT}/{export.pk}/file{query}"))

    assert (refused.status, refused.cause) == (status, cause)
    assert refused.detail == (" ".join(export.missing) or None)
