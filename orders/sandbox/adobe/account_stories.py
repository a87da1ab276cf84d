"""Accounts in every state that a page has to tell apart: terms, commitments, levels, statuses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from orders.sandbox import customers
from orders.sandbox.adobe.account_pen import Pen
from orders.sandbox.adobe.calendar_days import next_leap_day, stamp, years_later
from orders.sandbox.adobe.return_stories import returns

SUITE, VECTOR, PAPER, PHOTO, SIGN = (
    "71104418CA01A12", "71104522CA01A12", "71203377CA01A12", "71415590CA01A12", "71500283CAT1A12",
)  # fmt: skip
UNLISTED = "71622017CA01A12"


def tell(customer_id: str, today: datetime) -> Pen | None:
    """The customer's account on this midnight, with its orders; None for whom no story is told."""
    story = _STORIES.get(customer_id)
    if story is None:
        return None
    pen = Pen(customer_id, today)
    story(pen)
    return pen


def _ordinary(pen: Pen) -> None:
    pen.renews(pen.day(152))
    suite = pen.subscription(SUITE, 40, usedQuantity=31)
    suite["autoRenewal"] = {"enabled": True, "renewalQuantity": 35, "flexDiscountCodes": ["AUTUMN-7"]}
    vector = pen.subscription(VECTOR, 6)
    sign = pen.subscription(SIGN, 150, usedQuantity=12)
    for row, days in ((suite, -200.4), (vector, -80.6), (sign, -33.2)):
        pen.bought(row, days)


def _leap_day(pen: Pen) -> None:
    leap = next_leap_day(pen.today.date())
    pen.renews(leap, started=pen.day(-40))
    pen.bought(pen.subscription(SUITE, 12), -39.5)


def _early_renewal(pen: Pen) -> None:
    """The account's date has rolled; the subscriptions still end where the running term ends."""
    ends = pen.day(18)
    pen.renews(years_later(ends, 1), started=years_later(ends, -1))
    row = pen.subscription(SUITE, 30, renewalDate=ends.isoformat(), renewedQuantity=10)
    pen.subscription(VECTOR, 5, renewalDate=ends.isoformat())
    pen.bought(row, -340.2)
    line = pen.line(f"{SUITE[:10]}02A12", 20, row)
    renewal = pen.order("RENEWAL", -11.6, [line])
    pen.returned(renewal, 10, -4.4)


def _benefit(pen: Pen, **parts: Any) -> None:
    blank = {"commitment": None, "commitmentRequest": None, "recommitmentRequest": None}
    pen.account["benefits"] = [{"type": "THREE_YEAR_COMMIT"} | blank | parts]


def _commitment(pen: Pen, status: str, quantity: int, *, begun: int = -420) -> dict[str, Any]:
    start = pen.day(begun)
    return {
        "startDate": start.isoformat(),
        "endDate": (years_later(start, 3) - timedelta(days=1)).isoformat(),
        "status": status,
        "minimumQuantities": [{"offerType": "LICENSE", "quantity": quantity}],
    }


def _with_term(pen: Pen, level: str = "12") -> None:
    pen.renews(pen.day(310))
    pen.account["discounts"] = [
        {"offerType": "LICENSE", "level": level},
        {"offerType": "CONSUMABLES", "level": "TB"},
    ]
    pen.bought(pen.subscription(SUITE, 24), -50.3, level=level)


def _committed(pen: Pen) -> None:
    _with_term(pen)
    raised = {"status": "REQUESTED", "minimumQuantities": [{"offerType": "LICENSE", "quantity": 50}]}
    _benefit(pen, commitment=_commitment(pen, "COMMITTED", 20), commitmentRequest=raised)


def _noncompliant(pen: Pen) -> None:
    _with_term(pen, "01")
    pen.account["discounts"] = [
        {"offerType": "LICENSE", "level": "01"},
        {"offerType": "CONSUMABLES", "level": "T1"},
    ]
    _benefit(pen, commitment=_commitment(pen, "NONCOMPLIANT", 50))


def _accepted(pen: Pen) -> None:
    _with_term(pen, "02")
    _benefit(pen, commitmentRequest=_commitment(pen, "ACCEPTED", 30, begun=-10))


def _licences_only(pen: Pen) -> None:
    _with_term(pen)
    del pen.account["discounts"][1]
    _benefit(pen, commitment=_commitment(pen, "COMMITTED", 10))


def _empty_commitment(pen: Pen) -> None:
    _with_term(pen, "02")
    _benefit(pen)
    pen.account["companyProfile"]["marketSegment"] = "GOV"
    pen.account["companyProfile"]["marketSubSegments"] = ["STATE"]
    pen.account["benefits"].append({"type": "LARGE_GOVERNMENT_AGENCY", "status": "ACTIVE"})


def _extended(pen: Pen) -> None:
    begun = pen.day(-273)
    pen.renews(years_later(begun, 3), started=begun)
    pen.account["creationDate"] = stamp(pen.today + timedelta(days=-274))
    pen.bought(pen.subscription(SUITE, 15), -272.5)


def _migrated(pen: Pen) -> None:
    pen.renews(pen.day(90))
    pen.account["creationDate"] = stamp(pen.today + timedelta(days=-60, hours=3))
    pen.account["tags"] = ["HVD_MIGRATED_CUSTOMER"]
    pen.account["discounts"] = [{"offerType": "LICENSE", "level": "04", "discountCode": "HVD_L17_PRE"}]
    row = pen.subscription(SUITE, 140)
    order = pen.bought(row, -59.8, level="04", kind="TRANSFER")
    del order["lineItems"][0]["remainingQuantity"]


def _lapsed(pen: Pen) -> None:
    ended = pen.day(-45)
    pen.renews(ended)
    pen.account["status"] = "1004"
    del pen.account["discounts"]
    for offer, quantity in ((SUITE, 10), (VECTOR, 4)):
        row = pen.subscription(offer, 0, status="1004", usedQuantity=0, allowedActions=["MANUAL_RENEWAL"])
        # What is left here of the last renewal is old, and means nothing any more.
        row["autoRenewal"] = {"enabled": True, "renewalQuantity": quantity + 13}
        pen.order("NEW", -300.5, [pen.line(offer, quantity, row)])


def _one_off_items(pen: Pen) -> None:
    pen.renews(years_later(pen.day(-20), -3), started=pen.day(-400))
    pen.account["discounts"] = [{"offerType": "CONSUMABLES", "level": "T1"}]
    row = pen.subscription(SIGN, 300, renewalDate=pen.day(210).isoformat(), usedQuantity=40)
    pen.bought(row, -155.3)


def _pending(pen: Pen) -> None:
    pen.account["status"] = "1002"
    pen.account["discounts"] = []
    pen.term_start = pen.today - timedelta(days=1)


def _global(pen: Pen) -> None:
    pen.account["globalSalesEnabled"] = True
    pen.renews(pen.day(120))
    pen.subscription(SUITE, 60)
    places = (("DE", "Kassel", "EUR"), ("JP", "Sendai", "JPY"), ("FR", "Dijon", "EUR"))
    for number in range(31):
        country, city, currency = places[number % 3]
        deployment = str(1_400_000_000 + number)
        pen.deployments.append(
            {
                "deploymentId": deployment,
                "companyProfile": {
                    "address": {
                        "country": country,
                        "city": city,
                        "addressLine1": f"{number + 1} Linden Row",
                        "postalCode": "00000",
                        "phoneNumber": "",
                    }
                },
                "creationDate": stamp(pen.today - timedelta(days=300 - number)),
                "status": "1004" if number == 30 else "1000",
                "links": {},
            }
        )
        if number < 4:
            row = pen.subscription(VECTOR, 3 + number, deploymentId=deployment, currencyCode=currency)
            order = pen.bought(row, -90.5 - number)
            order["lineItems"][0] |= {"currencyCode": currency, "deploymentId": deployment}
            del order["currencyCode"]


def _four_rows(pen: Pen) -> None:
    pen.renews(pen.day(75))
    active = pen.subscription(SUITE, 22)
    for enabled in (True, False):
        row = pen.subscription(SUITE, 0, status="1009", usedQuantity=0)
        row["autoRenewal"] = {"enabled": enabled, "renewalQuantity": 5}
    pen.subscription(SUITE, 0, status="1004", renewalDate=pen.day(-290).isoformat())
    pen.subscription(f"{PHOTO[:12]}X12", 100)
    pen.subscription("71104418CA01A", 2)  # thirteen characters: nothing is read out of it
    pen.subscription(UNLISTED, 3)
    pen.bought(active, -100.4, level="03")


def _bare(pen: Pen) -> None:
    pen.renews(pen.day(200))
    del pen.profile["address"]
    pen.profile["contacts"] = []
    del pen.account["benefits"], pen.account["globalSalesEnabled"]
    pen.account["linkedMembership"] = [
        {
            "id": "LM-1",
            "name": "Northern Crafts Guild",
            "type": "CONSORTIUM",
            "linkedMembershipType": "MEMBER",
            "creationDate": "2025-04-01T10:00:00",
        }
    ]
    pen.bought(pen.subscription(PAPER, 8), -20.5)
    pen.acquisitions.append(
        {
            "referenceId": "ACQ-1",
            "creationDate": stamp(pen.today - timedelta(days=2)),
            "expiryDate": stamp(pen.today + timedelta(days=5)),
            "quantity": 3,
            "productName": "Paper Press Pro for teams",
            "baseOfferId": PAPER,
        }
    )


def _status(code: str) -> Callable[[Pen], None]:
    def write(pen: Pen) -> None:
        pen.renews(pen.day(60))
        pen.account["status"] = code
        pen.bought(pen.subscription(VECTOR, 9), -120.5)

    return write


_STORIES: dict[str, Callable[[Pen], None]] = {
    customers.ADOBE_ORDINARY: _ordinary,
    customers.ADOBE_LEAP_DAY: _leap_day,
    customers.ADOBE_EARLY_RENEWAL: _early_renewal,
    customers.ADOBE_COMMITTED: _committed,
    customers.ADOBE_NONCOMPLIANT: _noncompliant,
    customers.ADOBE_ACCEPTED: _accepted,
    customers.ADOBE_LICENCES_ONLY: _licences_only,
    customers.ADOBE_EMPTY_COMMITMENT: _empty_commitment,
    customers.ADOBE_EXTENDED_TERM: _extended,
    customers.ADOBE_MIGRATED: _migrated,
    customers.ADOBE_LAPSED: _lapsed,
    customers.ADOBE_ONE_OFF_ITEMS: _one_off_items,
    customers.ADOBE_PENDING: _pending,
    customers.ADOBE_GLOBAL: _global,
    customers.ADOBE_FOUR_ROWS: _four_rows,
    customers.ADOBE_RETURNS: returns,
    customers.ADOBE_BARE: _bare,
    customers.ADOBE_BLOCKED: _status("1012"),
    customers.ADOBE_SANCTIONED: _status("1022"),
    customers.ADOBE_NEW_STATUS: _status("1077"),
}
