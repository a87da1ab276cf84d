"""Filtering and sorting of a complete list."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.orders import Failure, Line, Offer, Order, Retry, Totals
from orders.domain.results import OrderRow
from orders.domain.retry_status import retry_status
from orders.domain.selection import SORT_KEYS, select, sort
from orders.domain.terms import Term
from orders.presentation.texts import advice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def row(order_id="1", **fields):
    order = Order(order_id=order_id, **fields)
    return OrderRow(source="fabric", customer_id="C", order=order, retry_status=retry_status(order, now=NOW))


def ids(rows):
    return [each.order.order_id for each in rows]


RETRYING = row(
    "a",
    status=Term("RETRY", "Retrying"),
    scheduled_at=datetime(2026, 11, 24, tzinfo=UTC),
    retry=Retry(kind=Term("PAYMENT RETRY", "Payment"), used=1, allowed=3, days_between=3),
    failure=Failure(code="140", message="Payment declined"),
    totals=Totals(amount=Decimal("10.50"), currency="USD"),
    lines=(Line(sku="COF-1", title="Espresso", offers=(Offer(offer_id="offer-7"),)),),
)
DONE = row(
    "b",
    status=Term("success", "Placed"),
    scheduled_at=datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC),
    totals=Totals(amount=Decimal("9.5"), currency="USD"),
)
BARE = row("c")
ROWS = [RETRYING, DONE, BARE]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "abc"),
        ({"statuses": ("RETRY",)}, "a"),
        ({"statuses": ("SUCCESS",)}, "b"),
        ({"statuses": ("SUCCESS", "RETRY")}, "ab"),
        ({"attention": ("will-retry",)}, "a"),
        ({"retry_types": ("payment",)}, "a"),
        ({"error_codes": ("140", "170")}, "a"),
        ({"scheduled_from": datetime(2026, 11, 1, tzinfo=UTC)}, "a"),
        ({"scheduled_to": datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC)}, "b"),
        ({"scheduled_from": datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC)}, "ab"),
        ({"text": "ESPRESSO"}, "a"),
        ({"text": "cof-"}, "a"),
        ({"text": "offer-7"}, "a"),
        ({"text": "declined"}, "a"),
        ({"statuses": ("RETRY",), "text": "nothing"}, ""),
    ],
)
def test_each_filter_finds_its_orders_and_all_filters_must_hold(wanted, found):
    assert ids(select(ROWS, wanted)) == list(found)


def test_a_filter_nobody_wrote_a_test_for_is_a_mistake_and_not_ignored():
    with pytest.raises(KeyError):
        select(ROWS, {"colour": "red"})


@pytest.mark.parametrize("name", sorted(SORT_KEYS))
def test_every_key_sorts_rows_with_and_without_a_value(name):
    up, down = sort(ROWS, name), sort(ROWS, f"-{name}")

    assert sorted(ids(up)) == sorted(ids(down)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("scheduledDate", "bac"),
        ("-scheduledDate", "abc"),
        ("totalAmount", "bac"),
        ("-totalAmount", "abc"),
        ("errorCode", "abc"),
        ("-errorCode", "abc"),
    ],
)
def test_rows_without_a_value_come_last_both_ways(ordering, expected):
    assert ids(sort(ROWS, ordering)) == list(expected)


def test_personal_data_is_not_searched():
    from orders.domain.orders import Person

    person = row("d", customer=Person(email="ida@example.com", last_name="Varga"))

    assert select([person], {"text": "varga"}) == []
    assert select([person], {"text": "ida@"}) == []


@given(st.lists(st.none() | st.integers(-5, 5)))
def test_sorting_loses_nothing_and_keeps_equals_in_their_order(amounts):
    rows = [
        row(str(number), totals=None if amount is None else Totals(amount=Decimal(amount)))
        for number, amount in enumerate(amounts)
    ]

    found = sort(rows, "totalAmount")

    assert sorted(ids(found)) == sorted(ids(rows))
    valued = [(each.order.totals.amount, int(each.order.order_id)) for each in found if each.order.totals]
    assert valued == sorted(valued)
    assert all(each.order.totals is None for each in found[len(valued) :])


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("PAYMENT RETRY", "payment"),
        ("Payment Gateway Retry", "payment"),
        ("payment_retry", "payment"),
        ("INTENTORY RETRY", "inventory"),
        ("Inventory_Retry", "inventory"),
        ("GENERIC RETRY", "other"),
        ("LUNAR RETRY", "other"),
    ],
)
def test_the_filter_and_the_advice_put_a_retry_into_the_same_family(kind, family):
    """Whatever word the table of codes has for it, or none."""
    retrying = row(
        status=Term("RETRY", "Retrying"),
        retry=Retry(kind=Term(kind, kind, known=False), used=1, allowed=3, days_between=3),
    )

    assert [
        each for each in ("payment", "inventory", "other") if select([retrying], {"retry_types": (each,)})
    ] == [family]
    told = " ".join(advice.told(advice.order_topics(retrying), {}))
    assert ("card" in told) is (family == "payment")
