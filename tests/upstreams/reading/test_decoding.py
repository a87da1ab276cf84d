"""Single values and broken bodies: what is read, what is named as unreadable, what is refused."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.identifiers import is_identifier
from orders.upstreams.reading import decoding
from orders.upstreams.reading.decoding import Leaf, Unreadable, load_exact, load_plain, segment
from orders.upstreams.reading.lenient_decoding import decode_leniently
from tests.upstreams.sampled import JSON, encoded


class Inner(msgspec.Struct):
    value: Leaf = None


class Outer(msgspec.Struct, rename="camel"):
    some_name: Leaf = None
    inner: Inner | None = None
    many: list[Inner] | None = None


@given(st.text() | st.from_regex(r"[0-9A-Za-z._-]{1,64}", fullmatch=True))
def test_an_id_is_one_path_segment_or_refused(identifier: str) -> None:
    if is_identifier(identifier):
        assert segment(identifier) == identifier
        assert "/" not in segment(identifier)
    else:
        with pytest.raises(ValueError, match="not an ID"):
            segment(identifier)


@pytest.mark.parametrize(
    ("identifier"),
    [
        "",
        ".",
        "..",
        "a/b",
        "a%2Fb",
        "a?b",
        "a#b",
        "a b",
        "é",
        "a\n",
        "x/../../orders/1/trigger-now",
    ],
)
def test_what_could_be_more_than_one_segment_is_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="not an ID"):
        segment(identifier)


@pytest.mark.parametrize(
    ("value", "text", "whole", "amount", "flag"),
    [
        (None, "", None, None, None),
        ("", "", None, None, None),
        ("0123", "0123", 123, Decimal("0123"), "?"),
        (5, "5", 5, Decimal(5), "?"),
        (1, "1", 1, Decimal(1), True),
        (-3, "-3", -3, Decimal(-3), "?"),
        (Decimal("5.0"), "5.0", 5, Decimal("5.0"), "?"),
        (Decimal("85.068"), "85.068", "?", Decimal("85.068"), "?"),
        ("10.50", "10.50", "?", Decimal("10.50"), "?"),
        (" 7 ", " 7 ", 7, Decimal(7), "?"),
        ("true", "true", "?", "?", True),
        (True, "?", "?", "?", True),
        (False, "?", "?", "?", False),
        ("NaN", "NaN", "?", "?", "?"),
        ("Infinity", "Infinity", "?", "?", "?"),
        ("1e400", "1e400", "?", "?", "?"),
        ("five", "five", "?", "?", "?"),
        ("1_0", "1_0", "?", "?", "?"),
        ("1_000", "1_000", "?", "?", "?"),
        (10**41, "?", "?", "?", "?"),
        ([], "?", "?", "?", "?"),
        ({"a": 1}, "?", "?", "?", "?"),
    ],
)
def test_values_are_read_leniently_or_named(
    value: object, text: object, whole: object, amount: object, flag: object
) -> None:
    expected = {"text": text, "whole": whole, "amount": amount, "flag": flag}
    for name, result in expected.items():
        problems: list[str] = []
        read = getattr(decoding, name)(value, "here", problems)
        if result == "?":
            assert (read in {None, ""}, problems) == (True, ["here"]), name
        else:
            assert (read, problems) == (result, []), name


def test_lists_of_texts() -> None:
    problems: list[str] = []
    assert decoding.words(["a", 1, None, {}, ""], "codes", problems) == ("a", "1")
    assert decoding.words("one", "codes", problems) == ("one",)
    assert decoding.words({}, "codes", problems) == ()
    assert problems == ["codes[3]", "codes"]


def test_a_bad_date_is_named() -> None:
    problems: list[str] = []
    assert decoding.instant("2026-03-07T10:16Z", "a", problems) == datetime(2026, 3, 7, 10, 16, tzinfo=UTC)
    assert decoding.instant("soon", "b", problems) is None
    assert decoding.instant(5, "c", problems) is None
    assert decoding.instant("", "d", problems) is None
    assert problems == ["b", "c"]


def test_numbers_stay_exact() -> None:
    assert load_exact(b'{"a": 365.00, "b": 0.1, "c": 9007199254740993.1}') == {
        "a": Decimal("365.00"),
        "b": Decimal("0.1"),
        "c": Decimal("9007199254740993.1"),
    }
    decoder = decoding.typed_decoder(Inner)
    decoded = decoding.decode(b'{"value": 365.00}', decoder)
    assert decoded == Inner(Decimal("365.00"))
    assert decoded is not None
    assert str(decoded.value) == "365.00"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": "\\ud800!"}', {"a": "\ufffd!"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"a": "\\\\ud800"}', {"a": "\\ud800"}),
        (b'{"a": "\\u0000"}', {"a": "\ufffd"}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": NaN, "b": -Infinity}', {"a": "NaN", "b": "-Infinity"}),
        (b'{"a": 1e400}', {"a": "1e400"}),
        (b'{"a": 1e99999999999999999999}', {"a": "1e99999999999999999999"}),
        (b'{"a": ' + b"9" * 50 + b"}", {"a": "9" * 50}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_what_strict_readers_refuse_is_read(body: bytes, expected: object) -> None:
    assert load_exact(body) == load_plain(body) == expected


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"{'a': 1}", b"[" * 100_000, b"\xff"])
def test_what_is_not_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable, match="the body is"):
        load_exact(body)


@pytest.mark.parametrize(
    "body",
    [b'{"value": "\\u0000"}', b'{"value": "\\ud800"}', b'{"value": "\xff"}', b"[]", b"[" * 100_000],
)
def test_the_fast_path_leaves_what_it_cannot_take(body: bytes) -> None:
    assert decoding.decode(body, decoding.typed_decoder(Inner)) is None


def test_lenient_decoding_keeps_what_fits_and_names_the_rest() -> None:
    problems: list[str] = []
    value = {
        "someName": 1,
        "unknown": {},
        "inner": "not an object",
        "many": [{"value": 1}, None, 7, {"other": 2}],
    }
    assert decode_leniently(value, Outer, "row.", problems) == Outer(1, Inner(), [Inner(1), Inner()])
    assert problems == ["row.inner", "row.many[1]", "row.many[2]"]


def test_lenient_decoding_of_a_list_that_is_none() -> None:
    problems: list[str] = []
    assert decode_leniently({"many": {}, "inner": None}, Outer, "", problems) == Outer(many=[])
    assert decode_leniently([], Outer, "", problems) is None
    assert problems == ["many"]


@given(JSON)
def test_any_json_is_decoded_and_shown(value: object) -> None:
    read = load_exact(encoded(value))
    decode_leniently(read, Outer, "", [])
    decoding.displayed(read)
    assert encoded(load_plain(encoded(value)))
