"""Reading what an upstream sent: fast where all is well, and piece by piece where it isn't.

One bad value never costs its row, one bad row never costs its page: what can't be read is left out
and named by its path (`items[3].creationDate`), never by its content.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, get_args
from urllib.parse import quote

import msgspec

from orders.domain.identifiers import is_identifier
from orders.domain.instants import parse_instant

# A value at the end of a path. Upstreams send numbers as text and text as numbers: wire types say
# where a value stands, and the readers below decide what it is.
Leaf = object

Problems = list[str]

S = TypeVar("S", bound=msgspec.Struct)

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

_ESCAPES = re.compile(
    rb"""\\\\                                                         # a backslash, not an escape
       | \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}    # a proper pair
       | (?P<bad> \\u[dD][89a-fA-F][0-9a-fA-F]{2} | \\u0000 )          # half a pair; NUL
    """,
    re.VERBOSE,
)


def _mended(body: bytes) -> str:
    """The text, with what no database can hold (half a pair, NUL) marked as lost."""
    mended = _ESCAPES.sub(lambda found: rb"\ufffd" if found["bad"] else found[0], body)
    return mended.decode("utf-8-sig", errors="replace")


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


def load_exact(body: bytes) -> Any:
    """Any JSON, numbers with a fraction as exact decimals."""
    return _load(body, _exact)


def load_plain(body: bytes) -> Any:
    """Any JSON, in types that can be written as JSON again."""
    return _load(body, _plain)


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


# --- piece by piece ---


class _Part(msgspec.Struct, frozen=True):
    """A field of a wire type that holds a wire type, or a list of them."""

    attribute: str
    key: str
    wire: type[msgspec.Struct]
    is_list: bool


@lru_cache
def _plan(wire: type[msgspec.Struct]) -> tuple[tuple[tuple[str, str], ...], tuple[_Part, ...]]:
    leaves: list[tuple[str, str]] = []
    parts: list[_Part] = []
    for field in msgspec.structs.fields(wire):
        kinds = get_args(field.type) if isinstance(field.type, UnionType) else (field.type,)
        for kind in kinds:
            is_list = bool(get_args(kind))
            inner = get_args(kind)[0] if is_list else kind
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                parts.append(_Part(field.name, field.encode_name, inner, is_list))
                break
        else:
            leaves.append((field.name, field.encode_name))
    return tuple(leaves), tuple(parts)


def salvage(value: object, wire: type[S], path: str, problems: Problems) -> S | None:
    """As much of `value` as fits `wire`; None if it isn't even an object. `path` ends in a dot.

    A part of the wrong shape becomes an empty one, because it was there, unlike a missing part.
    """
    if not isinstance(value, dict):
        return None
    leaves, parts = _plan(wire)
    found = {attribute: value[key] for attribute, key in leaves if key in value}
    for part in parts:
        given = value.get(part.key)
        if given is None:
            continue
        where = f"{path}{part.key}"
        if part.is_list:
            found[part.attribute] = _salvage_list(given, part.wire, where, problems)
        else:
            inner = salvage(given, part.wire, f"{where}.", problems)
            if inner is None:
                problems.append(where)
            found[part.attribute] = inner or part.wire()
    return wire(**found)


def _salvage_list(
    given: object, wire: type[msgspec.Struct], where: str, problems: Problems
) -> list[msgspec.Struct]:
    if not isinstance(given, list):
        problems.append(where)
        return []
    kept = []
    for index, value in enumerate(given):
        inner = salvage(value, wire, f"{where}[{index}].", problems)
        if inner is None:
            problems.append(f"{where}[{index}]")
        else:
            kept.append(inner)
    return kept


def place(problems: Problems, start: int, path: str) -> None:
    """Put `path` before all problems from `start` on: they were named relative to it."""
    for index in range(start, len(problems)):
        problems[index] = f"{path}{problems[index]}"


# --- single values ---
# Nothing (missing, null, empty text) is not a problem; anything else that can't be read is.


def text(value: Leaf, name: str, problems: Problems) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    if type(value) is int and -_TOO_LARGE < value < _TOO_LARGE:
        return str(value)
    if type(value) is Decimal:
        return str(value)
    problems.append(name)
    return ""


def whole(value: Leaf, name: str, problems: Problems) -> int | None:
    """A whole number; `5.0` and `"5"` are five."""
    if type(value) is int and -_TOO_LARGE < value < _TOO_LARGE:
        return value
    if value is None or value == "":
        return None
    number = _decimal(value)
    if number is None or number != number.to_integral_value():
        problems.append(name)
        return None
    return int(number)


def amount(value: Leaf, name: str, problems: Problems) -> Decimal | None:
    if type(value) is Decimal:
        return value
    if value is None or value == "":
        return None
    number = _decimal(value)
    if number is None:
        problems.append(name)
    return number


def _decimal(value: Leaf) -> Decimal | None:
    if type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value) if -_TOO_LARGE < value < _TOO_LARGE else None
    if type(value) is not str or len(value) > _MOST_DIGITS:
        return None
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    # Written out, 1E+999999 would be a page of zeros.
    return number if number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS else None


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
        return value
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return str(value)
    try:
        return msgspec.json.encode(value).decode()
    except (ValueError, TypeError, OverflowError, RecursionError):
        return "…"
