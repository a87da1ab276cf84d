"""Adobe's documented and recorded answers, read as a whole."""

from datetime import UTC, datetime
from decimal import Decimal

from orders.domain.orders import Line, Link, Money, Order, Price, Promotion
from orders.domain.queries import ParsedPage
from orders.domain.terms import NOTHING
from orders.upstreams.adobe_vip_marketplace import parse_order, parse_page
from orders.upstreams.adobe_vip_marketplace.terms import ORDER_TYPES, PROMOTION_RESULTS, STATUSES
from tests.upstreams.sampled import loaded, sample

COMPLETED = STATUSES["1000"]
APPLIED = PROMOTION_RESULTS["SUCCESS"]


def price(name: str, figure: str, currency: str = "USD") -> Price:
    return Price(name=name, money=Money(amount=Decimal(figure), currency=currency))


def test_the_documented_order() -> None:
    parsed = parse_order(sample("adobe/order_documented.json"))
    assert parsed.order == Order(
        order_id="0123456789",
        customer_id="9876543210",
        status=COMPLETED,
        order_type=ORDER_TYPES["NEW"],
        external_reference_id="759",
        currency_code="USD",
        origin="API",
        created_at=datetime(2019, 5, 2, 22, 49, 54, tzinfo=UTC),
        lines=(
            Line(
                number="4",
                offer_id="80004567EA01A12",
                quantity=70,
                remaining_quantity=60,
                subscription_id="86756309",
                status=COMPLETED,
                currency_code="USD",
                deployment_id="12345",
            ),
            Line(
                number="5",
                offer_id="65304479CA01A12",
                quantity=50,
                remaining_quantity=50,
                subscription_id="9245678",
                status=COMPLETED,
            ),
        ),
        links=(
            Link(
                relation="self",
                method="GET",
                uri="/v3/customers/9876543210/orders/0123456789",
            ),
        ),
    )
    assert parsed.raw == loaded("adobe/order_documented.json")
    assert parsed.unreadable == ()


def test_a_history_with_promotions() -> None:
    page = parse_page(sample("adobe/history_promotions.json"))
    processing = STATUSES["1002"]
    order = Order(
        order_id="5120008001",
        customer_id="9876543210",
        status=COMPLETED,
        order_type=ORDER_TYPES["NEW"],
        external_reference_id="759",
        currency_code="USD",
        origin="API",
        created_at=datetime(2019, 5, 2, 22, 49, 54, tzinfo=UTC),
        lines=(
            Line(
                number="1",
                offer_id="80004567CA01A12",
                quantity=1,
                remaining_quantity=1,
                status=processing,
                currency_code="USD",
                promotions=(Promotion(code="SUMMER_SALE_123", result=APPLIED),),
            ),
            Line(
                number="2",
                offer_id="80004561CA02A12",
                quantity=11,
                remaining_quantity=10,
                status=processing,
                currency_code="USD",
                promotions=(Promotion(code="WINTER_SALE_123", result=APPLIED),),
            ),
        ),
    )
    assert page == ParsedPage(
        orders=(order,), received=1, total_count=9, stated_count=3, offset=3, limit=3, has_next=True
    )


def test_a_return_with_prices() -> None:
    (order,) = parse_page(sample("adobe/history_pricing.json")).orders
    assert (order.order_type.word, order.reference_order_id) == ("Return", "9204879218")
    assert order.summaries == (price("totalLineItemPartnerPrice", "1660.68"),)
    assert order.lines[0].prices == (
        price("partnerPrice", "365.00"),
        price("discountedPartnerPrice", "365.00"),
        price("netPartnerPrice", "85.068"),
        price("lineItemPartnerPrice", "850.68"),
    )
    assert str(order.lines[0].prices[0].money.amount) == "365.00"


def test_an_order_with_prices_and_an_empty_line_status() -> None:
    parsed = parse_order(sample("adobe/order_pricing.json"))
    (line,) = parsed.order.lines
    assert (parsed.order.order_id, parsed.order.origin, parsed.order.links) == ("02938476", "", ())
    assert (line.status, line.prorated_days) == (NOTHING, 90)
    assert parsed.order.summaries == (price("totalLineItemPartnerPrice", "1660.68"),)
    assert parsed.unreadable == ()


def test_the_range_in_a_self_link_encoded_twice() -> None:
    page = parse_page(sample("adobe/history_recommendations.json"))
    assert (page.searched_from, page.searched_to) == (
        "2024-01-01T03:43:07Z",
        "2024-02-01T00:00:00Z",
    )
    assert page.has_next is False
    assert [order.external_reference_id for order in page.orders] == [
        "202401010343070001",
        "202401010343070002",
    ]
    assert page.unreadable == ()


def test_flexible_discounts_and_switched_lines() -> None:
    page = parse_page(sample("adobe/history_flex_discounts.json"))
    new, switch, renewal = page.orders
    assert new.lines[0].requested_promotions == ("SPRING", "TEAM")
    assert new.promotions == (
        Promotion(code="SPRING", result=APPLIED, promotion_id="55555555-0000-4000-8000-000000000001"),
        Promotion(code="TEAM", result=PROMOTION_RESULTS["FAILURE"]),
    )
    assert switch.cancelling_lines == (
        Line(
            number="1",
            reference_line_number="1",
            offer_id="65322651CA02A12",
            quantity=15,
            subscription_id="cc00000000000000000000000000c3NA",
            prices=(price("netPartnerPrice", "-300"),),
        ),
    )
    assert (renewal.reference_order_id, renewal.origin) == ("7100000021", "System")
    assert (page.has_next, page.unreadable) == (None, ())


def test_a_switch_without_an_id_is_shown() -> None:
    page = parse_page(sample("adobe/history_switch.json"))
    (order,) = page.orders
    assert (order.order_id, order.order_type.word, order.status) == ("", "Switch", COMPLETED)
    assert (page.received, page.total_count, page.lost, page.unreadable) == (1, 0, 0, ())


def test_a_recorded_history() -> None:
    page = parse_page(sample("adobe/history_recorded.json"))
    assert [(order.order_id, order.order_type.code, order.status.word) for order in page.orders] == [
        ("P9201910891", "RETURN", "Completed"),
        ("P9201910890", "RETURN", "Completed"),
        ("P9201910889", "NEW", "Cancelled"),
        ("P9201910888", "NEW", "Cancelled"),
        ("P9201910887", "RENEWAL", "Completed"),
    ]
    assert page.orders[3].created_at == datetime(2023, 11, 18, tzinfo=UTC)
    assert (page.limit, page.searched_from, page.unreadable) == (100, "", ())


def test_a_minimal_order() -> None:
    parsed = parse_order(sample("adobe/order_minimal.json"))
    assert parsed.order == Order(
        order_id="5120008002",
        order_type=ORDER_TYPES["RETURN"],
        status=STATUSES["1002"],
        lines=(Line(number="1", offer_id="80004567CA01A12", quantity=1, status=STATUSES["1002"]),),
    )


def test_an_order_in_several_currencies_on_a_page_without_counters() -> None:
    page = parse_page(sample("adobe/history_global.json"))
    (order,) = page.orders
    assert (order.currency_code, order.total_quantity) == ("", 10)
    assert [(line.number, line.currency_code) for line in order.lines] == [
        ("1", "EUR"),
        ("7", "JPY"),
    ]
    assert order.created_at == datetime(2025, 6, 10, 16, 22, 8, tzinfo=UTC)
    assert (page.total_count, page.offset, page.limit, page.has_next) == (None, None, None, None)
    assert page.unreadable == ()


def test_deal_registration_has_three_states_and_a_summary_that_is_an_object() -> None:
    order = parse_order(sample("adobe/order_deal_registration.json")).order
    assert [line.is_deal_registered for line in order.lines] == [True, False]
    assert order.promotions == (Promotion(code="TEAM", result=APPLIED),)
    assert order.summaries == (
        price("totalLineItemPartnerPrice", "4000"),
        price("totalEarnedDealRegAmount", "150.0"),
    )
