"""What a code is called and what it means, in the reader's language.

A vendor's code carries our words for it, marked for translation where they stand. The states of the retry
clock are facts of the domain, which has no words: theirs are here.
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from orders.domain.terms import Term
from orders.presentation.texts.cell_texts import gettext, reader_language
from orders.presentation.texts.phrases import Text


class Words(NamedTuple):
    word: str
    meaning: str


RETRY_STATES: dict[str, Words] = {
    "will-retry": Words(_("Will retry"), _("An attempt failed; another one is planned.")),
    "overdue": Words(_("Overdue"), _("An attempt was due and has not been made.")),
    "retrying-now": Words(_("Retrying now"), _("A retry is under way.")),
    "retries-exhausted": Words(_("Retries exhausted"), _("All retries failed; no more will follow.")),
    "failed-no-retry": Words(_("Failed, no retry"), _("It failed for good; no retry will follow.")),
    "recovered": Words(_("Recovered"), _("It went through after an earlier failure.")),
    "canceled-while-retrying": Words(
        _("Cancelled while retrying"), _("It was cancelled after an attempt had failed.")
    ),
}


def word(term: Term) -> str:
    """What it is called; a code that is in no table of ours as it came."""
    return _read(term, reader_language())[0]


def file_word(term: Term) -> str:
    """What it is called in a file, whose values are the same for everybody."""
    return term.word or (RETRY_STATES[term.code].word if term.code in RETRY_STATES else "")


def retry_state_choices() -> list[tuple[str, Text]]:
    """Code and word of each, for a form."""
    return [(code, gettext_lazy(words.word)) for code, words in RETRY_STATES.items()]


def meaning(term: Term) -> str:
    """What it means in a sentence; empty where there is nothing to say."""
    return _read(term, reader_language())[1]


def named(term: Term) -> Term:
    """The term with its word, for a page."""
    return msgspec.structs.replace(term, word=word(term), meaning=meaning(term))


@lru_cache(maxsize=1024)
def _read(term: Term, language: str) -> tuple[str, str]:
    """`language` is only here for the cache: cells are many, and languages few."""
    if not term.known:
        return term.word, ""
    own = Words(term.word, term.meaning)
    words = own if term.word else RETRY_STATES.get(term.code, own)
    # To gettext an empty text stands for the head of its catalogue.
    return gettext(words.word) if words.word else "", gettext(words.meaning) if words.meaning else ""
