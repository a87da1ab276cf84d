"""Numbers that came as texts: read where they can mean one thing only.

`12,50` has a decimal comma and `1,234,567` has groups; `1,000` may be a thousand or one, and is neither.
"""

import re
from decimal import Decimal, InvalidOperation

_MOST_DIGITS = 40
_SPACES = re.compile("[ \u00a0\u2009\u202f']")
_SPACED = re.compile("[+-]?\\d{1,3}(?:[ \u00a0\u2009\u202f']\\d{3})+(?:[.,]\\d+)?")
_GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"),
    ".": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def number_in(text: str) -> Decimal | None:
    """The number, or None where it is none, is none for sure, or would be a page of zeros written out."""
    text = text.strip()
    if len(text) > _MOST_DIGITS or "_" in text:  # which Python takes for a number all the same
        return None
    plain = _plain(text)
    if plain is None:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS else None


def whole_in(text: str) -> Decimal | None:
    """The same where a whole number is expected: `1.000` might be a thousand to whoever wrote it."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}\.000", text.strip()):
        return None
    return number_in(text)


def _plain(text: str) -> str | None:
    """The number as Python writes it, without groups and with a point."""
    if _SPACED.fullmatch(text):
        return _SPACES.sub("", text).replace(",", ".")
    commas, points = text.count(","), text.count(".")
    if not commas:
        return _GROUPED["."].fullmatch(text) and text.replace(".", "") if points > 1 else text
    if commas > 1 or (points and text.rindex(".") > text.rindex(",")):
        return text.replace(",", "") if _GROUPED[","].fullmatch(text) else None
    if points:
        return text.replace(".", "").replace(",", ".") if _GROUPED["."].fullmatch(text) else None
    is_ambiguous = _GROUPED[","].fullmatch(text) and not text.lstrip("+-").startswith("0")
    return None if is_ambiguous or not _DECIMAL_COMMA.fullmatch(text) else text.replace(",", ".")
