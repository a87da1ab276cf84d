"""What is known of the people of one order, so that it can be found again in its texts.

A name that stands in the customer block is hidden in a message about the order too.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property

from orders.domain.email_addresses import HIDDEN

_SHORTEST_NAME = 2
_SHORTEST_WORD = 3  # of a name or street with several words
_SHORTEST_OTHER = 3  # with digits or signs in it
# A longer word is hidden within words too (`PatKowalska`); a shorter one would shred others.
_UNMISTAKABLE = 6
_FEWEST_DIGITS = 5
_SIGNIFICANT_DIGITS = 7  # of a phone number, however it is written
_NO_DIGITS = re.compile(r"\D+")
_SPACES = r"(?:[\s_+.-]|%20)+"


def folded(text: str) -> str:
    """The text in lower case, letter by letter: what is found in it stands at the same place in the text."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join([low if len(low := letter.lower()) == 1 else letter for letter in text])


def composed(text: str) -> str:
    """The text with each accent in its letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class KnownPeople:
    """Names, streets, numbers and the like that are personal in one order."""

    def __init__(
        self, names: Iterable[str] = (), others: Iterable[str] = (), numbers: Iterable[str] = ()
    ) -> None:
        self._words = tuple({each for text in names for each in _words_of_name(text)} | set(_whole(others)))
        digits = ("".join(filter(str.isdigit, number)) for number in numbers)
        self._numbers = tuple({each[-_SIGNIFICANT_DIGITS:] for each in digits if len(each) >= _FEWEST_DIGITS})

    def with_texts(self, others: Iterable[str]) -> "KnownPeople":
        """The same people, and further texts that are personal."""
        more = KnownPeople(others=others)
        more._words = tuple({*self._words, *more._words})
        more._numbers = self._numbers
        return more

    def __bool__(self) -> bool:
        return bool(self._words or self._numbers)

    def may_stand_in(self, lower: str) -> bool:
        """Whether anything known stands in a text in lower case, perhaps within other words."""
        for word in self._words:  # noqa: SIM110  (a generator costs more than what it would look at)
            if word in lower:
                return True
        return False

    def may_hold_number(self, text: str) -> bool:
        """Whether a known phone number may stand in a text, however its digits are grouped."""
        # Two digits stay together in any grouping; most texts don't have these.
        return any(number[-2:] in text and number in _NO_DIGITS.sub("", text) for number in self._numbers)

    def is_number(self, digits: str) -> bool:
        """Whether these are the digits of a known phone number, with or without its prefix."""
        return any(digits.endswith(number) for number in self._numbers)

    def hide(self, text: str) -> str:
        """The text with dots in place of everything known."""
        lower = folded(text)
        if not self.may_stand_in(" ".join(lower.split())):
            return text
        kept, end = [], 0
        for found in self._pattern.finditer(lower):
            kept += [text[end : found.start()], HIDDEN]
            end = found.end()
        return "".join([*kept, text[end:]]) if kept else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """The longest first, so that none is broken by a shorter one inside it."""
        return re.compile(
            "|".join(map(_alternative, sorted(self._words, key=lambda word: (-len(word), word))))
        )


def _words_of_name(text: str) -> Iterable[str]:
    """A name, and each of its words."""
    whole = folded(composed(text)).strip()
    if len(whole) < _SHORTEST_NAME:
        return ()
    words = whole.split()
    if len(words) == 1:
        return (whole,)
    return (" ".join(words), *(word for word in words if len(word) >= _SHORTEST_WORD))


def _whole(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        whole = " ".join(folded(composed(text)).split())
        if len(whole) >= _SHORTEST_OTHER:
            yield whole


def _alternative(word: str) -> str:
    """A pattern for one word in lower case. It begins with a letter, which is what makes it quick."""
    pattern = _SPACES.join(map(re.escape, word.split(" ")))
    if len(word) >= _UNMISTAKABLE:
        return pattern
    first = re.escape(word)
    before = rf"(?:(?<![^\W_]{first})|(?<=%[0-9a-f]{{2}}{first}))" if " " not in word else ""
    return rf"{pattern}{before}(?![^\W_])"


NOBODY = KnownPeople()
