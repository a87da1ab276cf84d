"""Orders a tolerant reader must survive: missing blocks, other spellings, wrong types."""

from datetime import datetime
from typing import Any

from orders.sandbox.adobe.odd_rows import HOSTILE_TEXTS
from orders.sandbox.fabric.order_book import Book, as_live, stamp


def odd_orders(customer_id: str, today: datetime) -> list[Any]:
    book = Book(customer_id, today)
    book.order("SUCCESS", -3, changed=-3)
    documented = [
        *_missing_blocks(book),
        *_odd_retries(book),
        *_odd_errors(book),
        *_odd_dates(book),
        *_odd_amounts(book),
        *_odd_people(book),
        *_odd_statuses(book),
    ]
    live = as_live(book.order("RETRY", 1, changed=-2, retry=("PAYMENT RETRY", 0, 3, 3)), customer_id)
    plain = book.orders[0]
    return [plain, None, "an order that is a string", 7, [], {}, plain, *documented, live]


def _missing_blocks(book: Book) -> list[Any]:
    orders = []
    for name in (
        "lineItems",
        "customer",
        "shipTo",
        "billTo",
        "paymentDetails",
        "statusUpdatedAt",
        "totalAmount",
        "currencyCode",
        "status",
        "id",
        "isDeleted",
    ):
        order = book.order("SUCCESS", -5, changed=-5)
        del order[name]
        orders.append(order)
    bare = book.order("SUCCESS", -6, changed=-6, lines=[book.upsell_line(1), book.upsell_line(2)])
    bare["lineItems"] = [{"lineItemId": 1}, {"item": None}, None, "line", {"subscription": {}}]
    no_lines = book.order("SUCCESS", -7, changed=-7)
    no_lines["lineItems"] = None
    return [*orders, bare, no_lines, {"id": book.hex_id(), "status": "SCHEDULED"}]


def _odd_retries(book: Book) -> list[Any]:
    blocks: list[Any] = [
        None,
        {},
        "soon",
        {"maxRetries": 0, "retryType": "PAYMENT RETRY", "retryAfterDays": 1, "retryCount": 0},
        {"maxRetries": None, "retryType": None, "retryAfterDays": None, "retryCount": None},
        {"maxRetries": 2, "retryType": "INVENTORY_RETRY", "retryAfterDays": 1, "retryCount": 5},
        {"maxRetries": "3", "retryType": "payment retry", "retryAfterDays": "3", "retryCount": "1"},
        {"maxRetries": -1, "retryType": "GENERIC RETRY", "retryAfterDays": -3, "retryCount": -2},
        {"maxRetries": 3, "retryType": "LUNAR RETRY", "retryAfterDays": 10**9, "retryCount": 1},
    ]
    return [book.order("RETRY", -8, changed=-8, Retry=block) for block in blocks]


def _odd_errors(book: Book) -> list[Any]:
    blocks: list[Any] = [
        None,
        "Payment declined",
        {},
        {"errorCode": None, "errorMessage": None},
        {"errorCode": 140},
        {"errorMessage": "a message without a code"},
        {"errorCode": {"nested": 1}, "errorMessage": ["a", "list"]},
    ]
    return [book.order("FAILED", -9, changed=-9) | {"error": block} for block in blocks]


def _odd_dates(book: Book) -> list[Any]:
    dates: list[Any] = [
        None,
        "",
        "tomorrow",
        1767225600,
        "2026-02-30T00:00:00.000Z",
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.000+02:00",
        "2026-03-01",
        "0001-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ]
    return [book.order("SCHEDULED", 4, scheduledDate=date, createdAt=date, updatedAt=date) for date in dates]


def _odd_amounts(book: Book) -> list[Any]:
    amounts: list[Any] = [None, "10.50", "ten", 0, -5, 100.1, 10**15, 1e-7, {"amount": 1}]
    orders = [
        book.order("SUCCESS", -10, changed=-10, totalAmount=amount, totalTax=amount) for amount in amounts
    ]
    euro = book.order("SUCCESS", -11, changed=-11, currencyCode="EURO")
    mixed = book.order("SUCCESS", -12, changed=-12, lines=[book.subscribed_line(), book.upsell_line()])
    mixed["lineItems"][0]["item"]["itemPrice"]["currencyCode"] = "CAD"
    mixed["lineItems"][1]["item"]["quantity"] = "2"
    return [*orders, euro, mixed]


def _odd_people(book: Book) -> list[Any]:
    deleted = book.order("SCHEDULED", 20, isDeleted=True, deletedAt=stamp(book.day(-1)))
    cards = [
        book.order("SUCCESS", -13, changed=-13, card=card)
        for card in (("4111111111111111", "09/00"), ("", ""), ("9", "13/99"))
    ]
    nobody = book.order("SUCCESS", -14, changed=-14)
    nobody["customer"] |= {"firstName": None, "middleName": None, "email": None, "segments": None}
    nobody["shipTo"] |= {"name": {"firstName": "", "middleName": "", "lastName": ""}}
    nobody["shipTo"]["streetAddress"] = {"street1": "9 Elm Road", "street2": None}
    nobody["billTo"] |= {"postalCode": 2127, "phone": {"number": "+91 5550 0123"}}
    other = book.order("SUCCESS", -15, changed=-15, customerReferenceId=None, orderNumber=1)
    del other["lineItems"][0]["subscription"]["plan"]["id"]
    other["lineItems"][0]["offer"] = {"id": 7, "source": ""}
    other["lineItems"][0]["customAttributes"] = {"trackingUrl": "not a URL", "more": [1, {"a": 2}]}
    return [deleted, *cards, nobody, other]


def _odd_statuses(book: Book) -> list[Any]:
    return [
        book.order(status, 6, changed=-1)
        for status in ("scheduled", "Active", "CANCELLED", "ON_HOLD", "", " success ")
    ]


def markup_orders(customer_id: str, today: datetime) -> list[Any]:
    """Each text once in every field that holds free text."""
    book = Book(customer_id, today)
    for number, text in enumerate(HOSTILE_TEXTS):
        order = book.order("RETRY", number + 1, changed=-1, error=(text, text))
        order["customer"] |= {"firstName": text, "lastName": text, "email": text}
        order["shipTo"] |= {"city": text, "postalCode": text}
        order["shipTo"]["streetAddress"] = {"street1": text, "street2": text}
        line = order["lineItems"][0]
        line["item"] |= {"title": text, "sku": text, "description": text}
        line["shipping"] |= {"shipmentCarrier": text, "shipmentInstructions": text}
        line["customAttributes"] |= {"trackingUrl": text, text: text}
        order["Retry"] = {
            "maxRetries": 3,
            "retryType": text,
            "retryAfterDays": 3,
            "retryCount": 0,
        }
    book.order("<b>SUCCESS</b>", -1, changed=-1)
    return [as_live(order, customer_id) for order in book.orders]
