"""The menu above a list: what the file would hold, and which files there are."""

import re
from typing import Any

import pytest

from orders.exports.models import ColumnSet
from orders.sandbox import customers
from tests.pages import Page
from tests.views.exports.answers import BROWSER, EVERYTHING, LARGE, SHORT, SMALL, body, rows_of

pytestmark = pytest.mark.django_db


def test_two_sheets_of_a_csv_file_are_not_offered(portal):
    form = menu_of(Page(portal.get(SMALL))).one("form")

    assert [each["value"] for each in form.all("input", name="file")] == [
        "orders.csv",
        "lines.csv",
        "orders.xlsx",
        "lines.xlsx",
        "both.xlsx",
    ]
    assert portal.get(f"{SMALL}export/?file=both.csv", headers=BROWSER).status_code == 400
    assert portal.get(f"{SMALL}export/?file=both.xlsx").getvalue().startswith(b"PK")


def menu_of(page: Page) -> Any:
    return page.root.one(class_="export-menu")


def test_the_menu_says_how_many_orders_which_filters_and_which_range(portal):
    menu = menu_of(Page(portal.get(f"{LARGE}?{EVERYTHING}&status=1000&limit=50&offset=50&nonsense=1")))
    form = menu.one("form")

    assert re.fullmatch(r"Export \d+ orders", menu.one("summary").text)
    assert menu.one(class_="covers").text == (
        "The file covers Whole history – now, only: Status: Completed · Created from: 2000-01-01. "
        "It holds all pages, in the order of the screen."
    )
    assert (form["method"], form["action"]) == ("get", f"{LARGE}export/")
    assert [(field["name"], field["value"]) for field in form.all("input", type="hidden")] == [
        ("start-date", "2000-01-01"),
        ("status", "1000"),
    ]


@pytest.mark.parametrize(
    ("address", "covers", "note"),
    [
        (
            f"/fabric/customers/{customers.FABRIC_CALM}/orders/",
            "The file covers all 26 orders that fabric sends, without a filter.",
            "",
        ),
        (
            SHORT,
            "The file covers the 20 of 57 orders that fabric sends, without a filter.",
            "It will be partial, because the upstream says that more orders exist.",
        ),
    ],
)
def test_the_menu_says_what_a_list_without_a_range_of_time_covers(portal, address, covers, note):
    menu = menu_of(Page(portal.get(address)))

    assert menu.one(class_="covers").text.startswith(covers)
    assert note in menu.text


def test_what_the_menu_sends_is_a_file(portal):
    form = menu_of(Page(portal.get(f"{SMALL}?{EVERYTHING}"))).one("form")
    sent = [(each["name"], each["value"]) for each in form.all("input", type="hidden")]
    sent += [(each["name"], each["value"]) for each in form.all("input", checked=True)]
    sent += [("columns", form.one("option", selected=True)["value"])]

    assert sent == [
        ("start-date", "2000-01-01"),
        ("file", "orders.csv"),
        ("dialect", ""),
        ("columns", "all"),
    ]
    assert len(rows_of(portal.get(form["action"], dict(sent)))) == 7


def test_the_menu_of_a_large_result_orders_it_in_the_background(portal, settings):
    settings.EXPORT_INLINE_MAX = 311
    menu = menu_of(Page(portal.get(f"{LARGE}?{EVERYTHING}")))

    assert menu.one("summary").text == "Export 312 orders"
    assert menu.one("form")["method"] == "post"
    assert menu.one("button").text == "Make the file"


def test_where_nothing_matches_there_is_nothing_to_export(portal):
    page = Page(portal.get(f"/fabric/customers/{customers.FABRIC_CALM}/orders/?text=nonsense"))

    assert page.root.all(class_="export-menu") == []


def test_the_menu_offers_the_persons_own_sets(portal, agent):
    for rows in ("orders", "lines"):
        ColumnSet.objects.create(
            owner=agent, name="for finance", source="adobe", rows=rows, columns=["status"]
        )
    ColumnSet.objects.create(
        owner=agent, name="elsewhere", source="fabric", rows="orders", columns=["status"]
    )

    options = menu_of(Page(portal.get(SMALL))).all("option")
    on_the_page = (
        "orderId,creationDate,orderType,status,productNames,externalReferenceId,"
        "lineItemCount,totalQuantity,promotionCodes"
    )

    assert [(option["value"], option.text) for option in options] == [
        ("all", "All columns"),
        ("without-personal-data", "Without personal data"),
        (f"as-on-the-page:{on_the_page}", "As on the page"),
        ("for finance", "for finance (line items, orders)"),
    ]
    assert body(portal.get(f"{SMALL}export/?columns=for finance")).startswith(b"status\r\n")
