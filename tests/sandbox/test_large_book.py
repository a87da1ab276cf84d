"""2,000 customers with 400,000 orders, and what changes as one watches."""

from datetime import UTC, datetime, timedelta

from orders.sandbox import SandboxServer, large_book
from orders.sandbox.adobe.large_book import LargeBook as AdobeBook
from orders.sandbox.fabric.large_book import LargeBook as FabricBook
from tests.sandbox.clients import AdobeClient, FabricClient

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ADOBE = large_book.adobe_customer(20)  # 150 orders, one each six hours
FABRIC = large_book.fabric_customer(20)
STEPS = [NOON + timedelta(hours=hours) for hours in range(12)]


def test_two_thousand_customers_have_four_hundred_thousand_orders() -> None:
    adobe = [large_book.adobe_size(number) for number in range(large_book.ADOBE_COUNT)]
    fabric = [large_book.fabric_size(number) for number in range(large_book.FABRIC_COUNT)]

    assert len(adobe) + len(fabric) == 2_000
    assert 390_000 < sum(adobe) + sum(fabric) < 410_000


def test_each_is_asked_for_over_http(
    sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient
) -> None:
    orders = adobe.all_orders(ADOBE)
    others = fabric.orders(FABRIC).json()["data"]["orders"]

    assert len(orders) >= large_book.adobe_size(20)
    assert len({order["orderId"] for order in orders}) == len(orders)
    assert adobe.get(f"/v3/customers/{ADOBE}/orders/{orders[0]['orderId']}").json() == orders[0]
    assert adobe.get(f"/v3/customers/{ADOBE}").json()["customerId"] == ADOBE
    assert len({order["id"] for order in others}) == len(others) >= large_book.fabric_size(20)


def test_nobody_stands_beside_the_book(
    sandbox: SandboxServer, adobe: AdobeClient, fabric: FabricClient
) -> None:
    assert adobe.orders(large_book.adobe_customer(large_book.ADOBE_COUNT)).status_code == 404
    assert fabric.orders(large_book.fabric_customer(large_book.FABRIC_COUNT)).status_code == 404


def test_an_adobe_order_is_processed_before_it_is_anything_else() -> None:
    book = AdobeBook()
    seen: dict[str, list[str]] = {}
    for minutes in range(0, 24 * 60, 2):
        history = book.history(ADOBE, NOON.replace(hour=0) + timedelta(minutes=minutes))
        assert history is not None
        for row in history.rows[:20]:
            states = seen.setdefault(row.order["orderId"], [])
            if row.order["status"] not in states[-1:]:
                states.append(row.order["status"])
    changed = [states for states in seen.values() if len(states) > 1]

    assert changed
    assert {tuple(states[:1]) for states in changed} <= {("1002",), ("1000",)}
    assert all(len(set(states)) == len(states) for states in changed)


def test_no_order_ever_disappears_within_a_day() -> None:
    adobe, fabric = AdobeBook(), FabricBook()
    before: tuple[set[str], set[str]] = (set(), set())
    for now in STEPS:
        history, orders = adobe.history(ADOBE, now), fabric.orders(FABRIC, now)
        assert history is not None
        assert orders is not None
        here = {row.order["orderId"] for row in history.rows}, {order["id"] for order in orders}
        assert all(was <= now_there for was, now_there in zip(before, here, strict=True))
        assert all(row.created <= now for row in history.rows)
        before = here


def test_a_fabric_order_is_scheduled_then_handed_over_then_ends() -> None:
    book = FabricBook()
    seen: dict[str, list[str]] = {}
    for minutes in range(0, 24 * 60, 1):
        for order in book.orders(FABRIC, NOON.replace(hour=0) + timedelta(minutes=minutes)) or ():
            states = seen.setdefault(order["id"], [])
            if order["status"] not in states[-1:]:
                states.append(order["status"])
    changed = [states for states in seen.values() if len(states) > 1]

    assert changed
    assert {tuple(states[:2]) for states in changed} == {("SCHEDULED", "SUBMITTED")}
    assert {states[2] for states in changed} <= {"SUCCESS", "RETRY", "FAILED"}
