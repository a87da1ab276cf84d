"""`gettext` and `ngettext` for cells: the same words many times a page, looked up once for each language.

A look-up in Django's catalogues costs as much as the rest of a cell.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.utils import translation

_table = threading.local()


def reader_language() -> str:
    """What to cache words by."""
    return getattr(_table, "language", "") or translation.get_language() or ""


@contextmanager
def one_language() -> Iterator[None]:
    """All that is drawn within is for one reader: Django, which takes its time, is asked once for theirs."""
    before, _table.language = getattr(_table, "language", ""), reader_language()
    try:
        yield
    finally:
        _table.language = before


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
