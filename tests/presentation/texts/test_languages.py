"""Another language: one catalogue, and every cached word is the reader's."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from orders.domain.line_agreement import lines_disagree
from orders.domain.retry_status import WILL_RETRY
from orders.presentation import formatters
from orders.presentation.columns import ORDER_COLUMNS
from orders.presentation.texts import advice, state_words
from orders.presentation.texts.order_sentence import order_sentence
from orders.upstreams.adobe_vip_marketplace import terms
from tests.presentation.texts.orders_of_all_kinds import NOW, adobe_order, fabric_order, retry

GERMAN = {
    "": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
    "Will retry": "Neuer Versuch",
    "Completed": "Fertig",
    "Status": "Stand",
    "%(used)s of %(allowed)s retry used\0%(used)s of %(allowed)s retries used": (
        "%(used)s von %(allowed)s Versuch verbraucht\0%(used)s von %(allowed)s Versuchen verbraucht"
    ),
    "%(count)s of %(total)s lines processing": "%(count)s von %(total)s Zeilen in Arbeit",
    "Your order of %(day)s": "Ihre Bestellung vom %(day)s",
    "date format\4j F": "j. F",
    "%(order)s went through.": "%(order)s ist durch.",
    "The order ID is %(order_id)s.": "Die Bestellnummer ist %(order_id)s.",
    "The order is complete, and there is nothing more to do.": "Nichts mehr zu tun.",
}


def catalogue(texts: Mapping[str, str]) -> bytes:
    """A compiled catalogue, as `msgfmt` writes it: https://www.gnu.org/software/gettext/manual/gettext.html#MO-Files"""
    pairs = sorted((key.encode(), value.encode()) for key, value in texts.items())
    start = 28 + 16 * len(pairs)
    tables, strings = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<2I", len(pair[column]), start + len(strings))
            strings += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables + strings


@pytest.fixture
def _german(tmp_path: Path, settings: Any) -> None:
    # A language that nobody speaks here: what was looked up of one is kept.
    folder = tmp_path / "de_AT" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(catalogue(GERMAN))
    settings.LOCALE_PATHS = [str(tmp_path)]
    settings.LANGUAGES = [("en-gb", "English"), ("de-at", "Deutsch")]


@pytest.mark.usefixtures("_german")
def test_words_are_the_readers_whoever_read_before() -> None:
    pending = fabric_order(
        "RETRY",
        retry=retry(1),
        scheduled_at=datetime(2026, 11, 29, tzinfo=UTC),
        status_updated_at=datetime(2026, 11, 26, tzinfo=UTC),
    )
    mixed = adobe_order("1000", lines="1000 1002")
    complete = adobe_order("1000")
    assert lines_disagree(mixed.order)

    def said() -> list[str]:
        return [
            state_words.word(WILL_RETRY),
            state_words.word(terms.status("1000")),
            formatters.retries(pending),
            str(formatters.status(mixed)),
            order_sentence(complete, NOW),
            *advice.told(advice.order_topics(complete), {}),
            ORDER_COLUMNS["status"].heading_text,
        ]

    english = [
        "Will retry",
        "Completed",
        "1 of 3 retries used",
        '<span class="tag good">Completed <small>1000</small></span> '
        '<span class="part"><span class="tag busy">1 of 2 lines processing</span></span>',
        "Your order of 19 November went through. The order ID is 5120008001.",
        "The order is complete, and there is nothing more to do.",
        "Status",
    ]
    assert said() == english
    with translation.override("de-at"):
        assert said() == [
            "Neuer Versuch",
            "Fertig",
            "1 von 3 Versuchen verbraucht",
            '<span class="tag good">Fertig <small>1000</small></span> '
            '<span class="part"><span class="tag busy">1 von 2 Zeilen in Arbeit</span></span>',
            "Ihre Bestellung vom 19. November ist durch. Die Bestellnummer ist 5120008001.",
            "Nichts mehr zu tun.",
            "Stand",
        ]
    assert said() == english
