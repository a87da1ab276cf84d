"""Every column, for a full record: drawn on a page, told in a file, and safe."""

import re
from datetime import datetime
from decimal import Decimal

import pytest
from django.utils.html import conditional_escape

from orders import services
from orders.domain.orders import Line, Order
from orders.domain.results import LineRow, OrderRow
from orders.domain.selection import SORT_KEYS
from orders.presentation import formatters
from orders.presentation.columns import LINE_COLUMNS, ORDER_COLUMNS
from orders.presentation.columns.base import registry
from tests.pages import parse
from tests.presentation.rows import full_line_row, full_row

HOSTILE = "<script>alert('x')</script>\"&<b>"
ALL = [
    *(pytest.param(column, full_row, id=f"order-{name}") for name, column in ORDER_COLUMNS.items()),
    *(pytest.param(column, full_line_row, id=f"line-{name}") for name, column in LINE_COLUMNS.items()),
]
# The names and the order that files promise; more may follow.
ADOBE_FILE = [
    *("customerId", "orderId", "externalReferenceId", "orderType", "referenceOrderId", "status"),
    *("statusMeaning", "currencyCode", "creationDate", "lineItemCount", "totalQuantity"),
    *("promotionCodes", "promotionResults"),
]
FABRIC_FILE = [
    *("customerId", "orderId", "status", "attention", "scheduledDate", "nextAttempt"),
    *("nextAttemptIsEstimated", "retryType", "retryCount", "maxRetries", "retryAfterDays", "errorCode"),
    *("errorMessage", "currencyCode", "totalAmount", "totalTax", "totalDiscount", "createdAt", "updatedAt"),
    *("statusUpdatedAt", "isDeleted", "lineItemCount"),
]


@pytest.mark.parametrize(("column", "make"), ALL)
def test_no_cell_of_a_full_record_is_blank(column, make):
    drawn = column.draw(make())

    assert formatters.is_filled(drawn)
    assert parse(f"<td>{conditional_escape(drawn)}</td>").text


@pytest.mark.parametrize(("column", "make"), ALL)
def test_a_file_gets_a_plain_value_and_never_markup(column, make):
    value = column.value(make())

    assert isinstance(value, str | int | Decimal | datetime | bool)
    assert value != ""
    assert "<" not in str(value)


@pytest.mark.parametrize(("column", "make"), ALL)
def test_hostile_text_is_escaped_in_every_cell(column, make):
    drawn = conditional_escape(column.draw(make(HOSTILE)))
    cell = parse(f"<td>{drawn}</td>").one("td")

    assert "<script" not in drawn
    assert "<b>" not in drawn
    assert cell.all("script") == cell.all("b") == []
    for element in cell:
        assert not [name for name in element.attributes if name.startswith("on")]


@pytest.mark.parametrize(("column", "make"), ALL)
def test_every_column_explains_itself(column, make):
    assert column.heading_text
    assert column.source_field
    assert re.fullmatch(r"[A-Z].*[.…]", column.meaning_text)


@pytest.mark.parametrize("column", ORDER_COLUMNS.values(), ids=lambda column: column.name)
def test_an_order_of_which_nothing_is_known_but_its_id_draws_in_every_column(column):
    bare = full_row()
    bare = OrderRow(
        source="adobe",
        customer_id="C",
        order=Order(order_id="1"),
        retry_status=type(bare.retry_status)(),
    )

    assert "None" not in str(column.draw(bare))
    assert "None" not in str(formatters.plain(column.value(bare)))


@pytest.mark.parametrize("column", LINE_COLUMNS.values(), ids=lambda column: column.name)
def test_a_line_of_which_nothing_is_known_draws_in_every_column(column):
    bare = LineRow(parent=full_row(), line=Line())

    assert "None" not in str(column.draw(bare))
    assert "None" not in str(formatters.plain(column.value(bare)))


@pytest.mark.parametrize("description", services.sources(), ids=lambda description: description.name)
def test_the_columns_of_every_upstream_are_registered(description):
    assert set(description.columns) <= set(ORDER_COLUMNS)
    assert set(description.line_columns) <= set(LINE_COLUMNS)
    assert description.columns[0] == "orderId"


def test_whatever_can_be_sorted_is_a_column():
    assert set(SORT_KEYS) <= set(ORDER_COLUMNS)


def test_each_name_is_its_own():
    for columns in (ORDER_COLUMNS, LINE_COLUMNS):
        assert list(columns) == [column.name for column in columns.values()]


@pytest.mark.parametrize("names", [ADOBE_FILE, FABRIC_FILE], ids=["adobe", "fabric"])
def test_every_column_that_the_order_files_promise_is_registered(names):
    assert set(names) <= set(ORDER_COLUMNS)


def test_adobes_columns_stand_in_the_order_that_its_file_promises():
    assert list(ORDER_COLUMNS)[: len(ADOBE_FILE)] == ADOBE_FILE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("orderId", "0078901234"),
        ("externalReferenceId", "202405160317448899"),
        ("orderType", "SWITCH"),
        ("status", "RETRY"),
        ("statusMeaning", "Retrying"),
        ("lineItemCount", 1),
        ("totalQuantity", 1250),
        ("promotionCodes", "AUTUMN"),
        ("promotionResults", "FAILURE"),
        ("attention", "Will retry"),
        ("nextAttemptIsEstimated", False),
        ("totalAmount", Decimal("30.00")),
        ("isDeleted", False),
    ],
)
def test_values_are_exact_and_typed(name, value):
    assert ORDER_COLUMNS[name].value(full_row()) == value


def test_amounts_keep_every_digit():
    assert formatters.amount(Decimal("1234567.068")) == "1,234,567.068"
    assert "85.068" in str(LINE_COLUMNS["linePrices"].draw(full_line_row()))


def test_no_column_is_declared_twice():
    column = ORDER_COLUMNS["orderId"]

    with pytest.raises(ValueError, match="the column orderId is declared twice"):
        registry([column, ORDER_COLUMNS["status"], column])
