"""What else people paste into the look-up box: what leads nowhere says why, and words are no IDs."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.identifiers import is_identifier
from orders.domain.lookup import LookUp
from tests.domain.pasted import FABRIC_ID, adobe, read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("   \u200b\n", "empty"),
        ("ida.varga@example.com", "mail"),
        ("Please find ida1000000137@example.com", "mail"),
        ("mailto:ida@example.com", "mail"),
        ("+49 170 1234567", "phone"),
        ("+491701234567", "phone"),
        ("0049 170 1234567", "phone"),
        ("0049 10.10.2000", "phone"),
        ("0049 2026-11-28", "phone"),
        ("0170 1234567", "phone"),
        ("0170/1234567", "phone"),
        ("(555) 123-4567", "phone"),
        ("555-123-4567", "phone"),
        ("555.123.4567", "phone"),
        ("1-800-555-0199", "phone"),
        ("+1 (555) 123 4567", "phone"),
        ("tel 5551234567", "phone"),
        ("Phone: 5551234567", "phone"),
        ("call me back on 5551234567", "phone"),
        ("one two three", "nothing"),
        ("customer", "nothing"),
        ("Harbour Design", "nothing"),
        ("the customer ordered 5 seats in 2026 and pays 1200 EUR", "nothing"),
        ("She wants Office365 and 3YC", "nothing"),
        ("offer 65304578CA01A12", "nothing"),
        ("2026-05-01T10:00:00Z", "nothing"),
        ("https://example.com/", "nothing"),
        ("https://partners.adobe.io/v3/customers//orders", "nothing"),
        ("https://partners.adobe.io/v3/customers/../orders", "nothing"),
        ("https://partners.adobe.io/v3/customers/%2e%2e/orders", "nothing"),
        ("https://partners.adobe.io/v3/customers/%31000000137/orders", "nothing"),
        ("https://partners.adobe.io/v3/customers/a%2Fb/orders", "nothing"),
        ("https://partners.adobe.io/v3/subscriptions/1000000137", "nothing"),
        ("curl https://ims-na1.adobelogin.com/ims/token/v3 -d client_id=1234567890", "nothing"),
        ("curl -H 'X-Api-Key: 1234567890'", "nothing"),
        ("GET <ENV>/v3/customers/<customer-id>/orders", "placeholder"),
        (
            "curl https://x.example/v3/customers/{customer-id}/orders -H 'X-Api-Key: 1234567890'",
            "placeholder",
        ),
        (f"/data-subscription/v1/orders/{FABRIC_ID}/trigger-now", "nothing"),
        ("..", "nothing"),
        (". .", "nothing"),
        ("x" * 65, "nothing"),
        ("1" * 65, "nothing"),
        ("https://[broken", "nothing"),
        ("/sap/customers/1/orders/", "nothing"),
        ("1000000137\x005000000001", "nothing"),
    ],
)
def test_what_leads_nowhere_says_why(text, problem):
    assert read(text) == LookUp(problem=problem)


WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,12}[.,!?]?", fullmatch=True), max_size=12)


@given(WORDS)
def test_words_are_never_taken_for_ids(words):
    assert read(" ".join(words)).found == ()


@given(
    WORDS.filter(lambda words: not {"adobe", "fabric"} & {word.strip(".,!?").lower() for word in words}),
    st.integers(10**9, 10**10 - 1).map(str),
    st.sampled_from(["customer", "Customer ID:", "customer number", "CUSTOMER:"]),
)
def test_a_customer_that_is_called_one_is_found_in_any_sentence(words, customer_id, label):
    before, after = words[: len(words) // 2], words[len(words) // 2 :]

    assert read(" ".join([*before, label, customer_id, *after])) == LookUp(found=(adobe(customer_id),))


PHONE_DIGITS = st.lists(st.integers(10, 9999).map(str), min_size=3, max_size=4).filter(
    lambda groups: 7 <= sum(map(len, groups)) <= 11
)


@given(PHONE_DIGITS, st.sampled_from(" -."), st.sampled_from(["+1 ", "+49 ", "", "0049 "]))
def test_phone_numbers_are_no_ids(groups, separator, prefix):
    assert read(prefix + separator.join(groups)).found == ()


@given(st.text(max_size=300))
def test_nothing_that_can_be_pasted_is_an_error_or_leads_outside_an_address(text):
    look_up = read(text)

    assert bool(look_up.found) is not bool(look_up.problem)
    for found in look_up.found:
        assert found.sources
        for identifier in filter(None, (found.customer_id, found.order_id)):
            assert is_identifier(identifier)
            assert any(sign.isdigit() for sign in identifier)
        assert found.customer_id or found.order_id


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1 " * 50_000,
        "a@" * 50_000,
        "+1" * 50_000,
        "1-" * 50_000,
        "/1" * 50_000,
        "(1) " * 25_000,
    ],
)
def test_a_hundred_kilobytes_of_anything_are_read_in_a_moment(text):
    started = thread_time()

    read(text)

    assert thread_time() - started < 2
