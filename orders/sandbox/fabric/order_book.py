"""The pen that writes one fabric customer's orders in the documented spelling, or the live one."""

import random
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

JsonObject = dict[str, Any]

# Invented people; e-mail addresses and phone numbers lie in the ranges kept for fiction.
_PEOPLE = (
    ("Ida", "", "Varga", "14 Quarry Lane", "Boston", "MA", "02127"),
    ("Tomas", "R", "Oduya", "880 Cedar Court", "Portland", "OR", "97209"),
    ("Mei", "", "Lindqvist", "3 Harbour Row", "Halifax", "NS", "B3J 1A1"),
    ("Rafael", "J", "Brandt", "57 Mill Street", "Albany", "NY", "12207"),
)
# SKU, title, price, tax.
_GOODS = (
    ("COF-ESP-1KG", "Espresso beans, 1 kg", 28, 2),
    ("TEA-GRN-250", "Green tea, 250 g", 14, 1),
    ("FIL-CRB-03", "Carbon filter, set of 3", 36, 3),
    ("OAT-BAR-24", "Oat bars, box of 24", 31.5, 2.25),
    ("CAT-DRY-4KG", "Dry cat food, 4 kg", 42, 4),
)
_CADENCES = ((30, "Daily"), (1, "Monthly"), (2, "Weekly"), (1, "Yearly"))


class Book:
    def __init__(self, customer_id: str, today: datetime, seed: str | None = None) -> None:
        self.customer_id = customer_id
        self.today = today
        self.orders: list[JsonObject] = []
        self._random = random.Random(seed or customer_id)
        self._person = self._random.choice(_PEOPLE)
        self._subscriptions = [self.hex_id() for _ in range(3)]

    def day(self, days: float) -> datetime:
        return self.today + timedelta(days=days)

    def hex_id(self) -> str:
        return f"{self._random.getrandbits(96):024x}"

    def order(
        self,
        status: str,
        scheduled: float,
        *,
        changed: float | None = None,
        retry: tuple[str, int, int, int] | None = None,
        error: tuple[Any, str] | None = None,
        lines: list[JsonObject] | None = None,
        card: tuple[str, str] | None = None,
        discount: float = 0,
        **more: Any,
    ) -> JsonObject:
        """Days count from today; `retry` is its type, count, maximum and days between."""
        lines = lines or [self.subscribed_line(subscription=self._random.randrange(3))]
        created = self.day(min(scheduled, changed or 0, 0) - 30.4)
        updated = self.day(changed) if changed is not None else created
        items = [line["item"] for line in lines]
        tax = sum(item["tax"]["taxAmount"] for item in items)
        price = sum(item["itemPrice"]["price"] * item["quantity"] for item in items)
        order: JsonObject = {
            "id": self.hex_id(),
            "status": status,
            "totalAmount": price + tax - discount,
            "totalTax": tax,
            "totalDiscount": discount,
            "currencyCode": "USD",
            "scheduledDate": stamp(self.day(scheduled)),
            "customer": self._customer(),
            "shipTo": self._address(),
            "billTo": self._address(),
            "paymentDetails": self._payment(card or ("4242", self._card_month(900))),
            "isDeleted": False,
            "deletedAt": "2019-01-01T00:00:00.000Z",
            "lineItems": lines,
            "createdAt": stamp(created),
            "updatedAt": stamp(updated),
        }
        if changed is not None:
            order["statusUpdatedAt"] = stamp(updated)
        if retry:
            kind, count, most, days = retry
            order["Retry"] = {
                "maxRetries": most,
                "retryType": kind,
                "retryAfterDays": days,
                "retryCount": count,
            }
        if error:
            order["error"] = {"errorCode": str(error[0]), "errorMessage": error[1]}
        order.update(more)
        self.orders.append(order)
        return order

    def subscribed_line(self, number: int = 1, *, subscription: int = 0) -> JsonObject:
        frequency, kind = _CADENCES[subscription % len(_CADENCES)]
        line = self.upsell_line(number, good=subscription)
        plan = {"frequency": frequency, "frequencyType": kind, "id": f"plan-{subscription + 1}"}
        line["subscription"] = {"plan": plan, "id": self._subscriptions[subscription % 3]}
        line["offer"] = {
            "id": f"offer-{subscription + 11}",
            "source": ("PDP", "CART")[subscription % 2],
        }
        return line

    def upsell_line(self, number: int = 2, *, good: int | None = None) -> JsonObject:
        """A line without a subscription is bought once."""
        pick = self._random
        sku, title, price, tax = _GOODS[pick.randrange(5) if good is None else good % 5]
        return {
            "lineItemId": number,
            "item": {
                "id": pick.randrange(10**9, 10**10),
                "sku": sku,
                "quantity": pick.choice((1, 1, 1, 2, 3)),
                "itemPrice": {"price": price, "currencyCode": "USD"},
                "weight": 10,
                "weightUnit": "lb",
                "title": title,
                "description": f"{title}, from the house range",
                "tax": {"taxCode": "FR01", "taxAmount": tax, "currencyCode": "USD"},
            },
            "shipping": {
                "shipmentCarrier": pick.choice(("USPS", "UPS")),
                "shipmentMethod": pick.choice(("Ground", "Two-day")),
                "shipmentInstructions": pick.choice(("", "Leave with the neighbour")),
                "shippingAmount": 10,
                "taxCode": "SHP1",
                "taxAmount": 1,
                "currencyCode": "USD",
            },
            "customAttributes": {
                "storeId": self._subscriptions[0][::-1],
                "associateId": pick.randrange(1, 90),
                "trackingUrl": f"https://tracking.example.com/{pick.randrange(10**6)}",
            },
        }

    def expired_card(self) -> tuple[str, str]:
        return "0119", self._card_month(-70)

    def _card_month(self, days: int) -> str:
        return self.day(days).strftime("%m/%y")

    def _customer(self) -> JsonObject:
        first, middle, last, *_ = self._person
        return {
            "customerReferenceId": str(int(self.customer_id[-6:], 16) + 10_000),
            "locale": "en_US",
            "email": f"{first}.{last}@example.com".lower(),
            "firstName": first,
            "middleName": middle,
            "lastName": last,
            "contactnumber": "5555550123",
            "segments": ["loyal"],
            "employeeId": "",
            "status": "ACTIVE",
            "isDeleted": False,
            "DeletedAt": "2021-01-01T00:00:00.000Z",
            "createdAt": stamp(self.day(-900)),
            "updatedAt": stamp(self.day(-12)),
            "communicationPreference": {"email": True, "sms": False},
        }

    def _address(self) -> JsonObject:
        first, middle, last, street, city, state, code = self._person
        return {
            "name": {"firstName": first, "middleName": middle, "lastName": last},
            "streetAddress": {"street1": street, "street2": ""},
            "city": city,
            "state": state,
            "postalCode": code,
            "country": "CA" if " " in code else "US",
            "phone": {"number": "5555550123", "kind": "home"},
        }

    def _payment(self, card: tuple[str, str]) -> JsonObject:
        identifier, expiry = card
        return {
            "paymentIdentifier": {"cardIdentifier": identifier, "expiryDate": expiry},
            "paymentMethod": "credit_card",
            "paymentKind": "Visa",
        }


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def as_live(order: JsonObject, customer_id: str) -> JsonObject:
    """The same order as the live system spells it: other key cases, numbers for error codes."""
    live = deepcopy(order)
    if "Retry" in live:
        live["retry"] = live.pop("Retry")
    if "error" in live and live["error"]["errorCode"].isdigit():
        live["error"]["errorCode"] = int(live["error"]["errorCode"])
    customer = live["customer"]
    customer["id"] = customer_id
    customer["contactNumber"] = customer.pop("contactnumber")
    customer["segment"] = customer.pop("segments")
    customer["fullName"] = f"{customer['firstName']} {customer['lastName']}"
    customer["hasActiveSubscriptions"] = True
    customer["communicationPreference"]["SMS"] = customer["communicationPreference"].pop("sms")
    del customer["DeletedAt"], live["deletedAt"]
    live["customerReferenceId"] = None
    live["merchantId"] = "sandbox-merchant"
    live["orderNumber"] = 1
    live["paymentDetails"]["paymentMethod"] = "visa"
    live["paymentDetails"]["paymentKind"] = "CARD_PAYPAL"
    for line in live["lineItems"]:
        line["item"]["virtualProduct"] = False
        attributes = line["customAttributes"]
        attributes["storeAssociateId"] = str(attributes.pop("associateId"))
        if "subscription" in line:
            del line["subscription"]["plan"]["id"]
        if "offer" in line:
            line["offer"]["discount"] = 5
    return live
