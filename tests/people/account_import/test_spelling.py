"""Names that people can't tell apart never become two accounts, however they are spelled."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.people.account_import.look_alikes import likeness, strip_unseen, tidy
from orders.people.account_import.planning import Known, StoredAccount
from tests.people.account_import.files import HEADING, plan_of, states, texts

ALIKE = {
    "capitals": ("Acme Ltd", "ACME ltd"),
    "sharp s": ("Straße", "STRASSE"),
    "composed and not": ("Café", unicodedata.normalize("NFD", "Café")),
    "non-breaking space": ("Acme Ltd", "Acme\u00a0Ltd"),
    "narrow space": ("Acme Ltd", "Acme\u2009Ltd"),
    "two spaces": ("Acme Ltd", "Acme  Ltd"),
    "no space": ("Acme Ltd", "AcmeLtd"),
    "zero width": ("Acme Ltd", "Ac\u200bme Ltd"),
    "joiner": ("Acme Ltd", "Ac\u200dme Ltd"),
    "mark of direction": ("Acme Ltd", "Acme\u200f Ltd"),
    "soft hyphen": ("Acme Ltd", "Ac\u00adme Ltd"),
    "byte-order mark": ("Acme Ltd", "Acme\ufeff Ltd"),
    "variation selector": ("Acme Ltd", "Acme\ufe0f Ltd"),
    "full width": ("Acme Ltd", "Ａcme Ltd"),
    "ligature": ("Office", "Oﬃce"),
    "Cyrillic": ("Acme Ltd", "Асme Ltd"),
    "Greek": ("Acme Ltd", "Αcme Ltd"),
    "dashes": ("A-B", "A–B"),
    "apostrophes": ("O'Neill", "O’Neill"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_two_spellings_in_one_file_are_both_errors(one: str, other: str) -> None:
    lines = f"{one},,adobe,C1,\n{other},,adobe,C2,\nSomebody Else,,,,\n"

    assert states(lines) == [(2, "error"), (3, "error"), (4, "new")]
    assert texts(lines)[1].startswith("Line 2 writes this name otherwise: it differs in ")


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_a_spelling_of_a_stored_name_makes_no_second_account(one: str, other: str) -> None:
    known = Known(sources=("adobe",), accounts={one: StoredAccount(1, "")})
    planned = plan_of(f"{HEADING}{other},,adobe,C1,\n", known)

    assert planned.changes.accounts == ()
    assert planned.outcomes[0].text.startswith(("new customer", f"There is an account “{one}”"))


def test_what_nobody_sees_is_taken_out_of_a_name_that_is_new() -> None:
    planned = plan_of(HEADING + "\ufeff Caf\u0065\u0301\u00a0 No\u200b 1 ,,,,\n")

    assert planned.changes.accounts == ("Café No 1",)
    assert planned.outcomes[0].account == "Café No 1"


def test_a_name_stored_untidily_is_still_itself() -> None:
    known = Known(sources=("adobe",), accounts={"Acme\u00a0Ltd": StoredAccount(1, "")})

    assert states("Acme\u00a0Ltd,,,,\n", known) == [(2, "same")]
    assert states("Acme Ltd,,,,\n", known) == [(2, "error")]


def test_joiners_that_a_script_needs_are_kept() -> None:
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"
    assert tidy("Ac\u200cme") == "Acme"


def test_a_customer_id_in_other_capitals_is_no_second_customer() -> None:
    lines = "A,,adobe,p1000000137,\nB,,adobe,P1000000137,\nC,,fabric,P1000000137,\n"

    assert states(lines) == [(2, "error"), (3, "error"), (4, "new")]
    assert texts(lines)[:2] == [
        f"Line {other} writes this customer ID in other capitals. Write it the same everywhere."
        for other in (3, 2)
    ]


def test_a_stored_customer_id_in_other_capitals_is_no_new_customer() -> None:
    known = Known(
        sources=("adobe",),
        accounts={"A": StoredAccount(1, ""), "B": StoredAccount(2, "")},
        owners={("adobe", "P1000000137"): "A"},
    )
    planned = plan_of(
        f"{HEADING}B,,adobe,p1000000137,\nA,,adobe,p1000000137,\nA,,adobe,P1000000137,\n", known
    )

    assert [(each.state, each.text) for each in planned.outcomes] == [
        ("error", "This customer is stored as “P1000000137”. Write it so."),
        ("error", "This customer is stored as “P1000000137”. Write it so."),
        ("same", ""),
    ]


LETTERS = st.sampled_from("aAbéÉeßсСΑ -–'’1\u0301\u00a0\u200b\u2003\ufe0f\u00ad")


@given(names=st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_no_two_new_accounts_ever_look_alike(names: list[str]) -> None:
    lines = "".join(f"{name},,,,\n" for name in names if strip_unseen(name) and tidy(name))
    if not lines:
        return
    made = plan_of(HEADING + lines).changes.accounts

    assert len({likeness(name) for name in made}) == len(made)
    assert all(name == tidy(name) == unicodedata.normalize("NFC", name) for name in made)


@given(name=st.text(LETTERS, min_size=1, max_size=6))
def test_tidying_twice_is_tidying_once(name: str) -> None:
    assert tidy(tidy(name)) == tidy(name)
    assert likeness(tidy(name)) == likeness(name)
