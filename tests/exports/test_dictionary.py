"""The data dictionary: every column of every file, explained; a column without words fails here."""

import pytest

from orders import presets
from orders.columns import columns_for
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
