"""Long work in pure Python beside pages of the same process, which it must let through.

A thread that computes gives the interpreter's lock away every five milliseconds only, and a page asks for it
dozens of times.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_AT_ONCE = 50  # items: one to three milliseconds
_PAUSE = 0.0002  # seconds


def with_pauses(items: Iterable[Item]) -> Iterator[Item]:
    """The same, with a moment for others after every few."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % _AT_ONCE == 0:
            time.sleep(_PAUSE)
