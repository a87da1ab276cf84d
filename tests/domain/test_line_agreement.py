"""An order and its lines: when they say the same, and what the lines say where they don't."""

import pytest

from orders.domain.line_agreement import disagreeing_lines, lines_disagree
from orders.domain.orders import Line, Order
from orders.upstreams.adobe_vip_marketplace import terms


def an_order(status: str, *lines: str) -> Order:
    return Order(
        order_id="1",
        status=terms.status(status),
        lines=tuple(Line(status=terms.status(each)) for each in lines),
    )


@pytest.mark.parametrize(
    ("status", "lines", "expected"),
    [
        ("1000", ("1000", "1000"), {}),
        ("1000", ("1002", "1002"), {"1002": 2}),
        ("1000", ("1000", "1004"), {"1004": 1}),
        ("1000", ("1008", "1000"), {"1008": 1}),
        ("1002", ("1000", "1002"), {"1000": 1}),
        ("1008", ("1008", "1008"), {}),
        ("1004", ("1000", "1004"), {"1000": 1}),
        ("1000", ("1008", "1004", "1020", "1002"), {"1004": 2, "1008": 1, "1002": 1}),
        ("1004", ("1026", "1020"), {}),  # a closer reason to fail is no other state
        ("1000", ("", "1000"), {}),  # a line without a status says nothing
        ("1000", (), {}),
        ("", ("1002", "1000"), {}),  # nor does an order without one
        ("1000", ("10002", "4711"), {"10002": 2}),
        ("4711", ("4711",), {}),
        ("4711", ("1000",), {"1000": 1}),
        ("1008", ("4711",), {"4711": 1}),  # what we can't read is not the same as cancelled
    ],
)
def test_lines_that_say_something_else(status: str, lines: tuple[str, ...], expected: dict[str, int]) -> None:
    order = an_order(status, *lines)
    assert {term.code: count for term, count in disagreeing_lines(order)} == expected
    assert lines_disagree(order) is bool(expected)
