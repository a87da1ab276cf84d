"""Free text: a message, a note, a title. People write anything into it, so it is personal by default."""

import re
from collections.abc import Collection

from orders.domain.bounded_text import cut
from orders.domain.email_addresses import (
    HIDDEN,
    hide_addresses,
    mask_addresses,
    may_hold_address,
    plainly_spelled,
)
from orders.domain.known_people import NOBODY, KnownPeople, composed

__all__ = ["HIDDEN", "is_harmless", "mask_addresses", "mask_name", "mask_reference", "mask_text"]

# Digits as people write numbers: in groups, with a country's prefix in front or not.
_NUMBER = re.compile(r"(?<![\w#-])\+?\(?\d(?:[ \t\u00a0().\-–/]{0,3}\d){5,18}(?!\w)")
# Not begun anew at each of a row of digits: what is found from a later one is found from the first.
_SEVEN_DIGITS = re.compile(r"\d(?<!\d\d)(?<!\d[^\w@]\d)(?:[^\w@]{0,3}\d){6}")
_NO_PHONE = re.compile(
    r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?(?:[ T]\d\d?)?"  # a date
    r"|\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d"
    r"|\d+\.\d\d?"  # an amount
)
_FEWEST_DIGITS = 7
_MOST_PHONE_DIGITS = 15
_BARE_PHONE_DIGITS = range(9, 13)  # written without any sign; longer ones are article numbers
_CARD_DIGITS = range(13, 20)
_MOST_NUMBERS = 200
_TOO_MANY = f"{HIDDEN} [hidden: more than {_MOST_NUMBERS} numbers]"

_STREET = re.compile(
    r"(?<![\w-])\d{1,5}[A-Za-z]?,?\s(?:[^\W\d][\w.'’-]{0,30}\s){1,4}?"
    r"(?:(?i:street|road|avenue|lane|boulevard|terrace|crescent|highway)"
    r"|(?:St|Rd|Ave|Ln|Dr|Drive|Ct|Court|Row|Blvd|Place|Pl|Way|Close|Square|Quay|Mews|Hwy)\b\.?)"
    r"|(?<!\w)[^\W\d][\w.-]{0,40}?[ -]?(?i:straße|strasse|str\.|gasse|weg|platz|allee)\s\d{1,4}[a-z]?(?!\w)"
)
# One of these, folded, stands in every text that has a street line.
_STREET_SIGNS = (
    "street", "road", "avenue", "lane", "boulevard", "terrace", "crescent", "highway",
    " st", " rd", " ave", " ln", " dr", " ct", " court", " row", " blvd", " pl", " way", " close", " square",
    " quay", " mews", " hwy", "straße", "strasse", "str.", "gasse", "weg ", "platz", "allee",
)  # fmt: skip

_FIELD_NAME = re.compile(r"(?:[^\W\d]|\$)[\w .:$-]{0,63}")

# Titles and the like come again and again: those that hold nothing are remembered, others never.
_harmless: set[str] = set()
_MOST_REMEMBERED = 4096
_LONGEST_REMEMBERED = 200


def mask_text(text: str, known: KnownPeople = NOBODY, *, keep: Collection[str] = ()) -> str:
    """The text without e-mail addresses, phone and card numbers, street lines, and what is `known`.

    `keep` are numbers that stay: the IDs a message is about. The text is cut to our bound.
    """
    text = composed(cut(text))
    if may_hold_address(text):
        text = hide_addresses(plainly_spelled(text))
    if known:
        text = known.hide(text)
    if _SEVEN_DIGITS.search(text) or known.may_hold_number(text):
        text = _without_numbers(text, known, keep)
    return _STREET.sub(HIDDEN, text) if _may_hold_street(text) else text


def mask_reference(text: str, known: KnownPeople = NOBODY) -> str:
    """A reference that somebody chose: a text, but one in which numbers are numbers."""
    text = known.hide(mask_addresses(composed(text)))
    if not known.may_hold_number(text):
        return text
    return _NUMBER.sub(lambda found: HIDDEN if known.is_number(_digits(found[0])) else found[0], text)


def mask_name(name: str, known: KnownPeople = NOBODY) -> str:
    """The name of a field that nobody knows: in an open map it may be somebody's. What hasn't the form of a
    field's name, as a whole address, is hidden.
    """
    if not _FIELD_NAME.fullmatch(name):
        return HIDDEN
    masked = mask_reference(name, known)
    return masked if masked != name or not _SEVEN_DIGITS.search(name) else mask_text(name, known)


def is_harmless(text: str) -> bool:
    """Whether there is nothing to hide in a text, apart from what may be known of people."""
    if text in _harmless:
        return True
    is_plain = len(text) <= _LONGEST_REMEMBERED and mask_text(text) == text
    if is_plain:
        if len(_harmless) >= _MOST_REMEMBERED:
            _harmless.clear()
        _harmless.add(text)
    return is_plain


def _may_hold_street(text: str) -> bool:
    folded = text.lower()
    return any(sign in folded for sign in _STREET_SIGNS) and any(map(str.isdigit, text))


def _without_numbers(text: str, known: KnownPeople, keep: Collection[str]) -> str:
    masked, count = _NUMBER.subn(lambda found: _number(found[0], known, keep), text, count=_MOST_NUMBERS + 1)
    return masked if count <= _MOST_NUMBERS else _TOO_MANY


def _number(written: str, known: KnownPeople, keep: Collection[str]) -> str:
    digits = _digits(written)
    if known.is_number(digits):
        return HIDDEN
    if written in keep or _NO_PHONE.fullmatch(written):
        return written
    is_bare = len(digits) == len(written)
    if len(digits) in _CARD_DIGITS and (not is_bare or _is_card(digits)):
        return HIDDEN
    if is_bare:
        return HIDDEN if len(digits) in _BARE_PHONE_DIGITS else written
    return HIDDEN if _FEWEST_DIGITS <= len(digits) <= _MOST_PHONE_DIGITS else written


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _is_card(digits: str) -> bool:
    """Luhn's sum: https://en.wikipedia.org/wiki/Luhn_algorithm (ISO/IEC 7812)."""
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(doubled[number] for number in numbers[1::2])) % 10 == 0
