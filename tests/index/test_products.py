"""What offers are called: read from price lists in whatever form partners get them, prices passed over."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from orders.index import price_files, products
from orders.index.product_models import Product, ProductOffer
from orders.people.account_import.decoding import Unreadable
from orders.sandbox.adobe import price_list
from orders.services.product_jobs import ask_for_names
from tests.index.seen import adobe_line, adobe_order, see

pytestmark = pytest.mark.django_db

ROWS = [
    ["Part Number", "Product Family", "Additional Detail", "Language", "Level Detail", "Partner Price"],
    ["71104418CA01A12", "Atelier für Teams", "All Apps", "Multiple Languages", "Level 1 1 - 9", "310.20"],
    ["71104418CA02A12", "Atelier für Teams", "All Apps", "Multiple Languages", "Level 2 10 - 49", "290"],
    ["71204418CB01A12", "Sketch, with comma", "", "French", "", "12,50"],
    ["", "", "", "", "", ""],
    ["sum", "", "", "", "", "999"],
]


def text(separator, rows=ROWS):
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    return "\r\n\r\n" + "".join(separator.join(row) + "\r\n" for row in quoted)


def workbook():
    book = Workbook()
    book.active.append(["Read me first"])
    sheet = book.create_sheet("Prices")
    sheet.append([])
    for row in ROWS:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        text(";").encode(),
        text(",").encode("utf-8-sig"),
        text("\t").encode("utf-16"),
        text(";").encode("cp1252"),
        workbook(),
    ],
    ids=["semicolons", "byte-order mark", "utf-16", "windows", "workbook"],
)
def test_a_price_list_is_read_in_whatever_form_it_comes(content):
    listed = price_files.read(content)

    assert listed.products == {
        "71104418": ("Atelier für Teams All Apps", "COM"),
        "71204418": ("Sketch, with comma French", "EDU"),
    }
    assert listed.offers == {"71104418CA01A12", "71104418CA02A12", "71204418CB01A12"}
    assert listed.skipped == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\r\n1,2\r\n", "No line names the columns"),
        (b"Part Number;Product Family\r\n", "The file names no offer."),
        (b"PK\x03\x04 and nothing else", "This can't be read as a workbook."),
        (b"\xff\xfe\x00", "is damaged"),
    ],
)
def test_what_is_no_price_list_says_so(content, said):
    with pytest.raises(Unreadable, match=said):
        price_files.read(content)


def test_no_price_is_kept_and_names_are_for_good(tmp_path):
    file = tmp_path / "prices.csv"
    file.write_bytes(text(";").encode())
    call_command("import_price_list", file, "--month", "202609")
    renamed = [[*ROWS[0]], ["71104418CA04A12", "Atelier Pro", "", "", "", "7.77"]]
    file.write_bytes(text(",", renamed).encode())
    call_command("import_price_list", file, "--month", "202611")
    older = [[*ROWS[0]], ["71104418CA13A12", "Atelier alt", "", "", "", "1"]]
    file.write_bytes(text(",", older).encode())
    call_command("import_price_list", file, "--month", "202501")

    told = Product.objects.order_by("prefix").values_list("prefix", "name", "first_month", "last_month")
    assert list(told) == [
        ("71104418", "Atelier Pro", 202501, 202611),
        ("71204418", "Sketch, with comma French", 202609, 202609),
    ]
    kept = [*Product.objects.values_list(), *ProductOffer.objects.values_list()]
    assert not any(price in str(kept) for price in ("310", "290", "7.77", "12,50"))
    assert products.names()["71104418"] == "Atelier Pro"


def test_a_command_says_what_is_wrong_with_a_file(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_price_list", tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match="like 202611"):
        call_command("import_price_list", tmp_path, "--month", "202613")


def test_offers_are_those_of_lists_and_of_orders():
    products.keep(price_files.read(price_list.as_file().encode()), 202611)
    met = ("71415590CA02X12", "71415590CA01A12", "71415591CA01A12")
    see(adobe_order(lines=tuple(adobe_line(offer_id=each) for each in met)))

    assert products.offers_of(["71415590"]) == [
        "71415590CA01A12", "71415590CA02A12", "71415590CA02X12", "71415590CA03A12", "71415590CA04A12",
    ]  # fmt: skip


def test_the_upstreams_own_list_is_asked_once_a_month_for_names_alone(settings, upstreams):
    settings.PRICE_LIST = {"region": "NA", "currency": "USD", "segments": "COM EDU"}

    ask_for_names.func()
    first = [(each.method, each.path) for each in upstreams.requests]
    ask_for_names.func()

    assert first == [("POST", "/v3/pricelist")] * 2
    assert len(upstreams.requests) == 2
    assert products.names()["71104418"] == "Sketch Suite for teams All Apps"
    assert products.names()["72203377"] == "Paper Press Pro for schools"
    assert ".20" not in str([*Product.objects.values_list(), *ProductOffer.objects.values_list()])


def test_a_list_that_can_t_be_had_is_asked_again_and_nobody_asks_unless_told_to(settings, upstreams):
    ask_for_names.func()
    assert upstreams.requests == []

    settings.PRICE_LIST = {"region": "NA", "currency": "USD", "segments": "COM"}
    upstreams.script("adobe", [503, 503, 503])
    ask_for_names.func()
    assert Product.objects.count() == 0
    ask_for_names.func()
    assert Product.objects.exists()
