"""fabric's answers in both dialects, read as a whole."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from orders.domain.orders import (
    Address,
    Attribute,
    Failure,
    Line,
    Money,
    Offer,
    Order,
    Payment,
    Person,
    Plan,
    Retry,
    Shipping,
    Totals,
)
from orders.domain.queries import ParsedPage
from orders.domain.terms import Term
from orders.upstreams.fabric_subscriptions import find_order, parse_page
from orders.upstreams.fabric_subscriptions.terms import RETRY_TYPES, STATUSES
from tests.upstreams.sampled import loaded, sample

ORDER_ID = "6167b9c3a0f2c80009a5b001"


def dollars(figure: int) -> Money:
    return Money(amount=Decimal(figure), currency="USD")


SHIP_TO = Address(
    first_name="Ada",
    last_name="Example",
    street=("1 Sample Street", "Apt. 2"),
    city="Boston",
    state="MA",
    postal_code="02127",
    country="US",
    phone="+1 555 0100",
    phone_kind="mobile",
)

ORDER = Order(
    order_id=ORDER_ID,
    status=STATUSES["SCHEDULED"],
    currency_code="USD",
    created_at=datetime(2021, 10, 14, 5, 3, 31, 123000, UTC),
    updated_at=datetime(2021, 10, 14, 5, 24, 36, 468000, UTC),
    status_updated_at=datetime(2021, 10, 14, 10, 24, 36, 468000, UTC),
    scheduled_at=datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC),
    deleted_at=datetime(2021, 10, 14, 5, 3, 31, 123000, UTC),
    retry=Retry(kind=RETRY_TYPES["PAYMENT RETRY"], used=1, allowed=3, days_between=1),
    failure=Failure(code="140", message="Payment declined"),
    totals=Totals(amount=Decimal(100), tax=Decimal(10), discount=Decimal(10), currency="USD"),
    ship_to=SHIP_TO,
    bill_to=msgspec.structs.replace(SHIP_TO, middle_name="B.", street=("3 Sample Street",)),
    payment=Payment(method="credit_card", kind="Visa", card_ending="4111", expiry="09/30"),
    customer=Person(
        reference_id="12345",
        first_name="Ada",
        last_name="Example",
        email="ada@example.com",
        phone="+1 555 0199",
        status="ACTIVE",
        attributes=(
            Attribute(name="locale", value="en_US"),
            Attribute(name="employeeId", value="E-7"),
            Attribute(name="segments", value="vip, tea"),
            Attribute(name="communicationPreference.email", value="yes"),
            Attribute(name="communicationPreference.sms", value="no"),
            Attribute(name="isDeleted", value="no"),
            Attribute(name="createdAt", value="2021-10-14T05:03:31.123Z"),
            Attribute(name="updatedAt", value="2021-10-14T05:03:31.123Z"),
        ),
    ),
    lines=(
        Line(
            line_id="1",
            subscription_id="6167b9c3a0f2c80009a5b002",
            quantity=1,
            currency_code="USD",
            item_id="1000000056",
            sku="SKU-1",
            title="Sample tea",
            description="A tin of tea",
            weight=Decimal(10),
            weight_unit="lb",
            plan=Plan(plan_id="P-30", frequency=30, frequency_type="Daily"),
            price=dollars(100),
            tax=dollars(10),
            tax_code="FR020000",
            shipping=Shipping(
                carrier="Carrier",
                method="Ground",
                instructions="Ring twice",
                cost=dollars(10),
                tax=dollars(1),
                tax_code="FR020000",
            ),
            offers=(Offer(offer_id="OFFER-1", source="PDP"),),
            attributes=(
                Attribute(name="storeId", value="101"),
                Attribute(name="associateId", value="302"),
                Attribute(name="trackingUrl", value="not a link"),
            ),
        ),
        Line(
            line_id="2",
            is_one_time=True,
            quantity=2,
            currency_code="USD",
            item_id="1000000057",
            sku="SKU-2",
            title="A sample",
            price=dollars(0),
            tax=dollars(0),
        ),
    ),
)


def test_the_documented_dialect() -> None:
    page = parse_page(sample("fabric/orders_documented.json"))
    assert page == ParsedPage(orders=(ORDER,), received=1)


def test_the_live_dialect_gives_the_same_order() -> None:
    page = parse_page(sample("fabric/orders_live.json"))
    assert page == ParsedPage(orders=(ORDER,), received=1, total_count=1, limit=20)


def test_an_odd_answer_is_read_as_far_as_it_goes() -> None:
    page = parse_page(sample("fabric/orders_odd.json"))
    assert page == ParsedPage(
        orders=(
            Order(
                order_id="6167b9c3a0f2c80009a5b010",
                status=Term("skipped", "Skipped", "off", STATUSES["SKIPPED"].meaning),
            ),
            Order(
                order_id="6167b9c3a0f2c80009a5b011",
                status=Term("PAUSED", word="PAUSED", known=False),
                currency_code="EURO",
                totals=Totals(amount=Decimal("10.50"), currency="EURO"),
                retry=Retry(
                    kind=Term("INTENTORY_RETRY", "Inventory", "wait", "Something was not in stock."),
                    used=0,
                    allowed=2,
                ),
                payment=Payment(card_ending="9876", expiry="09/00"),
                lines=(Line(line_id="1", sku="<b>SKU</b>", currency_code="EURO", is_one_time=True),),
                unreadable=("lineItems[1]", "scheduledDate", "lineItems[0].item.quantity"),
            ),
            Order(
                order_id="",
                status=STATUSES["SUCCESS"],
                unreadable=("shipTo", "lineItems", "id"),
            ),
        ),
        received=5,
        lost=2,
        total_count=9,
        offset=0,
        limit=20,
        unreadable=(
            "data.orders[3].lineItems[1]",
            "data.orders[4].shipTo",
            "data.orders[4].lineItems",
            "data.orders[0]",
            "data.orders[3].scheduledDate",
            "data.orders[3].lineItems[0].item.quantity",
            "data.orders[4].id",
            "data.orders[5]",
        ),
        notices=(
            "Request processed with partial success",
            "No such subscription (SUBSCRIPTION_NOT_FOUND)",
            "1 row repeats an order that is already in the list.",
        ),
    )


def test_an_order_comes_with_its_own_json_without_the_card() -> None:
    parsed = find_order(sample("fabric/orders_odd.json"), "6167b9c3a0f2c80009a5b011")
    assert parsed is not None
    raw = loaded("fabric/orders_odd.json")["data"]["orders"][3]
    raw["paymentDetails"]["paymentIdentifier"]["cardIdentifier"] = "9876"
    assert parsed.raw == raw
    assert parsed.order.order_id == "6167b9c3a0f2c80009a5b011"
    assert parsed.unreadable == ("lineItems[1]", "scheduledDate", "lineItems[0].item.quantity")


def test_an_order_that_is_not_in_the_list() -> None:
    assert find_order(sample("fabric/orders_live.json"), "6167b9c3a0f2c80009a5bfff") is None
