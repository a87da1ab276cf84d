"""The catalogue of products: filled by administrators, and the names that pages and files then have."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import QueryDict

from orders import exports
from orders.exports import ExportSpec
from orders.exports.jobs.job import spec_of
from orders.exports.models import Export
from orders.index.product_models import Product, ProductOffer
from orders.index.products import forget_names, names
from orders.ledger.models import LedgerEntry
from orders.presentation.filtersets import FILTERSETS
from orders.sandbox import customers
from orders.sandbox.adobe import price_list
from orders.services import products
from orders.views.shared.export_menu import filter_words
from tests.pages import Page
from tests.personas import person, signed_in

pytestmark = pytest.mark.django_db

RETURNS = f"/adobe/customers/{customers.ADOBE_RETURNS}/"
SUITE = "Sketch Suite for teams All Apps"


@pytest.fixture
def catalogue():
    products.import_price_list(price_list.as_file().encode(), actor=None)
    names()  # a file is made by a thread, which doesn't see what a test has not committed


def upload(client, content):
    return client.post("/products/", {"file": SimpleUploadedFile("prices.csv", content)})


def test_an_administrator_reads_a_price_list_in(upstreams):
    boss = signed_in(person("ines", "administrator"))

    answer = upload(boss, price_list.as_file().encode())
    page = Page(boss.get("/products/?q=suite teams"))

    assert (answer.status_code, answer["Location"]) == (302, "/products/")
    (row,) = page.root.all("tr", data_product=True)
    assert [cell.text for cell in row.all("td")][:3] == [SUITE, "71104418", "COM"]
    entry = LedgerEntry.objects.get(action="import")
    assert (entry.row_count, "price list" in str(entry.details)) == (42, True)


def test_a_file_that_is_no_price_list_is_refused_at_the_field(upstreams):
    page = Page(upload(signed_in(person("ines", "administrator")), b"a;b\n1;2\n"))

    assert page.status == 400
    assert page.root.one(id="price-list-error").text.startswith("No line names the columns")


def test_products_have_names_in_lists_orders_and_panels(portal, catalogue):
    page = Page(portal.get(f"{RETURNS}orders/?start-date=2000-01-01"))
    panel = Page(portal.get(f"{RETURNS}subscriptions/"))
    order = Page(portal.get(f"{RETURNS}orders/{page.order_ids[0]}/"))

    assert SUITE in page.column("Products")
    assert SUITE in panel.text
    assert "Vector Studio for teams Single App" in order.text or SUITE in order.text


def test_an_unknown_offer_stays_its_id(portal):
    page = Page(portal.get(f"{RETURNS}orders/?start-date=2000-01-01"))

    assert "71104418CA02A12" in page.column("Products")


def test_a_product_is_asked_for_by_its_offers(portal, upstreams, catalogue):
    page = Page(portal.get(f"{RETURNS}orders/?start-date=2000-01-01&product=vector+teams&offer-id=71"))

    asked = [value for name, value in upstreams.requests[-1].query if name == "offer-id"]
    assert asked == ["71", *(f"71104522CA0{level}A12" for level in (1, 2, 3, 4))]
    chips = [chip.text for chip in page.root.all(class_="chip")]
    assert any("vector teams" in chip for chip in chips)
    assert ("product", "vector teams") in page.filters


def test_a_product_that_nobody_knows_asks_nobody(portal, upstreams, catalogue):
    page = Page(portal.get(f"{RETURNS}orders/?product=harpsichord"))

    assert (page.status, upstreams.requests) == (400, [])
    assert page.field_errors["product"] == "No product is known by this name."


def test_a_product_beside_too_many_offers_is_too_much_and_asks_nobody(portal, upstreams, catalogue):
    ids = ",".join(f"OFFER{number:04}" for number in range(297))
    fits = portal.get(f"{RETURNS}orders/?product=vector+teams&offer-id={ids[:-10]}")
    upstreams.clear_log()

    page = Page(portal.get(f"{RETURNS}orders/?product=vector+teams&offer-id={ids}"))

    assert fits.status_code == 200
    assert (page.status, upstreams.requests) == (400, [])
    assert page.field_errors["product"] == ("With the offer IDs beside it these are 301; at most 300 fit.")


def test_a_file_has_the_offers_that_its_product_had_when_it_was_asked_for(upstreams, catalogue):
    who = person("thea", "supervisor")
    spec = ExportSpec.checked(
        source="adobe", customer_id=customers.ADOBE_RETURNS, query="product=vector+teams&offer-id=71"
    )
    export = exports.request_export(spec, owner=who)
    ProductOffer.objects.all().delete()
    Product.objects.all().delete()
    forget_names()

    again = spec_of(Export.objects.get(pk=export.pk))

    offers = ("71", *(f"71104522CA0{level}A12" for level in (1, 2, 3, 4)))
    assert [getattr(each.query, "offer_ids", ()) for each in (spec, again)] == [offers, offers]
    shown = Page(signed_in(who).get(f"/exports/{export.pk}/"))
    assert ",".join(offers) in shown.text


def test_many_offers_of_a_file_are_some_and_a_number():
    ids = [f"OFFER{number:04}" for number in range(1_250)]
    given = QueryDict(mutable=True)
    given["offer-id"] = ",".join(ids)

    (words,) = filter_words(FILTERSETS["adobe"](given))

    assert words.endswith(f": {', '.join(ids[:10])} and 1,240 more")


def test_files_have_the_names(catalogue, upstreams):
    manager = signed_in(person("thea", "supervisor"))
    answer: Any = manager.get(f"{RETURNS}orders/export/?rows=lines&format=csv&start-date=2000-01-01")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert {row["productName"] for row in rows if row["offerId"].startswith("71104418")} == {SUITE}


def test_whoever_runs_the_machine_is_named_in_the_row(tmp_path):
    file = tmp_path / "prices.csv"
    file.write_text(price_list.as_file())
    call_command("import_price_list", file)

    assert LedgerEntry.objects.get(action="import").username == "command line"
