"""Reading piece by piece what doesn't fit its type as a whole: what fits, and the rest by its path."""

import re
from functools import lru_cache
from types import UnionType
from typing import get_args

import msgspec

from orders.upstreams.reading.decoding import DAMAGE, Problems, S, is_damaged


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


def decode_leniently(value: object, wire: type[S], path: str, problems: Problems) -> S | None:
    """As much of `value` as fits `wire`; None if it isn't even an object. `path` ends in a dot.

    A part of the wrong shape becomes an empty one, because it was there, unlike a missing part. A plain text
    stands for an object of the field that `wire` names as `plain_text`.
    """
    if isinstance(value, str) and value and (field := getattr(wire, "plain_text", "")):
        value = {field: value}
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
            found[part.attribute] = _decode_list_leniently(given, part.wire, where, problems)
        else:
            inner = decode_leniently(given, part.wire, f"{where}.", problems)
            if inner is None:
                problems.append(where)
            found[part.attribute] = inner or part.wire()
    return wire(**found)


def _decode_list_leniently(
    given: object, wire: type[msgspec.Struct], where: str, problems: Problems
) -> list[msgspec.Struct]:
    given = _as_list(given, wire)
    if not isinstance(given, list):
        problems.append(where)
        return []
    kept = []
    for index, value in enumerate(given):
        inner = decode_leniently(value, wire, f"{where}[{index}].", problems)
        if inner is None:
            problems.append(f"{where}[{index}]")
        else:
            kept.append(inner)
    return kept


def _as_list(given: object, wire: type[msgspec.Struct]) -> object:
    """A list of one where the one stands alone, and the values of an object that numbers or names them."""
    if isinstance(given, str) and given and getattr(wire, "plain_text", ""):
        return [given]
    if not isinstance(given, dict) or not given:
        return given
    known = {field.encode_name for field in msgspec.structs.fields(wire)}
    if known & given.keys():
        return [given]
    values = list(given.values())
    return values if all(isinstance(value, dict) and known & value.keys() for value in values) else given


def by_row(problems: Problems, name: str) -> dict[int, tuple[str, ...]]:
    """Problems within each row of the list `name`, relative to it, by the row's position."""
    found: dict[int, list[str]] = {}
    pattern = re.compile(rf"{re.escape(name)}\[(\d+)\]\.(.+)")
    for problem in problems:
        within = pattern.fullmatch(problem)
        if within:
            found.setdefault(int(within[1]), []).append(within[2])
    return {row: tuple(paths) for row, paths in found.items()}


def place(problems: Problems, start: int, path: str) -> None:
    """Put `path` before all problems from `start` on: they were named relative to it."""
    for index in range(start, len(problems)):
        problems[index] = f"{path}{problems[index]}"


def damaged_texts(body: bytes, value: object, path: str) -> list[str]:
    """Paths of the texts within `value` that came damaged: not in UTF-8, with half a pair or NUL in them.

    `value` is part of what `body` was loaded as, at `path`.
    """
    if not is_damaged(body):
        return []
    found, waiting = [], [(path, value)]
    while waiting:
        where, part = waiting.pop()
        if isinstance(part, dict):
            waiting += [(f"{where}.{key}" if where else key, inner) for key, inner in part.items()]
        elif isinstance(part, list):
            waiting += [(f"{where}[{index}]", inner) for index, inner in enumerate(part)]
        elif isinstance(part, str) and DAMAGE in part:
            found.append(where)
    return found
