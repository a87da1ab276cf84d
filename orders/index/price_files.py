"""A partner's monthly price list, as its portal hands it out: CSV or a workbook. Prices are passed over.

Separators and encodings vary, and blank lines stand on top; the heading is the first line that names both
columns that are needed. Which columns there are: https://developer.adobe.com/vipmp/docs/manage-pricing/
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext
from openpyxl import load_workbook

from orders.domain.offers import is_offer_id, product_of, segment_of
from orders.index.products import ListedProduct, PriceList
from orders.people.account_import.decoding import USUAL_CODE_PAGE, Unreadable, decode

MOST_BYTES = 40 * 2**20
_MOST_UNPACKED = 400 * 2**20
_OFFER, _FAMILY = "part number", "product family"
_DETAIL, _LANGUAGE, _SEGMENT = "additional detail", "language", ("market segment", "segment")
_NO_LANGUAGE = frozenset({"", "multiple languages", "all languages", "universal english"})
_SEPARATORS = ";,\t|"
_HEADING_WITHIN = 100  # lines

Row = Sequence[str]


def read(content: bytes) -> PriceList:
    """Raises `Unreadable`, with what is wrong, for a file that is no price list."""
    if len(content) > MOST_BYTES:
        raise Unreadable(gettext("The file is larger than %(value)s MB.") % {"value": MOST_BYTES // 2**20})
    if content.startswith(b"PK\x03\x04"):
        return _listed(_of_workbook(content))
    text = decode(content, USUAL_CODE_PAGE, most_bytes=MOST_BYTES).text
    return _listed(_of_text(text))


def full_name(family: str, detail: str = "", language: str = "") -> str:
    """A name as people say it: the family, what of it, and the language where there is one of its own."""
    parts = [" ".join(each.split()) for each in (family, detail, language)]
    if parts[2].casefold() in _NO_LANGUAGE:
        parts.pop()
    if len(parts) > 1 and parts[1].casefold() in parts[0].casefold():
        parts.pop(1)
    return " ".join(filter(None, parts))


def _listed(rows: Iterable[Row]) -> PriceList:
    places, lines = _heading(iter(rows))
    products: dict[str, ListedProduct] = {}
    offers: set[str] = set()
    skipped = 0

    def cell(row: Row, name: str) -> str:
        place = places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    for row in lines:
        offer, family = cell(row, _OFFER), cell(row, _FAMILY)
        if not any(each.strip() for each in row):
            continue
        if not is_offer_id(offer) or not family:
            skipped += 1
            continue
        offers.add(offer)
        given = next(filter(None, (cell(row, each) for each in _SEGMENT)), "")
        name = full_name(family, cell(row, _DETAIL), cell(row, _LANGUAGE))
        products.setdefault(product_of(offer), ListedProduct(name, segment_of(offer) or given[:3].upper()))
    if not products:
        raise Unreadable(gettext("The file names no offer."))
    return PriceList(products, offers, skipped)


def _heading(rows: Iterator[Row]) -> tuple[dict[str, int], Iterator[Row]]:
    """Where each column stands, and the lines below."""
    for _, row in zip(range(_HEADING_WITHIN), rows, strict=False):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            places.setdefault(" ".join(cell.replace("_", " ").casefold().split()), place)
        if _OFFER in places and _FAMILY in places:
            return places, rows
    raise Unreadable(gettext("No line names the columns “Part Number” and “Product Family”."))


def _of_text(text: str) -> Iterator[Row]:
    """Whichever separator parts the heading into most cells is the file's."""
    heading = next((line for line in text.splitlines()[:_HEADING_WITHIN] if _OFFER in line.casefold()), "")
    separator = max(_SEPARATORS, key=heading.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise Unreadable(gettext("This can't be read as CSV: %(error)s.") % {"error": error}) from None


def _of_workbook(content: bytes) -> Iterator[Row]:
    """The first sheet that has the heading; a cell's own type doesn't matter."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED:
                raise Unreadable(gettext("The workbook is too large once it is unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Unreadable:
        raise
    except Exception:  # whatever a damaged workbook makes the library raise
        raise Unreadable(gettext("This can't be read as a workbook.")) from None
    for sheet in book.worksheets:
        top = list(_cells(sheet.iter_rows(max_row=_HEADING_WITHIN, values_only=True)))
        if any(_OFFER in (each.strip().casefold() for each in row) for row in top):
            yield from _cells(sheet.iter_rows(values_only=True))
            return


def _cells(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    for row in rows:
        yield ["" if value is None else str(value) for value in row]
