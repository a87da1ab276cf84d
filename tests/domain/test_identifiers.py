"""IDs as people paste them: unseen characters and clinging punctuation go, and nothing else does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.identifiers import clean_identifier, is_identifier, without_unseen

UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u061c\ufe0f\u180e"
CLINGING = "'\"`()[]{}<>.,;:!?#*/\\|=&%@+$~^ \t\r\n"
CLINGING += "\u201c\u201d\u201e\u00ab\u00bb\u2026\u2013\u2014\u00bf\u00a0\u3000"
IDS = st.from_regex(r"[0-9A-Za-z_-]([0-9A-Za-z._-]{0,62}[0-9A-Za-z_-])?", fullmatch=True)


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("1000000137\u200b", "1000000137"),
        ("\ufeff1000000137", "1000000137"),
        ("10000\u00ad00137", "1000000137"),
        ("\u202a1000000137\u202c", "1000000137"),
        ("\u00a01000000137\u00a0", "1000000137"),
        ("1000000137.", "1000000137"),
        ("\u201c1000000137\u201d", "1000000137"),
        ("(P1000000023),", "P1000000023"),
        ("#0042000017", "0042000017"),
        ("\uff11\uff10\uff10\uff15", "1005"),
        ("\uff30\uff11\uff10\uff10\uff15", "P1005"),
        ("\u0661\u0662\u0663\u0664", "1234"),
        ("ab\u2011cd", "ab-cd"),
        ("a.b", "a.b"),
        ("-5", "-5"),
        ("_x_", "_x_"),
        ("two words", "two words"),
        ("a\x00b", "a\x00b"),
        (".", ""),
        ("..", ""),
        ("", ""),
    ],
)
def test_what_is_pasted_is_read_as_it_was_meant(pasted, meant):
    assert clean_identifier(pasted) == meant


@given(
    IDS,
    st.text(UNSEEN + CLINGING, max_size=8),
    st.text(UNSEEN + CLINGING, max_size=8),
    st.lists(st.tuples(st.integers(0, 64), st.sampled_from(UNSEEN)), max_size=5),
    st.booleans(),
)
def test_an_id_survives_whatever_nobody_sees_and_whatever_clings(identifier, before, after, within, is_wide):
    shown = identifier
    for place, sign in within:
        shown = shown[:place] + sign + shown[place:]
    if is_wide:
        shown = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in shown)

    assert clean_identifier(before + shown + after) == identifier


@given(st.text(max_size=80))
def test_cleaning_is_done_once_and_for_all(text):
    assert clean_identifier(clean_identifier(text)) == clean_identifier(text)
    assert without_unseen(without_unseen(text)) == without_unseen(text)


@given(IDS)
def test_a_clean_id_stays_as_it_is(identifier):
    assert is_identifier(identifier)
    assert clean_identifier(identifier) == identifier


@given(st.characters(categories=["Nd"]))
def test_digits_of_every_script_are_the_same_digits(digit):
    assert clean_identifier(f"P{digit}") == f"P{unicodedata.decimal(digit)}"


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a b", "a/b", "a%b", "x" * 65, "\u0661", "a\n", "\u00e9", "a\u200bb"]
)
def test_what_is_no_id_is_none(text):
    assert not is_identifier(text)
