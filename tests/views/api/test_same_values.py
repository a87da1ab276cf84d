"""JSON, pages and files say the same of every customer of the sandbox, and hide the same."""

import csv
from io import StringIO
from typing import Any

import msgspec
import pytest
from django.test import Client

from orders.presentation.columns import LINE_COLUMNS, ORDER_COLUMNS
from orders.sandbox import SandboxServer, customers
from orders.services import describe
from orders.upstreams import registry
from orders.views.api.answers import order_type, orders_type
from tests.pages import Page
from tests.personas import signed_in

WELL = [each for each in customers.ALL if not each.fault and each.id != customers.ADOBE_HUGE]
PERIOD = {"adobe": "start-date=2000-01-01&limit=100", "fabric": "limit=100"}


@pytest.fixture(autouse=True)
def _patient(settings: Any, upstreams: SandboxServer) -> None:
    """Long lists take their time where a machine has much to do."""
    settings.UPSTREAM_LIMITS = {**settings.UPSTREAM_LIMITS, "read_timeout": 8.0, "deadline": 10.0}
    registry.forget_connections()


@pytest.fixture
def browser(script: Client, django_user_model: Any) -> Client:
    return signed_in(django_user_model.objects.get(username="sam"))


@pytest.mark.parametrize("customer", WELL, ids=lambda each: each.id)
def test_a_list_is_the_pages(script: Client, browser: Client, customer: customers.Customer) -> None:
    source, query = customer.source, PERIOD[customer.source]
    page = Page(browser.get(f"/{source}/customers/{customer.id}/orders/?{query}"))
    response = script.get(f"/api/v1/{source}/customers/{customer.id}/orders?{query}")

    assert response.status_code == page.status
    if page.status != 200:
        return
    # Strict: any field of another type, or none that the description has, would be refused.
    answer: Any = msgspec.json.decode(response.content, type=orders_type(source))
    whole = msgspec.json.decode(response.content)
    assert set(whole) == {*msgspec.json.decode(msgspec.json.encode(answer))}
    assert (
        tuple("" if each is None else str(each) for each in (answer.total_count, answer.offset))
        == (page.window[:2])
    )
    assert [each["orderId"] or "" for each in whole["items"]] == page.order_ids
    plain = [name for name in describe(source).columns if ORDER_COLUMNS[name].cell is None]
    rows = page.root.all("tr", data_order_id=True)
    for order, row in zip(whole["items"], rows, strict=True):
        text = row.text
        assert [name for name in plain if shown(order[name]) not in text] == []


@pytest.mark.parametrize(
    "customer_id",
    [customers.FABRIC_MAIN, customers.FABRIC_LIVE, customers.FABRIC_ODD, customers.FABRIC_MARKUP],
)
def test_what_is_hidden_is_hidden_as_on_the_page(script: Client, browser: Client, customer_id: str) -> None:
    listed = script.get(f"/api/v1/fabric/customers/{customer_id}/orders?limit=3").json()["items"]

    for each in listed:
        response = script.get(f"/api/v1/fabric/customers/{customer_id}/orders/{each['orderId']}")
        msgspec.json.decode(response.content, type=order_type("fabric"))
        order = response.json()
        page = Page(browser.get(f"/fabric/customers/{customer_id}/orders/{each['orderId']}/"))
        hidden = {value for value in texts_in(order) if "•" in value}
        assert hidden, "an order without people proves nothing"
        assert [value for value in hidden if " ".join(value.split()) not in page.text] == []


def texts_in(order: dict[str, Any]) -> list[str]:
    """Its people's fields; of open maps the page shows the entries apart."""
    return [
        each
        for name, value in order.items()
        if isinstance(value, str) and name != "customAttributes"
        for each in value.split("; ")
    ]


@pytest.mark.parametrize(
    "customer_id", [customers.ADOBE_SMALL, customers.ADOBE_RETURNS, customers.FABRIC_CALM]
)
@pytest.mark.parametrize("rows", ["orders", "lines"])
def test_fields_are_the_columns_of_files(script: Client, customer_id: str, rows: str) -> None:
    source = next(each.source for each in WELL if each.id == customer_id)
    filters = "&start-date=2000-01-01" if source == "adobe" else ""
    export = script.get(f"/{source}/customers/{customer_id}/orders/export/?rows={rows}{filters}")
    file = list(csv.DictReader(StringIO(export.getvalue().decode())))
    listed = script.get(f"/api/v1/{source}/customers/{customer_id}/orders?{PERIOD[source]}").json()["items"]

    found = (
        listed
        if rows == "orders"
        else [{**of_order(each), **line} for each in listed for line in each["lines"]]
    )
    names = list(file[0])
    assert [{name: in_file(each[name]) for name in names} for each in found] == [
        {name: value.removeprefix("'") for name, value in row.items()} for row in file
    ]


def of_order(order: dict[str, Any]) -> dict[str, Any]:
    """What a line of a file says of its order."""
    return {**order, "orderStatus": order["status"], "orderCurrencyCode": order["currencyCode"]}


def in_file(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def shown(value: Any) -> str:
    """As far as a page shows it: it cuts what is very long."""
    return "" if value is None else " ".join(str(value)[:80].split())


def test_each_column_has_the_type_that_its_values_have() -> None:
    typed = {name: column.value_type.__name__ for name, column in (ORDER_COLUMNS | LINE_COLUMNS).items()}

    assert {typed[name] for name in ("orderId", "cardEnding", "orderPrices", "customAttributes")} == {"str"}
    assert (typed["creationDate"], typed["quantity"], typed["price"], typed["isOneTime"]) == (
        "datetime",
        "int",
        "Decimal",
        "bool",
    )
