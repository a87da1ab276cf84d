"""Columns of a list: chosen and put in order on the page for each upstream, remembered, taken into files."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from orders.exports import column_sets
from orders.sandbox import customers
from tests.pages import Page
from tests.personas import signed_in

pytestmark = pytest.mark.django_db

SMALL = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"
FABRIC = f"/fabric/customers/{customers.FABRIC_MAIN}/orders/"


def headings(client: Client, address: str = SMALL) -> list[str]:
    return [each.text for each in Page(client.get(address)).root.all("table", class_="orders")[0].all("th")]


def choose(client: Client, *names: str, back: str = SMALL, **more: str) -> Any:
    places = {f"place-{name}": str(place) for place, name in enumerate(names, 1)}
    return client.post("/list-columns/adobe/", {"column": list(names), "next": back, **places, **more})


def test_columns_are_chosen_and_ordered_on_the_page_and_remembered(portal: Client, agent: User) -> None:
    form = Page(portal.get(SMALL)).root.one("details", data_columns=True).one("form")
    ticked = [box["value"] for box in form.all("input", type="checkbox", checked=True)]
    offered = {box["value"] for box in form.all("input", type="checkbox")}

    response = choose(portal, "status", "orderId", "lineStatuses", back=f"{SMALL}?status=1000")

    assert ticked[:3] == ["orderId", "creationDate", "orderType"]
    assert {"lineStatuses", "links", "promotionIds"} <= offered
    assert "orderPrices" not in offered  # an agent sees no prices
    assert response.url == f"{SMALL}?status=1000"
    assert headings(signed_in(agent)) == ["Status", "Order", "Statuses of the lines"]
    assert "Scheduled" in headings(portal, FABRIC)  # each upstream has its own
    usual = choose(portal, usual="1")
    assert headings(portal, usual.url)[:3] == ["Order", "Created", "Type"]


def test_an_address_names_columns_and_the_orders_link_is_always_among_them(portal: Client) -> None:
    choose(portal, "orderId", "status")

    assert headings(portal, f"{SMALL}?columns=orderType,gone,status") == ["Order", "Type", "Status"]
    page = Page(portal.get(f"{SMALL}?columns=orderType,gone,status"))
    assert page.notices["ignored-columns"] == "No column of this list is called gone."
    assert page.root.one("input", name="query")["value"] == "columns=orderId%2CorderType%2Cstatus"
    assert choose(portal, "orderId", back=f"{SMALL}?columns=status&view=3&status=1000").url == (
        f"{SMALL}?status=1000"
    )
    assert headings(portal) == ["Order"]


def test_what_is_sent_by_hand_leads_nowhere_else(portal: Client) -> None:
    assert choose(portal, "gone", back="https://evil.example/").url == "/"
    assert headings(portal)[:2] == ["Order", "Created"]
    assert portal.post("/list-columns/sap/", {"column": "orderId"}).status_code == 404
    assert choose(portal, "status", **{"place-status": "x" * 99}).url == SMALL


def test_a_file_has_the_columns_of_the_page(supervisors_portal: Client) -> None:
    supervisor = supervisors_portal
    menu = Page(supervisor.get(f"{SMALL}?columns=status,orderId,lineStatuses")).root.one("form", id="export")
    offered = {option.text: option["value"] for option in menu.one("select", name="columns").all("option")}
    columns = offered["As on the page"]

    def heads(rows: str) -> list[str]:
        file = supervisor.get(f"{SMALL}export/", {"rows": rows, "columns": columns})
        return next(csv.reader(io.StringIO(file.getvalue().decode())))

    assert columns == "as-on-the-page:status,orderId,lineStatuses"
    assert heads("orders") == ["status", "orderId", "lineStatuses"]
    assert heads("lines")[:4] == ["orderStatus", "orderId", "extLineItemNumber", "offerId"]
    wrong = supervisor.get(f"{SMALL}export/", {"columns": "as-on-the-page:gone"})
    assert wrong.status_code == 400
    assert column_sets.is_reserved("As-on-the-page:mine")


@pytest.mark.parametrize("given", ["fetch-price=true", "fetch-price=true&columns=status,orderId"])
def test_a_file_as_on_the_page_has_the_prices_that_the_page_has(
    supervisors_portal: Client, given: str
) -> None:
    supervisor = supervisors_portal
    page = Page(supervisor.get(f"{SMALL}?{given}"))
    form = page.root.one("form", id="export")
    hidden = {box["name"]: box["value"] for box in form.all("input", type="hidden")}
    offered = {option.text: option["value"] for option in form.one("select", name="columns").all("option")}

    def rows_of(rows: str) -> list[dict[str, str]]:
        wanted = {**hidden, "rows": rows, "columns": offered["As on the page"]}
        file = supervisor.get(f"{SMALL}export/", wanted)
        return list(csv.DictReader(io.StringIO(file.getvalue().decode())))

    assert "Prices, without tax" in headings(supervisor, f"{SMALL}?{given}")
    assert list(rows_of("orders")[0])[-1] == "orderPrices"
    assert any(row["orderPrices"] for row in rows_of("orders"))
    assert {"orderPrices", "linePrices"} & set(rows_of("lines")[0]) == {"linePrices"}
    selection = page.root.one("form", id="selection").all("input", name="columns")
    assert [box["value"] for box in selection] == [offered["As on the page"]]


def test_another_filter_leaves_the_columns_of_the_address_as_they_are(portal: Client) -> None:
    form = Page(portal.get(f"{SMALL}?columns=orderId,status&limit=50")).root.one("aside").one("form")
    sent = {box["name"]: box["value"] for box in form.all("input", type="hidden")}

    assert {name: sent.get(name) for name in ("columns", "limit")} == {
        "columns": "orderId,status",
        "limit": "50",
    }
    filtered = portal.get(SMALL, {**sent, "show": "1", "status": "1000"}, follow=True)
    assert filtered.redirect_chain[-1][0] == (f"{SMALL}?limit=50&columns=orderId%2Cstatus&status=1000")
