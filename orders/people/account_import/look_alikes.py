"""How names are written: what nobody sees taken out, and what looks the same found to be alike.

Two accounts whose names people can't tell apart are one account that was split by a keyboard, and half of its
customers would be seen by the wrong people.
"""

import unicodedata
from functools import lru_cache

from django.utils.translation import gettext

# Seen by nobody, though Unicode calls them letters, marks or symbols: fillers of Hangul and Braille, joiners
# and variation selectors (https://www.unicode.org/reports/tr36/#Invisible_Characters).
_UNSEEN_OTHERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
# Persian and the scripts of India need these between their letters; in other scripts they show nothing.
_JOINERS = "\u200c\u200d"
_FIRST_JOINED = "\u0590"

# Letters of Cyrillic and Greek, small ones after case folding, that look Latin in one of their cases:
# https://www.unicode.org/reports/tr39/#Confusable_Detection
_LOOK_ALIKES = str.maketrans(
    "авекмнорстухѕіјԁһԛԝӏάαβεηικμνορτυχγ‐‑‒–—−’‘ʼ`´",
    "abekmhopctyxsijdhqwlaabenikmvoptuxy------'''''",
)


def is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _UNSEEN_OTHERS


def strip_unseen(text: str) -> str:
    """Without white space and unseen characters around it."""
    if text.isascii():
        return text.strip()
    first, last = 0, len(text)
    while first < last and (text[first].isspace() or is_unseen(text[first])):
        first += 1
    while first < last and (text[last - 1].isspace() or is_unseen(text[last - 1])):
        last -= 1
    return text[first:last]


@lru_cache(maxsize=4096)
def tidy(name: str) -> str:
    """The name as it is kept: composed, single plain spaces, nothing unseen."""
    if name.isascii() and name.isprintable() and "  " not in name:
        return name.strip()
    seen = (
        character
        for place, character in enumerate(name)
        if not is_unseen(character) or (character in _JOINERS and name[max(place - 1, 0)] >= _FIRST_JOINED)
    )
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


@lru_cache(maxsize=4096)
def likeness(name: str) -> str:
    """The same for names that look alike: capitals, white space, widths and other scripts' letters aside."""
    folded = unicodedata.normalize("NFKC", tidy(name)).casefold()
    folded = unicodedata.normalize("NFKC", folded).translate(_LOOK_ALIKES)
    return "".join(folded.split())


def difference(one: str, other: str) -> str:
    """In what two names that look alike differ, in words: often nobody can see it."""
    if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other):
        return gettext("in how its accents are encoded")
    if tidy(one) == tidy(other):
        return gettext("in spaces or in characters that nobody sees")
    if tidy(one).casefold() == tidy(other).casefold():
        return gettext("in capitals")
    return gettext("in spaces or in letters that look alike")
