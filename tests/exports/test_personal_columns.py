"""Personal data in files: for whoever may reveal it and says why, and the ledger keeps both."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from orders import exports
from orders.exports.models import Export
from orders.ledger.models import LedgerEntry
from orders.people.api_tokens import make_token
from orders.sandbox import customers
from tests.exports.results import content, rows, work
from tests.pages import Page
from tests.personas import person

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = f"/fabric/customers/{customers.FABRIC_LIVE}/orders/export/"
BROWSER = {"Accept": "text/html"}
REASON = "TICKET-4711: refund"


@pytest.fixture
def script(client: Any) -> Any:
    """As whoever it is given."""

    def of(owner: Any, **headers: str) -> Any:
        _, token = make_token(owner=owner, name="nightly")
        return client.get(ADDRESS, headers={"Authorization": f"Bearer {token}", **headers})

    return of


def supervisor() -> Any:
    return person("sam", "supervisor")


def test_without_a_reason_there_are_no_personal_columns(upstreams, script):
    (first, *_) = rows(script(supervisor()).getvalue())

    assert "shipToCity" in first
    assert not {"shipToEmail", "customerLastName", "cardEnding", "billToStreet"} & set(first)


def test_with_a_reason_in_the_header_they_are_in_the_clear(upstreams, script):
    found = rows(script(supervisor(), **{"X-Reason": REASON}).getvalue())

    assert any("@" in row["customerEmail"] and "•" not in row["customerEmail"] for row in found)
    assert any(row["shipToStreet"] and "•" not in row["shipToStreet"] for row in found)
    start = LedgerEntry.objects.get(action="export-start")
    assert (start.reason, start.outcome) == (REASON, "ok")


def test_who_may_not_reveal_gets_the_file_without_them_whatever_they_say(upstreams, script):
    manager = person("mia", "account manager")
    from tests.personas import assign

    assign(manager, "fabric", customers.FABRIC_LIVE)
    (first, *_) = rows(script(manager, **{"X-Reason": REASON}).getvalue())

    assert not {"shipToEmail", "customerLastName", "cardEnding"} & set(first)
    assert Export.objects.get().reason == ""


def test_a_reason_stands_in_no_address(upstreams, script, client):
    _, token = make_token(owner=supervisor(), name="nightly")
    answer = client.get(f"{ADDRESS}?reason=because", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 400
    assert "X-Reason" in answer.content.decode()
    assert upstreams.requests == []


def test_a_browser_is_asked_for_the_reason_and_sends_it_in_the_form(upstreams, client):
    client.force_login(supervisor())
    history = Page(client.get(ADDRESS.removesuffix("export/")))
    (link,) = [each for each in history.root.all("a") if each.text == "With personal data, for a reason"]
    page = Page(client.get(link["href"], headers=BROWSER))
    form = page.root.one("form", id="export")
    assert form["method"] == "post"

    refused = client.post(ADDRESS, {"personal": "1", "reason": " "}, headers=BROWSER)
    assert refused.status_code == 400
    assert "Say why you need personal data" in Page(refused).text
    assert not Export.objects.exists()

    client.post(ADDRESS, {"personal": "1", "reason": REASON, "file": "orders.csv"}, headers=BROWSER)
    work()
    export = Export.objects.get()
    assert (export.state, export.reason) == ("complete", REASON)
    assert "customerEmail" in rows(content(export))[0]


def test_a_run_stops_when_its_owner_may_reveal_no_longer(upstreams):
    owner = supervisor()
    spec = exports.ExportSpec.checked(
        source="fabric", customer_id=customers.FABRIC_LIVE, query="", reason=REASON
    )
    export = exports.request_export(spec, owner=owner)
    owner.groups.set(person("mia", "account manager").groups.all())

    work()

    export.refresh_from_db()
    assert (export.state, export.error_cause) == ("failed", "refused")


def test_a_file_with_personal_data_is_for_whoever_may_see_them_when_they_fetch_it(upstreams, client, script):
    owner = supervisor()
    addresses = []
    for headers in ({}, {"X-Reason": REASON}):
        script(owner, **headers).close()
        addresses.append(f"/exports/{Export.objects.latest('made_at').pk}/file/")
    client.force_login(owner)

    def statuses() -> list[int]:
        found = []
        for address in addresses:
            response = client.get(address)
            response.close()
            found.append(response.status_code)
        return found

    before = statuses()

    owner.groups.get().permissions.remove(Permission.objects.get(codename="reveal_personal_data"))

    assert (before, statuses()) == ([200, 200], [200, 403])
    refused = LedgerEntry.objects.filter(action="refused").latest("id")
    assert json.loads(refused.details)["tried"] == "export-download"


def test_the_page_of_the_file_says_why_it_holds_them(upstreams, client, script):
    owner = supervisor()
    script(owner, **{"X-Reason": REASON}).getvalue()
    client.force_login(owner)

    assert REASON in Page(client.get(f"/exports/{Export.objects.get().pk}/")).text
    assert json.loads(LedgerEntry.objects.get(action="export-start").details)["rows"] == "orders"
