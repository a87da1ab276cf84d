"""Each line's outcome: what it adds, changes and moves, and what stops it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.identifiers import is_identifier
from orders.people.account_import.planning import Known, Plan, StoredAccount
from tests.people.account_import.files import HEADING, NOTHING_STORED, plan_of, states, texts

KNOWN = Known(
    sources=("adobe", "fabric"),
    accounts={"Old Mill": StoredAccount(1, "77"), "Quay": StoredAccount(2, "")},
    owners={("adobe", "C1"): "Old Mill"},
    assigned=frozenset({("Old Mill", "milo")}),
    people={"milo": 1, "mona": 2},
)


@pytest.mark.parametrize(
    ("line", "state", "text"),
    [
        ("Old Mill,77,adobe,C1,milo", "same", ""),
        ("Old Mill,,adobe,C2,", "new", "new customer"),
        ("Old Mill,,,,mona", "new", "new assignment"),
        ("Old Mill,78,,,", "changed", "reseller ID 77 becomes 78"),
        ("Old Mill,78,adobe,C2,mona", "changed", "reseller ID 77 becomes 78; new customer; new assignment"),
        ("Quay,,adobe,C1,", "moved", "customer moves here from Old Mill, whose managers no longer see it"),
        ("Quay,5,Adobe,C1,mona", "moved",
         "reseller ID none becomes 5; customer moves here from Old Mill, whose managers no longer see it;"
         " new assignment"),
        ("Brand New,,adobe,C1,", "moved",
         "new account; customer moves here from Old Mill, whose managers no longer see it"),
    ],
)  # fmt: skip
def test_the_gravest_of_what_a_line_does_is_its_outcome(line: str, state: str, text: str) -> None:
    outcome = plan_of(HEADING + line, KNOWN).outcomes[0]

    assert (outcome.state, outcome.text) == (state, text)


def test_moves_are_counted_by_themselves() -> None:
    planned = plan_of(HEADING + "Quay,,adobe,C1,\nNew,,adobe,C2,\nQuay,,adobe,C1,\n", KNOWN)

    assert planned.counts == {"new": 1, "changed": 0, "moved": 1, "same": 1, "error": 0}
    assert planned.changes.moved == {("adobe", "C1"): "Old Mill"}


def test_lines_that_contradict_each_other_are_all_errors() -> None:
    assert states("A,,adobe,C9,\nB,,adobe,C9,\nB,,ADOBE,C9,\nA,,fabric,C9,\n") == [
        (2, "error"), (3, "error"), (4, "error"), (5, "new"),
    ]  # fmt: skip
    assert texts("A,1,,,\nA,2,,,\nA,,,,\nA,1,,,\n") == [
        "Line 3 gives this account another reseller ID.",
        "Line 2 gives this account another reseller ID.",
        "new account",
        "Line 3 gives this account another reseller ID.",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "1000000137.0", "1000000137.00", "1000000137,0", "1.000.000.137", "1,000,000,137", "1 000 000 137",
        "1'000'000'137", "1.00E+09", "1,00E+09", "1e+09", "1E9", "1.0E9", "-1.5", "nan", "NULL", "#N/A",
        "n/a", "#REF!", "=A2", '="1000000137"', "'1000000137", '"1000000137"', "１０００", "10\u200b00",
        "10\u00a000", "../x", "1000\n", "a b", "1000\x1a", "", "x" * 65,
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["reseller_id", "customer_id"])
def test_what_a_program_left_in_place_of_an_id_is_never_imported(column: str, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    if column == "reseller_id":
        planned = plan_of(f"{HEADING}A,{quoted},,,\n")
        assert set(planned.changes.resellers.values()) <= {"1000"}
    else:
        planned = plan_of(f"{HEADING}A,,adobe,{quoted},\n")
        assert set(planned.changes.customers) <= {("adobe", "1000")}
    if cell.strip() not in ("", "1000"):
        assert planned.has_errors


@pytest.mark.parametrize(
    "customer_id", ["65a0c0de0000000000000001", "651234567890e12345678901", "P.1", "1-2", "0012"]
)
def test_ids_that_only_resemble_numbers_are_taken(customer_id: str) -> None:
    assert states(f"A,,fabric,{customer_id},\n") == [(2, "new")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("#NAME?", "programs write for a value that is missing"),
        ("nan", "programs write for a value that is missing"),
        ("=B2", "is a formula"),
        ("MÃ¼ller", "“MÃ¼ller” is “Müller”"),
        ("M\ufffdller", "a letter was lost"),
        ("A\x1aB", "holds U+001A"),
        ("A\tB", "holds U+0009"),
        ("A\u2028B", "holds U+2028"),
        ('""A""', "has quotes around it"),
        ("x" * 201, "account is longer than 200 characters."),
        ("\u200b", "There is no account name."),
    ],
)
def test_a_name_that_nobody_typed_is_an_error(name: str, words: str) -> None:
    outcome = plan_of(f'{HEADING}"{name}",7,,,\n').outcomes[0]

    assert outcome.state == "error"
    assert words in outcome.text


def test_the_seal_covers_the_rows_that_a_plan_rests_on() -> None:
    """The same words about other rows are another plan: an account renamed while another takes its name."""
    lines = HEADING + "Old Mill,,adobe,C2,milo\nQuay,,adobe,C1,\n"
    renamed = msgspec.structs.replace(KNOWN, accounts={**KNOWN.accounts, "Old Mill": StoredAccount(9, "77")})
    other_person = msgspec.structs.replace(KNOWN, people={"milo": 7, "mona": 2})

    plans = [plan_of(lines, known) for known in (KNOWN, renamed, other_person)]

    assert plans[0].outcomes == plans[1].outcomes == plans[2].outcomes
    assert len({plan.seal for plan in plans}) == 3
    assert plan_of(lines, KNOWN).seal == plans[0].seal


def after(planned: Plan, known: Known) -> Known:
    """What is stored once the plan is carried out, as `applying` does with rows."""
    accounts = dict(known.accounts)
    for name in planned.changes.accounts:
        accounts[name] = StoredAccount(len(accounts) + 1, "")
    for name, reseller_id in planned.changes.resellers.items():
        accounts[name] = StoredAccount(accounts[name].pk, reseller_id)
    return msgspec.structs.replace(
        known,
        accounts=accounts,
        owners={**known.owners, **planned.changes.customers},
        assigned=known.assigned | set(planned.changes.assignments),
    )


ROW = st.tuples(
    st.sampled_from(["Old Mill", "Quay", "A", "B", "a", "A ", "\u00a0A", ""]),
    st.sampled_from(["", "", "77", "5", "x", "7.0"]),
    st.sampled_from(["adobe", "adobe", "Fabric", "sap", ""]),
    st.sampled_from(["C1", "C2", "C3", "c1\u200b", "1e9", ""]),
    st.sampled_from(["", "milo", "mona", "nobody"]),
)


@given(rows=st.lists(ROW, min_size=1, max_size=8), known=st.sampled_from([KNOWN, NOTHING_STORED]))
def test_what_is_written_is_what_the_outcomes_say(rows: list[tuple[str, ...]], known: Known) -> None:
    text = HEADING + "".join(",".join(row) + "\n" for row in rows) + "Z,,,,\n"
    planned = plan_of(text, known)
    said: Any = {
        "account": {each.account for each in planned.outcomes if "new account" in each.text},
        "customer": {each.customer for each in planned.outcomes if "new customer" in each.text},
        "moved": {each.customer for each in planned.outcomes if each.state == "moved"},
    }
    changes = planned.changes

    assert set(changes.accounts) == said["account"]
    assert {" ".join(key) for key in changes.customers if key not in changes.moved} == said["customer"]
    assert {" ".join(key) for key in changes.moved} == said["moved"]
    assert {known.owners[key] for key in changes.moved}.isdisjoint(
        {changes.customers[key] for key in changes.moved}
    )
    assert all(is_identifier(customer_id) for _, customer_id in changes.customers)
    if not planned.has_errors:
        again = plan_of(text, after(planned, known))
        assert [each.text for each in again.outcomes] == [""] * len(planned.outcomes)
        assert again.does_nothing
