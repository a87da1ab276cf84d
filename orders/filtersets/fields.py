"""Form fields that the upstreams' parameters need and Django lacks."""

import re
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from orders.domain.terms import Vocabulary
from orders.markup import markup


class SeveralTextsWidget(forms.TextInput):
    """One box for several values: reads repeats, commas and spaces; shows them joined.

    The CSV widgets that django-filter brings keep only the last of `?a=1&a=2`.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name) or ""]
        return [text for value in given for text in re.split(r"[,\s]+", value) if text]

    def format_value(self, value: Any) -> str:
        return ", ".join(value) if isinstance(value, (list, tuple)) else (value or "")


class SeveralTextsField(forms.Field):
    """A list of texts without blanks, each at most 64 characters, in the order given."""

    widget = SeveralTextsWidget

    def to_python(self, value: Any) -> list[str]:
        return list(value or ())

    def validate(self, value: Any) -> None:
        super().validate(value)
        for text in value:
            MaxLengthValidator(64)(text)
            ProhibitNullCharactersValidator()(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class SeveralTextsFilter(django_filters.Filter):
    field_class = SeveralTextsField


class CodesField(forms.MultipleChoiceField):
    """Known codes to tick; a code that only has the right shape is accepted too, since codes get added."""

    shape = re.compile(r"\d{3,6}")

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or self.shape.fullmatch(str(value)) is not None


class CodesFilter(django_filters.MultipleChoiceFilter):
    field_class = CodesField


class TickBoxes(forms.CheckboxSelectMultiple):
    """A group of tick boxes whose first ones are always in view; the rest unfold.

    Drawn without templates: they are most of a form, and a template for each box costs five times as much.
    """

    def __init__(self, *args: Any, in_view: int = 4, shows_codes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_view = in_view
        self.shows_codes = shows_codes

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        codes = [(str(code), str(word)) for code, word in self.choices]
        boxes = [self._box(name, code, word, code in chosen) for code, word in codes]
        in_view, folded = _joined(boxes[: self.in_view]), boxes[self.in_view :]
        if not folded:
            return in_view
        return markup(
            '{}<details class="more"{}><summary>{} more</summary>{}</details>',
            in_view,
            SafeString(" open") if any(code in chosen for code, _ in codes[self.in_view :]) else "",
            len(folded),
            _joined(folded),
        )

    def _box(self, name: str, code: str, word: str, is_chosen: bool) -> SafeString:
        shows_code = self.shows_codes and code != word.upper()
        return markup(
            '<label class="pick"><input class="form-check-input" type="checkbox" name="{}" value="{}"{}> {}{}'
            "</label>",
            name,
            code,
            " checked" if is_chosen else "",
            word,
            markup(' <span class="code">{}</span>', code) if shows_code else "",
        )


class DateOrInstantInput(forms.DateInput):
    """A date picker, or a plain box where the address carries an instant that a picker can't show."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text = context["widget"]["value"] or ""
        context["widget"]["type"] = "date" if not text or _is_date(text) else "text"
        return context


class DateOrInstantField(forms.CharField):
    """`2026-01-31` or `2026-01-31T22:49:54Z`, kept as text: what it means is the query's affair."""

    widget = DateOrInstantInput

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not _is_date(text) and not _is_zulu_instant(text):
            raise ValidationError(
                "Write a date as 2026-01-31, or an instant in UTC as 2026-01-31T22:49:54Z.",
                code="invalid",
            )
        return text


class DateOrInstantFilter(django_filters.Filter):
    field_class = DateOrInstantField


def _joined(boxes: list[SafeString]) -> SafeString:
    return SafeString("\n".join(boxes))


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None and _exists(text)


def _is_zulu_instant(text: str) -> bool:
    shaped = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z", text, re.ASCII)
    return shaped is not None and _exists(text)


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


class DayFilter(django_filters.DateFilter):
    """A day as 2026-01-31 and no other way: 02/03 would be another day to each half of the world."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


def choices_of(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """(code, word) of every known code, in the vocabulary's own order, as a form wants them."""
    return [(code, term.word) for code, term in vocabulary.items()]
