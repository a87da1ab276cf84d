"""Walking a result order by order: an order's address says its place, and the list's leads to another.

Nothing is asked before a reader walks on. Then the list is asked for the one order at that place, and its
page is led to; where none can be read there, the list itself is shown.
"""

from typing import NamedTuple

from django.http import QueryDict

from orders.domain.queries import PageRequest
from orders.domain.results import ResultPage
from orders.presentation.filtersets.base import MAX_PAGE_SIZE
from orders.presentation.filtersets.parameters import AT, OF, TO
from orders.presentation.formatters import order_address
from orders.views.shared.given import number_in
from orders.views.shared.query_strings import with_changes


class Walk(NamedTuple):
    """Place `at` of `of`, counted from 1; an address is empty where the result ends."""

    at: int
    of: int
    previous_address: str
    next_address: str


def walk_of(query: QueryDict, orders_address: str) -> Walk | None:
    """Where the order stands in the result it was opened from; None where the address doesn't say it."""
    at, of = _number(query.get(AT, "")), _number(query.get(OF, ""))
    if not 1 <= at <= of:
        return None

    def address(place: int) -> str:
        changes = {AT: None, OF: None, TO: place}
        return orders_address + with_changes(query, changes) if 1 <= place <= of else ""

    return Walk(at, of, address(at - 1), address(at + 1))


def list_query(query: QueryDict, default_limit: int) -> str:
    """`?…` of the list's page on which the order stands, however far one has walked from where one began."""
    at = _number(query.get(AT, ""))
    if not at:
        return with_changes(query, {AT: None, OF: None})
    offset = _number(query.get("offset", ""))
    limit = min(_number(query.get("limit", "")) or default_limit, MAX_PAGE_SIZE)
    away = (at - 1 - offset) // limit * limit
    return with_changes(query, {AT: None, OF: None, "offset": max(0, offset + away) or None})


def wanted_place(query: QueryDict) -> int:
    """The place that a reader walks on to; 0 for none."""
    return _number(query.get(TO, ""))


def page_of_place(place: int) -> PageRequest:
    return PageRequest(place - 1, 1)


def address_of_place(
    query: QueryDict, orders_address: str, page: ResultPage, place: int, default_limit: int
) -> str:
    """The page of the order that stands at a place; the list around it where there is none to be read."""
    found = page.rows[0] if page.rows else None
    address = order_address(found.source, found.customer_id, found.order.order_id) if found else ""
    if address:
        return address + with_changes(query, {TO: None, AT: place, OF: max(place, page.total_count or 0)})
    around = query.copy()
    around[AT] = str(place)
    around.pop(TO, None)
    return orders_address + list_query(around, default_limit)


def _number(text: str) -> int:
    """A positive number as we write them; 0 for anything else."""
    return number_in(text) or 0
