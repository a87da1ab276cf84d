"""Form fields that the upstreams' parameters need and Django lacks."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.identifiers import clean_identifier, is_identifier, without_unseen
from orders.domain.terms import Vocabulary
from orders.presentation import product_names
from orders.presentation.markup import markup
from orders.presentation.texts.phrases import Text

NO_IDENTIFIER = _("An ID has letters, digits, “-”, “_” and “.” only, and at most 64 of them.")


class IdentifierField(forms.CharField):
    """One ID, as pasted: `clean_identifier` takes off what nobody sees and what clings to it."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return _identifier(text) if text else ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The form shows what is in force, not what clung to it."""
        return clean_identifier(data) or data if data else data


class IdentifierFilter(django_filters.CharFilter):
    field_class = IdentifierField


class SeveralIdentifiersWidget(forms.TextInput):
    """One box for several values: reads repeats, commas, semicolons and spaces; shows them joined.

    The CSV widgets that django-filter brings keep only the last of `?a=1&a=2`.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name) or ""]
        return [text for value in given for text in re.split(r"[,;\s]+", without_unseen(value)) if text]

    def format_value(self, value: Any) -> str:
        return ", ".join(value) if isinstance(value, (list, tuple)) else (value or "")


class SeveralIdentifiersField(forms.Field):
    """A list of IDs in the order given, at most `most` of them."""

    widget = SeveralIdentifiersWidget

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> list[str]:
        # Punctuation that stands alone separates; alone it is no ID at all.
        given = [text for text in value or () if clean_identifier(text)] or value or ()
        found = list(dict.fromkeys(_identifier(text) for text in given))
        if len(found) > self.most:
            raise ValidationError(
                _("These are %(given)s; at most %(most)s can be asked for at once."),
                params={"given": len(found), "most": self.most},
            )
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class ProductWidget(forms.TextInput):
    """A box that suggests names, where there are few enough to choose from; any part of one will do."""

    template_name = "orders/components/product_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["offered"] = self.offered
        if context["offered"]:
            context["widget"]["attrs"]["list"] = f"{name}-names"
        return context

    @property
    def offered(self) -> Sequence[str]:
        return product_names.offered()


class ProductField(forms.CharField):
    """A product's name, or words of it, as the offer IDs that it has; a text that no product has is wrong."""

    widget = ProductWidget

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.most = most

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return []
        found = product_names.found(text)
        offers = list(product_names.offers_of(found)) if found else []
        if not offers:
            raise ValidationError(_("No product is known by this name."), code="invalid")
        if len(offers) > self.most:
            raise ValidationError(
                _("These words fit %(products)s products with %(offers)s offers; write more of the name."),
                params={"products": len(found), "offers": len(offers)},
            )
        return offers


class ProductFilter(django_filters.Filter):
    field_class = ProductField


class SeveralIdentifiersFilter(django_filters.Filter):
    field_class = SeveralIdentifiersField


def _identifier(text: str) -> str:
    """The ID in `text`; a ValidationError where there is none, so that no filter falls silently away."""
    cleaned = clean_identifier(text)
    if not is_identifier(cleaned):
        raise ValidationError(NO_IDENTIFIER, code="invalid")
    return cleaned


def takes_several(field: forms.Field) -> bool:
    """Whether a parameter may repeat, its values meaning any of them."""
    return isinstance(field, (forms.MultipleChoiceField, SeveralIdentifiersField))


class CodesField(forms.MultipleChoiceField):
    """Known codes to tick; one that only has the right `shape` is accepted too, since codes get added."""

    def __init__(self, *, shape: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shape = re.compile(shape)

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(clean_identifier(code) or code for code in super().to_python(value)))

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or self.shape.fullmatch(str(value)) is not None


class CodesFilter(django_filters.MultipleChoiceFilter):
    field_class = CodesField


def reader_of(field: forms.Field) -> Callable[[str], str]:
    """How one given value becomes comparable, and fit to be shown as what is in force."""
    return clean_identifier if isinstance(field, (IdentifierField, CodesField)) else str


class Switch(forms.CheckboxInput):
    """A tick box that sends a word; anything else that the address carries reaches the field as it is."""

    def __init__(self, on: str) -> None:
        super().__init__({"class": "form-check-input"}, check_test=lambda given: given == on)
        self.on = on

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["value"] = self.on
        return context


class SwitchField(forms.Field):
    """On with one word, off with another or with nothing; case makes no difference."""

    def __init__(self, *, on: str, off: str = "", **kwargs: Any) -> None:
        super().__init__(widget=Switch(on), **kwargs)
        self.on, self.off = on, off

    def to_python(self, value: Any) -> bool:
        text = str(value or "").lower()
        if text not in {"", self.on, self.off}:
            said = (
                _("Write %(on)s or %(off)s, or leave it out.")
                if self.off
                else _("Write %(on)s, or leave it out.")
            )
            raise ValidationError(said, code="invalid", params={"on": self.on, "off": self.off})
        return text == self.on

    def bound_data(self, data: Any, initial: Any) -> Any:
        return str(data or "").lower()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(data or "").lower() == self.on


class SwitchFilter(django_filters.Filter):
    field_class = SwitchField


class TickBoxes(forms.CheckboxSelectMultiple):
    """A group of tick boxes whose first ones are always in view; the rest unfold.

    Drawn without templates: they are most of a form, and a template for each box costs five times as much.
    """

    def __init__(self, *args: Any, in_view: int = 4, shows_codes: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_view = in_view
        self.shows_codes = shows_codes

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = dict.fromkeys(self.format_value(value))
        codes = [(str(code), str(word)) for code, word in self.choices]
        # What the address asks for keeps its box, or the form would send less than it shows.
        codes += [(code, code) for code in chosen if code not in dict(codes)]
        boxes = [self._box(name, code, word, code in chosen) for code, word in codes]
        in_view, folded = _joined(boxes[: self.in_view]), boxes[self.in_view :]
        if not folded:
            return in_view
        return markup(
            '{}<details class="more"{}><summary>{}</summary>{}</details>',
            in_view,
            SafeString(" open") if any(code in chosen for code, _ in codes[self.in_view :]) else "",
            gettext("%(count)s more") % {"count": len(folded)},
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
        context["widget"]["type"] = "date" if not text or is_date(text) else "text"
        return context


class DateOrInstantField(forms.CharField):
    """`2026-01-31` or `2026-01-31T22:49:54Z`, kept as text: what it means is the query's affair."""

    widget = DateOrInstantInput

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not is_date(text) and not _is_zulu_instant(text):
            raise ValidationError(
                _("Write a date as 2026-01-31, or an instant in UTC as 2026-01-31T22:49:54Z."),
                code="invalid",
            )
        return text


class DateOrInstantFilter(django_filters.Filter):
    field_class = DateOrInstantField


def _joined(boxes: list[SafeString]) -> SafeString:
    return SafeString("\n".join(boxes))


def is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None and _exists(text)


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


def choices_of(vocabulary: Vocabulary, codes: Sequence[str] = ()) -> list[tuple[str, Text]]:
    """(code, word) as a form wants them: of `codes` in their order, else of every known code."""
    return [(code, _(vocabulary[code].word)) for code in codes or vocabulary]
