"""Names, order and values of a file's columns: the same as on the screen."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from orders.exports import BadExport
from orders.presentation.columns import columns_for
from orders.sandbox import customers
from orders.upstreams import catalogue
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
    declared = {
        (each.name, rows): ", ".join(columns.contract)
        for each in catalogue.descriptions()
        for rows, columns in each.file_columns.items()
    }

    assert declared == CONTRACT


@pytest.mark.parametrize(("source", "kind"), CONTRACT)
def test_a_file_has_the_columns_of_the_contract(upstreams, source, kind):
    data = read(export_now(source=source, customer_id=CUSTOMERS[source], query="", rows=kind))

    heading, _, rest = data.partition(b"\r\n")
    assert heading.decode().startswith(f"{CONTRACT[source, kind]}, ".replace(" ", ""))
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert rest.count(b"\n") == rest.count(b"\r\n")


@pytest.mark.parametrize(("source", "kind"), CONTRACT)
def test_every_column_of_a_file_is_filled_somewhere(upstreams, source, kind):
    filled: set[str] = set()
    for customer_id in FILLING[source]:
        data = read(export_now(source=source, customer_id=customer_id, query="", rows=kind))
        filled |= {name for row in rows(data) for name, value in row.items() if value}

    assert set(CONTRACT[source, kind].split(", ")) - filled == set()


FURTHER = {
    ("adobe", "orders"): "orderSource, lineStatuses, lastModifiedDate, promotionIds, requestedPromotions, "
    "subscriptionIds, deploymentIds, links, productNames",
    ("adobe", "lines"): "orderCurrencyCode, remainingQuantity, productName, lineKind, "
    "referenceLineItemNumber, orderSource, lastModifiedDate, discountCode, proratedDays, isDealRegistered, "
    "promotionIds, requestedPromotions",
    ("fabric", "orders"): "shipToFirstName, shipToMiddleName, shipToLastName, shipToStreet, shipToCity, "
    "shipToState, shipToPostalCode, shipToCountry, shipToEmail, shipToPhone, shipToPhoneKind, "
    "billToFirstName, billToMiddleName, billToLastName, billToStreet, billToCity, billToState, "
    "billToPostalCode, billToCountry, billToEmail, billToPhone, billToPhoneKind, paymentMethod, paymentKind, "
    "cardEnding, cardExpiry, customerFirstName, customerMiddleName, customerLastName, customerEmail, "
    "customerPhone, customerReferenceId, customerStatus, customerLocale, customerSegments, "
    "customerEmployeeId, customerMayBeEmailed, customerMayBeTexted, customerIsDeleted, customerDeletedAt, "
    "customerCreatedAt, customerUpdatedAt, externalReferenceId, orderNumber, merchantId, deletedAt, "
    "subscriptionIds, customAttributes",
    ("fabric", "lines"): "orderCurrencyCode, itemId, description, weight, weightUnit, taxCode, "
    "taxCurrencyCode, shippingCurrencyCode, shippingTaxAmount, shippingTaxCode, shipmentInstructions, "
    "offerDiscount, isOneTime, customAttributes",
}


@pytest.mark.parametrize(("source", "kind"), CONTRACT)
def test_all_columns_are_those_of_the_contract_and_then_everything_else(source, kind):
    found = [column.name for column in columns_for(source, kind, is_revealed=True)]

    assert ", ".join(found) == f"{CONTRACT[source, kind]}, {FURTHER[source, kind]}"


@pytest.mark.parametrize("source", ["adobe", "fabric"])
def test_a_file_says_what_the_screen_says(portal, source):
    """The same orders in the same order, and each value of the file in its cell on the page."""
    customer_id = CUSTOMERS[source]
    page = portal.get(f"/{source}/customers/{customer_id}/orders/?limit=100").content.decode()
    data = rows(read(export_now(source=source, customer_id=customer_id, query="limit=100")))

    drawn = re.findall(r'<tr data-order-id="([^"]*)"[^>]*>(.*?)</tr>', page, re.DOTALL)
    assert [order_id for order_id, _ in drawn] == [row["orderId"] for row in data[:100]]
    head = page.partition("<tr data-order-id=")[0].rpartition("<thead>")[2]
    names = re.findall(r"<th[ >].*?</th>", head, re.DOTALL)
    for (_, cells), row in zip(drawn, data, strict=False):
        shown = [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)]
        assert len(shown) == len(names)
        everything = " ".join(shown).replace(",", "").lower()
        for name, value in row.items():
            if name in SHOWN[source]:
                assert as_on_the_screen(value) in everything, (name, value)


def as_on_the_screen(value: str) -> str:
    """Without separators; an instant as the page draws it, with what the file says on hover."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        return value.replace(",", "").lower()
    moment = datetime.fromisoformat(value)
    year = "" if moment.year == datetime.now(UTC).year else f" {moment.year}"
    words = f"{moment:%a} {moment.day} {moment:%b}{year} {moment:%H:%M}"
    return f'<time title="{value}">{words}</time>'.lower()


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
