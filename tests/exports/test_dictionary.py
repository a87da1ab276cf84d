"""The data dictionary: every column of every file, explained; a column without words fails here."""

import pytest

from orders import presets, services
from orders.columns import columns_for
from orders.domain.queries import AdobeOrderQuery, FabricOrderQuery, Window
from orders.domain.results import LineRow
from orders.sandbox import customers
from tests.pages import Page

EVERY_COLUMN = [
    pytest.param(column, id=f"{kind.key}-{column.name}")
    for kind in presets.kinds()
    for column in kind.columns
]


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_a_column_says_what_it_means_where_it_comes_from_and_how_it_looks(column):
    explained = {
        name: bool(getattr(column, name).strip())
        for name in ("name", "heading", "meaning", "source_field", "example")
    }

    assert explained == dict.fromkeys(explained, True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", presets.kinds(), ids=lambda kind: kind.key)
def test_a_column_that_is_no_text_names_its_unit(kind, upstreams, agent):
    customer_id = {"adobe": customers.ADOBE_LARGE, "fabric": customers.FABRIC_MAIN}[kind.source]
    query = {"adobe": AdobeOrderQuery(created_from="2000-01-01"), "fabric": FabricOrderQuery()}[kind.source]
    page = services.list_orders(
        actor=agent, source=kind.source, customer_id=customer_id, query=query, window=Window(0, 100)
    )
    lines = [LineRow(parent=row, line=line) for row in page.rows for line in row.order.lines]
    rows = page.rows if kind.rows == "orders" else lines

    no_texts = {
        column.name: column.unit
        for column in kind.columns
        if {type(column.value(row)) for row in rows} - {str, type(None)}
    }
    assert len(no_texts) >= 2
    assert [name for name, unit in no_texts.items() if not unit] == []


@pytest.mark.parametrize("column", EVERY_COLUMN)
def test_a_meaning_is_a_sentence(column):
    assert column.meaning.endswith((".", "…"))
    assert column.meaning[0].isupper()


@pytest.mark.django_db
def test_the_help_page_shows_all_of_it_in_the_order_of_the_files(portal, upstreams):
    page = Page(portal.get("/help/columns/"))

    for kind in presets.kinds():
        section = page.root.one("section", data_dictionary=kind.key)
        shown = [[cell.text for cell in row.all("td")] for row in section.all("tr", data_column=True)]
        assert shown == [
            [
                f"{column.name} {column.heading}",
                f"{column.meaning} personal data" if column.is_personal else column.meaning,
                column.unit or "text",
                column.example,
                column.source_field,
            ]
            for column in columns_for(kind.source, kind.rows)
        ]
    assert [section["data-dictionary"] for section in page.root.all("section", data_dictionary=True)] == [
        "adobe-orders",
        "adobe-lines",
        "fabric-orders",
        "fabric-lines",
    ]
    assert upstreams.requests == []
