"""Orders that nobody has seen for long are forgotten, with everything under which they were found."""

from datetime import timedelta

import pytest
import time_machine

from orders.index.models import CustomerMonth, IndexedOrder, IndexedReference, StatusChange
from orders.index.retention import forget_old
from tests.index.seen import NOON, adobe_order, see

pytestmark = pytest.mark.usefixtures("engine")

DAY = 24 * 60


def test_an_order_is_forgotten_so_many_days_after_it_was_last_seen(settings):
    settings.INDEX_RETENTION_DAYS = 10
    see(adobe_order("1", status="1002"), adobe_order("2"))
    see(adobe_order("1", status="1004"), after=1)
    see(adobe_order("2"), after=5 * DAY)

    with time_machine.travel(NOON + timedelta(days=11)):
        assert forget_old() == 1

    kept = IndexedOrder.objects.get()
    assert kept.order_id == "2"
    assert set(IndexedReference.objects.values_list("order_key", flat=True)) == {0, kept.pk}
    assert not StatusChange.objects.exists()
    month = CustomerMonth.objects.get()
    assert (month.completed, month.failed) == (1, 0)


def test_of_a_customer_whose_orders_are_all_forgotten_no_number_stays(settings):
    settings.INDEX_RETENTION_DAYS = 10
    see(adobe_order("1"), adobe_order("2"))

    with time_machine.travel(NOON + timedelta(days=11)):
        assert forget_old() == 2

    assert not IndexedReference.objects.exists()
