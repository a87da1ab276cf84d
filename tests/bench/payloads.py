"""Answers of made-up upstreams: the same bytes for the same customer, sized like recorded ones.

An Adobe order has 748 bytes and 2.5 lines on average, so that a page of 100 has 75 KB.
"""

import json
from typing import Any

TOTAL = 5_000
# Whatever page is asked for, the order at one position is always the same.
# One order in five refers to another one; one in four has a promotion.
_TYPES = ("NEW", "RENEWAL", "RETURN", "NEW", "NEW", "RENEWAL", "SWITCH", "NEW", "RENEWAL", "NEW")
_STATUSES = ("1000", "1000", "1002", "1000", "1004", "1000", "1008", "1026")
_FABRIC_STATUSES = ("SCHEDULED", "PROCESSED", "CANCELED", "FAILED", "PROCESSED")


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _when(position: int) -> str:
    day, minute = divmod(position * 47, 1440)
    date = f"20{25 - day // 336:02d}-{12 - day // 28 % 12:02d}-{28 - day % 28:02d}"
    return f"{date}T{minute // 60:02d}:{minute % 60:02d}:07Z"


def _line_count(position: int, lines: float) -> int:
    """Two and three in turn make two and a half."""
    return int(lines * (position + 1)) - int(lines * position)


def _adobe_line(position: int, number: int) -> dict[str, Any]:
    line: dict[str, Any] = {
        "extLineItemNumber": number,
        "offerId": f"6530457{(position + number) % 10}CA{number:02d}A12",
        "quantity": 1 + (position * 7 + number) % 40,
        "subscriptionId": f"{position:06x}{number:02x}d1c64aa0842f11b2e9NA",
        "status": _STATUSES[position % len(_STATUSES)],
        "currencyCode": "USD",
    }
    if number == 1 and position % 4 == 0:
        result = "FAILURE" if position % 12 == 0 else "SUCCESS"
        line["flexDiscounts"] = [
            {"id": f"55555555-8b07-4ad2-9e31-{position:012d}", "code": "BLACK_FRIDAY", "result": result}
        ]
    return line


def adobe_order(customer_id: str, position: int, lines: float = 2.5) -> dict[str, Any]:
    order_id = f"P92{position:08d}"
    kind = _TYPES[position % len(_TYPES)]
    return {
        "orderId": order_id,
        "customerId": customer_id,
        "orderType": kind,
        "externalReferenceId": f"PO-2025-{position:05d}",
        "referenceOrderId": f"P91{position:08d}" if kind in ("RETURN", "SWITCH") else "",
        "currencyCode": "USD",
        "creationDate": _when(position),
        "status": _STATUSES[position % len(_STATUSES)],
        "source": "API",
        "lineItems": [_adobe_line(position, number) for number in range(1, _line_count(position, lines) + 1)],
        "links": {
            "self": {
                "uri": f"/v3/customers/{customer_id}/orders/{order_id}",
                "method": "GET",
                "headers": [],
            }
        },
    }


def adobe_page(customer_id: str, *, limit: int = 100, offset: int = 0, lines: float = 2.5) -> bytes:
    positions = range(offset, min(offset + limit, TOTAL))
    uri = f"/v3/customers/{customer_id}/orders?limit={limit}&offset="
    return _dump(
        {
            "totalCount": TOTAL,
            "count": len(positions),
            "offset": offset,
            "limit": limit,
            "items": [adobe_order(customer_id, position, lines) for position in positions],
            "links": {
                "self": {"uri": f"{uri}{offset}", "method": "GET", "headers": []},
                "next": {"uri": f"{uri}{offset + limit}", "method": "GET", "headers": []},
            },
        }
    )


def _address(name: str) -> dict[str, Any]:
    return {
        "name": {"firstName": name, "lastName": "Example", "middleName": ""},
        "streetAddress": {"street1": "1 Sample Street", "street2": "Apt. 2"},
        "city": "Boston",
        "state": "MA",
        "postalCode": "02127",
        "country": "US",
        "phone": {"number": "+1 555 0100", "kind": "mobile"},
    }


def _fabric_line(position: int, number: int) -> dict[str, Any]:
    return {
        "lineItemId": number,
        "subscription": {
            "plan": {"frequency": 30, "frequencyType": "Daily", "id": "P-30"},
            "id": f"6167b9c3a0f2c8{position:06x}{number:04x}",
        },
        "item": {
            "id": 1000000000 + position,
            "sku": f"SKU-{number}",
            "quantity": 1 + position % 4,
            "itemPrice": {"price": 19.99, "currencyCode": "USD"},
            "weight": 10,
            "weightUnit": "lb",
            "title": f"Sample tea no. {number}",
            "description": "A tin of tea",
            "tax": {"taxCode": "FR020000", "taxAmount": 1.25, "currencyCode": "USD"},
        },
        "shipping": {
            "shipmentCarrier": "Carrier",
            "shipmentMethod": "Ground",
            "shipmentInstructions": "Ring twice",
            "shippingAmount": 10,
            "taxCode": "FR020000",
            "taxAmount": 1,
            "currencyCode": "USD",
        },
        "offer": {"id": f"O-{number}", "source": "OFFERS", "itemDiscount": 1.5},
    }


def fabric_order(customer_id: str, position: int, lines: float = 2.5) -> dict[str, Any]:
    status = _FABRIC_STATUSES[position % len(_FABRIC_STATUSES)]
    order: dict[str, Any] = {
        "id": f"{position:024x}",
        "status": status,
        "scheduledDate": _when(position),
        "totalAmount": 41.98,
        "totalTax": 2.5,
        "totalDiscount": 1.5,
        "currencyCode": "USD",
        "customer": {
            "id": customer_id,
            "customerReferenceId": "12345",
            "email": "ada@example.com",
            "firstName": "Ada",
            "lastName": "Example",
            "status": "ACTIVE",
            "segments": ["vip", "tea"],
        },
        "shipTo": _address("Ada"),
        "billTo": _address("Ben"),
        "paymentDetails": {
            "paymentIdentifier": {"cardIdentifier": "4111", "expiryDate": "09/30"},
            "paymentMethod": "credit_card",
            "paymentKind": "Visa",
        },
        "isDeleted": False,
        "createdAt": _when(position),
        "updatedAt": _when(position),
        "statusUpdatedAt": _when(position),
        "lineItems": [
            _fabric_line(position, number) for number in range(1, _line_count(position, lines) + 1)
        ],
    }
    if status == "FAILED":
        order["retry"] = {
            "retryType": "PAYMENT_FAILURE",
            "retryCount": 1,
            "maxRetries": 3,
            "retryAfterDays": 2,
        }
        order["error"] = {"errorCode": "PAYMENT_DECLINED", "errorMessage": "The card was declined."}
    return order


def fabric_list(customer_id: str, *, count: int = 100, lines: float = 2.5) -> bytes:
    orders = [fabric_order(customer_id, position, lines) for position in range(count)]
    return _dump(
        {
            "responseStatus": "OK",
            "message": "Request processed successfully",
            "data": {"query": {"offset": "t", "limit": 20, "totalOrders": count}, "orders": orders},
        }
    )
