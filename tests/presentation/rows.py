"""Full rows of both upstreams: every field that a column could show has a value."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orders.domain.orders import (
    Address,
    Attribute,
    Failure,
    Line,
    Link,
    Money,
    Offer,
    Order,
    Payment,
    Person,
    Plan,
    Price,
    Promotion,
    Retry,
    Shipping,
    Totals,
)
from orders.domain.results import LineRow, OrderRow
from orders.domain.retry_status import retry_status
from orders.domain.terms import Term

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 11, 53, 7, tzinfo=UTC)
LATER = datetime(2026, 11, 25, tzinfo=UTC)


def money(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


LINE_PRICES = (
    *("partnerPrice", "discountedPartnerPrice", "netPartnerPrice", "lineItemPartnerPrice"),
    *("earnedDealRegPerUnit", "earnedDealRegAmount"),
)
ORDER_PRICES = ("totalLineItemPartnerPrice", "totalEarnedDealRegAmount")


def full_line(text: str = "") -> Line:
    """With `text` in place of every text, where some is given."""

    def say(usual: str) -> str:
        return text or usual

    return Line(
        number=say("1"),
        offer_id=say("71104418CA01A12"),
        quantity=1250,
        remaining_quantity=1200,
        subscription_id=say("0f3c5e7a9b1d2c4e6f8091a2b3c4d5NA"),
        status=Term(say("1000"), say("Completed"), "good", say("It went through.")),
        currency_code=say("USD"),
        deployment_id=say("1450000001"),
        discount_code=say("VOLUME_TIER_3"),
        promotions=(
            Promotion(
                code=say("AUTUMN"),
                result=Term(say("FAILURE"), say("Refused"), "bad"),
                promotion_id=say("55555555"),
            ),
        ),
        requested_promotions=(say("ASKED"),),
        prorated_days=90,
        reference_line_number=say("2"),
        is_deal_registered=True,
        prices=tuple(
            Price(name=say(name), money=Money(amount=Decimal("85.068"), currency=say("USD")))
            for name in LINE_PRICES
        ),
        line_id=say("1"),
        item_id=say("578"),
        sku=say("COF-ESP-1KG"),
        title=say("Espresso beans, 1 kg"),
        description=say("Dark roast"),
        weight=Decimal("1.05"),
        weight_unit=say("kg"),
        tax_code=say("FR020000"),
        plan=Plan(plan_id=say("plan-1"), frequency=30, frequency_type=say("Daily")),
        price=Money(amount=Decimal("28.00"), currency=say("USD")),
        tax=Money(amount=Decimal("2.00"), currency=say("USD")),
        shipping=Shipping(
            carrier=say("USPS"),
            method=say("Two-day"),
            instructions=say("Leave with the neighbour"),
            tax_code=say("FR"),
            cost=Money(amount=Decimal("10"), currency=say("USD")),
            tax=Money(amount=Decimal("1"), currency=say("USD")),
        ),
        offers=(Offer(offer_id=say("offer-11"), source=say("PDP"), discount=Decimal("5")),),
        attributes=(Attribute(name=say("storeId"), value=say("ae05")),),
    )


def full_people(text: str = "") -> dict[str, Any]:
    """Whom the order is for, where it goes and how it is paid."""

    def say(usual: str) -> str:
        return text or usual

    address = Address(
        first_name=say("Pat"),
        middle_name=say("Q."),
        last_name=say("Doe"),
        street=(say("1 Main Street"),),
        city=say("Springfield"),
        state=say("WA"),
        postal_code=say("98052"),
        country=say("US"),
        email=say("pat@example.com"),
        phone=say("555 0100 1234"),
        phone_kind=say("mobile"),
    )
    about = {
        "locale": say("en-us"),
        "employeeId": say("E-10042"),
        "segments": say("vip"),
        "communicationPreference.email": "yes",
        "communicationPreference.sms": "no",
        "isDeleted": "no",
        "deletedAt": "2026-11-05T10:00:00Z",
        "createdAt": "2024-02-01T09:30:00Z",
        "updatedAt": "2026-10-05T10:00:00Z",
    }
    return {
        "ship_to": address,
        "bill_to": address,
        "payment": Payment(
            method=say("CREDIT_CARD"), kind=say("Visa"), card_ending=say("4242"), expiry=say("12/2027")
        ),
        "customer": Person(
            reference_id=say("12345"),
            first_name=say("Pat"),
            middle_name=say("Q."),
            last_name=say("Doe"),
            email=say("pat@example.com"),
            phone=say("555 0100 1234"),
            status=say("ACTIVE"),
            attributes=tuple(Attribute(name=name, value=value) for name, value in about.items()),
        ),
    }


def full_row(text: str = "", **changes: Any) -> OrderRow:
    def say(usual: str) -> str:
        return text or usual

    given: dict[str, Any] = {
        "order_id": say("0078901234"),
        "customer_id": say("1000000137"),
        "status": Term(say("RETRY"), say("Retrying"), "wait", say("It will be tried again.")),
        "order_type": Term(say("SWITCH"), say("Switch"), meaning=say("Seats moved.")),
        "external_reference_id": say("202405160317448899"),
        "reference_order_id": say("5000000001"),
        "currency_code": say("USD"),
        "created_at": EARLIER,
        "updated_at": EARLIER,
        "status_updated_at": EARLIER,
        "scheduled_at": LATER,
        "lines": (full_line(text),),
        "summaries": tuple(
            Price(name=say(name), money=Money(amount=Decimal("1660.68"), currency=say("USD")))
            for name in ORDER_PRICES
        ),
        "origin": say("API"),
        "links": (Link(relation=say("self"), method=say("GET"), uri=say("/v3/orders/1")),),
        "order_number": say("W-10042"),
        "merchant_id": say("60ac0de0"),
        "attributes": (Attribute(name=say("storeId"), value=say("ae05")),),
        **full_people(text),
        "deleted_at": EARLIER,
        "is_deleted": False,
        "retry": Retry(kind=Term(say("PAYMENT RETRY"), say("Payment")), used=1, allowed=3, days_between=3),
        "failure": Failure(code=say("140"), message=say("Payment declined")),
        "totals": Totals(
            amount=Decimal("30.00"), tax=Decimal("2.00"), discount=Decimal("0"), currency=say("USD")
        ),
    }
    order = Order(**{**given, **changes})
    # The state is judged from the status as an upstream would send it.
    judged = Order(**{**given, **changes, "status": Term("RETRY", "Retrying", "wait")})
    return OrderRow(
        source="adobe", customer_id="1000000137", order=order, retry_status=retry_status(judged, now=NOW)
    )


def full_line_row(text: str = "") -> LineRow:
    return LineRow(parent=full_row(text), line=full_line(text))
