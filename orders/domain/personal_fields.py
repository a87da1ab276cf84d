"""What the types of an order declare of their fields, worked out once for each type."""

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from orders.domain.harmless_fields import is_harmless_attribute
from orders.domain.orders import Address, Attribute, Payment, Person, Shipping
from orders.domain.personal_data import Elsewhere, Personal, Shown, full_name
from orders.domain.terms import Term

Getter = Callable[[Any], tuple[str, ...]]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of one type by what they hold; those with `is_list` hold a tuple of it.

    `parts` hold structs of their own, or tuples of them; `of_people` are those of them in which something
    is personal by declaration. The getters give what stands in a struct itself and in the parts that it
    always has; `further` are the other parts.
    """

    personal: tuple[tuple[str, Personal, bool], ...]
    texts: tuple[tuple[str, bool], ...]
    references: tuple[str, ...]
    codes: tuple[tuple[str, bool], ...]
    terms: tuple[str, ...]
    parts: tuple[str, ...]
    of_people: tuple[str, ...]
    get_texts: Getter
    get_references: Getter
    get_codes: Getter
    get_written: Getter
    further: tuple[str, ...]
    code_lists: tuple[str, ...]
    text_lists: tuple[str, ...]

    @property
    def text_fields(self) -> Iterator[tuple[str, bool]]:
        """Every field that holds a text, whatever it is declared to be, and whether it holds several."""
        yield from ((name, is_list) for name, _, is_list in self.personal)
        yield from (*self.texts, *self.codes)
        yield from ((name, False) for name in self.references)


@cache
def plan_of(kind: type[msgspec.Struct]) -> Plan:
    found: dict[str, list[Any]] = {name: [] for name in Plan.__struct_fields__}
    paths: dict[str, list[str]] = {name: [] for name in ("texts", "references", "codes", "written")}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        inner, is_list, is_optional = _unwrapped(hint)
        mark = inner.__metadata__[0] if get_origin(inner) is Annotated else None
        if isinstance(mark, Personal):
            found["personal"].append((name, mark, is_list))
            if kind not in _BLOCKS and mark.elsewhere is not None:
                paths["written"].append(name)
        elif mark is Shown.REFERENCE:
            found["references"].append(name)
            paths["references"].append(name)
        elif mark is Shown.CODE:
            found["codes"].append((name, is_list))
            if is_list:
                found["code_lists"].append(name)
            else:
                paths["codes"].append(name)
        elif inner is str:
            found["texts"].append((name, is_list))
            if is_list:
                found["text_lists"].append(name)
            else:
                paths["texts"].append(name)
        elif inner is Term:
            found["terms"].append(name)
            paths["codes"].append(f"{name}.code")
        elif isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            _add_part(name, inner, found, paths, is_always_there=not (is_list or is_optional))
    getters = {f"get_{name}": _getter(each) for name, each in paths.items()}
    given: dict[str, Any] = {name: tuple(values) for name, values in found.items()}
    return Plan(**{**given, **getters})


def _add_part(
    name: str,
    inner: type[msgspec.Struct],
    found: dict[str, list[Any]],
    paths: dict[str, list[str]],
    *,
    is_always_there: bool,
) -> None:
    below = plan_of(inner)
    found["parts"].append(name)
    if below.personal or below.of_people:
        found["of_people"].append(name)
    if not is_always_there:
        found["further"].append(name)
        return
    if below.further or below.code_lists or below.text_lists:
        raise TypeError(f"{inner.__name__} must not hold lists: it is read as a part of another")
    for path in _paths_of(inner):
        paths[path[0]].append(f"{name}.{path[1]}")


@cache
def _paths_of(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """Every text of a type without lists: what kind it is, and its path."""
    plan = plan_of(kind)
    given = [("texts", name) for name, _ in plan.texts] + [("references", name) for name in plan.references]
    given += [("codes", name) for name, _ in plan.codes] + [("codes", f"{name}.code") for name in plan.terms]
    given += [("written", name) for name, mark, _ in plan.personal if mark.elsewhere is not None]
    hints = get_type_hints(kind, include_extras=True)
    for name in plan.parts:
        given += [(what, f"{name}.{path}") for what, path in _paths_of(_unwrapped(hints[name])[0])]
    return tuple(given)


def _unwrapped(hint: Any) -> tuple[Any, bool, bool]:
    """The type within `tuple[…, ...]` or `… | None`, and whether it was one or the other."""
    if get_origin(hint) is Annotated or not get_args(hint):
        return hint, False, False
    inner = next(each for each in get_args(hint) if each is not type(None))
    is_list = get_origin(hint) is tuple
    return inner, is_list, not is_list


def _getter(paths: list[str]) -> Getter:
    if not paths:
        return lambda value: ()
    get: Any = attrgetter(*paths)
    return get if len(paths) > 1 else lambda value: (get(value),)


# Who an order is for and how it is paid: the parts that `Masker` looks at once for many orders.
_BLOCKS = (Person, Address, Payment)


def _declared() -> Iterator[Personal]:
    yield Personal(full_name, Elsewhere.NAME, ("fullname",))
    for kind in (*_BLOCKS, Shipping):
        yield from (mark for _, mark, _ in plan_of(kind).personal)


# The upstreams' own names for what is personal, in lower case.
PERSONAL_KEYS = {key: mark for mark in _declared() for key in mark.keys}


class Texts:
    """The texts of an order by what they are, without those of the people in it."""

    __slots__ = ("codes", "free", "references")

    def __init__(self) -> None:
        self.free: list[str] = []
        self.references: list[str] = []
        self.codes: list[str] = []


def collect(value: msgspec.Struct, texts: Texts) -> list[str]:
    """Add a struct's texts to `texts`; what it holds that is personal and no part of a block is returned."""
    plan = plan_of(type(value))
    texts.free += filter(None, plan.get_texts(value))
    texts.codes += plan.get_codes(value)
    texts.references += plan.get_references(value)
    written = [text for text in plan.get_written(value) if text]
    for name in plan.text_lists:
        texts.free += getattr(value, name)
    for name in plan.code_lists:
        texts.codes += getattr(value, name)
    for name in plan.further:
        part = getattr(value, name)
        if not part or isinstance(part, _BLOCKS):
            continue
        for each in part if isinstance(part, tuple) else (part,):
            if type(each) is Attribute:
                texts.references.append(each.name)
                if is_harmless_attribute(each.name):
                    texts.references.append(each.value)
            else:
                written += collect(each, texts)
    return written


def personal_values(block: msgspec.Struct, found: dict[Elsewhere, list[str]]) -> None:
    """Add what is personal in a block to `found`, by how it is found again elsewhere."""
    for name, mark, is_list in plan_of(type(block)).personal:
        given = getattr(block, name)
        if given and mark.elsewhere is not None:
            found[mark.elsewhere] += given if is_list else (given,)
