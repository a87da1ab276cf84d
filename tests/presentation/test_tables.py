"""django-tables2 over one page of an upstream: columns, headings and paging are its own, rows are ours."""

from typing import Any

import msgspec
import pytest

from orders.domain.exchanges import Exchange
from orders.domain.results import LineRow, ResultPage
from orders.presentation.tables import LineTable, OrderTable
from tests.pages import parse
from tests.presentation.rows import NOW, full_line, full_row

COLUMNS = ("orderId", "status", "lineItemCount")


def page(rows, **changes):
    given: dict[str, Any] = {
        "total_count": len(rows),
        "offset": 0,
        "limit": 25,
        "has_next": False,
        "exchange": Exchange(source="adobe", method="GET", path="/"),
        "fetched_at": NOW,
    }
    return ResultPage(rows=tuple(rows), **(given | changes))


def ids_in(body):
    return [row["data-order-id"] for row in parse(f"<table>{body}</table>").all("tr")]


def test_one_row_for_each_order_in_the_order_given():
    rows = [full_row(order_id=order_id) for order_id in ("3", "1", "2")]

    assert ids_in(OrderTable.for_page(page(rows), COLUMNS).body) == ["3", "1", "2"]


def test_the_columns_are_those_asked_for_with_their_headings():
    table = OrderTable.for_page(page([full_row()]), COLUMNS)

    assert [column.name for column in table.columns] == list(COLUMNS)
    assert [str(column.header) for column in table.columns] == ["Order", "Status", "Lines"]
    assert len(parse(f"<table>{table.body}</table>").all("td")) == 3


def test_only_the_page_that_was_fetched_is_ever_shown():
    rows = [full_row(order_id=str(number)) for number in range(10)]
    table = OrderTable.for_page(page(rows, total_count=312, offset=300, limit=25), COLUMNS)

    assert len(ids_in(table.body)) == 10
    assert table.paginator.count == 312
    assert table.page.number == 13
    assert (table.page.start_index(), table.page.end_index()) == (301, 310)
    assert table.page.has_previous()
    assert not table.page.has_next()


def test_nothing_can_be_sorted_unless_the_whole_list_is_here():
    row = [full_row()]

    assert not any(column.orderable for column in OrderTable.for_page(page(row), COLUMNS).columns)
    whole = OrderTable.for_page(page(row, ordering="-orderId"), COLUMNS, sortable=True)
    assert [column.orderable for column in whole.columns] == [True, True, True]


def test_rows_are_never_put_into_another_order_here():
    table = OrderTable.for_page(page([full_row()], ordering="-orderId"), COLUMNS, sortable=True)

    with pytest.raises(ValueError, match="order the service gave"):
        table.data.order_by(["status"])


def test_links_carry_the_lists_own_query():
    table = OrderTable.for_page(page([full_row()]), COLUMNS, trail='status=1&status=2&x="><script>')
    link = parse(f"<table>{table.body}</table>").all("a")[0]

    assert link["href"] == (
        '/adobe/customers/1000000137/orders/0078901234/?status=1&status=2&x="><script>&at=1&of=1'
    )


@pytest.mark.parametrize("order_id", ["", "..", "a/b", "a?b", '"><script>'])
def test_an_id_that_fits_no_address_gets_no_link(order_id):
    table = OrderTable.for_page(page([full_row(order_id=order_id, reference_order_id="")]), COLUMNS)
    row = parse(f"<table>{table.body}</table>").one("tr")

    assert row.all("a") == []
    assert row["data-order-id"] == order_id


def test_an_empty_page_has_an_empty_body():
    assert OrderTable.for_page(page([]), COLUMNS).body == ""


def test_lines_are_named_by_their_number_or_their_own_id():
    numbered, named = full_line(), msgspec.structs.replace(full_line(), number="", line_id="abc")
    rows = [LineRow(parent=full_row(), line=line) for line in (numbered, named)]

    table = LineTable.for_lines(rows, ("extLineItemNumber", "quantity"))

    assert [row["data-line"] for row in parse(f"<table>{table.body}</table>").all("tr")] == ["1", "abc"]
