"""A file that lacks orders is named so and never handed over by surprise; what was made at once is kept."""

import pytest

from orders.exports.models import Export
from orders.ledger.models import LedgerEntry
from orders.sandbox import customers
from tests.pages import Page
from tests.views.exports.answers import BROWSER, SHORT, SMALL, rows_of

pytestmark = pytest.mark.django_db


def test_fewer_orders_than_the_upstream_counts_are_named_partial(portal):
    response = portal.get(f"{SHORT}export/?partial=1")

    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="PARTIAL_orders_fabric_')
    assert len(rows_of(response)) == 20


def test_behind_a_token_a_partial_file_is_a_failure_unless_asked_for(script):
    downloads = LedgerEntry.objects.filter(action="export-download")
    refused = script.get(f"{SHORT}export/")
    assert downloads.count() == 0  # nothing was sent
    taken = script.get(f"{SHORT}export/?partial=1")

    assert downloads.count() == 1
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert "57" in refused.content.decode()
    assert taken.status_code == 200
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="PARTIAL_')
    assert len(rows_of(taken)) == 20


def test_a_partial_file_is_offered_apart_and_the_rest_is_fetched(portal, upstreams, agent):
    answer = portal.get(f"{SHORT}export/", headers=BROWSER)
    page = Page(answer)
    export = Export.objects.get()

    assert (answer.status_code, export.state) == (409, "partial")
    assert "fabric says that 57 orders exist and sent 20." in page.root.one(data_notice="incomplete").text
    assert "Fetch the rest" in [button.text for button in page.main.all("button")]
    taken = portal.get(page.root.one("a", data_partial=True)["href"], headers=BROWSER)
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="PARTIAL_')
    assert len(rows_of(taken)) == 20

    portal.post(f"/exports/{export.pk}/rest/")
    export.refresh_from_db()
    assert export.state == "waiting"


def test_a_partial_file_made_earlier_is_no_surprise_either(portal, upstreams):
    portal.get(f"{SHORT}export/", headers=BROWSER)
    address = f"/exports/{Export.objects.get().pk}/file/"

    assert portal.get(address, headers=BROWSER).headers["Location"] == address.removesuffix("file/")
    assert portal.get(address).status_code == 409
    assert len(rows_of(portal.get(f"{address}?partial=1"))) == 20


def test_a_file_made_at_once_is_among_the_persons_files(portal, upstreams):
    data = portal.get(f"{SMALL}export/").getvalue()
    export = Export.objects.get()

    row = Page(portal.get("/exports/")).root.one("tr", data_export=str(export.pk))
    assert "Complete" in row.text
    assert portal.get(f"/exports/{export.pk}/file/").getvalue() == data
    assert Page(portal.get("/")).root.all(data_export_notice=True) == []  # its owner has it already


def test_of_what_could_not_be_made_nothing_is_listed(portal, settings):
    portal.get(f"/adobe/customers/{customers.ADOBE_INTERNAL_ERROR}/orders/export/")
    settings.EXPORT_INLINE_MAX = 2
    portal.get(f"{SMALL}export/")

    assert not Export.objects.exists()


def test_two_answers_to_one_warning_are_none(script):
    for parameter in ("partial", "personal"):
        said = script.get(f"{SHORT}export/?{parameter}=0&{parameter}=1")
        assert said.status_code == 400
        assert (
            f"{parameter}: It was given more than once, with different values: 0, 1." in said.content.decode()
        )
    assert len(rows_of(script.get(f"{SHORT}export/?partial=1&partial=1"))) == 20
