"""What is hidden in a text that people wrote, and what stays because it names nobody."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.email_addresses import HIDDEN, body_may_hold_address, mask_addresses, replace_addresses
from orders.domain.free_text import is_harmless, mask_name, mask_reference, mask_text
from orders.domain.known_people import KnownPeople

PAT = KnownPeople(
    names=("Pat", "Zoë Kowalska", "R"),
    others=("880 Cedar Court", "97209", "4242", "05/29", "pat@example.com"),
    numbers=("+1 (555) 555-0123",),
)


@pytest.mark.parametrize(
    "text",
    [
        "cora@example.com",
        "CORA@EXAMPLE.COM",
        "cora%40example.com",
        "cora%2540example.com",
        "cora&#64;example.com",
        "cora&#x40;example.com",
        "cora&commat;example.com",
        "cora＠example.com",
        "cora\\u0040example.com",
        "cora (at) example.com",
        "cora(at)example.com",
        "cora [AT] example [dot] com",
        "cora{at}example.com",
        "cora<at>example.com",
        "cora at example dot com",
        "cora at example.com",
        "cora @ example.com",
        "cora@@example.com",
        '"cora smith"@example.com',
        "mailto:cora@example.com?subject=x",
        "<cora@example.com>",
        "/x?mail=cora@example.com&y=1",
    ],
)
def test_an_address_is_hidden_however_it_is_spelled(text: str) -> None:
    assert "cora" not in mask_text(f"Sent to {text}").casefold()
    assert "cora" not in mask_reference(text).casefold()


@pytest.mark.parametrize(
    "number",
    [
        "+15550100123",
        "+1 555 0100 123",
        "(555) 010-0123",
        "555-010-0123",
        "555.010.0123",
        "555 0100",
        "0048 22 555 01 00",
        "5550100123",
        "015550100123",
        "555\u00a0010\u00a00123",
        "030/5550100",
    ],
)
def test_a_phone_number_is_hidden(number: str) -> None:
    assert mask_text(f"Call {number}, please") == "Call •••, please"


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "378282246310005",
        "3782 822463 10005",
    ],
)
def test_a_card_number_is_hidden(number: str) -> None:
    assert mask_text(f"Card {number} declined") == "Card ••• declined"


@pytest.mark.parametrize(
    "line",
    [
        "1 Sample Street",
        "880 Cedar Court",
        "12b Mill Lane",
        "1600 Pennsylvania Ave.",
        "5 St. Mary's Road",
        "Hauptstraße 12",
        "Lange Gasse 7a",
    ],
)
def test_a_street_line_is_hidden(line: str) -> None:
    masked = mask_text(f"Leave it at {line}, behind the gate")

    assert masked.startswith("Leave it at ")
    assert masked.endswith("•••, behind the gate")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Espresso beans, 1 kg, from the house range",
        "Order 65a0c0de0000000000000b01 of 2026-11-25 11:53",
        "due 25.11.2026, 25/11/2026 or 2026-11-25T11:53:07.000Z",
        "8e011b5d-816a-4c1d-a568-c0cd979db550",
        "USD 1,660.68 or 1234567.89",
        "article 9780306406158",
        "12 x 250 g, 3 x 2",
        "TICKET-4711234567",
        "Look at this",
        "@ 5 pm",
        "100% arabica & more",
        "the road to 1000 streets",
        "call me",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask_text(text) == text
    assert is_harmless(text) is is_harmless(text) is True


def test_the_numbers_a_message_is_about_stay() -> None:
    text = "Order 5120008411 of customer 1000000137"

    assert mask_text(text, keep=("5120008411", "1000000137")) == text
    assert mask_text(text, keep=("5120008411",)) == "Order 5120008411 of customer •••"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("for PAT", "for •••"),
        ("Pattern", "Pattern"),
        ("Pat's order", "•••'s order"),
        ("zoë kowalska", "•••"),
        ("Zoë_Kowalska", "•••"),
        ("MsKowalska2", "Ms•••2"),
        ("Mrs Kowalska", "Mrs •••"),
        (unicodedata.normalize("NFD", "Zoë"), "•••"),
        ("R", "R"),
        ("at 880  Cedar Court", "at •••"),
        ("ZIP 97209", "ZIP •••"),
        ("972091", "972091"),
        ("card 4242 until 05/29", "card ••• until •••"),
        ("5550123", "•••"),
        ("x%20Pat%20y", "x%20•••%20y"),
        ("İstanbul: Kowalska", "İstanbul: •••"),
    ],
)
def test_what_is_known_of_a_person_is_hidden_wherever_it_stands(text: str, masked: str) -> None:
    assert mask_text(text, PAT) == masked


def test_a_reference_keeps_its_numbers_but_no_names() -> None:
    assert mask_reference("5120008411 for Kowalska", PAT) == "5120008411 for •••"


def test_a_text_full_of_people_is_hidden_whole() -> None:
    assert mask_text("a@b.c, " * 300).startswith("••• [hidden: more than")
    assert mask_text("555-010-0123; " * 600).startswith("••• [hidden: more than")


@given(st.text(alphabet='aA1 @.-+()%40&#;/"ßİéＱ•', max_size=60))
def test_masking_is_done_once_and_for_all(text: str) -> None:
    masked = mask_text(text, PAT)

    assert mask_text(masked, PAT) == masked or "•••" in masked


@given(st.emails(), st.sampled_from(["{}", "to {}.", '"{}"', "<{}>", "?m={}&x=1", "{}{}"]))
def test_no_address_survives(address: str, frame: str) -> None:
    text = frame.format(*[address] * 2)

    assert address not in mask_text(text)
    assert address not in mask_addresses(text)
    assert address not in replace_addresses(text, "[e-mail]")


@given(st.emails(), st.sampled_from(["@", "%40", "%2540", "\\u0040", "＠"]))
def test_a_body_with_an_address_is_never_taken_for_one_without(address: str, sign: str) -> None:
    assert body_may_hold_address(f'{{"a": "{address.replace("@", sign)}"}}'.encode())
    assert not body_may_hold_address(b'{"a": "b", "uri": "/x?d=03%253A43"}')


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("giftMessage", "giftMessage"),
        ("gift message", "gift message"),
        ("xdm:origin.id", "xdm:origin.id"),
        ("zen@quarter.example", HIDDEN),
        ("Pat, 77 Larkspur Mews", HIDDEN),
        ("+1 555 867 5309", HIDDEN),
        ("call 555 867 5309", f"call {HIDDEN}"),
        ("x" * 65, HIDDEN),
        ("", HIDDEN),
    ],
)
def test_a_field_that_is_called_like_somebody_is_not_called_so(name: str, shown: str) -> None:
    assert mask_name(name) == shown
