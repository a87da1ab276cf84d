"""Names, order and values of a file's columns: the same as on the screen."""

import re
from html import unescape

import pytest

from orders.columns import FILE_COLUMNS, columns_for
from orders.exports import BadExport
from orders.sandbox import customers
from tests.exports.results import EVERYTHING, export_now, read, rows

pytestmark = pytest.mark.django_db

CONTRACT = {
    ("adobe", "orders"): "customerId, orderId, externalReferenceId, orderType, referenceOrderId, status, "
    "statusMeaning, currencyCode, creationDate, lineItemCount, totalQuantity, promotionCodes, "
    "promotionResults",
    ("adobe", "lines"): "customerId, orderId, externalReferenceId, orderType, referenceOrderId, orderStatus, "
    "creationDate, extLineItemNumber, offerId, quantity, subscriptionId, status, statusMeaning, "
    "currencyCode, deploymentId, promotionCodes, promotionResults",
    ("fabric", "orders"): "customerId, orderId, status, attention, scheduledDate, nextAttempt, "
    "nextAttemptIsEstimated, retryType, retryCount, maxRetries, retryAfterDays, errorCode, errorMessage, "
    "currencyCode, totalAmount, totalTax, totalDiscount, createdAt, updatedAt, statusUpdatedAt, isDeleted, "
    "lineItemCount",
    ("fabric", "lines"): "customerId, orderId, status, scheduledDate, lineItemId, subscriptionId, planId, "
    "frequency, frequencyType, sku, title, quantity, currencyCode, price, taxAmount, shippingAmount, "
    "shipmentCarrier, shipmentMethod, offerId, offerSource",
}
# Customers who have, between them, something in every column.
FILLING = {
    "adobe": [customers.ADOBE_LARGE, customers.ADOBE_ODD],
    "fabric": [customers.FABRIC_LIVE, customers.FABRIC_MAIN, customers.FABRIC_ODD],
}
CUSTOMERS = {"adobe": customers.ADOBE_LARGE, "fabric": customers.FABRIC_LIVE}


def test_columns_keep_their_names_and_their_order():
    assert {kind: ", ".join(names) for kind, names in FILE_COLUMNS.items()} == CONTRACT


@pytest.mark.parametrize(("source", "kind"), FILE_COLUMNS)
def test_a_file_has_the_columns_of_the_contract(upstreams, source, kind):
    data = read(export_now(source=source, customer_id=CUSTOMERS[source], query="", rows=kind))

    heading, _, rest = data.partition(b"\r\n")
    assert heading.decode() == CONTRACT[source, kind].replace(" ", "")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert rest.count(b"\n") == rest.count(b"\r\n")


@pytest.mark.parametrize(("source", "kind"), FILE_COLUMNS)
def test_every_column_of_a_file_is_filled_somewhere(upstreams, source, kind):
    filled: set[str] = set()
    for customer_id in FILLING[source]:
        data = read(export_now(source=source, customer_id=customer_id, query="", rows=kind))
        filled |= {name for row in rows(data) for name, value in row.items() if value}

    assert set(FILE_COLUMNS[source, kind]) - filled == set()


@pytest.mark.parametrize("source", ["adobe", "fabric"])
def test_a_file_says_what_the_screen_says(portal, source):
    """The same orders in the same order, and each value of the file in its cell on the page."""
    customer_id = CUSTOMERS[source]
    page = portal.get(f"/{source}/customers/{customer_id}/orders/?limit=100").content.decode()
    data = rows(read(export_now(source=source, customer_id=customer_id, query="limit=100")))

    drawn = re.findall(r'<tr data-order-id="(.*?)">(.*?)</tr>', page, re.DOTALL)
    assert [order_id for order_id, _ in drawn] == [row["orderId"] for row in data[:100]]
    names = re.findall(r"<th[^>]*>.*?</th>", page, re.DOTALL)
    for (_, cells), row in zip(drawn, data, strict=False):
        shown = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)]
        assert len(shown) == len(names)
        everything = " ".join(shown).replace(",", "").lower()
        for name, value in row.items():
            if name in SHOWN[source]:
                assert as_on_the_screen(value) in everything, (name, value)


def as_on_the_screen(value: str) -> str:
    """Without separators, and an instant to the minute."""
    instant = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ", value)
    return " ".join(instant.groups()) if instant else value.replace(",", "").lower()


SHOWN = {
    "adobe": {"orderId", "creationDate", "status", "lineItemCount", "totalQuantity", "externalReferenceId"},
    "fabric": {"orderId", "scheduledDate", "status", "errorCode", "errorMessage", "totalAmount"},
}


def test_a_filter_of_the_page_is_the_filter_of_the_file(upstreams):
    file = export_now(
        customer_id=customers.ADOBE_LARGE, query=f"{EVERYTHING}&order-type=RETURN&limit=5&offset=10"
    )

    data = rows(read(file))
    assert {row["orderType"] for row in data} == {"RETURN"}
    assert len(data) == file.orders > 10


def test_a_list_that_is_filtered_and_sorted_here_is_so_in_its_file(upstreams):
    data = rows(
        read(
            export_now(
                source="fabric",
                customer_id=customers.FABRIC_MAIN,
                query="status=FAILED&status=CANCELED&sort=orderId",
            )
        )
    )

    assert {row["status"] for row in data} == {"FAILED", "CANCELED"}
    assert [row["orderId"] for row in data] == sorted(row["orderId"] for row in data)


def test_chosen_columns_come_in_the_order_chosen(upstreams):
    file = export_now(customer_id=customers.ADOBE_SMALL, query="", columns=["status", "orderId"])

    assert read(file).splitlines()[0] == b"status,orderId"


def test_the_dialect_for_excel_adds_the_mark_and_nothing_else(upstreams):
    wanted = {"customer_id": customers.ADOBE_LARGE, "query": EVERYTHING}

    assert read(export_now(**wanted, dialect="excel")) == b"\xef\xbb\xbf" + read(export_now(**wanted))


@pytest.mark.parametrize(
    ("wanted", "at"),
    [
        ({"rows": "both"}, "format"),
        ({"rows": "pages"}, "rows"),
        ({"format": "pdf"}, "format"),
        ({"dialect": "german"}, "dialect"),
        ({"columns": ["orderId", "colour"]}, "columns"),
        ({"query": "start-date=yesterday"}, "start-date"),
    ],
)
def test_what_a_person_got_wrong_is_named_and_nothing_is_asked(upstreams, wanted, at):
    with pytest.raises(BadExport) as raised:
        export_now(**wanted)

    assert list(raised.value.errors) == [at]
    assert upstreams.requests == []


def test_an_upstream_without_a_contract_has_the_columns_of_its_page(monkeypatch):
    monkeypatch.delitem(FILE_COLUMNS, ("adobe", "orders"))

    assert [column.name for column in columns_for("adobe", "orders")][:4] == [
        "customerId",
        "orderId",
        "creationDate",
        "orderType",
    ]
