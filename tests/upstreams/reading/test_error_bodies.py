"""Upstreams' words on their way to a page: one line, cut, without markup or credentials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.redaction import Redactor
from orders.upstreams.reading import error_bodies
from orders.upstreams.reading.error_bodies import load_problem, message, plain_message, shown


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Invalid  Customer\n",), "Invalid Customer"),
        (("Bad request", "", None, "status"), "Bad request: status"),
        (("a\x00b\x1b[31m",), "a b [31m"),
        ((["not a text"],), ""),
        (("needs 'Credential'. Authorization=abc.def and more",), "needs 'Credential'. …"),
        (("the bearer token is not valid",), "the bearer token is not valid"),
    ],
)
def test_messages_are_one_sane_line(parts: tuple[object, ...], expected: str) -> None:
    assert message(*parts) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ""),
        (b"upstream connect error", "upstream connect error"),
        (
            b"<html><head><title>502 Bad Gateway</title></head><body>x</body></html>",
            "502 Bad Gateway",
        ),
        (b"<p>Down</p><script>alert(1)</script> for <b>now</b>", "Down for now"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_pages_and_plain_text_are_summed_up(body: bytes, expected: str) -> None:
    assert plain_message(body) == expected


@given(st.binary())
def test_any_body_has_a_message(body: bytes) -> None:
    assert "\n" not in plain_message(body)
    load_problem(body)


def test_shown_words_are_cut_after_secrets_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor(["s3cret-token-of-ours"])
    monkeypatch.setattr(error_bodies, "process_redactor", lambda: redactor)
    assert shown("x" * 400) == "x" * 299 + "…"
    assert shown("x" * 290 + "s3cret-token-of-ours") == "x" * 290 + "[redacted]"
