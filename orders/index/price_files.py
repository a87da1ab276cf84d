"""A partner's monthly price list, as its portal hands it out: CSV or a workbook. Prices are passed over.

Separators and encodings vary, and blank lines stand on top; the heading is the first line that names both
columns that are needed. Which columns there are: https://developer.adobe.com/vipmp/docs/manage-pricing/
"""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext

from orders.domain.offers import is_offer_id, product_of, segment_of
from orders.index.products import ListedProduct, PriceList
from orders.index.workbook_rows import LONGEST_CELL, MOST_COLUMNS, Damaged, Row, TooLarge, Workbook
from orders.people.account_import.decoding import USUAL_CODE_PAGE, Unreadable, decode

MOST_BYTES = 40 * 2**20
_MOST_LINES = 200_000
_OFFER, _FAMILY = "part number", "product family"
_DETAIL, _LANGUAGE, _SEGMENT = "additional detail", "language", ("market segment", "segment")
_NO_LANGUAGE = frozenset({"", "multiple languages", "all languages", "universal english"})
_SEPARATORS = ";,\t|"
_HEADING_WITHIN = 100  # lines


def read(content: bytes, *, most_bytes: int = MOST_BYTES) -> PriceList:
    """Raises `Unreadable`, with what is wrong, for a file that is no price list.

    Takes time that grows with the file and no faster: rows, columns and cells are counted as they come, and
    what a workbook claims of itself is not believed.
    """
    if len(content) > most_bytes:
        raise Unreadable(gettext("The file is larger than %(value)s MB.") % {"value": most_bytes // 2**20})
    if content.startswith(b"PK\x03\x04"):
        return _listed(_of_workbook(content))
    text = decode(content, USUAL_CODE_PAGE, most_bytes=most_bytes).text
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
        return row[place][:LONGEST_CELL].strip() if place is not None and place < len(row) else ""

    for number, row in enumerate(lines, 1):
        if number > _MOST_LINES:
            raise Unreadable(
                gettext("The file has more than %(most)s lines.")
                % {"most": number_format(_MOST_LINES, force_grouping=True)}
            )
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
        for place, cell in enumerate(row[:MOST_COLUMNS]):
            name = cell[:LONGEST_CELL].replace("_", " ").casefold()
            places.setdefault(" ".join(name.split()), place)
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
        for rows in Workbook(content).sheets():
            top = [list(row) for _, row in zip(range(_HEADING_WITHIN), rows, strict=False)]
            if any(_OFFER in (each.strip().casefold() for each in row) for row in top):
                yield from top
                yield from rows
                return
    except TooLarge:
        raise Unreadable(gettext("The workbook is too large once it is unpacked.")) from None
    except Damaged:
        raise Unreadable(gettext("This can't be read as a workbook.")) from None
