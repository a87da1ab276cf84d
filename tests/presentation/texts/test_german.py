"""German as agents read it out: its own numbers, days and plurals; upstreams keep their words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from orders.domain.orders import Money
from orders.presentation import formatters
from orders.presentation.dates import moment_words
from orders.presentation.numbers import grouped
from orders.presentation.texts import advice
from orders.presentation.texts.order_sentence import order_sentence
from orders.presentation.texts.phrases import distance, on_day
from orders.presentation.texts.plain_words import PAYMENT_METHODS, language_words, theirs_within, word_of
from tests.presentation.texts.orders_of_all_kinds import NOW, all_cases

CASES = list(all_cases())
ENGLISH = re.compile(r"\b(the|your|of|were|not|is|and|order|will|be|with|customer|retries)\b", re.I)
QUOTED = re.compile("„[^“]*“")


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with translation.override("de"):
        yield


def test_no_english_is_left_in_what_is_said_of_any_kind_of_order() -> None:
    said = {order_sentence(row, NOW) for _, _, row in CASES}
    told = {text for _, _, row in CASES for text in advice.told(advice.order_topics(row), {})}

    assert len(said) > 100
    # What an upstream says itself stands in quotation marks.
    assert [text for text in (*said, *told) if ENGLISH.search(QUOTED.sub("", text))] == []


def test_numbers_amounts_days_and_distances_are_written_as_germans_do() -> None:
    moment = datetime(2019, 3, 21, 11, 32, tzinfo=UTC)

    assert [grouped(number) for number in (7, 1234, 1234567)] == ["7", "1.234", "1.234.567"]
    assert formatters.money(Money(amount=Decimal("1660.6"), currency="EUR")) == "EUR\u00a01.660,60"
    assert moment_words(moment) == "Do 21. Mär 2019, 11:32"
    assert [distance(NOW.replace(hour=hour), NOW.replace(hour=9)) for hour in (8, 11)] == [
        "vor 1 Stunde",
        "in 2 Stunden",
    ]
    assert on_day(NOW.replace(year=NOW.year - 9), NOW).startswith("am ")


def test_codes_have_plain_words_and_what_has_none_stays_as_it_came() -> None:
    assert [word_of(PAYMENT_METHODS, code) for code in ("credit_card", "Credit Card", "barter")] == [
        "Kreditkarte",
        "Kreditkarte",
        "barter",
    ]
    assert [language_words(code) for code in ("en_US", "de", "xx-1")] == ["Englisch (US)", "Deutsch", "xx-1"]


def test_an_upstreams_words_within_a_sentence_are_marked_as_theirs() -> None:
    drawn = theirs_within("Als Grund ist „Card <expired>“ angegeben.", "Card <expired>.")

    assert drawn == 'Als Grund ist „<span lang="en">Card &lt;expired&gt;</span>“ angegeben.'
    assert theirs_within("Ein Grund ist nicht angegeben.", "") == "Ein Grund ist nicht angegeben."
