"""What stands in a cell: the same value in every kind of file, and nothing that a spreadsheet would run."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orders.exports.engine.cell_values import csv_cell, csv_cells, unguarded, workbook_cell, workbook_cells
from orders.exports.engine.formats import Csv
from orders.exports.engine.workbook import Sheet, write_workbook
from orders.presentation.columns import FileValue

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# Texts of all kinds, those a spreadsheet might run among them more often than by chance.
TEXTS = st.one_of(
    st.text(st.characters()),
    st.builds("{}{}".format, st.sampled_from([*DANGEROUS, "'", "_x000", "<r>", '"', "\ufeff"]), st.text()),
)


def original(cell: str) -> str:
    return unguarded(cell)


def write(path: Path, sheet: Sheet, *, made_at: datetime | None = None) -> None:
    for _ in write_workbook(path, [sheet], made_at=made_at or datetime.now(UTC)):
        pass


def storable(text: str) -> str:
    """Halves of characters can't be stored; everything else can."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", ""),
        ("0012345678", "0012345678"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("\n=1", "'\n'=1"),
        ("＝1", "'＝1"),
        ("'quoted'", "''quoted'"),
        (-5, "-5"),
        (1_234_567, "1234567"),
        (Decimal("-1234567.80"), "-1234567.80"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0E-7"), "0.0000000"),
        (True, "true"),
        (False, "false"),
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), "2026-01-31T23:59:59Z"),
        (datetime(2026, 1, 31, 23, 59, 59, 120_000, tzinfo=UTC), "2026-01-31T23:59:59.120Z"),
        (datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T23:00:00Z"),
    ],
)
def test_a_value_in_a_csv_file(value, cell):
    assert csv_cell(value) == cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        ("", None),
        ("0012345678", "0012345678"),
        ("=1+1", "'=1+1"),
        (-5, -5),
        (True, True),
        (Decimal("14.50"), 14.5),
        (10**15, "1000000000000000"),
        (Decimal("123456789012345.67"), "123456789012345.67"),
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_a_value_in_a_workbook(value, cell):
    assert workbook_cell(value) == cell
    assert type(workbook_cell(value)) is type(cell)


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so():
    cell = str(workbook_cell("𝄞" * 40_000))

    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith("𝄞 … [cut: a cell holds no more]")


@given(TEXTS)
def test_a_text_never_looks_like_a_formula_and_can_be_had_back(text):
    cell = csv_cell(text)

    assert not cell.startswith(DANGEROUS)
    assert original(cell) == text


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=5))
@example([["a", 'b"', "c"]])
@example([["a", "b,", "\r"]])
@example([["\ud800", "", "\0"]])
@example([["harmless", "a", "b"], ["=1+1", "", "-"], ["harmless too", "c", "'"]])
def test_a_csv_file_gives_every_text_back(table):
    columns = [csv_cells(list(texts)) for texts in zip(*table, strict=True)]
    data = Csv().encode(zip(*columns, strict=True))

    read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert [[original(cell) for cell in row] for row in read] == [
        [storable(text) for text in row] for row in table
    ]
    assert not any(cell.startswith(DANGEROUS) for row in read for cell in row)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), max_size=5))
@example([["", ""]])
@example([["a,b", "c\n"]])
def test_joined_rows_are_what_a_csv_writer_writes(table):
    expected = io.StringIO(newline="")
    csv.writer(expected, lineterminator="\r\n").writerows(table)

    assert Csv().encode(table) == expected.getvalue().encode()


def test_a_row_of_one_empty_cell_is_no_blank_line():
    assert Csv().encode([[""]]) == b'""\r\n'


def cells_of(path: Path) -> list[list[str | None]]:
    """The texts of a workbook's only sheet, as a spreadsheet reads them."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    table = []
    for row in ElementTree.fromstring(xml).iter(f"{name}row"):
        texts: list[str | None] = []
        for cell in row.iter(f"{name}c"):
            assert cell.get("t") == "inlineStr"
            (shown,) = cell.iter(f"{name}t")
            texts.append(re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), shown.text or ""))
        table.append(texts)
    return table


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12))
@example(["<r><f>1</f></r>", "_x0000_x0041_", "_x005F_x0041_", "\ufffe\uffff", "\r\n", " a ", "a\ud800"])
@example(["http://a", "=cmd|' /C calc'!A0", "{=1}", "0042", "123456789012345678"])
@example(["_x0000\x1f", "_x0041_x0000\0"])
def test_a_workbook_gives_every_text_back_and_holds_no_formula(tmp_path, texts):
    path = tmp_path / "file.xlsx"
    filled = [text for text in texts if text]
    made_at = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)

    rows = [[cell] for cell in workbook_cells([*filled])]
    write(path, Sheet("Orders", ["orderId"], rows), made_at=made_at)

    _, *read = cells_of(path)
    assert [original(text or "") for (text,) in read] == [storable(text) for text in filled]
    assert not any((text or "").startswith(DANGEROUS) for (text,) in read)


def test_numbers_and_answers_are_no_texts_in_a_workbook(tmp_path):
    path = tmp_path / "file.xlsx"
    values: list[FileValue] = ["0042", 7, Decimal("1660.68"), True, None, 10**17]

    write(path, Sheet("Orders", ["a"] * 6, [workbook_cells(values)]))

    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    second = re.search(r'<row r="2".*?</row>', xml)
    assert second is not None
    assert re.findall(r'<c r="(\w+)"(?: t="(\w+)")?>(.*?)</c>', second[0]) == [
        ("A2", "inlineStr", "<is><t>0042</t></is>"),
        ("B2", "", "<v>7</v>"),
        ("C2", "", "<v>1660.68</v>"),
        ("D2", "b", "<v>1</v>"),
        ("F2", "inlineStr", f"<is><t>{10**17}</t></is>"),
    ]


def test_a_result_longer_than_a_sheet_goes_on_in_another_one(tmp_path, monkeypatch):
    monkeypatch.setattr("orders.exports.engine.workbook.MOST_ROWS", 3)
    path = tmp_path / "file.xlsx"

    rows = [[f"order {number}"] for number in range(5)]
    write(path, Sheet("Orders", ["orderId"], rows))

    with zipfile.ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        last = archive.read("xl/worksheets/sheet3.xml").decode()
    assert re.findall('<sheet name="(.*?)"', workbook) == ["Orders", "Orders 2", "Orders 3"]
    assert re.findall("<t>(.*?)</t>", last) == ["orderId", "order 4"]
