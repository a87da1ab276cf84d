"""What may stand as one segment of an address, ours or an upstream's."""

import re

# Letters, digits and the three marks upstream IDs use. No slash, percent sign or control character can
# pass, so that an ID never becomes a second path segment (fabric has a GET that places an order).
IDENTIFIER_PATTERN = r"[0-9A-Za-z._-]{1,64}"
_IDENTIFIER = re.compile(IDENTIFIER_PATTERN)


def is_identifier(text: str) -> bool:
    """Whether `text` can be a customer or order ID: 1 to 64 safe characters, but not `.` or `..`."""
    return _IDENTIFIER.fullmatch(text) is not None and text not in {".", ".."}
