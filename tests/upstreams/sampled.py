"""Answers as the upstreams document or send them, from `samples/`, and ways to spoil them."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

_SAMPLES = Path(__file__).parent / "samples"

# Any JSON, with the values that upstreams and adversaries like best.
ODD = st.sampled_from(
    [
        None,
        "",
        "5",
        "-1",
        "1e400",
        "\x00",
        "\ud800",
        "0123",
        True,
        False,
        -1,
        0,
        5.0,
        1e308,
        10**400,
    ]
)
JSON = st.recursive(
    ODD | st.text(max_size=8) | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def sample(name: str) -> bytes:
    return (_SAMPLES / name).read_bytes()


def names(folder: str) -> list[str]:
    return sorted(f"{folder}/{path.name}" for path in (_SAMPLES / folder).glob("*.json"))


def loaded(name: str) -> Any:
    return json.loads(sample(name))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in `value`, itself included."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def grafted(value: Any, path: tuple[Any, ...], graft: Any) -> Any:
    """A copy of `value` with `graft` at `path`."""
    if not path:
        return graft
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = graft
    return changed


def encoded(value: Any) -> bytes:
    """JSON as a careless server writes it: NaN, Infinity and half surrogate pairs included."""
    return json.dumps(value).encode()
