"""Accounts from a file: every line's outcome before anything is written, then all of it or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from orders.ledger import LedgerEntry
from orders.people import account_import
from orders.people.account_import import NotImported, Unreadable, carry_out, decode, plan
from orders.people.models import Account, AccountCustomer, AccountImport, Assignment
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db

HEADING = "account,reseller_id,source,customer_id,manager\n"


@pytest.fixture
def milo() -> Any:
    """An account manager who manages `Old Mill`, with the customer C1."""
    milo = person("milo", "account manager")
    assign(milo, "adobe", "C1", account="Old Mill")
    return milo


def outcomes(lines: str) -> list[tuple[int, str, str]]:
    return [(each.line, each.state, each.text) for each in plan(HEADING + lines).outcomes]


def stored() -> dict[str, tuple[str, list[str], list[str]]]:
    """Every account with its reseller ID, customers and managers."""
    return {
        account.name: (
            account.reseller_id,
            sorted(str(customer) for customer in account.customers.all()),
            sorted(each.person.username for each in account.assignments.all()),
        )
        for account in Account.objects.all()
    }


BEFORE = {"Old Mill": ("", ["adobe C1"], ["milo"])}


def test_each_line_says_what_it_would_do(milo: Any) -> None:
    lines = (
        "Old Mill,,adobe,C1,milo\n"
        "Old Mill,77,,,\n"
        "New One,88,fabric,65a0,milo\n"
        "New One,88,fabric,65a0,milo\n"
        "\n"
        "New One,,adobe,C1,\n"
        "Empty,,,,\n"
    )
    assert outcomes(lines) == [
        (2, "error", "Line 7 gives this customer to another account."),
        (3, "changed", "reseller ID none becomes 77"),
        (4, "new", "new account; new customer; new assignment"),
        (5, "same", ""),
        (7, "error", "Line 2 gives this customer to another account."),
        (8, "new", "new account"),
    ]
    assert stored() == BEFORE


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",,adobe,C1,", "There is no account name."),
        ("A,,adobe,,", "source and customer_id belong together: give both or neither."),
        ("A,,,C1,", "source and customer_id belong together: give both or neither."),
        ("A,,sap,C1,", "There is no such source; there are adobe, fabric."),
        ("A,,adobe,../x,", "That can't be a customer ID: 1 to 64 letters, digits, “-”, “_” or “.”."),
        ("A,,adobe,C2,nobody", "There is no active person with this user name."),
        ("A,,adobe,C2,gone", "There is no active person with this user name."),
        (f"{'x' * 201},,,,", "account is longer than 200 characters."),
        ("A,1,,,\nA,2,,,", "Line 2 gives this account another reseller ID."),
    ],
)
def test_a_bad_line_says_why(line: str, problem: str, milo: Any) -> None:
    person("gone", is_active=False)

    assert outcomes(line)[-1][1:] == ("error", problem)


def test_one_bad_line_stops_the_whole_file(milo: Any) -> None:
    with pytest.raises(NotImported):
        carry_out(HEADING + "New One,88,adobe,C9,milo\nA,,adobe,,\n", actor=None)

    assert stored() == BEFORE


def test_an_import_writes_everything_and_one_entry(milo: Any) -> None:
    mona = person("mona", "administrator")
    lines = "Old Mill,77,adobe,C2,mona\nNew One,88,adobe,C1,milo\nNew One,,fabric,65a0,mona\nEmpty,,,,\n"
    carry_out(HEADING + lines, actor=mona)

    assert stored() == {
        "Old Mill": ("77", ["adobe C2"], ["milo", "mona"]),
        "New One": ("88", ["adobe C1", "fabric 65a0"], ["milo", "mona"]),
        "Empty": ("", [], []),
    }
    entry = LedgerEntry.objects.order_by("-id")[0]
    assert (entry.username, entry.action, entry.row_count) == ("mona", "import", 4)
    assert entry.details == '{"changed": 1, "error": 0, "moved": 1, "new": 2, "same": 0}'
    assert plan(HEADING + lines).does_nothing


def test_who_is_given_which_accounts_is_an_entry_each(milo: Any) -> None:
    ines = person("ines", "administrator")
    person("mona", "account manager")
    before = LedgerEntry.objects.order_by("-id")[0].pk
    many = "".join(f"Branch {number:03},,,,mona\n" for number in range(102))

    carry_out(HEADING + "Old Mill,,adobe,C2,milo\nQuay,,,,milo\nQuay,,,,mona\n" + many, actor=ines)

    rows = LedgerEntry.objects.filter(pk__gt=before).order_by("id")
    assert [(row.username, row.action, row.details and json.loads(row.details)) for row in rows] == [
        ("ines", "rights-change", {"person": "milo", "accounts": ["Quay"], "change": "set"}),
        ("ines", "rights-change", {
            "person": "mona", "accounts": [f"Branch {number:03}" for number in range(100)], "more": 3,
            "change": "set",
        }),
        ("ines", "import", {"changed": 0, "error": 0, "moved": 0, "new": 105, "same": 0}),
    ]  # fmt: skip


def test_whose_customers_leave_whose_sight_is_an_entry(milo: Any) -> None:
    ines = person("ines", "administrator")

    carry_out(HEADING + "New One,88,adobe,C1,\n", actor=ines)

    (row,) = LedgerEntry.objects.filter(action="rights-change", username="ines")
    assert json.loads(row.details) == {
        "customers": ["adobe C1"],
        "from": ["Old Mill"],
        "to": ["New One"],
        "change": "moved",
    }


def test_a_failure_in_the_middle_leaves_nothing(milo: Any) -> None:
    fail = "BEGIN SELECT RAISE(FAIL, 'the last of all'); END"
    before = LedgerEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TRIGGER fails BEFORE INSERT ON orders_assignment {fail}")
        try:
            with pytest.raises(NotImported):
                carry_out(HEADING + "New One,88,adobe,C9,milo\n", actor=None)
        finally:
            cursor.execute("DROP TRIGGER fails")

    assert stored() == BEFORE
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffaccount,reseller_id,source,customer_id,manager\r\nGrün,7,adobe,C2,milo\r\n".encode(),
        b"Manager;customer_id;source;RESELLER_ID;account;more\nmilo;C2;adobe;7;Gr\xc3\xbcn;x\n",
        'account , reseller_id,source,customer_id,manager\n" Grün ", 7 ,adobe,C2,milo'.encode(),
    ],
    ids=["mark and CRLF", "semicolons and other order", "blanks and no last line end"],
)
def test_spreadsheets_write_it_in_many_ways(content: bytes, milo: Any) -> None:
    carry_out(decode(content).text, actor=None)

    assert stored() == BEFORE | {"Grün": ("7", ["adobe C2"], ["milo"])}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The first line must name the columns; missing: account, reseller_id"),
        (b"account,source\nA,adobe\n", "missing: reseller_id, customer_id, manager"),
        (HEADING.encode(), "The file has no lines below its heading."),
        (
            HEADING.encode() + b"Gr\x81n,,,,\n",
            "Line 2 is written neither in UTF-8 nor in Windows Western European",
        ),
        (HEADING.encode() + b"A\0,,,,\n", "NUL"),
        (HEADING.encode() + b"A,,,,\n" * 50_001, "The file has more than 50,000 lines."),
        (b"x" * (5 * 2**20 + 1), "The file is larger than 5 MB."),
    ],
    ids=["empty", "columns", "no lines", "encoding", "NUL", "lines", "bytes"],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, problem: str) -> None:
    with pytest.raises(Unreadable) as caught:
        plan(decode(content).text)
    assert problem in str(caught.value)


def test_the_largest_file_is_planned_and_imported(milo: Any) -> None:
    lines = "".join(f"Account {n % 9000},,adobe,C{n + 10},milo\n" for n in range(account_import.MOST_LINES))
    carry_out(HEADING + lines, actor=None)

    assert AccountCustomer.objects.count() == account_import.MOST_LINES + 1
    assert Assignment.objects.count() == 9001


@pytest.fixture
def administrator() -> Client:
    return signed_in(person("ines", "administrator", is_staff=True))


def upload(client: Client, content: str | bytes, **fields: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/account-imports/", {"file": SimpleUploadedFile("accounts.csv", raw), **fields})


def test_the_page_shows_every_line_before_it_writes(administrator: Client, milo: Any) -> None:
    answer = upload(administrator, HEADING + "Old Mill,,adobe,C1,milo\nNew One,88,adobe,C9,milo\n")
    page = Page(administrator.get(answer.headers["Location"]))

    rows = page.root.all("tr", data_line_number=True)
    assert [[cell.text for cell in row.all("td")] for row in rows] == [
        ["2", "Same", "Old Mill", "adobe C1", "milo", ""],
        ["3", "New", "New One", "adobe C9", "milo", "new account; new customer; new assignment"],
    ]
    assert stored() == BEFORE

    form = page.main.one("form")
    seal = form.all("input")[-1]["value"]
    done = administrator.post(form["action"], {"seal": seal}, follow=True)

    assert "Imported “accounts.csv”: 1 new, 1 same." in Page(done).text
    assert stored() == BEFORE | {"New One": ("88", ["adobe C9"], ["milo"])}
    assert AccountImport.objects.count() == 0


def test_a_file_with_errors_has_no_button(administrator: Client, milo: Any) -> None:
    answer = upload(administrator, HEADING + "New One,88,adobe,C9,milo\nA,,adobe,,\n")
    address = answer.headers["Location"]
    page = Page(administrator.get(address + "?state=error"))

    assert [row["data-line-number"] for row in page.root.all("tr", data_line_number=True)] == ["3"]
    assert page.main.all("form") == []
    administrator.post(f"{address}carry-out/", {"seal": plan(HEADING + "A,,,,\n").seal})
    assert stored() == BEFORE


def test_what_changed_since_it_was_looked_at_is_not_imported(administrator: Client, milo: Any) -> None:
    answer = upload(administrator, HEADING + "New One,88,adobe,C9,milo\n")
    address = answer.headers["Location"]
    seal = Page(administrator.get(address)).main.one("form").all("input")[-1]["value"]
    Account.objects.create(name="New One")

    done = administrator.post(f"{address}carry-out/", {"seal": seal}, follow=True)

    assert "Nothing was imported: something changed since you looked. Look again." in Page(done).text
    assert stored() == BEFORE | {"New One": ("", [], [])}


def test_a_customer_that_moves_is_red_counted_and_named_at_the_button(
    administrator: Client, milo: Any
) -> None:
    lines = "New One,88,adobe,C1,milo\nNew One,,adobe,C2,\n"
    address = upload(administrator, HEADING + lines).headers["Location"]
    page = Page(administrator.get(address))

    rows = {row["data-line-number"]: row for row in page.root.all("tr", data_line_number=True)}
    assert {number: row["data-outcome"] for number, row in rows.items()} == {"2": "moved", "3": "new"}
    assert rows["2"].one(class_="tag")["class"] == "tag bad"
    assert page.notices["moves"].startswith("1 customer moves from one account to another.")
    assert [chip.text for chip in page.main.all("a", class_="chip")] == [
        "All 2", "New 1", "Changed 0", "Moved 1", "Same 0", "Error 0",
    ]  # fmt: skip
    form = page.main.one("form")
    assert form.one("button").text == "Import all 2 lines, and move 1 customer"

    administrator.post(form["action"], {"seal": form.all("input")[-1]["value"]})

    assert stored() == {"Old Mill": ("", [], ["milo"]), "New One": ("88", ["adobe C1", "adobe C2"], ["milo"])}


@pytest.mark.parametrize("change", ["moved meanwhile", "switched off", "another account of this name"])
def test_what_the_plan_rests_on_may_not_change_meanwhile(
    change: str, administrator: Client, milo: Any
) -> None:
    address = upload(administrator, HEADING + "New One,,adobe,C1,milo\nOld Mill,5,,,\n").headers["Location"]
    seal = Page(administrator.get(address)).main.one("form").all("input")[-1]["value"]
    if change == "moved meanwhile":
        AccountCustomer.objects.update(account=Account.objects.create(name="Third"))
    elif change == "switched off":
        milo.is_active = False
        milo.save()
    else:
        Account.objects.filter(name="Old Mill").update(name="Older Mill")
        AccountCustomer.objects.update(account=Account.objects.create(name="Old Mill"))
    before = stored()

    answer = administrator.post(f"{address}carry-out/", {"seal": seal}, follow=True)

    assert answer.redirect_chain == [(address, 302)]
    assert "Nothing was imported" in Page(answer).text
    assert stored() == before


@pytest.mark.parametrize(
    ("code_page", "name", "words"),
    [("", "Müller", "Windows Western European"), ("cp1250", "Żółw", "Windows Central European")],
)
def test_letters_that_the_file_does_not_name_are_said_and_can_be_chosen(
    code_page: str, name: str, words: str, administrator: Client
) -> None:
    content = (HEADING + f"{name},,adobe,C9,\n").encode(code_page or "cp1252")
    page = Page(administrator.get(upload(administrator, content, code_page=code_page).headers["Location"]))

    assert name in page.text
    assert f"It was read in {words}." in page.notices["code-page"]


def test_what_was_not_read_is_said(administrator: Client) -> None:
    content = "sep=;\n" + HEADING.strip().replace(",", ";") + ";notes\n;;;;;\nA;;;;;x\n"
    page = Page(administrator.get(upload(administrator, content).headers["Location"]))

    assert page.notices == {"not-read": "1 blank line passed over. Columns that are not read: notes."}


def test_a_waiting_file_is_its_owners_alone(administrator: Client, milo: Any) -> None:
    address = upload(administrator, HEADING + "New One,,,,\n").headers["Location"]
    other = signed_in(person("olga", "administrator"))

    assert other.get(address).status_code == 404
    assert other.post(f"{address}carry-out/").status_code == 404


def test_an_unreadable_file_is_said_at_the_field(administrator: Client) -> None:
    page = Page(upload(administrator, "account\nx\n"))

    assert page.status == 400
    assert page.root.one(id="import-error").text.startswith("The first line must name the columns")


def test_the_command_says_it_and_writes_only_when_told(tmp_path: Path, milo: Any, capsys: Any) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(HEADING + "New One,88,adobe,C9,milo\n")

    call_command("import_accounts", str(file))
    assert capsys.readouterr().out == (
        "line 2  new  New One · adobe C9 · milo: new account; new customer; new assignment\n"
        "1 new, 0 changed, 0 moved, 0 same, 0 error\n"
    )
    assert stored() == BEFORE
    call_command("import_accounts", str(file), "--write")
    assert stored() == BEFORE | {"New One": ("88", ["adobe C9"], ["milo"])}
    file.write_bytes(("x;" + HEADING.replace(",", ";") + "\n;Grün;;;;\n").encode("cp1252"))
    call_command("import_accounts", str(file))
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "read in Windows Western European letters, which the file doesn't say itself",
        "blank lines passed over: 1",
        "columns not read: x",
        "1 new, 0 changed, 0 moved, 0 same, 0 error",
    ]
    file.write_text(HEADING + "A,,adobe,,\n")
    with pytest.raises(CommandError, match="some lines have errors"):
        call_command("import_accounts", str(file), "--write")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_accounts", str(tmp_path / "missing.csv"))
