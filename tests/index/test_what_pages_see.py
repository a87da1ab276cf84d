"""What a page has shown is remembered beside it; a failure of that is nobody's."""

import time
from typing import cast

import pytest

from orders.domain.orders import Order
from orders.index import line, queue
from orders.index.entries import Seen
from orders.index.models import IndexedCustomer, IndexedOrder, IndexedReference
from orders.infrastructure import metrics
from orders.sandbox import customers
from tests.index.seen import NOON, adobe_order

ADOBE = f"/adobe/customers/{customers.ADOBE_SMALL}/orders/"


def look(minutes=0):
    return Seen(source="adobe", customer_id="1000000007", orders=(adobe_order(),), seen_at=NOON)


@pytest.mark.django_db
def test_the_orders_of_a_history_are_remembered(portal):
    assert portal.get(f"{ADOBE}?start-date=2020-01-01").status_code == 200
    assert line.flush() == 7

    assert IndexedCustomer.objects.get().customer_id == customers.ADOBE_SMALL
    assert IndexedOrder.objects.count() == 7
    assert IndexedReference.objects.filter(kind=IndexedReference.Kind.SUBSCRIPTION).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "customer_id"),
    [
        ("adobe", customers.ADOBE_ODD),
        ("adobe", customers.ADOBE_MARKUP),
        ("fabric", customers.FABRIC_ODD),
        ("fabric", customers.FABRIC_MARKUP),
        ("fabric", customers.FABRIC_LIVE),
    ],
)
def test_odd_answers_never_break_the_index(portal, source, customer_id):
    portal.get(f"/{source}/customers/{customer_id}/orders/?limit=100")

    assert line.flush() > 0


@pytest.mark.django_db
def test_an_order_looked_at_alone_is_remembered(portal):
    portal.get(f"{ADOBE}?start-date=2020-01-01")
    line.flush()
    order_id = IndexedOrder.objects.earliest("created_at").order_id
    IndexedOrder.objects.all().delete()

    assert portal.get(f"{ADOBE}{order_id}/").status_code == 200
    line.flush()

    assert IndexedOrder.objects.get().order_id == order_id


def test_a_thread_of_the_process_writes_what_pages_put_in_line(engine, settings):
    settings.INDEX_IN_BACKGROUND = True
    ours = queue.Line()
    ours.put(look())
    patience = time.monotonic() + 30
    while not IndexedOrder.objects.exists() and time.monotonic() < patience:
        time.sleep(0.05)
    ours.finish()

    assert IndexedOrder.objects.get().order_id == "5883578824"


def test_a_database_that_is_away_costs_the_orders_and_no_page(engine, settings, monkeypatch):
    def fails(entries):
        raise OSError("away")

    monkeypatch.setattr(queue, "write", fails)
    settings.INDEX_IN_BACKGROUND = True
    before = metrics.index_dropped.labels("failed")._value.get()
    ours = queue.Line()
    ours.put(look())
    ours.finish()

    assert metrics.index_dropped.labels("failed")._value.get() == before + 1


@pytest.mark.django_db
def test_orders_that_can_t_be_understood_cost_nobody_after_them():
    before = metrics.index_dropped.labels("failed")._value.get()
    ours = queue.Line()
    ours.put(Seen(source="adobe", customer_id="1000000007", orders=(cast(Order, "no order"),), seen_at=NOON))
    ours.put(look())

    assert ours.flush() == 1
    assert metrics.index_dropped.labels("failed")._value.get() == before + 1
