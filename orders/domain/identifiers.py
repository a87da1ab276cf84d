"""What may stand as one segment of an address, ours or an upstream's, and how an ID is read from a paste."""

import re
import unicodedata

# Letters, digits and the three marks upstream IDs use. No slash, percent sign or control character can
# pass, so that an ID never becomes a second path segment (fabric has a GET that places an order).
IDENTIFIER_PATTERN = r"[0-9A-Za-z._-]{1,64}"
_IDENTIFIER = re.compile(IDENTIFIER_PATTERN)

# Characters that nobody sees: Unicode's Default_Ignorable_Code_Point and the marks of annotations.
# https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# What looks like a plain character and isn't: full-width forms, hyphens that don't break, all spaces.
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x2010, 0x2011, 0xFE63), "-"),
    **dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000), " "),
}
# Of an ID's own marks a full stop may close a sentence; the other two belong to it wherever they stand.
_CLINGING = re.compile(r"^[^0-9A-Za-z_-]+|[^0-9A-Za-z_-]+$")


def is_identifier(text: str) -> bool:
    """Whether `text` can be a customer or order ID: 1 to 64 safe characters, but not `.` or `..`."""
    return _IDENTIFIER.fullmatch(text) is not None and text not in {".", ".."}


def without_unseen(text: str) -> str:
    """`text` as it looks: without what has no width, with plain characters for their look-alikes.

    White space around it goes too. Copied from a spreadsheet, a chat or a web page, text is full of such.
    """
    return _UNSEEN.sub("", text).translate(_PLAIN).strip()


def clean_identifier(text: str) -> str:
    """The ID in `text`, as it was meant: `“１０００１３７.”` is 1000137.

    Taken off are characters that nobody sees, and punctuation that clings to either end. Digits of any
    script become the same digits of ours. What stands within stays, so that the result need not be an
    ID: `is_identifier` says whether it is.
    """
    plain = "".join(_plain_digit(sign) for sign in without_unseen(text))
    # A control character is nothing that clings: a NUL in an address is somebody's attempt.
    return plain if _has_control(plain) else _CLINGING.sub("", plain)


def _plain_digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None) if sign > "\x7f" else None
    return sign if value is None else str(value)


def _has_control(text: str) -> bool:
    return any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in text)
