"""A file of the rows that somebody ticked: those and no others, and an honest word where one is gone."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from orders.exports import ExportSpec
from orders.exports.models import Export
from orders.exports.specification import BadExport
from orders.ledger.models import LedgerEntry
from orders.sandbox import SandboxServer, customers
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"


@pytest.fixture
def sue(upstreams: SandboxServer, settings: Any, tmp_path: Any) -> Client:
    settings.EXPORT_DIR = tmp_path
    return signed_in(person("sue", "supervisor"))


def as_sent(page: Page, *ticked: str) -> dict[str, list[str]]:
    """What a browser without scripts sends for these ticks."""
    form = page.root.one("form", id="selection")
    given: dict[str, list[str]] = {}
    for field in form.all("input", type="hidden"):
        given.setdefault(field["name"], []).append(field["value"])
    boxes = page.root.all("input", form="selection")
    assert set(ticked) <= {box["value"] for box in boxes}
    return {**given, "order": list(ticked)} if ticked else given


def ids_in(response: Any) -> list[str]:
    rows = csv.DictReader(io.StringIO(response.getvalue().decode()))
    return [row["orderId"] for row in rows]


@pytest.mark.parametrize("address", [SMALL, f"{FABRIC}?status=SUCCESS"])
def test_a_file_has_the_ticked_orders_in_the_order_of_the_list(sue: Client, address: str) -> None:
    page = Page(sue.get(address))
    first, third = page.order_ids[0], page.order_ids[2]
    given = as_sent(page, third, first)

    response = sue.get(page.root.one("form", id="selection")["action"], {**given, "file": ["orders.csv"]})

    assert response.status_code == 200
    assert ids_in(response) == [first, third]
    export = Export.objects.get()
    assert (export.state, export.rows_done) == ("complete", 2)
    detail = Page(sue.get(f"/exports/{export.pk}/"))
    assert "2 selected orders" in detail.text
    assert "no others than the 2 that were selected" in detail.text
    start = LedgerEntry.objects.get(action="export-start")
    assert json.loads(start.details)["order_ids"] == [third, first]
    # The file is made again as it was asked for, and its page leads to the list, not to a part of it.
    history = next(
        a["href"] for a in detail.main.all("a") if "/customers/" in a["href"] and "orders" in a["href"]
    )
    assert "order=" not in history


def test_nothing_ticked_is_no_file_of_everything(sue: Client, upstreams: SandboxServer) -> None:
    page = Page(sue.get(SMALL))
    upstreams.clear_log()

    response = sue.get(f"{SMALL}export/", as_sent(page), headers={"accept": "text/html"})

    assert response.status_code == 400
    assert "Nothing was selected" in Page(response).text
    assert upstreams.requests == []


def test_an_order_that_is_gone_makes_the_file_partial(sue: Client) -> None:
    page = Page(sue.get(SMALL))
    given = {**as_sent(page, page.order_ids[0]), "order": [page.order_ids[0], "9999999999"]}

    refused = sue.get(f"{SMALL}export/", given)
    taken = sue.get(f"{SMALL}export/", {**given, "partial": "1"})

    assert refused.status_code == 409
    assert "PARTIAL_" in taken["Content-Disposition"]
    assert ids_in(taken) == [page.order_ids[0]]
    assert Export.objects.order_by("made_at")[0].missing == [
        "1 of the selected orders is not in the result any more."
    ]


def test_a_page_is_the_most_and_what_is_no_id_is_refused(db: None) -> None:
    for query, words in (
        ("&".join(f"order={number}" for number in range(101)), "at most 100"),
        ("order=a%2Fb", "An ID has"),
    ):
        with pytest.raises(BadExport, match=words):
            ExportSpec.checked(source="adobe", customer_id="1", query=query)


def test_who_may_not_export_gets_no_file_of_a_selection_either(upstreams: SandboxServer) -> None:
    portal = signed_in(person("eli", "customer-service agent"))
    page = Page(portal.get(SMALL))

    assert page.root.one("form", id="selection").get("action") is None
    assert portal.get(f"{SMALL}export/?selection=1&order={page.order_ids[0]}").status_code == 403


def test_a_list_takes_no_selection_for_a_filter(portal: Client) -> None:
    page = Page(portal.get(f"{SMALL}?order=1"))

    assert "order" in page.notices["ignored-parameters"]
    assert len(page.order_ids) > 1
    sent = [field["name"] for field in page.root.one("form", id="selection").all("input", type="hidden")]
    assert "order" not in sent
