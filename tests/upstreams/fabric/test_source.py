"""fabric as a source: the list, its further pages, and one order of it."""

import re
from typing import Any

import msgspec
import pytest

from orders.domain.errors import (
    BadAnswer,
    BadRequest,
    CredentialsRefused,
    NotFound,
    TimedOut,
    UpstreamError,
)
from orders.domain.queries import FetchedOrder, FetchedPage, PageRequest
from orders.domain.selection import FabricOrderQuery
from orders.domain.urgency import Urgency
from orders.upstreams.fabric_subscriptions import (
    MANIFEST,
    FabricSubscriptions,
    find_order,
    parse_page,
)
from tests.upstreams.doors import ScriptedDoor, exchange
from tests.upstreams.sampled import encoded, sample

CUSTOMER = "6167b9c3a0f2c80009a5b00c"
PATH = f"/data-subscription/v1/customers/{CUSTOMER}/orders"
DOCUMENTED = sample("fabric/orders_documented.json")


def rows(*numbers: int, total: object = None) -> bytes:
    data: dict[str, Any] = {"orders": [{"id": str(number)} for number in numbers]}
    if total is not None:
        data["query"] = {"offset": 0, "limit": 20, "totalOrders": total}
    return encoded({"responseStatus": "OK", "data": data})


def listed(door: ScriptedDoor) -> FetchedPage:
    return FabricSubscriptions(door).list_orders(CUSTOMER, FabricOrderQuery(), PageRequest(0, 100))


def ids(fetched: FetchedPage) -> list[str]:
    return [order.order_id for order in fetched.page.orders]


def test_the_documented_list_is_one_call_without_parameters() -> None:
    door = ScriptedDoor(DOCUMENTED)
    fetched = FabricSubscriptions(door).list_orders(
        CUSTOMER, FabricOrderQuery(text="x"), PageRequest(40, 20), correlation_id="kept"
    )
    assert fetched == FetchedPage(page=parse_page(DOCUMENTED), exchange=exchange())
    assert (door.asked, door.correlation_ids) == ([(PATH, [])], ["kept"])


def test_each_call_for_a_list_says_whom_it_is_about_and_who_waits() -> None:
    door = ScriptedDoor(rows(1, 2, total=3), rows(3, total=3))
    FabricSubscriptions(door).list_orders(
        CUSTOMER, FabricOrderQuery(), PageRequest(), urgency=Urgency.REFRESH
    )
    assert (door.customers, door.urgencies) == ([CUSTOMER] * 2, [Urgency.REFRESH] * 2)


def test_a_complete_list_is_not_asked_on() -> None:
    door = ScriptedDoor(rows(1, 2, total=2))
    assert ids(listed(door)) == ["1", "2"]
    assert len(door.asked) == 1


def test_the_rest_of_a_longer_list_is_fetched_within_one_deadline() -> None:
    door = ScriptedDoor(rows(1, 2, total=5), rows(3, 4, total=5), rows(5, total=5))
    fetched = listed(door)
    assert ids(fetched) == ["1", "2", "3", "4", "5"]
    assert door.asked == [
        (PATH, []),
        (PATH, [("offset", "2"), ("limit", "100")]),
        (PATH, [("offset", "4"), ("limit", "100")]),
    ]
    assert len(set(door.deadlines)) == 1
    assert None not in door.deadlines
    assert (fetched.page.received, fetched.page.total_count) == (5, 5)
    assert fetched.exchange == msgspec.structs.replace(
        exchange(),
        attempts=(*exchange(1).attempts, *exchange(2).attempts, *exchange(3).attempts),
        duration=1.5,
    )


def test_orders_that_two_pages_share_are_counted_once() -> None:
    door = ScriptedDoor(rows(1, 2, total=3), rows(2, 3, total=3))
    fetched = listed(door)
    assert (ids(fetched), fetched.page.received) == (["1", "2", "3"], 3)


@pytest.mark.parametrize("second", [rows(1, 2, total=5), rows(total=5)])
def test_a_page_without_a_new_order_ends_the_walk(second: bytes) -> None:
    door = ScriptedDoor(rows(1, 2, total=5), second)
    fetched = listed(door)
    assert (ids(fetched), fetched.page.received, fetched.page.total_count) == (["1", "2"], 2, 5)
    assert len(door.asked) == 2


def test_an_upstream_that_refuses_paging_ends_the_walk() -> None:
    refused = encoded({"responseStatus": "BAD_REQUEST", "message": "offset"})
    for second in (BadRequest(source="fabric"), refused):
        fetched = listed(ScriptedDoor(rows(1, total=2), second))
        assert (ids(fetched), fetched.page.total_count, fetched.page.notices) == (["1"], 2, ())


@pytest.mark.parametrize("second", [TimedOut(source="fabric", exchange=exchange(2)), b"<html>"])
def test_what_came_before_a_failure_is_kept_and_the_gap_is_named(
    second: bytes | UpstreamError,
) -> None:
    fetched = listed(ScriptedDoor(rows(1, total=2), second))
    cause = "bad-answer" if isinstance(second, bytes) else "timeout"
    assert (ids(fetched), fetched.page.received, fetched.page.total_count) == (["1"], 1, 2)
    assert fetched.page.notices == (f"The rest of the list could not be fetched ({cause}).",)
    assert len(fetched.exchange.attempts) == 2


def test_no_more_than_fifty_pages_are_fetched() -> None:
    door = ScriptedDoor(*(rows(number, total=1000) for number in range(60)))
    assert listed(door).page.received == 50


def test_no_page_is_asked_for_after_the_deadline() -> None:
    door = ScriptedDoor(rows(1, total=2))
    fetched = FabricSubscriptions(door, budget=0).list_orders(CUSTOMER, FabricOrderQuery(), PageRequest())
    assert (ids(fetched), fetched.page.total_count, len(door.asked)) == (["1"], 2, 1)


def test_one_order_comes_from_the_list() -> None:
    door = ScriptedDoor(DOCUMENTED)
    order_id = "6167b9c3a0f2c80009a5b001"
    fetched = FabricSubscriptions(door).get_order(CUSTOMER, order_id, correlation_id="kept")
    parsed = find_order(DOCUMENTED, order_id)
    assert parsed is not None
    assert fetched == FetchedOrder(parsed=parsed, exchange=exchange())
    assert (door.asked, door.correlation_ids) == ([(PATH, [])], ["kept"])


def test_one_order_of_a_further_page() -> None:
    door = ScriptedDoor(rows(1, total=3), rows(2, 3, total=3))
    fetched = FabricSubscriptions(door).get_order(CUSTOMER, "3")
    assert fetched.parsed.raw == {"id": "3"}
    assert len(fetched.exchange.attempts) == 2


@pytest.mark.parametrize(
    ("answers", "detail"),
    [
        ([rows(1)], "the order is not among the 1 of the customer's list"),
        ([rows(1, total=1)], "the order is not among the 1 of the customer's list"),
        (
            [rows(1, total=9), rows(1, total=9)],
            "the order is not among the 1 of 9 that fabric sent",
        ),
    ],
)
def test_an_order_that_is_not_there(answers: list[bytes], detail: str) -> None:
    with pytest.raises(NotFound) as raised:
        FabricSubscriptions(ScriptedDoor(*answers)).get_order(CUSTOMER, "7")
    assert raised.value.detail == detail


@pytest.mark.parametrize(
    ("status", "kind"),
    [("NOT_FOUND", NotFound), ("BAD_REQUEST", BadRequest), ("INTERNAL", BadAnswer)],
)
def test_http_200_that_is_no_success(status: str, kind: type[UpstreamError]) -> None:
    door = ScriptedDoor(encoded({"responseStatus": status, "message": "No such customer."}))
    with pytest.raises(kind) as raised:
        listed(door)
    assert raised.value.exchange == exchange()
    if kind is not BadAnswer:
        assert (raised.value.vendor_code, raised.value.vendor_message) == (
            status,
            "No such customer.",
        )


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"responseStatus": "OK"}'])
def test_an_unreadable_answer_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        listed(ScriptedDoor(body))


@pytest.mark.parametrize("customer_id", ["..", "x/../../orders/1/trigger-now", "a%2Fb", ""])
def test_an_unsafe_id_asks_nothing(customer_id: str) -> None:
    door = ScriptedDoor()
    with pytest.raises(ValueError, match="not an ID"):
        FabricSubscriptions(door).list_orders(customer_id, FabricOrderQuery(), PageRequest())
    with pytest.raises(ValueError, match="not an ID"):
        FabricSubscriptions(door).get_order(customer_id, "1")
    assert door.asked == []


@pytest.mark.parametrize(
    "accepted",
    [
        rows(),
        NotFound(source="fabric"),
        BadRequest(source="fabric"),
        encoded({"responseStatus": "NOT_FOUND"}),
    ],
)
def test_any_verdict_on_the_request_shows_that_we_are_accepted(
    accepted: bytes | UpstreamError,
) -> None:
    FabricSubscriptions(ScriptedDoor(accepted)).check()


@pytest.mark.parametrize("answer", [CredentialsRefused(source="fabric"), b"<html>sign in</html>"])
def test_a_check_that_fails(answer: bytes | UpstreamError) -> None:
    with pytest.raises((CredentialsRefused, BadAnswer)):
        FabricSubscriptions(ScriptedDoor(answer)).check()


def test_addresses_and_customer_ids() -> None:
    match = re.fullmatch(MANIFEST.description.address_pattern, PATH)
    assert match is not None
    assert match["customer"] == CUSTOMER
    assert re.fullmatch(MANIFEST.description.customer_id_pattern, CUSTOMER)
    assert not re.fullmatch(MANIFEST.description.customer_id_pattern, "0123456789")
