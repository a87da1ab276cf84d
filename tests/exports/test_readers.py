"""Files as others read them: spreadsheets that split at semicolons, pandas, openpyxl; no formula anywhere."""

import csv
import io
import re
import time
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orders.exports.engine.cell_values import csv_cells, unguarded
from orders.exports.engine.formats import FORMATS, format_of
from orders.sandbox import customers
from tests.exports.results import CUSTOMER, EVERYTHING, export_now, order, read

HOSTILE = st.text(st.sampled_from("=+-@;,\t\r\n\"' a1\u00a0\u200b\ufeff＝()"), max_size=12)
# What programs skip before they look for a sign.
SKIPPED = re.compile('^[\\s\0"\u00ad\u200b-\u200f\u2060\ufeff]+')
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CSV_FORMATS = [each for each in FORMATS if each.name == "csv"]


@settings(max_examples=300)
@given(
    st.lists(st.lists(HOSTILE, min_size=3, max_size=3), min_size=1, max_size=3), st.sampled_from(CSV_FORMATS)
)
@example([['a;=HYPERLINK("x";"y")', "x\t=1+1", 'a;"=1']], CSV_FORMATS[0])
@example([["a,=1+1", "b\n=1", " =1"]], CSV_FORMATS[2])
@example([["a;", "=1", ";"]], CSV_FORMATS[0])
def test_no_reader_sees_a_formula_whichever_way_it_splits(table, file_format):
    columns = [csv_cells(list(texts)) for texts in zip(*table, strict=True)]
    text = file_format.encode(list(zip(*columns, strict=True))).decode()

    for separator in (";", "\t", ","):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert [cell for cell in row if SKIPPED.sub("", cell).startswith(SIGNS)] == []
    for line in re.split("[\r\n]+", text):
        for part in re.split("[;,\t]", line):  # one that knows no quotes at all
            assert not SKIPPED.sub("", part).startswith(SIGNS)


@settings(max_examples=300)
@given(HOSTILE, st.text())
def test_a_guarded_text_can_be_had_back(hostile, text):
    for each in (hostile, text):
        (cell,) = csv_cells([each])
        assert unguarded(str(cell)) == each


@pytest.mark.parametrize("text", ["Acme, Inc.", "a; b", "x\ty", "12.05", "PO-1;PO-2", "A&B", "1/2", ""])
def test_a_harmless_text_is_left_as_it_is(text):
    assert csv_cells([text, "other"]) == [text, "other"]


@pytest.mark.parametrize("text", [";\t", "; ", '"', " ", "\t", ';"', "-;", "\u200b"])
@pytest.mark.timeout(20)
def test_no_text_takes_long_however_it_repeats_itself(text):
    started = time.process_time()

    csv_cells([text * 200_000, text * 200_000])

    assert time.process_time() - started < 5


@pytest.mark.django_db
@pytest.mark.parametrize(("dialect", "separator"), [("", ","), ("excel", ","), ("excel-semicolon", ";")])
def test_each_dialect_splits_as_it_says_and_holds_the_same(upstreams, dialect, separator):
    wanted = {"customer_id": customers.ADOBE_LARGE, "query": EVERYTHING}
    plain = read(export_now(**wanted)).decode()
    data = read(export_now(**wanted, dialect=dialect))

    assert data.startswith(b"\xef\xbb\xbf") == bool(dialect)
    found = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))
    assert found == list(csv.reader(io.StringIO(plain, newline="")))
    assert found[0][:2] == ["customerId", "orderId"]


def workbook(**wanted: Any) -> bytes:
    return read(export_now(format="xlsx", **wanted))


@pytest.mark.django_db
def test_a_workbook_has_dates_widths_a_filter_and_a_sheet_about_itself(upstreams):
    data = workbook(customer_id=customers.ADOBE_LARGE, query=f"{EVERYTHING}&status=1000")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Orders"]
    names = [cell.value for cell in sheet[1]]
    first = dict(zip(names, sheet[2], strict=True))

    assert book.sheetnames == ["Orders", "About this file"]
    assert first["creationDate"].is_date
    assert isinstance(first["creationDate"].value, datetime)
    assert first["orderId"].data_type == "s" or first["orderId"].data_type == "inlineStr"
    assert first["totalQuantity"].data_type == "n"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(names)).column_letter}{sheet.max_row}"
    widths = {name: sheet.column_dimensions[cell.column_letter].width for name, cell in first.items()}
    assert widths["creationDate"] >= 19
    assert widths["orderId"] >= len(str(first["orderId"].value))
    assert max(widths.values()) <= 61
    about = {row[0].value: row[1].value for row in book["About this file"].iter_rows()}
    assert about["Customer"] == customers.ADOBE_LARGE
    assert about["Filters"] == "start-date=2000-01-01\nstatus=1000"
    assert about["Orders"] == f"{sheet.max_row - 1:,}"
    assert about["Complete"] == "yes"


@pytest.mark.django_db
def test_pandas_reads_a_workbook_and_a_csv_file_to_the_same_table(upstreams):
    wanted = {"customer_id": customers.ADOBE_LARGE, "query": EVERYTHING}
    texts = {"orderId": str, "customerId": str, "status": str, "externalReferenceId": str}
    sheet = pandas.read_excel(io.BytesIO(workbook(**wanted)), dtype=texts)
    table = pandas.read_csv(io.BytesIO(read(export_now(**wanted))), dtype=texts)

    assert list(sheet.columns) == list(table.columns)
    assert list(sheet["orderId"]) == list(table["orderId"])
    assert sheet["orderId"].str.startswith("00").any()
    assert sheet["totalQuantity"].sum() == table["totalQuantity"].sum()
    assert list(sheet["creationDate"].dt.tz_localize(UTC)) == list(pandas.to_datetime(table["creationDate"]))


@pytest.mark.django_db
def test_a_workbook_holds_no_formula_whatever_the_texts(upstreams):
    upstreams.forget_added_orders()
    texts = ["=1+1", "a;=1", "\t=1", "@SUM(A1)", " =1", "\u200b=1"]
    upstreams.add_adobe_orders(
        CUSTOMER, [order(number, externalReferenceId=text) for number, text in enumerate(texts)]
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook()))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    found = [row[2].value for row in book["Orders"].iter_rows(min_row=2)]
    assert [unguarded(cell) for cell in found] == texts


def test_there_is_one_list_of_formats():
    assert [(each.name, each.dialect) for each in FORMATS] == [
        ("csv", ""),
        ("csv", "excel"),
        ("csv", "excel-semicolon"),
        ("xlsx", ""),
    ]
    with pytest.raises(KeyError):
        format_of("xlsx", "excel")
