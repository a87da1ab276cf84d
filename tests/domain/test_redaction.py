"""Whatever a text is and however a secret is spelled in it, the secret doesn't get out."""

import base64
import html
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.redaction import (
    KEPT_TOKENS,
    MARK,
    Redactor,
)

SECRET = 'pa55/word+with=odd&"signs"<é>\\ and%20more'

SPELLED = {
    "plain": SECRET,
    "URL-encoded": quote(SECRET, safe=""),
    "URL-encoded, slashes kept": quote(SECRET),
    "URL-encoded in lower case": quote(SECRET, safe="")
    .replace("%2F", "%2f")
    .replace("%2B", "%2b")
    .replace("%3D", "%3d")
    .replace("%3C", "%3c")
    .replace("%3E", "%3e")
    .replace("%C3%A9", "%c3%a9")
    .replace("%5C", "%5c"),
    "as a form field": quote_plus(SECRET),
    "URL-encoded twice": quote(quote(SECRET, safe=""), safe=""),
    "in JSON": json.dumps(SECRET)[1:-1],
    "in JSON, readable": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in JSON, slashes escaped": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "in a repr": repr(SECRET)[1:-1],
    "in HTML": html.escape(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
}

secrets = st.text(min_size=8, max_size=60).filter(lambda text: text not in MARK)


@pytest.mark.parametrize("spelling", SPELLED.values(), ids=SPELLED)
def test_every_spelling_of_a_secret_is_removed(spelling: str) -> None:
    cleaned = Redactor([SECRET]).clean(f"before {spelling} after")
    assert cleaned.startswith("before [redacted]")
    assert cleaned.endswith(" after")
    assert spelling not in cleaned


@pytest.mark.parametrize("before", ["", "a", "ab", "user:", "client-42:"])
def test_a_secret_inside_longer_base64_is_removed(before: str) -> None:
    encoded = base64.b64encode(f"{before}{SECRET}:after".encode()).decode()
    cleaned = Redactor([SECRET]).clean(encoded)
    assert MARK in cleaned
    assert len(cleaned.replace(MARK, "")) <= len(before) * 2 + 14


@given(secret=secrets, before=st.text(max_size=40), after=st.text(max_size=40))
def test_no_text_keeps_a_secret(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    raw = secret.encode("utf-8", "surrogatepass")
    for spelling in (secret, json.dumps(secret)[1:-1], base64.b64encode(raw).decode().strip("=")):
        assert spelling not in redactor.clean(before + spelling + after).replace(MARK, "\0")
    assert secret not in json.dumps(redactor.clean_json({before + secret: [secret + after]}))


@given(secret=secrets, text=st.text(max_size=200))
def test_a_text_without_secrets_stays_as_it_is(secret: str, text: str) -> None:
    foreign = "".join(each for each in text if each not in secret)
    half = secret[: len(secret) // 2]
    assert Redactor([secret]).clean(foreign) == foreign
    assert Redactor([secret]).clean(half) == half


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=10), inner),
    )
)
def test_a_json_value_without_secrets_stays_as_it_is(value: Any) -> None:
    assert Redactor([SECRET]).clean_json(value) == value


def test_a_json_value_is_cleaned_deeply_and_not_changed_itself() -> None:
    value: dict[str, Any] = {"a": [{"b": f"x {SECRET}", SECRET: 1}], "c": 2.5, "d": None}
    cleaned = Redactor([SECRET]).clean_json(value)
    assert cleaned == {"a": [{"b": "x [redacted]", MARK: 1}], "c": 2.5, "d": None}
    assert SECRET in value["a"][0]["b"]


@pytest.mark.parametrize("short", ["", "a", "demo", "12345"])
def test_what_is_too_short_for_a_secret_is_left_alone(short: str) -> None:
    assert Redactor([short]).clean(f"a demo of {short} 12345") == f"a demo of {short} 12345"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Redactor(["secret-1", "secret-1-and-more"]).clean("secret-1-and-more") == MARK


CREDENTIALS = {
    "Authorization: Bearer abc.def-123": "Authorization: Bearer [redacted]",
    '{"Authorization": "Bearer abc123456"}': '{"Authorization": "Bearer [redacted]"}',
    "authorization=abcdef, and so on": "authorization=[redacted], and so on",
    "AUTHORIZATION: Basic dXNlcjpwYXNz==": "AUTHORIZATION: Basic [redacted]",
    "bearer ABCDEFGHIJKLMNOPQRSTUVWXYZ": "bearer [redacted]",
    "Bearer%20abcdefgh12345": "Bearer%20[redacted]",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is it": "[redacted] is it",
    "Bearer authentication is required": "Bearer authentication is required",
    "The bearer token expired": "The bearer token expired",
    "Basic plan, authorization needed": "Basic plan, authorization needed",
}


@pytest.mark.parametrize(("text", "cleaned"), CREDENTIALS.items())
def test_what_looks_like_a_credential_is_removed_even_if_unknown(text: str, cleaned: str) -> None:
    assert Redactor().clean(text) == cleaned


def test_tokens_are_forgotten_after_many_newer_ones_but_configured_secrets_never() -> None:
    redactor = Redactor([SECRET])
    for number in range(KEPT_TOKENS + 1):
        redactor.add(f"token-number-{number:05}")
    assert redactor.clean("token-number-00000") == "token-number-00000"
    assert redactor.clean("token-number-00001") == MARK
    assert redactor.clean(SECRET) == MARK


def test_threads_lose_no_secret() -> None:
    redactor = Redactor()
    tokens = [f"token-number-{number:05}" for number in range(KEPT_TOKENS)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(redactor.add, tokens))
    assert redactor.clean(" ".join(tokens)) == " ".join([MARK] * KEPT_TOKENS)
    assert "token-number" not in repr(redactor)


def test_a_page_of_orders_without_secrets_costs_little() -> None:
    redactor = Redactor([f"configured-secret-{number}" for number in range(6)])
    for number in range(KEPT_TOKENS):
        redactor.add(f"a-token-as-long-as-they-are-{number:05}" * 20)
    order = {"orderId": "9201910887", "status": "1000", "creationDate": "2026-01-01T00:00:00Z"}
    page = {"items": [{**order, "lineItems": [order] * 5} for _ in range(100)]}
    times = []
    for _ in range(5):
        started = time.perf_counter()
        redactor.clean_json(page)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.1
