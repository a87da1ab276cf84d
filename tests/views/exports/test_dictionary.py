"""The data dictionary: every column of every file, explained; a column without words fails here."""

import re

import pytest

from orders import services
from orders.domain.queries import PageRequest
from orders.domain.results import LineRow
from orders.domain.selection import FabricOrderQuery
from orders.exports import column_sets
from orders.sandbox import customers
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.pages import Page

EVERY_COLUMN = [
    pytest.param(column, id=f"{row_type.key}-{column.name}")
    for row_type in column_sets.row_types()
    for column in row_type.columns
]


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_a_column_says_what_it_means_where_it_comes_from_and_how_it_looks(column):
    explained = {
        name: bool(getattr(column, name).strip())
        for name in ("name", "heading", "meaning", "source_field", "example")
    }

    assert explained == dict.fromkeys(explained, True)


@pytest.mark.django_db
@pytest.mark.parametrize("row_type", column_sets.row_types(), ids=lambda row_type: row_type.key)
def test_a_column_that_is_no_text_names_its_unit(row_type, upstreams, agent):
    customer_id = {"adobe": customers.ADOBE_LARGE, "fabric": customers.FABRIC_MAIN}[row_type.source]
    query = {"adobe": AdobeOrderQuery(created_from="2000-01-01"), "fabric": FabricOrderQuery()}[
        row_type.source
    ]
    page = services.list_orders(
        actor=agent,
        source=row_type.source,
        customer_id=customer_id,
        query=query,
        page_request=PageRequest(0, 100),
    )
    lines = [LineRow(parent=row, line=line) for row in page.rows for line in row.order.lines]
    rows = page.rows if row_type.rows == "orders" else lines

    no_texts = {
        column.name: column.unit
        for column in row_type.columns
        if {type(column.value(row)) for row in rows} - {str, type(None)}
    }
    assert len(no_texts) >= 2
    assert [name for name, unit in no_texts.items() if not unit] == []


# What IDs, codes and currencies of an upstream look like.
LOOKS = {
    "adobe": {
        "customerId": r"\d{10}",
        "orderId": r"\d{10}",
        "status": r"\d{4}",
        "orderStatus": r"\d{4}",
        "subscriptionId": r"[0-9a-f]+NA",
        "subscriptionIds": r"[0-9a-f]+NA",
        "offerId": r"[0-9]+CA[0-9A-Z]+",
    },
    "fabric": {
        "customerId": r"[0-9a-f]{24}",
        "orderId": r"[0-9a-f]{24}",
        "status": "[A-Z]+",
        "subscriptionId": r"[0-9a-f]{24}",
        "subscriptionIds": r"[0-9a-f]{24}; [0-9a-f]{24}",
        "offerId": r"[0-9a-f]{24}",
    },
}


@pytest.mark.parametrize("row_type", column_sets.row_types(), ids=lambda row_type: row_type.key)
def test_examples_are_of_the_upstream_whose_files_are_explained(row_type):
    looks = LOOKS[row_type.source]
    examples = {each.name: each.example for each in row_type.explained if each.name in looks}

    assert {name: bool(re.fullmatch(looks[name], each)) for name, each in examples.items()} == dict.fromkeys(
        examples, True
    )


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_a_meaning_is_a_sentence(column):
    assert column.meaning.endswith((".", "…"))
    assert column.meaning[0].isupper()


@pytest.mark.django_db
def test_the_help_page_shows_all_of_it_in_the_order_of_the_files(portal, upstreams):
    page = Page(portal.get("/help/columns/"))

    for row_type in column_sets.row_types():
        section = page.root.one("section", data_dictionary=row_type.key)
        shown = [[cell.text for cell in row.all("td")] for row in section.all("tr", data_column=True)]
        assert shown == [
            [
                f"{column.name} {column.heading}",
                f"{column.meaning} personal data" if column.is_personal else column.meaning,
                column.unit or "text",
                column.example_of(row_type.source),
                column.source_field,
            ]
            for column in row_type.every_column
        ]
    assert [section["data-dictionary"] for section in page.root.all("section", data_dictionary=True)] == [
        "adobe-orders",
        "adobe-lines",
        "fabric-orders",
        "fabric-lines",
    ]
    assert upstreams.requests == []
