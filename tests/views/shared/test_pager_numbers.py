"""Where a reader is in a list of our own, in numbers as their language writes them."""

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import translation

from orders.views.shared.pager import numbered_pager, offset_pager


@pytest.mark.parametrize(
    ("language", "by_offset", "by_number"),
    [
        ("en", "Showing 1,201–1,300 of 12,345", "Showing 1,101–1,200 of 12,345"),
        ("de", "1.201–1.300 von 12.345", "1.101–1.200 von 12.345"),
    ],
)
def test_pagers_group_the_digits_of_their_numbers(language: str, by_offset: str, by_number: str) -> None:
    with translation.override(language):
        offset = offset_pager(QueryDict(), 1_200, 100, shown=100, total=12_345)
        number = numbered_pager(Paginator(range(12_345), 100).page(12), QueryDict())

    assert (offset.position, number.position) == (by_offset, by_number)
