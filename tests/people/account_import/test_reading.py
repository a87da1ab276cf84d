"""Whatever form a spreadsheet gives a file, its lines say the same, or say why they can't be read."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.people.account_import import Unreadable, decode, read
from orders.people.account_import.reading import COLUMNS, Line
from tests.people.account_import.files import HEADING, plan_of, states, texts

ROWS = [["Grün, “Ü” & Söhne", "7", "adobe", "C2", "milo"], ["Zwei", "", "", "", ""]]
LINES = tuple(
    Line(number=number, **dict(zip(COLUMNS, row, strict=True))) for number, row in enumerate(ROWS, start=2)
)


def written(separator: str = ",", line_end: str = "\r\n", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(
        [COLUMNS, *ROWS]
    )
    return file.getvalue()


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_the_form_of_a_file_changes_nothing(encoding: str, separator: str, line_end: str) -> None:
    content = written(separator, line_end).encode(encoding)

    assert read(decode(content).text).lines == LINES


@pytest.mark.parametrize(
    ("around", "first_line"),
    [("{}\x1a", 2), ("{}\r\n\x1a\x1a", 2), ("\ufeff{}", 2), ("{}\r\n\r\n", 2), ("\r\n{}", 3)],
    ids=[
        "Ctrl-Z",
        "Ctrl-Z on lines of its own",
        "a second mark",
        "blank lines behind",
        "a blank line before",
    ],
)
def test_what_programs_put_around_a_file_is_not_read(around: str, first_line: int) -> None:
    lines = read(around.format(written())).lines

    assert [line.number for line in lines] == [first_line, first_line + 1]
    assert [line.account for line in lines] == [line.account for line in LINES]


@pytest.mark.parametrize("named", ["sep={}", "SEP={}", '"sep={}"'])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "^"])
def test_excels_line_names_the_separator_and_counts_as_a_line(named: str, separator: str) -> None:
    contents = read(named.format(separator) + "\r\n" + written(separator))

    assert [(line.number, line.account) for line in contents.lines] == [(3, ROWS[0][0]), (4, "Zwei")]


def test_a_named_separator_that_the_heading_does_not_have_is_refused() -> None:
    with pytest.raises(Unreadable, match="must name the columns"):
        read("sep=;\r\n" + written(","))


def test_a_code_page_that_nobody_named_is_said_and_another_can_be_chosen() -> None:
    content = (HEADING + "Żółw,,,,\n").encode("cp1250")

    assert decode(content).code_page == "cp1252"
    assert decode(content, "cp1250").code_page == "cp1250"
    assert read(decode(content, "cp1250").text).lines[0].account == "Żółw"
    assert decode((HEADING + "Żółw,,,,\n").encode(), "cp1250").code_page == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xff\xfea", "Line 1 is damaged"),
        (b"\xff\xfe" + (HEADING + "A\n").encode("utf-16-le") + b"\x00\xd8x\x00", "Line 3 is damaged"),
        (b"\xef\xbb\xbf" + HEADING.encode() + b"Gr\xfcn,,,,\n", "Line 2 is damaged"),
        (b"account,account,reseller_id,source,customer_id,manager\nA,B,,,,\n", "more than once: account"),
        (
            b"account,reseller_id,source,customer_id,manager,Customer ID\nA,,,,,7\n",
            "more than once: customer_id",
        ),
        (b"Accounts of 2026,,,,\n" + HEADING.encode() + b"A,,,,\n", "must name the columns"),
        (b'"account,reseller_id,source,customer_id,manager\nA,,,,\n', "must name the columns"),
        (HEADING.encode() + b",,,,\n \n\xc2\xa0,\xe2\x80\x8b,,,\n", "no lines below its heading"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(decode(content).text)


def test_headings_are_read_whatever_their_capitals_blanks_and_order() -> None:
    heading = "Manager\t Customer ID \tsource\tReseller-ID\tnotes\tACCOUNT\t\n"
    contents = read(heading + "milo\tC2\tadobe\t7\tx\tA\t\n")

    assert contents.lines == (
        Line(number=2, account="A", reseller_id="7", source="adobe", customer_id="C2", manager="milo"),
    )
    assert contents.ignored == ("notes",)


def test_blank_lines_are_counted() -> None:
    contents = read(HEADING + "A,,,,\n\n,,,,\n \t\n\u00a0,,,,\nB,,,,\n")

    assert ([line.number for line in contents.lines], contents.blank) == ([2, 7], 4)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "Acme, Inc.,R1,adobe,C1,milo",
            "There are 6 cells, and 5 headings. A cell that holds the separator itself",
        ),
        ("A,R1,adobe,C1,milo,", "There are 6 cells, and 5 headings."),
        ("A,R1,adobe,C1", "There are 4 cells, and 5 headings. Write the separators of blank cells too."),
        ("A", "There is 1 cell, and 5 headings."),
        ("A;R1;adobe;C1;milo", "The heading has commas between its cells, not semicolons."),
        ("Acme, Inc;R1;adobe;C1;milo", "The heading has commas between its cells, not semicolons."),
        ("A\tR1\tadobe\tC1\tmilo", "The heading has commas between its cells, not tabs."),
        ('A,"R1" x,adobe,C1,milo', "This can't be read as CSV"),
        (HEADING.strip(), "This line repeats the heading."),
    ],
)
def test_a_line_of_another_shape_is_an_error_and_its_neighbours_are_not(line: str, problem: str) -> None:
    outcomes = plan_of(f"{HEADING}B,,,,\n{line}\nC,,,,\n").outcomes

    assert [(each.line, each.state) for each in outcomes] == [(2, "new"), (3, "error"), (4, "new")]
    assert problem in outcomes[1].text


def test_a_cell_beyond_the_headings_own_blank_ones_is_an_error() -> None:
    heading = HEADING.strip() + ",,\n"

    assert read(heading + "A,,,,,,\n").lines[0].problem == ""
    assert read(heading + "A,,,,,x,\n").lines[0].problem == "A cell stands below no heading."


def test_a_quote_left_open_makes_an_error_of_every_line_it_swallows() -> None:
    assert states('A,,,,\n"B,,,,\nC,,,,\n"D",,,,\nE,,,,\n') == [
        (2, "new"), (3, "error"), (4, "error"), (5, "error"), (6, "new"),
    ]  # fmt: skip
    assert texts('A,,,,\n"B,,,,\nC,,,,\n') == [
        "new account",
        "A quote that opens here reaches to line 4: close it in its own line.",
        "This stands in quotes that open in line 3.",
    ]


def test_quotes_after_a_blank_are_quotes() -> None:
    assert read(HEADING + 'A, "7", adobe, "C1", ""\n').lines[0].customer_id == "C1"


SEPARATORS = st.sampled_from([",", ";", "\t", "|"])
CELLS = st.text(
    st.sampled_from(
        ["a", "B", "7", " ", ",", ";", "\t", '"', "\n", "\r", "ü", "\u200b", "\u00a0", "\x1a", "="]
    ),
    max_size=6,
)


@given(
    separator=SEPARATORS,
    line_end=st.sampled_from(["\n", "\r\n"]),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=6),
)
def test_every_line_has_one_outcome_however_it_is_written(
    separator: str, line_end: str, rows: list[list[str]]
) -> None:
    """Raw cells, joined without any quoting: every physical line that isn't blank has its outcome."""
    body = line_end.join(separator.join(row) for row in rows)
    text = separator.join(COLUMNS) + line_end + body
    text += f"{line_end}Last{separator * 4}"
    contents = read(text)
    numbers = [line.number for line in contents.lines]
    last_line = len(io.StringIO(text.rstrip("\x1a"), newline="").readlines())

    assert numbers == sorted(set(numbers))
    assert len(numbers) + contents.blank == last_line - 1


@given(
    separator=SEPARATORS,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    rows=st.lists(
        st.lists(st.text(st.sampled_from("aB7 ,;\t|\"ü'"), max_size=6), min_size=5, max_size=5), min_size=1
    ),
)
def test_well_formed_cells_come_back_as_they_were(
    separator: str, quoting: Any, encoding: str, rows: list[list[str]]
) -> None:
    rows = [["A", *row[1:]] for row in rows]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quoting=quoting).writerows([COLUMNS, *rows])

    lines = read(decode(file.getvalue().encode(encoding)).text).lines

    assert [[getattr(line, name) for name in COLUMNS] for line in lines] == [
        [cell.strip() for cell in row] for row in rows
    ]
