"""The bytes of a file as text: by their mark, as UTF-8 or UTF-16, else by the chosen Windows code page.

What spreadsheets write: “CSV UTF-8” (with a byte-order mark), “Unicode text” (UTF-16 with tabs), and plain
“CSV”, which is in the code page of the machine and doesn't say in which: nobody can tell them apart for sure,
so what was read that way is said, for a person to look at.
"""

import codecs

import msgspec
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 5 * 2**20

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python's names and people's: https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
CODE_PAGES = {
    "cp1252": _("Windows Western European"),
    "cp1250": _("Windows Central European"),
    "cp1251": _("Windows Cyrillic"),
    "cp1253": _("Windows Greek"),
    "cp1254": _("Windows Turkish"),
    "cp1257": _("Windows Baltic"),
}
USUAL_CODE_PAGE = "cp1252"
_OTHER_FILES = {
    b"PK\x03\x04": _("an Excel workbook or another ZIP file"),
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": _("an old Excel workbook"),
}


class Unreadable(Exception):
    """The file as a whole can't be used; the text says why."""


class Decoded(msgspec.Struct, frozen=True):
    """A file's text. `code_page` is set where the file itself doesn't say how its letters are written."""

    text: str
    code_page: str = ""


def decode(content: bytes, code_page: str = USUAL_CODE_PAGE, *, most_bytes: int = MOST_BYTES) -> Decoded:
    """The file as text; raises `Unreadable` for one that is too long, or is no text.

    `code_page` is one of `CODE_PAGES`; it counts only where the file is neither UTF-8 nor UTF-16.
    """
    if len(content) > most_bytes:
        raise Unreadable(gettext("The file is larger than %(value)s MB.") % {"value": most_bytes // 2**20})
    for beginning, kind in _OTHER_FILES.items():
        if content.startswith(beginning):
            raise Unreadable(
                gettext("This is %(kind)s. Save it as “CSV UTF-8” and choose that file.") % {"kind": kind}
            )
    mark, encoding = next((each for each in _MARKS if content.startswith(each[0])), (b"", ""))
    try:
        decoded = Decoded(content[len(mark) :].decode(encoding or _without_mark(content)))
    except UnicodeDecodeError as error:
        if encoding:
            line = content[len(mark) :][: error.start].decode(encoding, "ignore").count("\n") + 1
            raise Unreadable(
                gettext("Line %(line)s is damaged: it can't be read as %(upper)s.")
                % {"line": line, "upper": encoding.upper()}
            ) from None
        decoded = _by_code_page(content, code_page)
    if "\0" in decoded.text:
        raise Unreadable(gettext("The file holds NUL characters: it is not a CSV file."))
    return decoded


def _without_mark(content: bytes) -> str:
    """UTF-16 without a mark shows itself by the empty half of its first letter: a heading is in ASCII."""
    if content[1:2] == b"\0" and content[:1] != b"\0":
        return "utf-16-le"
    return "utf-16-be" if content[:1] == b"\0" and content[1:2] not in (b"", b"\0") else "utf-8"


def _by_code_page(content: bytes, code_page: str) -> Decoded:
    try:
        return Decoded(content.decode(code_page), code_page)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        said = gettext(
            "Line %(line)s is written neither in UTF-8 nor in %(letters)s letters. "
            "Save the file as “CSV UTF-8”."
        )
        raise Unreadable(said % {"line": line, "letters": CODE_PAGES[code_page]}) from None
