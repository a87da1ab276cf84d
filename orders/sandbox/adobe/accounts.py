"""Every customer's account: told as a story, or drawn up from the orders that the customer has."""

from datetime import datetime, timedelta
from typing import Any

from orders.sandbox import customers
from orders.sandbox.adobe import resellers
from orders.sandbox.adobe.account_pen import Pen
from orders.sandbox.adobe.account_stories import tell
from orders.sandbox.adobe.calendar_days import stamp, years_later
from orders.sandbox.adobe.history import History
from orders.sandbox.adobe.odd_rows import HOSTILE_TEXTS

_MOST_SUBSCRIPTIONS = 40


def account_of(customer_id: str, today: datetime, history: History | None) -> Pen | None:
    """The account on this midnight; None where the customer is nobody, as their orders say."""
    if history is None:
        return None
    pen = tell(customer_id, today)
    if pen is None and resellers.is_listed(customer_id):
        pen = listed_account(customer_id, today)
    if pen is not None:
        return pen
    pen = Pen(customer_id, today)
    pen.term_start = history.term_start
    pen.renews(years_later(history.term_start.date(), 1))
    _subscribe(pen, history)
    if customer_id == customers.ADOBE_EDUCATION:
        pen.profile["marketSegment"], pen.profile["marketSubSegments"] = "EDU", ["HIGHER_ED"]
    if customer_id == customers.ADOBE_ODD:
        _make_odd(pen)
    if customer_id == customers.ADOBE_MARKUP:
        _make_hostile(pen)
    return pen


def _subscribe(pen: Pen, history: History) -> None:
    """What the orders of the running term bought, and two rows from before it."""
    before = 0
    for row in history.rows:
        lines = row.order.get("lineItems") if isinstance(row.order, dict) else None
        for line in lines if isinstance(lines, list) else ():
            if (
                not isinstance(line, dict)
                or not isinstance(line.get("quantity"), int)
                or not line.get("subscriptionId")
            ):
                continue
            if len(pen.subscriptions) >= _MOST_SUBSCRIPTIONS or line.get("status") != "1000":
                continue
            is_old = row.created < history.term_start
            before += is_old
            if is_old and before > 2:
                return
            _row_of(pen, line, row.created, is_old=is_old)


def _row_of(pen: Pen, line: dict[str, Any], created: datetime, *, is_old: bool) -> None:
    offer = str(line["offerId"])
    base = f"{offer[:10]}{'T1' if offer[10:11] == 'T' else '01'}{offer[12:]}"
    left = 0 if is_old else line.get("remainingQuantity", line["quantity"])
    row = pen.subscription(base, left, subscriptionId=line["subscriptionId"], creationDate=stamp(created))
    row["currencyCode"] = line.get("currencyCode", pen.currency)
    if is_old or left == 0:
        row |= {"status": "1004", "usedQuantity": 0, "renewalDate": pen.term_start.date().isoformat()}


def _make_odd(pen: Pen) -> None:
    """Null, text, missing and wrong where documents say otherwise."""
    pen.account |= {
        "discounts": None,
        "cotermDate": "soon",
        "creationDate": 1767225600,
        "globalSalesEnabled": "true",
        "tags": "HVD_MIGRATED_CUSTOMER",
        "benefits": {"type": "THREE_YEAR_COMMIT", "commitment": "yes"},
        "linkedMembership": "LM-2",
    }
    pen.account["companyProfile"] |= {
        "contacts": {"firstName": "Ada"},
        "address": "1 Mill Road",
        "marketSegment": None,
    }
    pen.subscriptions[:] = [
        None,
        "a subscription",
        {},
        {"subscriptionId": None, "offerId": 71104418, "currentQuantity": "12", "status": 1000},
        {
            "subscriptionId": "a1",
            "offerId": "",
            "currentQuantity": None,
            "autoRenewal": "on",
            "status": "1000",
        },
        {
            "subscriptionId": "a2",
            "offerId": "71104418CA01A12",
            "currentQuantity": 2.5,
            "renewalDate": "2027-02-30",
        },
        *pen.subscriptions[:2],
    ]


def _make_hostile(pen: Pen) -> None:
    """HTML, scripts and formulas in every text field."""
    text = HOSTILE_TEXTS[0]
    pen.account |= {"externalReferenceId": text, "status": "<b>1000</b>", "tags": list(HOSTILE_TEXTS)}
    pen.profile["companyName"] = text
    pen.profile["address"] = dict.fromkeys(("country", "region", "city", "addressLine1", "postalCode"), text)
    pen.profile["contacts"] = [
        {"firstName": each, "lastName": each, "email": each, "phoneNumber": each} for each in HOSTILE_TEXTS
    ]
    pen.account["linkedMembership"] = {"id": text, "name": text, "type": text, "linkedMembershipType": text}
    pen.account["discounts"] = [{"offerType": text, "level": text, "discountCode": text}]
    for row, each in zip(pen.subscriptions, HOSTILE_TEXTS, strict=False):
        row |= {"offerId": each, "allowedActions": [each], "deploymentId": each}


def listed_account(customer_id: str, today: datetime) -> Pen:
    """One of the many accounts that only the reseller's list knows of."""
    pen = Pen(customer_id, today)
    pen.account["resellerId"] = customers.ADOBE_BIG_RESELLER
    pen.renews((today + timedelta(days=30 + int(customer_id[-2:]))).date())
    pen.bought(pen.subscription("71104418CA01A12", 1 + int(customer_id[-1])), -12.5)
    return pen
