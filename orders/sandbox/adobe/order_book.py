"""The pen that writes an Adobe customer's orders: believable, seeded, free of repeats."""

import random
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

JsonObject = dict[str, Any]

# Invented stock-keeping units; the shape is that of real offer IDs.
_SKUS = ("71104418", "71104522", "71203377", "71390164", "71415590", "71500283", "71622017")
_CODES = ("AUTUMN_STUDIO_15", "FIRST_YEAR_10", "SCHOOL_START_20", "LOYAL_CREW_05")
_BILLING_ERRORS = ("1004", "1004", "1024", "1026", "1020", "1022")


class Book:
    def __init__(self, customer_id: str, today: datetime, seed: str | None = None) -> None:
        self.customer_id = customer_id
        self.today = today
        self.term_start = today - timedelta(days=200)
        self.currency = "USD"
        self.segment = "A"
        self.prefix = ""
        self.orders: list[JsonObject] = []
        self._random = random.Random(seed or customer_id)
        self._used: set[str] = set()
        self._subscriptions: list[tuple[str, str]] = []

    def day(self, days: int) -> datetime:
        """So many days from today, at some hour and second of that day."""
        return self.today + timedelta(days=days, seconds=self._random.randrange(5 * 3600, 22 * 3600))

    def midnight(self, days: int) -> datetime:
        return self.today + timedelta(days=days)

    def order(
        self,
        order_type: str,
        created: datetime,
        lines: list[JsonObject],
        *,
        status: str = "1000",
        reference: str = "",
        source: str = "API",
        external: str | None = None,
        order_id: str | None = None,
        currency: str | None = None,
        cancelling: list[JsonObject] | None = None,
    ) -> JsonObject:
        order_id = order_id or self._order_id(9 if order_type == "RETURN" else 10)
        order: JsonObject = {
            "referenceOrderId": reference,
            "orderType": order_type,
            "externalReferenceId": self._external() if external is None else external,
            "customerId": self.customer_id,
            "orderId": order_id,
            "currencyCode": currency or self.currency,
            "creationDate": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "status": status,
            "source": source,
            "lineItems": lines,
        }
        if cancelling is not None:
            order["cancellingItems"] = cancelling
        uri = f"/v3/customers/{self.customer_id}/orders/{order_id}"
        order["links"] = {"self": {"uri": uri, "method": "GET", "headers": []}}
        self.orders.append(order)
        return order

    def line(self, number: int, *, least_quantity: int = 1, status: str = "1000") -> JsonObject:
        pick = self._random
        level = pick.choice(("01", "01", "02", "03", "T1"))
        sku = pick.choice(_SKUS)
        if self.segment == "B":
            sku = f"72{sku[2:]}"  # a school's products have numbers of their own
        offer = f"{sku}C{self.segment}{level}A12"
        quantity = least_quantity + int(pick.expovariate(1 / 9))
        subscription = self._subscription()
        self._subscriptions.append((offer, subscription))
        line: JsonObject = {
            "extLineItemNumber": number,
            "offerId": offer,
            "quantity": quantity,
            "subscriptionId": subscription,
            "status": status,
            "currencyCode": self.currency,
            "remainingQuantity": quantity,
        }
        if level == "03":
            line["discountCode"] = "VOLUME_TIER_3"
        if level == "02":
            # A deal is tried without being asked for; where it isn't, the key is absent.
            line["isDealRegistered"] = zlib.crc32(subscription.encode()) % 2 == 0
        if pick.random() < 0.12:
            result = "FAILURE" if pick.random() < 0.3 else "SUCCESS"
            line["promotions"] = [{"code": pick.choice(_CODES), "result": result}]
        return line

    def lines(self, count: int, *, least_quantity: int = 1, status: str = "1000") -> list[JsonObject]:
        return [
            self.line(number + 1, least_quantity=least_quantity, status=status) for number in range(count)
        ]

    def new(
        self, created: datetime, *, lines: int, status: str = "1000", least_quantity: int = 1
    ) -> JsonObject:
        made = self.lines(lines, least_quantity=least_quantity, status=status)
        if status not in ("1000", "1008"):
            for line in made:
                line["subscriptionId"] = ""
                line["remainingQuantity"] = 0
        return self.order("NEW", created, made, status=status)

    def processing(self, created: datetime) -> JsonObject:
        """Accepted but not yet filled: the subscription has no ID until it is."""
        order = self.new(created, lines=2, status="1002")
        for line in order["lineItems"]:
            line["remainingQuantity"] = line["quantity"]
        return order

    def transfer(self, created: datetime, *, lines: int) -> JsonObject:
        order = self.order("TRANSFER", created, self.lines(lines, least_quantity=5), external="")
        for line in order["lineItems"]:
            del line["remainingQuantity"]
        return order

    def renewal(self, day: datetime, *, lines: int) -> JsonObject:
        """The system renews in the morning of the anniversary and knows no external reference."""
        created = day.replace(hour=8, minute=0, second=self._random.randrange(60))
        made = self.lines(lines, least_quantity=5)
        return self.order("RENEWAL", created, made, source="System", external="")

    def give_back(self, order: JsonObject, *, after_days: int, share: float) -> JsonObject:
        """A return, and its trace on the order it returns: all of it cancels, a part reduces."""
        created = datetime.fromisoformat(order["creationDate"]) + timedelta(
            days=after_days, minutes=self._random.randrange(1, 300)
        )
        returned = []
        for line in order["lineItems"]:
            back = line["remainingQuantity"]
            if share < 1:
                back = min(back, max(1, int(line["quantity"] * share)))
            line["remainingQuantity"] -= back
            if line["remainingQuantity"] == 0:
                line["status"] = "1008"
            kept = ("extLineItemNumber", "offerId", "subscriptionId", "currencyCode")
            copy = {name: line[name] for name in kept if name in line}
            returned.append(copy | {"quantity": back, "status": "1000"})
            if share < 1:
                break
        if all(line["status"] == "1008" for line in order["lineItems"]):
            order["status"] = "1008"
        return self.order("RETURN", created, returned, reference=order["orderId"])

    def switch(self, created: datetime) -> JsonObject:
        made = self.lines(1, least_quantity=5)
        gone_offer, gone_subscription = self._subscriptions[0]
        cancelling = [
            {
                "extLineItemNumber": 2,
                "offerId": gone_offer,
                "quantity": made[0]["quantity"],
                "subscriptionId": gone_subscription,
                "referenceLineItemNumber": 1,
            }
        ]
        return self.order("SWITCH", created, made, cancelling=cancelling)

    def revert_switch(self, switched: JsonObject, created: datetime) -> JsonObject:
        back = [
            {
                "extLineItemNumber": 2,
                "offerId": line["offerId"],
                "quantity": line["quantity"],
                "subscriptionId": line["subscriptionId"],
                "referenceLineItemNumber": 1,
            }
            for line in switched["lineItems"]
        ]
        for line in switched["lineItems"]:
            line["status"], line["remainingQuantity"] = "1008", 0
        switched["status"] = "1008"
        return self.order(
            "REVERT_SWITCH",
            created,
            self.lines(1),
            reference=switched["orderId"],
            cancelling=back,
        )

    def deployment(self, created: datetime, currencies: Sequence[str]) -> JsonObject:
        """A global customer's order: each line has its own country and currency, the order none."""
        made = self.lines(len(currencies), least_quantity=3)
        for line, currency in zip(made, currencies, strict=True):
            line["currencyCode"] = currency
            line["deploymentId"] = f"{self.prefix}{self._random.randrange(14 * 10**8, 15 * 10**8)}"
        order = self.order("NEW", created, made)
        del order["currencyCode"]
        return order

    def leading_zero(self, created: datetime) -> JsonObject:
        order_id = "00" + self._digits(8)
        return self.order("NEW", created, self.lines(2), order_id=order_id)

    def promotions_of_every_spelling(self) -> None:
        """The old name and the new one, granted and not, and one discount without its ID."""
        spellings: list[JsonObject] = [
            {"promotions": [{"code": "AUTUMN_STUDIO_15", "result": "SUCCESS"}]},
            {"promotions": [{"code": "FIRST_YEAR_10", "result": "FAILURE"}]},
            {"flexDiscounts": [self._flex("LOYAL_CREW_05", "SUCCESS")]},
            {"flexDiscounts": [{"code": "SCHOOL_START_20", "result": "SUCCESS"}]},
            {
                "flexDiscounts": [
                    self._flex("LOYAL_CREW_05", "SUCCESS"),
                    self._flex("FIRST_YEAR_10", "FAILURE"),
                ]
            },
        ]
        for number, spelling in enumerate(spellings):
            made = self.lines(2)
            made[0].pop("promotions", None)
            made[0].update(spelling)
            self.order("NEW", self.day(-3 - 7 * number), made)

    def fill(
        self,
        since: datetime,
        *,
        total: int,
        returned: float,
        failing: float = 0.04,
        until: datetime | None = None,
    ) -> None:
        """Ordinary orders, spread over the whole time, until the customer has so many."""
        until = until or self.today
        seconds = int((until - since).total_seconds()) - 2 * 86400
        pick = self._random
        while len(self.orders) < total:
            created = since + timedelta(seconds=pick.randrange(max(seconds, 86400)))
            lines = min(1 + int(pick.expovariate(0.8)), 8)
            status = "1000" if pick.random() > failing else pick.choice(_BILLING_ERRORS)
            order = self.new(created, lines=lines, status=status)
            may_return = status == "1000" and created + timedelta(days=14) < until
            if may_return and len(self.orders) < total and pick.random() < returned:
                self.give_back(order, after_days=pick.randrange(1, 13), share=pick.choice((1.0, 0.5)))

    def _flex(self, code: str, result: str) -> JsonObject:
        return {"id": f"flex-{self._digits(6)}", "code": code, "result": result}

    def _external(self) -> str:
        """The partner's own number: short, long (18 digits: no int of a spreadsheet), or none."""
        kind = self._random.random()
        if kind < 0.08:
            return ""
        if kind < 0.3:
            return self._digits(18)
        if kind < 0.5:
            return f"PO-{self._digits(5)}"
        return self._digits(self._random.randrange(3, 7))

    def _subscription(self) -> str:
        return f"{self._random.getrandbits(120):030x}NA"

    def _order_id(self, digits: int) -> str:
        while True:
            candidate = self.prefix + self._random.choice("5679") + self._digits(digits - 1)
            if candidate not in self._used:
                self._used.add(candidate)
                return candidate

    def _digits(self, count: int) -> str:
        return "".join(self._random.choices("0123456789", k=count))
