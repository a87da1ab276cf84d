"""What is remembered of orders, and what becomes of it as they are seen again."""

from datetime import timedelta
from random import Random

import psycopg
import pytest
from django.db import connection

from orders.domain.orders import Line
from orders.index import line, remember, write_now
from orders.index.models import (
    CustomerMonth,
    IndexedCustomer,
    IndexedOrder,
    IndexedReference,
    StatusChange,
)
from orders.index.queue import MOST_WAITING
from orders.infrastructure import metrics
from orders.upstreams.adobe_vip_marketplace import terms
from tests.databases import POSTGRESQL
from tests.index.seen import NOON, SUBSCRIPTION, adobe_line, adobe_order, see

pytestmark = pytest.mark.usefixtures("engine")

Kind = IndexedReference.Kind


def the_order():
    return IndexedOrder.objects.get()


def references():
    return sorted(IndexedReference.objects.values_list("value", "kind", "order_key"))


def changes():
    return list(
        StatusChange.objects.order_by("pk").values_list(
            "was", "now", "lines_were", "lines_now", "not_before", "seen_at"
        )
    )


def months():
    return sorted(CustomerMonth.objects.values_list("month", "completed", "open", "failed", "other"))


def test_an_order_is_remembered_with_its_numbers_codes_and_instants():
    lines = (adobe_line(), adobe_line(status="1002", offer_id="71104522CA02A12", subscription_id=""))
    see(adobe_order(lines=lines, reference_order_id="550135947"))

    order, customer = the_order(), IndexedCustomer.objects.get()
    assert (customer.source, customer.customer_id, customer.first_seen) == ("adobe", "1000000007", NOON)
    assert (order.order_id, order.order_type, order.status) == ("5883578824", "NEW", "1000")
    assert (order.line_statuses, order.line_count, order.total_quantity) == ("1000*1 1002*1", 2, 6)
    assert (order.external_reference, order.reference_order_id) == ("PO-77", "550135947")
    assert (order.created_at, order.first_seen, order.last_seen) == (NOON - timedelta(days=1), NOON, NOON)
    assert (order.is_alert, order.is_unsettled, order.open_since) == (True, True, order.created_at)
    assert references() == sorted(
        [
            ("PO-77", Kind.REFERENCE, order.pk),
            ("550135947", Kind.ORDER, order.pk),
            (SUBSCRIPTION, Kind.SUBSCRIPTION, order.pk),
            ("71104418CA01A12", Kind.OFFER, 0),
            ("71104522CA02A12", Kind.OFFER, 0),
        ]
    )
    assert months() == [(2026 * 12 + 10, 0, 1, 0, 0)]


def test_what_a_switch_cancels_is_found_too():
    gone = Line(offer_id="71203377CA01A12", subscription_id="0b" * 15 + "NA")
    see(adobe_order(lines=(), cancelling_lines=(gone,), external_reference_id=""))

    assert [value for value, _, _ in references()] == ["0b" * 15 + "NA", "71203377CA01A12"]


def test_a_change_of_status_is_kept_with_the_two_instants_between_which_it_happened():
    see(adobe_order(status="1002"))
    see(adobe_order(status="1002"), after=5)
    see(adobe_order(status="1000"), after=9)
    see(adobe_order(status="1000"), after=12)

    noon_and = [NOON + timedelta(minutes=minutes) for minutes in (5, 9, 12)]
    assert changes() == [("1002", "1000", "1002*1", "1000*1", noon_and[0], noon_and[1])]
    order = the_order()
    assert (order.first_seen, order.last_seen, order.changed_at) == (NOON, noon_and[2], noon_and[1])
    assert (order.open_since, order.is_alert, order.is_unsettled) == (None, False, False)
    assert months() == [(2026 * 12 + 10, 1, 0, 0, 0)]


def test_both_changes_count_that_come_in_one_batch():
    from orders.index.entries import Seen, entries_of
    from orders.index.writing import write

    looks = [("1002", 0), ("1000", 2), ("1008", 4)]
    seen = [
        Seen(
            source="adobe",
            customer_id="1000000007",
            orders=(adobe_order(status=status),),
            seen_at=NOON + timedelta(minutes=after),
        )
        for status, after in looks
    ]
    write(entry for each in seen for entry in entries_of(each))

    assert [(was, now) for was, now, *_ in changes()] == [("1002", "1000"), ("1000", "1008")]


def test_an_earlier_look_that_comes_late_changes_nothing():
    see(adobe_order(status="1000"), after=9)
    see(adobe_order(status="1002"), after=3)

    assert (the_order().status, the_order().last_seen) == ("1000", NOON + timedelta(minutes=9))
    assert changes() == []


def test_writing_the_same_twice_is_writing_it_once():
    for _ in range(2):
        see(adobe_order(status="1002"))
        see(adobe_order(status="1000"), after=4)

    assert len(changes()) == 1
    assert IndexedOrder.objects.count() == 1
    assert len(references()) == 3


def test_what_could_not_be_read_this_time_stays_as_it_was():
    see(adobe_order(status="1002"))
    unread = adobe_order(
        status="", created_at=None, lines=(), unreadable=("status", "creationDate", "lineItems[0]")
    )
    see(unread, after=4)

    order = the_order()
    assert (order.status, order.line_statuses) == ("1002", "1002*1")
    assert (order.created_at, order.month) == (NOON - timedelta(days=1), 2026 * 12 + 10)
    assert changes() == []


def test_a_month_is_counted_anew_when_one_of_its_orders_moves_or_ends():
    day = timedelta(days=31)
    see(adobe_order("1", status="1002"), adobe_order("2"), adobe_order("3", status="1004"))
    assert months() == [(2026 * 12 + 10, 1, 1, 1, 0)]

    see(adobe_order("1", created_at=NOON - day), adobe_order("2", status="1008"), after=1)
    assert months() == [(2026 * 12 + 9, 1, 0, 0, 0), (2026 * 12 + 10, 0, 0, 1, 1)]


def test_months_always_add_up():
    pick = Random(13)
    statuses = ["1000", "1002", "1004", "1008"]
    for minute in range(12):
        orders = [
            adobe_order(
                str(pick.randrange(1, 40)),
                status=pick.choice(statuses),
                created_at=NOON - timedelta(days=pick.randrange(300)),
            )
            for _ in range(25)
        ]
        see(*orders, after=minute)

    counted: dict[int, list[int]] = {}
    for month, outcome in IndexedOrder.objects.values_list("month", "outcome"):
        counted.setdefault(month, [0, 0, 0, 0])[[1, 2, 3, 0].index(outcome)] += 1
    assert {month: list(rest) for month, *rest in months() if any(rest)} == counted


def test_what_belongs_to_another_customer_is_not_written_under_this_one():
    see(adobe_order("1"), adobe_order("2", customer_id="1000000048"), adobe_order("3", customer_id=""))

    assert set(IndexedOrder.objects.values_list("order_id", flat=True)) == {"1", "3"}


def test_an_order_that_has_no_usable_number_is_left_out():
    see(adobe_order(""), adobe_order("a b"), adobe_order(".."), adobe_order("7" * 65), adobe_order("9"))

    assert the_order().order_id == "9"


def test_the_same_number_may_be_an_order_of_two_customers():
    see(adobe_order("77"))
    see(adobe_order("77", customer_id="1000000048"), customer_id="1000000048")

    assert IndexedOrder.objects.filter(order_id="77").count() == 2


def test_pages_put_in_line_and_flushing_writes_it():
    remember("adobe", "1000000007", [adobe_order("1"), adobe_order("2")])
    assert not IndexedOrder.objects.exists()

    assert line.flush() == 2
    assert IndexedOrder.objects.count() == 2


def test_a_connection_that_the_server_ended_loses_nothing(engine: str):
    see(adobe_order("1"))
    if engine == "postgresql":
        pid = connection.connection.info.backend_pid
        with psycopg.connect(POSTGRESQL, autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    remember("adobe", "1000000007", [adobe_order("2"), adobe_order("3")])

    assert line.flush() == 2
    assert IndexedOrder.objects.count() == 3


def test_a_full_line_leaves_out_what_does_not_fit_and_counts_it():
    before = metrics.index_dropped.labels("full")._value.get()
    page = [adobe_order(str(number)) for number in range(100)]
    for _ in range(MOST_WAITING // 100 + 2):
        remember("adobe", "1000000007", page)

    assert len(line) == MOST_WAITING
    assert metrics.index_dropped.labels("full")._value.get() - before == 200


def test_two_orders_of_a_batch_that_fails_are_both_unwritten(monkeypatch):
    from orders.index import statements

    monkeypatch.setattr(statements, "COUNT_MONTHS", "SELECT 1 FROM nowhere")
    with pytest.raises(Exception, match="nowhere"):
        see(adobe_order("1"), adobe_order("2"))

    assert not IndexedOrder.objects.exists()
    assert not IndexedReference.objects.exists()


def test_a_promotion_that_was_refused_is_known():
    from orders.domain.orders import Promotion

    refused = Promotion(code="AUTUMN_STUDIO_15", result=terms.promotion_result("FAILURE"))
    granted = Promotion(code="FIRST_YEAR_10", result=terms.promotion_result("SUCCESS"))
    see(adobe_order(lines=(adobe_line(promotions=(refused, granted)),)))

    assert (the_order().promotion_results, the_order().promotion_refused) == ("FAILURE*1 SUCCESS*1", True)


def test_a_look_up_is_one_descent_of_a_tree():
    write_now("adobe", "1000000007", [adobe_order(str(number)) for number in range(1, 300)], seen_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    by_order = IndexedOrder.objects.filter(order_id__in=["5", "77"])
    by_reference = IndexedReference.objects.filter(value__in=["PO-77", SUBSCRIPTION])

    for query in (by_order, by_reference):
        plan = plan_of(query)
        assert not any(walk in plan for walk in ("Seq Scan", "SCAN")), plan
        assert "Index" in plan or "SEARCH" in plan, plan


def plan_of(query):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # With so few rows a walk is cheaper; what counts is that there is a tree for the question.
            cursor.execute("SET enable_seqscan = off")
    return query.explain()
