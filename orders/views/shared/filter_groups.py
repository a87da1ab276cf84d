"""The fields of a filter form as the bar above a list shows them: a button for each group."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django import forms

from orders.presentation.texts.phrases import Text


@dataclass(frozen=True)
class FilterGroup:
    """Fields that open together; how many of their filters are in force, and whether one is wrong.

    `looks` is the same for all groups that are drawn alike, None for one that is like no other.
    """

    name: str
    words: Text
    fields: Sequence[forms.BoundField]
    in_force: int
    has_errors: bool
    looks: tuple[object, ...] | None = None


@dataclass(frozen=True)
class FilterBar:
    """All that the bar shows: its form leads to `address`, with `kept` beside what was chosen.

    `presets` are (words, address, whether it is in force) of date ranges, asked for where they are drawn.
    `in_force` counts values, where that of a group counts fields.
    """

    address: str
    groups: Sequence[FilterGroup]
    in_force: int = 0
    kept: Sequence[tuple[str, str]] = ()
    presets: Callable[[], Sequence[tuple[str, str, bool]]] = tuple
    whole_days: bool = False
    shows_prices: bool = False


def filter_groups(
    form: forms.Form,
    groups: Iterable[tuple[str, Text, Sequence[str]]],
    rest: Text,
    *,
    offers_everybody_the_same: bool = False,
) -> list[FilterGroup]:
    """`groups` are (name, words, names of fields); what they leave out comes last, under `rest`.

    Where a form `offers_everybody_the_same` choices, its groups without a filter are drawn alike.
    """
    named = [(name, words, fields) for name, words, fields in groups if any(f in form.fields for f in fields)]
    taken = {field for _, _, fields in named for field in fields}
    others = [name for name in form.fields if name not in taken]
    return [
        _group(form, *each, offers_everybody_the_same) for each in (*named, ("more", rest, others)) if each[2]
    ]


def _group(
    form: forms.Form, name: str, words: Text, names: Sequence[str], offers_everybody_the_same: bool
) -> FilterGroup:
    fields = [form[each] for each in names if each in form.fields]
    seen = [field for field in fields if not field.is_hidden]
    in_force = sum(bool(field.value()) for field in seen)
    has_errors = any(field.errors for field in seen)
    is_blank = not in_force and not has_errors
    unseen = [(field.name, str(field.value() or "")) for field in fields if field.is_hidden]
    # What a box suggests changes when somebody reads a price list.
    offered = [tuple(getattr(field.field.widget, "offered", ())) for field in fields]
    return FilterGroup(
        name=name,
        words=words,
        fields=fields,
        in_force=in_force,
        has_errors=has_errors,
        looks=(type(form), name, *unseen, *offered) if offers_everybody_the_same and is_blank else None,
    )
