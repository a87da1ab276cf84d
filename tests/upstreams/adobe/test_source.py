"""Adobe as a source: what one call asks, and what comes of it."""

import re

import pytest

from orders.domain.errors import BadAnswer, BadRequest, CredentialsRefused, NotFound, Unavailable
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest
from orders.domain.urgency import Urgency
from orders.upstreams.adobe_vip_marketplace import (
    MANIFEST,
    PARAMETERS,
    AdobeVipMarketplace,
    params,
    parse_order,
    parse_page,
)
from orders.upstreams.adobe_vip_marketplace.request_parameters import AdobeOrderQuery
from tests.upstreams.doors import ScriptedDoor, exchange
from tests.upstreams.sampled import sample

HISTORY = sample("adobe/history_recorded.json")
ORDER = sample("adobe/order_documented.json")


def test_one_page_is_one_call() -> None:
    door = ScriptedDoor(HISTORY)
    query = AdobeOrderQuery(statuses=("1000",))
    fetched = AdobeVipMarketplace(door).list_orders(
        "P1005258435", query, PageRequest(25, 25), urgency=Urgency.REFRESH, correlation_id="kept"
    )
    assert fetched == FetchedPage(page=parse_page(HISTORY), exchange=exchange())
    assert door.asked == [("/v3/customers/P1005258435/orders", params(query, PageRequest(25, 25)))]
    assert door.correlation_ids == ["kept"]
    assert (door.customers, door.urgencies) == (["P1005258435"], [Urgency.REFRESH])


@pytest.mark.parametrize(("with_prices", "asked"), [(False, []), (True, [("fetch-price", "true")])])
def test_one_order_is_one_call(with_prices: bool, asked: list[tuple[str, str]]) -> None:
    door = ScriptedDoor(ORDER)
    fetched = AdobeVipMarketplace(door).get_order(
        "9876543210", "0123456789", with_prices=with_prices, urgency=Urgency.REFRESH, correlation_id="kept"
    )
    assert fetched == FetchedOrder(parsed=parse_order(ORDER), exchange=exchange())
    assert door.asked == [("/v3/customers/9876543210/orders/0123456789", asked)]
    assert door.correlation_ids == ["kept"]
    assert (door.customers, door.urgencies) == (["9876543210"], [Urgency.REFRESH])


def test_an_unreadable_answer_is_a_bad_answer() -> None:
    source = AdobeVipMarketplace(ScriptedDoor(b"<html>", b"[]"))
    with pytest.raises(BadAnswer) as page:
        source.list_orders("1", AdobeOrderQuery(), PageRequest())
    with pytest.raises(BadAnswer) as order:
        source.get_order("1", "2")
    assert (page.value.detail, page.value.exchange) == ("the body is not JSON", exchange(1))
    assert (order.value.detail, order.value.exchange) == ("the body is not an order", exchange(2))


@pytest.mark.parametrize("customer_id", ["..", "a/b", "a%2F..", ""])
def test_an_unsafe_id_asks_nothing(customer_id: str) -> None:
    door = ScriptedDoor()
    with pytest.raises(ValueError, match="not an ID"):
        AdobeVipMarketplace(door).list_orders(customer_id, AdobeOrderQuery(), PageRequest())
    with pytest.raises(ValueError, match="not an ID"):
        AdobeVipMarketplace(door).get_order("1", customer_id)
    assert door.asked == []


@pytest.mark.parametrize("accepted", [HISTORY, NotFound(source="adobe"), BadRequest(source="adobe")])
def test_any_verdict_on_the_request_shows_that_we_are_accepted(
    accepted: bytes | NotFound | BadRequest,
) -> None:
    door = ScriptedDoor(accepted)
    AdobeVipMarketplace(door).check()
    assert door.asked == [("/v3/customers/0/orders", [("limit", "1")])]


@pytest.mark.parametrize("error", [CredentialsRefused(source="adobe"), Unavailable(source="adobe")])
def test_a_check_that_fails(error: CredentialsRefused | Unavailable) -> None:
    with pytest.raises(type(error)):
        AdobeVipMarketplace(ScriptedDoor(error)).check()


def test_the_description_knows_every_documented_parameter() -> None:
    assert len(MANIFEST.description.supports) == len(PARAMETERS) == 10


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/v3/customers/0123/orders", ("0123", None)),
        ("/v3/customers/P1/orders/9", ("P1", "9")),
        ("/v3/customers/a%2Fb/orders", None),
        ("/v3/customers/0123/subscriptions", None),
    ],
)
def test_addresses(address: str, found: tuple[str, str | None] | None) -> None:
    match = re.fullmatch(MANIFEST.description.address_pattern, address)
    assert (match.group("customer", "order") if match else None) == found


@pytest.mark.parametrize(
    ("customer_id", "looks_like_one"),
    [
        ("0123456789", True),
        ("P1005258435", True),
        ("PR1400001941", True),
        ("123", False),
        ("ABC123", False),
        ("6167b9c3a0f2c80009a5b00c", False),
        ("1" * 41, False),
    ],
)
def test_customer_ids(customer_id: str, looks_like_one: bool) -> None:
    match = re.fullmatch(MANIFEST.description.customer_id_pattern, customer_id)
    assert (match is not None) is looks_like_one
