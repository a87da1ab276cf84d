"""Codes in human words: a vendor's code beside our word, meaning and tone for it."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

# Tones are the shapes and colours of the page: good (settled), plan (waits for its day), busy (in progress),
# wait (waits for somebody), late (overdue), bad (failed), off (switched off or unknown).


class Term(msgspec.Struct, frozen=True):
    """A code as the upstream sent it, with our reading. `known` is False for a code not in our table."""

    code: str
    word: str = ""
    tone: str = "off"
    meaning: str = ""
    known: bool = True

    def __bool__(self) -> bool:
        return bool(self.code)


NOTHING = Term(code="", word="")

Vocabulary = Mapping[str, Term]


def vocabulary(*terms: Term) -> Vocabulary:
    return {term.code: term for term in terms}


def read(table: Vocabulary, code: str) -> Term:
    """The term for `code`; a code that isn't in the table is shown as it came, and marked so. Blanks around a
    code are no part of it.
    """
    code = code.strip()
    if not code:
        return NOTHING
    known = table.get(code)
    return known if known is not None else Term(code, word=code, tone="off", known=False)


@lru_cache(maxsize=256)
def plain_code(code: str) -> str:
    """A worded code without the ways of spelling it that occur: case, underscores, spaces, one L or two."""
    plain = " ".join(code.upper().replace("_", " ").split())
    return "CANCELED" if plain == "CANCELLED" else plain
