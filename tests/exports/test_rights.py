"""Who may take orders away as a file, and what never stands in one."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from orders import exports
from orders.exports.models import Export
from orders.people.api_tokens import make_token
from orders.sandbox import SandboxServer
from tests.exports.results import (
    ADDRESS,
    CUSTOMER,
    EVERYTHING,
    EXPORT,
    entries,
    export_now,
    give,
    offsets,
    order,
    request_export,
    run,
)
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db


BROWSER = {"Accept": "text/html,*/*;q=0.8"}


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


def script_of(somebody: Any) -> Client:
    _, text = make_token(owner=somebody, name="nightly")
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})


def file_of(owner: Any, *, state: str = "complete") -> Export:
    """A file that was made while its owner had every right."""
    owner.is_superuser = True
    owner.save()
    export = request_export(owner)
    run()
    owner.is_superuser = False
    owner.save()
    export.refresh_from_db()
    assert export.state == state
    return export


def stopped_file_of(owner: Any, upstreams: SandboxServer) -> Export:
    """One whose upstream failed after some pages."""
    give(upstreams, 250)
    upstreams.script("adobe", ["normal", "normal", *[503] * 9], customer_id=CUSTOMER)
    export = file_of(owner, state="failed")
    upstreams.clear_faults()
    assert export.orders_done
    return export


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
def test_the_rest_of_a_file(
    case: tuple[Any, int], upstreams: SandboxServer, hurried: None, button: str
) -> None:
    asking, status = case
    export = stopped_file_of(asking, upstreams)
    upstreams.clear_log()

    response = signed_in(asking).post(f"/exports/{export.pk}/{button}/")

    assert response.status_code == {200: 302}.get(status, status)
    export.refresh_from_db()
    changed = "waiting" if button == "rest" else "partial"
    assert export.state == (changed if status == 200 else "failed")
    assert offsets(upstreams) == []


def test_who_may_is_asked_before_what_lies_on_this_disk(
    case: tuple[Any, int], upstreams: SandboxServer, hurried: None, settings: Any, tmp_path: Any
) -> None:
    asking, status = case
    export = stopped_file_of(asking, upstreams)
    settings.EXPORT_DIR = tmp_path / "another machine"

    response = signed_in(asking).post(f"/exports/{export.pk}/offer/")

    assert response.status_code == {200: 302}.get(status, status)


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

    at_once = export_now(actor=owner, rows=rows, format=kind).data
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
