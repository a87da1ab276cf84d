"""The ledger as its readers see it, and as they take it away."""

import csv
import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import Client

from orders.ledger import Action, LedgerEntry, record
from orders.people.models import Account, AccountCustomer
from orders.views.ledger.file import COLUMNS
from tests.pages import Page
from tests.personas import assign, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    return signed_in(person("thea", "supervisor"))


def write(username: str, action: Action = Action.VIEW_LIST, **more: Any) -> int:
    at = more.pop("at", None)
    more = {"source": "adobe", "customer_id": "C1"} | more
    if at is None:
        return int(record(action, username=username, **more).id)
    with time_machine.travel(at, tick=False):
        return int(record(action, username=username, **more).id)


def shown(page: Page) -> list[int]:
    return [int(row["data-entry"]) for row in page.root.all("tr", data_entry=True)]


def test_newest_first_with_everything_about_an_entry(reader: Client) -> None:
    write("dana", Action.REVEAL, order_id="O1", reason="T-1", row_count=1, details={"statuses": ["1000"]})
    page = Page(reader.get("/ledger/"))
    row = page.root.all("tr", data_entry=True)[0]
    cells = [cell.text for cell in row.all("td")]

    assert shown(page) == sorted(shown(page), reverse=True)
    assert cells[1:8] == [
        "dana",
        "Revealed personal data statuses: 1000",
        "C1 adobe",
        "O1",
        "OK",
        "T-1",
        "1",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("person=DANA", ["a", "b"]),
        ("customer=C2", ["b"]),
        ("source=fabric", ["c"]),
        ("order=O9", ["c"]),
        ("action=reveal&action=export-start", ["b", "c"]),
        ("outcome=refused", ["d"]),
        ("outcome=upstream", ["e"]),
        ("outcome=not-found", ["f"]),
        ("since=2026-01-02&until=2026-01-03&action=view-list", ["f"]),
        ("person=nobody", []),
    ],
)
def test_filters_narrow_the_list(reader: Client, query: str, expected: list[str]) -> None:
    numbers = {
        "f": write("milo", outcome="not-found", at=datetime(2026, 1, 2, 23, 59, tzinfo=UTC)),
        "a": write("dana"),
        "b": write("dana", Action.REVEAL, customer_id="C2"),
        "c": write("milo", Action.EXPORT_START, source="fabric", order_id="O9"),
        "d": write("milo", Action.REFUSED, outcome="refused-scope"),
        "e": write("milo", outcome="upstream-timeout"),
    }

    page = Page(reader.get(f"/ledger/?{query}"))

    assert sorted(shown(page)) == sorted(numbers[name] for name in expected)


def test_who_saw_this_customer_and_what_did_they_do_are_links(reader: Client) -> None:
    write("dana"), write("milo"), write("dana", customer_id="C2")
    first = Page(reader.get("/ledger/?customer=C2")).root.all("tr", data_entry=True)[0]
    who, customer = first.all("a")

    assert (who["href"], customer["href"]) == ("?person=dana", "?source=adobe&customer=C2")
    assert len(shown(Page(reader.get("/ledger/?person=dana")))) == 2


def test_who_saw_this_customer_among_others_is_found_too(reader: Client) -> None:
    write("dana", customer_id="C3")
    alone = write("dana", customer_id="C2")
    named = {"customers": ["adobe C2", "fabric C9"]}
    given: dict[str, Any] = {"source": "", "customer_id": "", "details": named}
    among = write("milo", action=Action.VIEW_ATTENTION, **given)

    assert shown(Page(reader.get("/ledger/?customer=C2"))) == [among, alone]
    assert shown(Page(reader.get("/ledger/?source=adobe&customer=C2"))) == [among, alone]
    assert shown(Page(reader.get("/ledger/?source=fabric&customer=C2"))) == []
    assert shown(Page(reader.get("/ledger/?customer=C"))) == []


def test_pages_of_25_50_and_100(reader: Client) -> None:
    numbers = [write("dana") for _ in range(60)]
    newest = numbers[::-1]

    assert shown(Page(reader.get("/ledger/?person=dana"))) == newest[:25]
    second = Page(reader.get("/ledger/?person=dana&page=2"))
    assert shown(second) == newest[25:50]
    assert second.position == "Showing 26–50 of 60"
    assert (second.link("prev"), second.link("next")) == ("?person=dana&page=1", "?person=dana&page=3")
    assert shown(Page(reader.get("/ledger/?person=dana&per_page=50"))) == newest[:50]
    assert shown(Page(reader.get("/ledger/?person=dana&per_page=7&page=99"))) == newest[50:]


def test_a_day_can_be_read_in_one_way_only(reader: Client) -> None:
    assert reader.get("/ledger/?since=02/03/2026").status_code == 400
    page = Page(reader.get("/ledger/?until=2026-13-01"))
    box = page.root.one("input", name="until")
    assert page.root.one(id=box["aria-describedby"]).text == page.field_errors["until"]


def test_a_bad_filter_shows_no_entries(reader: Client) -> None:
    write("dana")
    page = Page(reader.get("/ledger/?since=yesterday"))

    assert page.status == 400
    assert page.field_errors == {"since": "Enter a valid date."}
    assert shown(page) == []


def test_reading_it_is_written_into_it(reader: Client) -> None:
    write("dana")
    reader.get("/ledger/?person=dana&action=view-list")
    entry = LedgerEntry.objects.order_by("-id")[0]

    assert (entry.username, entry.action, entry.row_count) == ("thea", "ledger-read", 1)
    assert entry.details == '{"action": ["view-list"], "person": "dana"}'


@pytest.mark.parametrize("role", ["customer-service agent", "account manager"])
@pytest.mark.parametrize("page", ["/ledger/", "/ledger/export/"])
def test_without_the_right_it_is_refused_and_that_is_written(role: str, page: str) -> None:
    client = signed_in(person("dana", role))

    assert client.get(page).status_code == 403
    entry = LedgerEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.outcome) == ("refused", "refused-right")
    assert "Ledger" not in [link.text for link in Page(client.get("/")).root.all("a")]


def test_the_file_holds_every_entry_and_no_formula(reader: Client) -> None:
    for reason in ("=1+1", "+x", "-x", "@x", "\tx", "plain, with a comma"):
        write("dana", Action.REVEAL, reason=reason)
    response = reader.get("/ledger/export/?person=dana")
    content = b"".join(response)
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))

    assert list(rows[0]) == list(COLUMNS)
    assert [row["reason"] for row in rows] == [
        "plain, with a comma",
        "'\tx",
        "'@x",
        "'-x",
        "'+x",
        "'=1+1",
    ]
    assert int(response.headers["Content-Length"]) == len(content)
    assert response.headers["Cache-Control"] == "no-store"
    entry = LedgerEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.row_count) == ("ledger-export", 6)
    assert entry.file_sha256 == hashlib.sha256(content).hexdigest()


def test_the_command_prints_an_anchor_that_a_later_run_can_check(capsys: Any) -> None:
    write("dana")
    call_command("verify_ledger")
    anchor = capsys.readouterr().out.split("Last entry: ")[1].strip()
    write("dana")

    call_command("verify_ledger", expect=anchor)
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_ledger", expect=anchor[:-1] + ("0" if anchor[-1] != "0" else "1"))
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_ledger", expect="99:abc")
    assert "which was noted elsewhere, is not in the ledger" in capsys.readouterr().err


def test_the_pruning_command_takes_a_date_that_has_passed(capsys: Any) -> None:
    write("dana", at=datetime(2026, 1, 2, tzinfo=UTC))
    kept = write("dana", at=datetime(2026, 1, 3, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 1, 4, tzinfo=UTC), tick=False):
        call_command("prune_ledger", "--before", "2026-01-03")

    assert "1 entries were deleted." in capsys.readouterr().out
    assert list(LedgerEntry.objects.order_by("id").values_list("id", "action")) == [
        (kept, "view-list"),
        (kept + 1, "prune"),
    ]
    call_command("verify_ledger")
    for wrong in ("2999-01-01", "soon"):
        with pytest.raises(CommandError):
            call_command("prune_ledger", "--before", wrong)


@pytest.fixture
def own() -> Client:
    """Reads the ledger, and manages C1 at adobe alone."""
    role = Group.objects.create(name="team lead")
    role.permissions.set(Permission.objects.filter(codename__in=("view_orders", "read_ledger")))
    lead = person("lena", "team lead")
    assign(lead, "adobe", "C1", account="Hers")
    assign(person("milo", "account manager"), "adobe", "C2", account="His")
    return signed_in(lead)


def theirs() -> set[int]:
    """Entries about what is not hers: another's customer, another upstream's, and nobody's."""
    return {
        write("dana", customer_id="C2"),
        write("dana", source="fabric"),
        write("dana", customer_id=""),
        write("lena", Action.EXPORT_START, customer_id="C2"),
        write("dana", Action.RIGHTS_CHANGE, source="", customer_id="", details={"person": "lena"}),
    }


def test_a_reader_with_some_accounts_sees_the_entries_of_those_alone(own: Client) -> None:
    not_hers = theirs()
    hers = [write("dana"), write("dana", Action.REVEAL), write("milo", outcome="refused-scope")]

    page = Page(own.get("/ledger/"))

    assert shown(page) == hers[::-1]
    assert page.result["data-total-count"] == "3"
    assert page.notices["scope"] == "You see what was done with customers of your own accounts."
    # No filter leads further.
    for query in ("customer=C2", "person=lena", "action=rights-change", "source=fabric", "outcome=ok"):
        assert not_hers.isdisjoint(shown(Page(own.get(f"/ledger/?{query}"))))


def test_the_file_has_the_same_scope(own: Client) -> None:
    theirs()
    hers = write("dana")

    rows = list(csv.DictReader(io.StringIO(b"".join(own.get("/ledger/export/")).decode())))

    assert [row["id"] for row in rows] == [str(hers)]


def test_a_customer_that_moves_takes_its_entries_along(own: Client) -> None:
    entry = write("dana", customer_id="C2")
    AccountCustomer.objects.filter(customer_id="C2").update(account=Account.objects.get(name="Hers"))

    assert shown(Page(own.get("/ledger/"))) == [entry]


def test_who_sees_all_is_told_of_no_scope(reader: Client) -> None:
    entries = theirs()

    page = Page(reader.get("/ledger/"))

    assert entries <= set(shown(page))
    assert "scope" not in page.notices
