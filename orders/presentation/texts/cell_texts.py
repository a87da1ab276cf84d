"""`gettext` and `ngettext` for cells: the same words many times a page, looked up once for each language.

A look-up in Django's catalogues costs as much as the rest of a cell.
"""

from functools import lru_cache

from django.conf import settings
from django.utils import translation


def reader_language() -> str:
    """What to cache words by. Where there is one language only, nobody has to be asked for theirs."""
    languages = settings.LANGUAGES
    return languages[0][0] if len(languages) == 1 else translation.get_language() or ""


def gettext(message: str) -> str:
    return _message(message, reader_language())


def ngettext(singular: str, plural: str, number: int) -> str:
    return _plural(singular, plural, number, reader_language())


@lru_cache(maxsize=2048)
def _message(message: str, language: str) -> str:
    """`language` is only here for the cache, here and below."""
    return translation.gettext(message)


@lru_cache(maxsize=4096)
def _plural(singular: str, plural: str, number: int, language: str) -> str:
    return translation.ngettext(singular, plural, number)
