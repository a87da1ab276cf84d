"""A price list that somebody made to keep the portal busy is read in a short while, or refused."""

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from orders.index import price_files, workbook_rows
from orders.people.account_import.decoding import Unreadable
from tests.pages import Page
from tests.personas import person, signed_in

SHEET = "xl/worksheets/sheet1.xml"
PARTS = {"sheet": SHEET, "texts": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFER = "71104418CA01A12"
HEADING = b"Part Number;Product Family\n" + OFFER.encode() + b";Atelier\n"
# Times as long on a machine whose neighbours are at work.
MOST_SECONDS = 8


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


ROWS = (
    f'<row r="1">{cell("A1", "Part Number")}{cell("B1", "Product Family")}</row>'
    f'<row r="2">{cell("A2", OFFER)}{cell("B2", "Atelier")}</row>'
)


def sheet(more: str = "", *, before: str = "") -> str:
    return f"<worksheet {NAMESPACE}>{before}<sheetData>{ROWS}{more}</sheetData></worksheet>"


def texts(content: str) -> str:
    return f"<sst {NAMESPACE}>{content}</sst>"


def book(**parts: str) -> bytes:
    """A workbook of a spreadsheet's, with these parts in place of its own."""
    usual, data = io.BytesIO(), io.BytesIO()
    Workbook().save(usual)
    given = {SHEET: sheet()} | {PARTS[name]: text for name, text in parts.items()}
    with zipfile.ZipFile(usual) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *given}:
            new.writestr(name, given.get(name) or old.read(name))
    return data.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "says that it is as large as can be": (
        lambda: book(sheet=sheet(before='<dimension ref="A1:XFD1048576"/>')), "",
    ),
    "a row far below": (
        lambda: book(sheet=sheet(f'<row r="999999999">{cell("A999999999", "x")}</row>')), "",
    ),
    "cells far to the right": (
        lambda: book(sheet=sheet(f"<row>{cell('XFD1', 'x')}{cell('CV1', 'x')}</row>" * 50_000)), "",
    ),
    "rows with nothing in them": (lambda: book(sheet=sheet("<row/>" * 500_000)), ""),
    "more cells than anybody has": (
        lambda: book(sheet=sheet(f"<row>{'<c/>' * 500_001}</row>")), "too large",
    ),
    "more texts than anybody has": (lambda: book(texts=texts("<si><t>a</t></si>" * 250_001)), "too large"),
    "one long text, named by all": (
        lambda: book(
            texts=texts(f"<si><t>{'x ' * 2_000_000}</t></si>"),
            sheet=sheet('<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 100_000),
        ),
        "",
    ),
    "more lines than anybody has": (
        lambda: book(sheet=sheet(f"<row>{cell('A1', OFFER)}</row>" * 200_001)), "more than 200,000 lines",
    ),
    "a bomb": (lambda: book(sheet=sheet(" " * 200 * 2**20)), "too large"),
    "styles without an end": (lambda: book(styles="<styleSheet>" + "<xf/>" * 1_000_000), ""),
    "a text of texts": (
        lambda: book(sheet='<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet("&b;")),
        "can't be read",
    ),
    "a number without an end": (
        lambda: book(sheet=sheet(f'<row><c t="s"><v>{"9" * 5000}</v></c></row>')), "",
    ),
    "cut off": (lambda: book(sheet=sheet()[:-20]), "can't be read"),
    "a wide line of CSV": (lambda: HEADING + b";" * (4 * 2**20), ""),
    "empty lines of CSV": (lambda: HEADING + b"\n" * (4 * 2**20), "more than 200,000 lines"),
    "a cell of CSV without an end": (lambda: HEADING + b'"' + b"x" * (4 * 2**20), "can't be read as CSV"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_read_or_refused_in_a_while(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name in {"more cells than anybody has", "more texts than anybody has"}:
        monkeypatch.setattr(workbook_rows, "MOST_ELEMENTS", 500_000)
    make, said = HOSTILE[name]
    content = make()
    assert len(content) < 6 * 2**20
    begun = time.thread_time()

    if said:
        with pytest.raises(Unreadable, match=said):
            price_files.read(content)
    else:
        assert price_files.read(content).products.keys() == {"71104418"}

    assert time.thread_time() - begun < MOST_SECONDS


def test_a_sheet_takes_twice_as_long_when_it_is_twice_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_rows, "MOST_ELEMENTS", 10**9)

    def seconds(rows: int) -> float:
        content = book(sheet=sheet(f"<row>{cell('A1', OFFER)}{cell('CV1', 'x')}</row>" * rows))
        begun = time.thread_time()
        price_files.read(content)
        return time.thread_time() - begun

    assert min(seconds(40_000) for _ in range(3)) < 2.2 * 1.3 * min(seconds(20_000) for _ in range(3))


@pytest.mark.django_db
def test_a_form_takes_as_much_as_it_says_and_says_what_a_command_takes() -> None:
    boss = signed_in(person("ines", "administrator"))
    said = Page(boss.get("/products/")).main.text
    sent = SimpleUploadedFile("prices.csv", HEADING + b"\n" * (5 * 2**20))
    refused = Page(boss.post("/products/", {"file": sent}))

    assert "At most 5 MB; up to 40 MB whoever runs the portal reads in" in said
    assert refused.status == 400
    assert refused.root.one(id="price-list-error").text == "The file is larger than 5 MB."
