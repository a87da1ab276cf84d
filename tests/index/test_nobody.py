"""Whoever has no customers asks the index about none: PostgreSQL can't compare nothing with a text."""

from typing import Any

import pytest

from orders.index import attention

pytestmark = pytest.mark.django_db


def test_of_no_customers_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert attention.keys_of([]) == {}
