"""Whose orders an answer may hold, and which order it may be: nothing of another's is ever shown."""

from collections.abc import Sequence
from typing import Any

import pytest

from orders.domain.errors import BadAnswer, ForeignAnswer, NotFound
from orders.domain.queries import FetchedPage, PageRequest
from orders.domain.selection import FabricOrderQuery
from orders.upstreams.adobe_vip_marketplace import AdobeVipMarketplace
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from orders.upstreams.answer_matching import Echo, echo_of
from orders.upstreams.fabric_subscriptions import FabricSubscriptions
from tests.upstreams.doors import ScriptedDoor, exchange
from tests.upstreams.sampled import encoded

ADOBE = "P1005258435"
FABRIC = "6167b9c3a0f2c80009a5b00c"
OF_ANOTHER = "it holds an order of another customer than the one asked for"
ILLEGIBLE = "it holds an order that does not say legibly whose it is"
ANOTHER_ORDER = "it is not the order that was asked for"


def history(*customers: object) -> bytes:
    """One row for each, `...` for a row that doesn't say whose it is."""
    rows: list[dict[str, object]] = [
        {"orderId": str(number)} | ({} if customer is ... else {"customerId": customer})
        for number, customer in enumerate(customers, start=1)
    ]
    return encoded({"totalCount": len(rows), "items": rows})


def subscriptions(*rows: dict[str, Any], total: int | None = None) -> bytes:
    orders = [{"id": str(number), **row} for number, row in enumerate(rows, start=1)]
    return encoded({"responseStatus": "OK", "data": {"orders": orders, "query": {"totalOrders": total}}})


def adobe_list(answer: bytes, customer_id: str = ADOBE) -> FetchedPage:
    return AdobeVipMarketplace(ScriptedDoor(answer)).list_orders(
        customer_id, AdobeOrderQuery(), PageRequest()
    )


def fabric_list(*answers: bytes, customer_id: str = FABRIC) -> FetchedPage:
    return FabricSubscriptions(ScriptedDoor(*answers)).list_orders(
        customer_id, FabricOrderQuery(), PageRequest(0, 100)
    )


@pytest.mark.parametrize(
    "customers",
    [(ADOBE, ADOBE), (ADOBE.lower(),), (f" {ADOBE} ",), (..., ADOBE), (None, ""), ()],
)
def test_adobe_rows_of_the_customer_and_rows_that_do_not_say(customers: Sequence[object]) -> None:
    assert len(adobe_list(history(*customers)).page.orders) == len(customers)


@pytest.mark.parametrize(
    ("customers", "detail"),
    [
        (("P1005258436",), OF_ANOTHER),
        ((ADOBE, ADOBE, "P1005258436"), OF_ANOTHER),
        (("1005258435",), OF_ANOTHER),
        ((1005258435,), OF_ANOTHER),
        (("0" + ADOBE,), OF_ANOTHER),
        (([ADOBE],), ILLEGIBLE),
        (({"id": ADOBE},), ILLEGIBLE),
        ((True,), ILLEGIBLE),
    ],
)
def test_one_adobe_row_of_another_refuses_the_page(customers: Sequence[object], detail: str) -> None:
    with pytest.raises(ForeignAnswer) as refused:
        adobe_list(history(*customers))
    assert (refused.value.detail, refused.value.exchange) == (detail, exchange())


def test_a_leading_zero_tells_two_customers_apart() -> None:
    assert len(adobe_list(history("0123456789"), "0123456789").page.orders) == 1
    with pytest.raises(ForeignAnswer):
        adobe_list(history("123456789"), "0123456789")


@pytest.mark.parametrize(
    ("order", "detail"),
    [
        ({"orderId": "8", "customerId": ADOBE}, ANOTHER_ORDER),
        ({"orderId": "07", "customerId": ADOBE}, ANOTHER_ORDER),
        ({"orderId": "", "customerId": ADOBE}, ANOTHER_ORDER),
        ({"customerId": ADOBE}, ANOTHER_ORDER),
        ({"orderId": ["7"], "customerId": ADOBE}, ANOTHER_ORDER),
        ({"orderId": "7", "customerId": "P1"}, OF_ANOTHER),
        ({"orderId": "7", "customerId": [ADOBE]}, ILLEGIBLE),
    ],
)
def test_another_adobe_order_than_the_one_asked_for(order: object, detail: str) -> None:
    with pytest.raises(ForeignAnswer) as refused:
        AdobeVipMarketplace(ScriptedDoor(encoded(order))).get_order(ADOBE, "7")
    assert refused.value.detail == detail


@pytest.mark.parametrize("order", [{"orderId": 7}, {"orderId": "7", "customerId": ADOBE.lower()}])
def test_the_adobe_order_asked_for(order: object) -> None:
    fetched = AdobeVipMarketplace(ScriptedDoor(encoded(order))).get_order(ADOBE, "7")
    assert fetched.parsed.order.order_id == "7"


def test_a_list_is_not_an_order_and_an_order_not_a_list() -> None:
    order = encoded({"orderId": "7", "customerId": ADOBE, "lineItems": []})
    for answer in (history(ADOBE), encoded({"orderId": "7", "items": []})):
        with pytest.raises(BadAnswer, match="a list, not an order"):
            AdobeVipMarketplace(ScriptedDoor(answer)).get_order(ADOBE, "7")
    with pytest.raises(BadAnswer, match="`items` is not a list"):
        adobe_list(order)
    one = encoded({"responseStatus": "OK", "data": {"order": {"id": "7"}}})
    with pytest.raises(BadAnswer, match="with `orders`"):
        fabric_list(one)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"customer": {"firstName": "Cora"}},
        {"customer": {"id": FABRIC}},
        {"customer": {"id": FABRIC.upper()}},
        {"customerId": FABRIC, "customer": {"id": FABRIC, "customerReferenceId": "12345"}},
    ],
)
def test_fabric_rows_of_the_customer_and_rows_that_do_not_say(row: dict[str, Any]) -> None:
    assert len(fabric_list(subscriptions(row, {})).page.orders) == 2


@pytest.mark.parametrize(
    "row",
    [
        {"customer": {"id": "5f0c0c0c0c0c0c0c0c0c0c0c"}},
        {"customerId": "5f0c0c0c0c0c0c0c0c0c0c0c"},
        {"customerId": FABRIC, "customer": {"id": "5f0c0c0c0c0c0c0c0c0c0c0c"}},
        {"customer": {"id": [FABRIC]}},
        {"customerId": {"id": FABRIC}},
    ],
)
def test_one_fabric_row_of_another_refuses_list_and_order(row: dict[str, Any]) -> None:
    with pytest.raises(ForeignAnswer):
        fabric_list(subscriptions({}, row))
    with pytest.raises(ForeignAnswer):
        FabricSubscriptions(ScriptedDoor(subscriptions({}, row))).get_order(FABRIC, "1")


def test_a_fabric_customer_may_be_asked_for_by_reference() -> None:
    """The documentation calls what stands in the address a reference, and shows an ID."""
    for row in (
        {"customer": {"id": FABRIC, "customerReferenceId": "12345"}},
        {"customer": {"id": FABRIC}, "customerReferenceId": 12345},
    ):
        assert len(fabric_list(subscriptions(row), customer_id="12345").page.orders) == 1
    with pytest.raises(ForeignAnswer):
        fabric_list(subscriptions({"customer": {"id": FABRIC}}), customer_id="12345")


def test_a_foreign_further_page_refuses_the_whole_list() -> None:
    """Other failures leave what came before; but an upstream that mixes up answers is not to be trusted."""
    stranger = {"id": "2", "customer": {"id": "5f0c0c0c0c0c0c0c0c0c0c0c"}}
    with pytest.raises(ForeignAnswer):
        fabric_list(subscriptions({}, total=2), subscriptions(stranger, total=2))


def test_an_order_that_is_not_in_the_customers_list_is_not_found() -> None:
    with pytest.raises(NotFound):
        FabricSubscriptions(ScriptedDoor(subscriptions({}))).get_order(FABRIC, "99")


@pytest.mark.parametrize(
    ("said", "asked", "echo"),
    [
        ("", ("a",), Echo.NONE),
        (" , ", ("a",), Echo.NONE),
        ("a", ("a",), Echo.OURS),
        (" A ", ("a",), Echo.OURS),
        ("gateway, a", ("a",), Echo.OURS),
        ("b", ("a", "b"), Echo.OURS),
        ("b", ("a",), Echo.FOREIGN),
        ("a", (), Echo.FOREIGN),
        ("aa", ("a",), Echo.FOREIGN),
    ],
)
def test_what_an_echoed_id_says(said: str, asked: tuple[str, ...], echo: Echo) -> None:
    assert echo_of(said, asked) is echo
