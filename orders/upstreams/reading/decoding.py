"""Reading what an upstream sent: fast where all is well, and piece by piece where it isn't.

One bad value never costs its row, one bad row never costs its page: what can't be read is left out
and named by its path (`items[3].creationDate`), never by its content.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from orders.domain.bounded_text import LONGEST_TEXT, cut
from orders.domain.identifiers import is_identifier
from orders.domain.instants import parse_instant
from orders.upstreams.reading.numbers import number_in, whole_in

# A value at the end of a path. Upstreams send numbers as text and text as numbers: wire types say
# where a value stands, and the readers below decide what it is.
Leaf = object

Problems = list[str]

S = TypeVar("S", bound=msgspec.Struct)

_DEEPEST_SHOWN = 60  # far deeper than any order, and far from where Python gives up
_MOST_DIGITS = 40
_TOO_LARGE = 10**_MOST_DIGITS


class Unreadable(Exception):
    """Not JSON, or of another shape altogether. `detail` names paths, never content."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


# --- requests ---


def segment(identifier: str) -> str:
    """`identifier` as one segment of a path; ValueError for what could become more than one."""
    if not is_identifier(identifier):
        raise ValueError("not an ID")
    return quote(identifier, safe="")


# --- whole answers ---

_HEX = rb"[0-9a-fA-F]{2}"
_HIGH, _LOW = rb"\\u[dD][89abAB]" + _HEX, rb"\\u[dD][c-fC-F]" + _HEX
# Half of a pair without the other half, and NUL: no database can hold them.
_BAD_ESCAPE = re.compile(
    rb"\\u(?:0000|[dD][89abAB]%b(?!%b)|[dD][c-fC-F]%b(?<!%b%b))" % (_HEX, _LOW, _HEX, _HIGH, _LOW)
)
_BACKSLASH, _STAND_IN = rb"\\", b"\0\0"
DAMAGE = "\ufffd"
_LOST = DAMAGE.encode()


def _mended(body: bytes) -> str:
    """The text, with what no database can hold (half a pair, NUL) marked as lost."""
    # A body with a plain NUL is no JSON in any case.
    if _BAD_ESCAPE.search(body) and b"\0" not in body:
        # An escaped backslash begins no escape: it is put aside meanwhile.
        body = body.replace(_BACKSLASH, _STAND_IN).replace(rb"\u0000", _LOST)
        body = _BAD_ESCAPE.sub(_LOST, body)
        body = body.replace(_STAND_IN, _BACKSLASH)
    return body.decode("utf-8-sig", errors="replace")


def _exact(literal: str) -> Decimal | str:
    """A number that is not an integer; one that would be long if written out stays text."""
    if len(literal) > _MOST_DIGITS or "e" in literal or "E" in literal:
        return literal
    return Decimal(literal)


def _plain(literal: str) -> float | str:
    number = float(literal)
    return number if abs(number) != float("inf") else literal


def _integer(literal: str) -> int | str:
    return int(literal) if len(literal) <= _MOST_DIGITS else literal


def _load(body: bytes, number: Callable[[str], object]) -> Any:
    try:
        return json.loads(_mended(body), parse_float=number, parse_int=_integer, parse_constant=str)
    except ValueError:
        raise Unreadable("the body is not JSON") from None
    except RecursionError:
        raise Unreadable("the body is nested too deeply") from None


def is_damaged(body: bytes) -> bool:
    """Whether more characters stand for lost ones than the upstream itself sent."""
    return _mended(body).count(DAMAGE) > body.count(_LOST)


def load_exact(body: bytes) -> Any:
    """Any JSON, numbers with a fraction as exact decimals."""
    return _load(body, _exact)


def load_plain(body: bytes) -> Any:
    """Any JSON, in types that can be written as JSON again."""
    return _load(body, _plain)


def load_shown(body: bytes) -> Any:
    """The same with texts, names of fields and nesting cut where there is too much to be shown."""
    loaded = load_plain(body)
    if isinstance(loaded, str):
        return cut(loaded)
    waiting = [(loaded, 1)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, dict):
            for name in [name for name in part if len(name) > LONGEST_TEXT]:
                part[cut(name)] = part.pop(name)
            entries: Any = list(part.items())
        elif isinstance(part, list):
            entries = list(enumerate(part))
        else:
            continue
        for index, value in entries:
            if isinstance(value, str):
                if len(value) > LONGEST_TEXT:
                    part[index] = cut(value)
            elif isinstance(value, dict | list):
                if depth == _DEEPEST_SHOWN:
                    part[index] = f"… [cut: nested more than {_DEEPEST_SHOWN} deep]"
                else:
                    waiting.append((value, depth + 1))
    return loaded


def typed_decoder(wire: type[S]) -> msgspec.json.Decoder[S]:
    return msgspec.json.Decoder(wire, float_hook=_exact)


def decode(body: bytes, decoder: msgspec.json.Decoder[S]) -> S | None:
    """The fast path: the whole body as `decoder` types it, or None where that doesn't fit."""
    if rb"\u0000" in body:
        return None
    try:
        return decoder.decode(body)
    except (ValueError, ArithmeticError, RecursionError):
        return None


# --- single values ---
# Nothing (missing, null, empty text) is not a problem; anything else that can't be read is.


def text(value: Leaf, name: str, problems: Problems) -> str:
    if type(value) is str:
        return value if len(value) <= LONGEST_TEXT else _cut(value, name, problems)
    if value is None:
        return ""
    if type(value) is int and -_TOO_LARGE < value < _TOO_LARGE:
        return str(value)
    if type(value) is Decimal:
        return str(value)
    problems.append(name)
    return ""


def _cut(value: str, name: str, problems: Problems) -> str:
    """What is left of a text beyond our bound, which is a value that could not be read whole."""
    problems.append(name)
    return cut(value)


def whole(value: Leaf, name: str, problems: Problems) -> int | None:
    """A whole number; `5.0` and `"5"` are five."""
    if type(value) is int and -_TOO_LARGE < value < _TOO_LARGE:
        return value
    if value is None or value == "":
        return None
    number = _decimal(value, whole_in)
    if number is None or number != number.to_integral_value():
        problems.append(name)
        return None
    return int(number)


def amount(value: Leaf, name: str, problems: Problems) -> Decimal | None:
    if type(value) is Decimal:
        return value
    if value is None or value == "":
        return None
    number = _decimal(value, number_in)
    if number is None:
        problems.append(name)
    return number


def _decimal(value: Leaf, read: Callable[[str], Decimal | None]) -> Decimal | None:
    if type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value) if -_TOO_LARGE < value < _TOO_LARGE else None
    return read(value) if type(value) is str else None


def flag(value: Leaf, name: str, problems: Problems) -> bool | None:
    if type(value) is bool:
        return value
    if value is None or value == "":
        return None
    read = {"true": True, "1": True, "false": False, "0": False}.get(str(value).strip().lower())
    if read is None:
        problems.append(name)
    return read


def instant(value: Leaf, name: str, problems: Problems) -> datetime | None:
    if value is None or value == "":
        return None
    moment = parse_instant(value)
    if moment is None:
        problems.append(name)
    return moment


def words(value: Leaf, name: str, problems: Problems) -> tuple[str, ...]:
    """A list of texts; a single text stands for a list of one."""
    if value is None or value == "":
        return ()
    given = value if isinstance(value, list) else [value]
    return tuple(
        word
        for index, entry in enumerate(given)
        if (word := text(entry, f"{name}[{index}]" if given is value else name, problems))
    )


def displayed(value: Leaf) -> str:
    """Any value of an open map as text to show."""
    if isinstance(value, str):
        return cut(value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(value)
    try:
        return cut(msgspec.json.encode(value).decode())
    except (ValueError, TypeError, OverflowError, RecursionError):
        return "…"
