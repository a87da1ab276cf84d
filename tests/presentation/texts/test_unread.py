"""Of an order that could not be read whole nothing is said that the unread part may belie."""

import json
from typing import Any

import pytest

from orders.domain.orders import Order
from orders.presentation.texts.line_texts import line_badges
from orders.presentation.texts.order_sentence import order_sentence
from orders.upstreams import adobe_vip_marketplace
from orders.upstreams.fabric_subscriptions.parse import find_order
from orders.upstreams.fabric_subscriptions.parse import parse_page as parse_fabric
from tests.presentation.texts.orders_of_all_kinds import NOW, row_of

ADOBE = {"orderId": "1", "status": "1000", "orderType": "NEW"}
FABRIC = {"id": "1", "status": "SCHEDULED", "scheduledDate": "2026-12-01T09:00:00Z"}
NOTE = "Part of what was sent about it could not be read, so this may not be all."
NONSENSE = {"no": "value"}


def adobe_both_ways(**changes: Any) -> tuple[Order, Order]:
    """The same order as one of a list, and alone."""
    order = {**ADOBE, **changes}
    listed = adobe_vip_marketplace.parse_page(json.dumps({"totalCount": 1, "items": [order]}).encode())
    return listed.orders[0], adobe_vip_marketplace.parse_order(json.dumps(order).encode()).order


def fabric_both_ways(**changes: Any) -> tuple[Order, Order]:
    body = json.dumps({"responseStatus": "OK", "data": {"orders": [{**FABRIC, **changes}]}}).encode()
    found = find_order(body, "1")
    assert found is not None
    return parse_fabric(body).orders[0], found.order


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": NONSENSE}, "Your order came with a status that could not be read."),
        ({"status": None}, "Your order came without a status."),
        ({"creationDate": "01.05.2026", "externalReferenceId": NONSENSE}, "Your order went through."),
        ({"lineItems": "none"}, f"Your order went through. {NOTE}"),
        ({"orderType": NONSENSE}, f"Your order went through. {NOTE}"),
        ({"lineItems": [{"status": NONSENSE}, {"status": "1000"}]}, f"Your order went through. {NOTE}"),
        ({"lineItems": [{"status": "1004"}, 7]}, f"Your order is completed, but 1 of 2 lines failed. {NOTE}"),
        (
            {"lineItems": [{"promotions": [NONSENSE, 5]}]},
            f"Your order went through. Adobe does not say whether the promotion was applied. {NOTE}",
        ),
    ],
)
def test_what_is_said_of_an_order_of_adobe(changes: dict[str, Any], said: str) -> None:
    for order in adobe_both_ways(**changes):
        assert order_sentence(row_of("adobe", order), NOW) == f"{said} The order ID is 1."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": NONSENSE}, "Your order came with a status that could not be read."),
        ({"totalAmount": NONSENSE}, "Your order will be placed on Tuesday 1 December, in 4 days."),
        *(
            ({name: value}, f"Your order will be placed on Tuesday 1 December, in 4 days. {NOTE}")
            for name, value in {"isDeleted": NONSENSE, "retry": "soon", "error": [1], "lineItems": 5}.items()
        ),
    ],
)
def test_what_is_said_of_an_order_of_fabric(changes: dict[str, Any], said: str) -> None:
    for order in fabric_both_ways(**changes):
        found = order_sentence(row_of("fabric", order), NOW)
        assert found.removesuffix(" The order ID is 1.") == said


def test_a_line_that_could_not_be_read_is_counted_among_the_lines_and_not_in_a_sum() -> None:
    for order in adobe_both_ways(lineItems=[{"status": "1004", "quantity": 5}, None, "line"]):
        assert [badge.words for badge in line_badges(order)] == ["1 of 3 lines failed"]
        assert (order.line_count, order.total_quantity) == (None, None)
