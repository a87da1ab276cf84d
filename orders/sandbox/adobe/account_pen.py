"""The pen that writes an Adobe account with its subscriptions, deployments and orders, to the day."""

import zlib
from datetime import date, datetime, timedelta
from typing import Any

from orders.sandbox import customers
from orders.sandbox.adobe.calendar_days import stamp, years_later

JsonObject = dict[str, Any]

# Invented; the addresses lie nowhere, e-mail and phone in the ranges kept for fiction.
_COMPANIES = (
    "Alder & Finch", "Brightwater Surveyors", "Cobalt Tide Media", "Dunmore Lettering", "Elmfield Works",
    "Foxglove Interiors", "Grey Heron Press", "Hollin Bank Studio", "Ivory Lane Films", "Juniper Row Design",
)  # fmt: skip
_PEOPLE = (("Ida", "Varga"), ("Tomas", "Oduya"), ("Mei", "Lindqvist"), ("Rafael", "Brandt"))


def company_of(customer_id: str) -> str:
    number = zlib.crc32(customer_id.encode())
    return _COMPANIES[number % len(_COMPANIES)]


def _hex(seed: str) -> str:
    return f"{zlib.crc32(seed.encode()):08x}"


class Pen:
    """One account, on the midnight of `today`; every part may be replaced before it is sent."""

    def __init__(self, customer_id: str, today: datetime) -> None:
        self.customer_id = customer_id
        self.today = today
        self.term_start = today - timedelta(days=200)
        self.subscriptions: list[Any] = []
        self.deployments: list[JsonObject] = []
        self.acquisitions: list[JsonObject] = []
        self.orders: list[JsonObject] = []
        self.currency = "USD"
        number = zlib.crc32(customer_id.encode())
        first, last = _PEOPLE[number % len(_PEOPLE)]
        self.account: JsonObject = {
            "externalReferenceId": f"CRM-{number % 10_000}",
            "customerId": customer_id,
            "resellerId": customers.ADOBE_RESELLER,
            "globalSalesEnabled": False,
            "tags": [],
            "companyProfile": {
                "companyName": company_of(customer_id),
                "preferredLanguage": "en-US",
                "marketSegment": "COM",
                "marketSubSegments": [],
                "address": {
                    "country": "US",
                    "region": "OR",
                    "city": "Bend",
                    "addressLine1": f"{1 + number % 90} Mill Road",
                    "addressLine2": "",
                    "postalCode": "97701",
                    "phoneNumber": "5555550142",
                },
                "contacts": [
                    {
                        "firstName": first,
                        "lastName": last,
                        "email": f"{first}.{last}@studio.example".lower(),
                        "phoneNumber": "5555550123",
                    }
                ],
            },
            "discounts": [
                {"offerType": "LICENSE", "level": "02"},
                {"offerType": "CONSUMABLES", "level": "T1"},
            ],
            "cotermDate": "",
            "creationDate": stamp(today - timedelta(days=1000)),
            "status": "1000",
            "benefits": [],
            "links": {"self": {"uri": f"/v3/customers/{customer_id}", "method": "GET", "headers": []}},
        }

    @property
    def profile(self) -> JsonObject:
        profile: JsonObject = self.account["companyProfile"]
        return profile

    def day(self, days: int) -> date:
        return (self.today + timedelta(days=days)).date()

    def renews(self, day: date, *, started: date | None = None) -> None:
        """The account's common renewal date, and where the running term began for the order history."""
        self.account["cotermDate"] = day.isoformat()
        start = started or years_later(day, -1)
        self.term_start = datetime.combine(start, datetime.min.time(), self.today.tzinfo)

    def subscription(self, offer: str, quantity: int, **changes: Any) -> JsonObject:
        """A row of the subscription list; `offer` is a base offer ID, as Adobe names it here."""
        seed = f"{self.customer_id}-{offer}-{len(self.subscriptions)}"
        row: JsonObject = {
            "subscriptionId": f"{_hex(seed)}{_hex(seed[::-1])}0a1b2c3d4e5f60NA",
            "offerId": offer,
            "currentQuantity": quantity,
            "usedQuantity": quantity * 3 // 4,
            "autoRenewal": {"enabled": True, "renewalQuantity": quantity},
            "creationDate": stamp(self.term_start + timedelta(hours=9)),
            "renewalDate": self.account["cotermDate"],
            "status": "1000",
            "currencyCode": self.currency,
            "deploymentId": "",
        } | changes
        uri = f"/v3/customers/{self.customer_id}/subscriptions/{row['subscriptionId']}"
        row["links"] = {"self": {"uri": uri, "method": "GET", "headers": []}}
        self.subscriptions.append(row)
        return row

    def order(
        self, kind: str, days: float, lines: list[JsonObject], *, number: int = 0, **changes: Any
    ) -> JsonObject:
        """An order of so many days from today's midnight; its ID follows from its place in the story."""
        made = self.today + timedelta(days=days)
        order_id = str(
            7_000_000_000 + zlib.crc32(self.customer_id.encode()) % 90_000 * 1000 + len(self.orders)
        )
        order: JsonObject = {
            "referenceOrderId": "",
            "orderType": kind,
            "externalReferenceId": f"PO-{number or 100 + len(self.orders)}",
            "customerId": self.customer_id,
            "orderId": order_id,
            "currencyCode": self.currency,
            "creationDate": stamp(made),
            "status": "1000",
            "source": "API",
            "lineItems": lines,
            "links": {
                "self": {
                    "uri": f"/v3/customers/{self.customer_id}/orders/{order_id}",
                    "method": "GET",
                    "headers": [],
                }
            },
        } | changes
        self.orders.append(order)
        return order

    def line(
        self, offer: str, quantity: int, subscription: JsonObject | str = "", **changes: Any
    ) -> JsonObject:
        which = subscription["subscriptionId"] if isinstance(subscription, dict) else subscription
        return {
            "extLineItemNumber": 1,
            "offerId": offer,
            "quantity": quantity,
            "subscriptionId": which,
            "status": "1000",
            "currencyCode": self.currency,
            "remainingQuantity": quantity,
        } | changes

    def bought(
        self, subscription: JsonObject, days: float, *, level: str = "02", kind: str = "NEW"
    ) -> JsonObject:
        """The order that made a subscription: at the customer's level; the subscription names the base."""
        offer = subscription["offerId"]
        if offer[10:11] != "T":
            offer = f"{offer[:10]}{level}{offer[12:]}"
        lines = [self.line(offer, subscription["currentQuantity"], subscription)]
        return self.order(kind, days, lines)

    def returned(self, order: JsonObject, quantity: int, days: float) -> JsonObject:
        """Seats of the order's first line given back, with the trace that leaves on it."""
        line = order["lineItems"][0]
        if "remainingQuantity" in line:
            line["remainingQuantity"] -= quantity
            if line["remainingQuantity"] == 0:
                line["status"] = order["status"] = "1008"
        kept = {
            name: line[name] for name in ("extLineItemNumber", "offerId", "subscriptionId", "currencyCode")
        }
        back = kept | {"quantity": quantity, "status": "1000"}
        return self.order("RETURN", days, [back], referenceOrderId=order["orderId"])
