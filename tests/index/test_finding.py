"""Orders and customers found again by a number, without reading more than they need."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.index import Hit, find
from tests.index.seen import NOON, SUBSCRIPTION, adobe_order, see

# Of these tables; that of customers has a single row here.
WHOLE = r"(SCAN|Seq Scan on) orders_indexed(order|reference)"

pytestmark = pytest.mark.usefixtures("engine")


def order_hit(order_id: str = "5883578824", customer_id: str = "1000000007", **given) -> Hit:
    return Hit(
        **{
            "source": "adobe",
            "customer_id": customer_id,
            "order_id": order_id,
            "order_type": "NEW",
            "status": "1000",
            "created_at": adobe_order().created_at,
            "first_seen": NOON,
            "last_seen": NOON,
            **given,
        }
    )


@pytest.mark.parametrize("number", ["5883578824", "PO-77", SUBSCRIPTION])
def test_an_order_is_found_by_its_id_its_reference_and_its_subscriptions(number):
    see(adobe_order(order_id="5883578824"), adobe_order("7777777777", external_reference_id="PO-1", lines=()))

    assert find([number]) == {number: (order_hit(),)}


def test_a_number_of_several_orders_has_them_all_the_newest_first():
    see(adobe_order("1111111111", created_at=NOON.replace(day=1)), adobe_order("2222222222"))
    see(adobe_order("3333333333", customer_id="1000000008"), customer_id="1000000008")

    hits = find(["PO-77"])["PO-77"]

    assert [(hit.customer_id, hit.order_id) for hit in hits] == [
        ("1000000007", "2222222222"),
        ("1000000008", "3333333333"),
        ("1000000007", "1111111111"),
    ]


def test_a_customer_is_found_by_their_id_at_each_upstream():
    see(adobe_order(customer_id="12345678"), customer_id="12345678")
    see(adobe_order("A1", customer_id="12345678"), customer_id="12345678", source="fabric")

    assert find(["12345678"]) == {
        "12345678": (
            Hit(source="adobe", customer_id="12345678"),
            Hit(source="fabric", customer_id="12345678"),
        )
    }


def test_a_number_of_nobody_has_no_hits():
    see(adobe_order())

    assert find(["404", "5883578824"]) == {"404": (), "5883578824": (order_hit(),)}


def test_five_hundred_numbers_cost_as_many_questions_as_one():
    see(*(adobe_order(str(number), external_reference_id=f"PO-{number}") for number in range(1000, 1500)))
    counts = []
    for numbers in (["1000"], [str(number) for number in range(1000, 1500)], ["404"]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            find(numbers)
        counts.append(len(asked))

    assert counts == [4, 4, 4]


def test_no_question_reads_a_whole_table():
    see(*(adobe_order(str(number), external_reference_id=f"PO-{number}") for number in range(1000, 3000)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        find(["1000", "PO-1001", SUBSCRIPTION + "X"])
    plans = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
            cursor.execute(explain + query["sql"])
            plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))

    assert [plan for plan in plans if re.search(WHOLE, plan)] == []
