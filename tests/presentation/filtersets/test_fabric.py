"""Filters that fabric lacks: declared like the others, applied by the service."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from orders.domain.selection import MATCHES, SORT_KEYS, FabricOrderQuery
from orders.presentation.filtersets.fabric import FabricOrderFilterSet


def read(text):
    filters = FabricOrderFilterSet(QueryDict(text))
    assert filters.is_valid(), filters.errors_by_parameter()
    return filters.query


def test_every_filter_fills_a_field_of_the_query_and_every_field_has_a_filter():
    fields = [filter_.field_name for filter_ in FabricOrderFilterSet.base_filters.values()]

    # A period is read into dates, and rows are selected in a list, for a file.
    assert sorted({*fields} - {"period"}) == sorted({*FabricOrderQuery.__struct_fields__} - {"order_ids"})


def test_every_field_of_the_query_but_the_ordering_has_its_test():
    assert set(FabricOrderQuery.__struct_fields__) - {"ordering"} <= set(MATCHES)


def test_an_empty_address_asks_for_everything():
    assert read("") == FabricOrderQuery()


def test_all_filters_together_become_one_query():
    query = read(
        "status=RETRY&status=FAILED&attention=will-retry&retry-type=payment&error-code=140,170"
        "&scheduled-from=2026-01-01&scheduled-to=2026-01-31&text=+Beans+&sort=-totalAmount"
    )

    assert query == FabricOrderQuery(
        statuses=("RETRY", "FAILED"),
        attention=("will-retry",),
        retry_types=("payment",),
        error_codes=("140", "170"),
        scheduled_from=datetime(2026, 1, 1, tzinfo=UTC),
        scheduled_to=datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC),
        text="Beans",
        ordering="-totalAmount",
    )


@pytest.mark.parametrize("name", sorted(SORT_KEYS))
def test_each_column_with_a_sort_key_can_be_sorted_both_ways(name):
    assert read(f"sort={name}").ordering == name
    assert read(f"sort=-{name}").ordering == f"-{name}"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=LOST", "status"),
        ("attention=worried", "attention"),
        ("retry-type=lunar", "retry-type"),
        ("scheduled-from=soon", "scheduled-from"),
        ("scheduled-from=02/03/2026", "scheduled-from"),
        ("scheduled-to=2026-02-30", "scheduled-to"),
        ("scheduled-from=2026-02-02&scheduled-to=2026-02-01", "scheduled-to"),
        ("sort=password", "sort"),
        ("sort=--status", "sort"),
        ("text=" + "x" * 101, "text"),
    ],
)
def test_a_bad_value_is_an_error_at_its_own_parameter(query, parameter):
    filters = FabricOrderFilterSet(QueryDict(query))

    assert not filters.is_valid()
    assert list(filters.errors_by_parameter()) == [parameter]


def test_the_form_offers_every_status_and_attention_state_and_retry_family():
    fields = FabricOrderFilterSet(QueryDict("")).form.fields

    assert {code for code, _ in fields["status"].choices} == {
        *("SCHEDULED", "SUBMITTED", "SUCCESS", "RETRY", "FAILED", "CANCELED", "SKIPPED"),
    }
    assert {code for code, _ in fields["attention"].choices} == {
        *("will-retry", "overdue", "retrying-now", "retries-exhausted", "failed-no-retry"),
        *("recovered", "canceled-while-retrying"),
    }
    assert {code for code, _ in fields["retry_type"].choices} == {"payment", "inventory", "other"}
