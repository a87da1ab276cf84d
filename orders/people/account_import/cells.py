"""What may stand in a cell. Spreadsheets and programs leave things there that nobody typed."""

import re
import unicodedata

from django.utils.translation import gettext

from orders.domain.identifiers import is_identifier
from orders.people.account_import.look_alikes import is_unseen

_LONGEST = {"account": 200, "reseller_id": 64, "source": 32, "customer_id": 64, "manager": 150}
_NOTHINGS = frozenset(
    {"nan", "none", "null", "nil", "n/a", "<na>", "nat", "undefined"}
    | {"#n/a", "#ref!", "#name?", "#value!", "#div/0!", "#null!", "#num!", "#spill!", "#calc!"}
)
# 1000000137.0, 1,000,000,137, 1.00E+09 and 1e9. IDs of hexadecimal digits are longer around their `e`.
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,' ]\d+)+|\d(?:[.,]\d+)?(?=e))(?:e[+-]?\d{1,3})?", re.IGNORECASE)


def problem_in(column: str, text: str) -> str:
    """Why this text can't be what its author meant to give for the column; empty where it can."""
    if not text:
        return ""
    if len(text) > _LONGEST[column]:
        return gettext("%(column)s is longer than %(most)s characters.") % {
            "column": column,
            "most": _LONGEST[column],
        }
    return _leftover(column, text) or (_no_id(column, text) if column.endswith("_id") else "")


def _leftover(column: str, text: str) -> str:
    """What no person types in any column."""
    if text.casefold() in _NOTHINGS:
        return gettext(
            "%(column)s is “%(text)s”, which programs write for a value that is missing or failed."
        ) % {"column": column, "text": text}
    if text.startswith("="):
        return gettext("%(column)s is a formula. Write its value.") % {"column": column}
    if text[0] == text[-1] == '"':
        return gettext(
            "%(column)s has quotes around it that don't belong to the file's form. Take them out."
        ) % {"column": column}
    if text.isascii() and text.isprintable():
        return ""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Co", "Cn", "Zl", "Zp"):
            return gettext("%(column)s holds U+%(code)s, which is no character of a text.") % {
                "column": column,
                "code": f"{ord(character):04X}",
            }
    if "\ufffd" in text:
        return gettext("%(column)s holds “�”: a letter was lost before the file came here.") % {
            "column": column
        }
    mended = _mended(text)
    if mended:
        return gettext("%(column)s was read in the wrong encoding before: “%(text)s” is “%(mended)s”.") % {
            "column": column,
            "text": text,
            "mended": mended,
        }
    return ""


def _mended(text: str) -> str:
    """What the text was before somebody read its UTF-8 as Windows letters; empty where nobody did."""
    try:
        mended = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return ""
    return mended if mended != text else ""


def _no_id(column: str, text: str) -> str:
    if _NUMBER.fullmatch(text):
        return gettext(
            "%(text)s is a number as a spreadsheet writes it, not %(words)s. Make the column text."
        ) % {"text": text, "words": _id_words(column)}
    unseen = "" if text.isascii() else next(filter(is_unseen, text), "")
    if unseen:
        return gettext("%(column)s holds U+%(code)s, which nobody sees. Type the ID anew.") % {
            "column": column,
            "code": f"{ord(unseen):04X}",
        }
    if not is_identifier(text):
        return gettext("That can't be %(words)s: 1 to 64 letters, digits, “-”, “_” or “.”.") % {
            "words": _id_words(column)
        }
    if column == "reseller_id" and not any(map(str.isdigit, text)):
        return gettext(
            "“%(text)s” can't be a reseller ID: it has no digit. A name with a comma must stand in quotes."
        ) % {"text": text}
    return ""


def _id_words(column: str) -> str:
    return gettext("a reseller ID") if column == "reseller_id" else gettext("a customer ID")
