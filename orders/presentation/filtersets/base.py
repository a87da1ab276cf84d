"""django-filter without a queryset: it declares, validates and draws parameters, and builds a query.

A FilterSet normally narrows a QuerySet. Here the upstream (or the service) does the narrowing, so the
filters' own `filter` never runs; `query` turns the cleaned form into a frozen query object instead.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from orders.domain.queries import OrderQuery, PageRequest
from orders.presentation.filtersets.fields import SwitchField, reader_of, takes_several
from orders.presentation.filtersets.parameters import Parameters, different_values, tidied
from orders.presentation.filtersets.periods import PERIOD, Days, days_of
from orders.presentation.texts.phrases import Text

MAX_PAGE_SIZE = 100
WITH_PRICES = "with_prices"  # the field of a query that asks for orders with prices


_FORM_CLASSES: dict[type, type[forms.Form]] = {}


class SingleValuesForm(forms.Form):
    """A form that refuses two different values of what can have only one, instead of taking the last."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if isinstance(self.data, QueryDict):
            for name, field in self.fields.items():
                self._check_single(name, field, self.data)
        return cleaned

    def given_twice(self) -> dict[str, list[str]]:
        """The errors of this kind alone, by field."""
        found = {name: errors.as_data() for name, errors in self.errors.items()}
        return {
            name: [said for error in errors if error.code == "twice" for said in error.messages]
            for name, errors in found.items()
            if any(error.code == "twice" for error in errors)
        }

    def _check_single(self, name: str, field: forms.Field, data: QueryDict) -> None:
        if len(data.getlist(self.add_prefix(name))) < 2 or takes_several(field):
            return
        given = different_values(data, self.add_prefix(name), reader_of(field))
        if len(given) > 1:
            said = _("It was given more than once, with different values: %(values)s. Give one.")
            error = ValidationError(said, code="twice", params={"values": ", ".join(given)})
            self.add_error(name, error)


class DocumentedNamesForm(SingleValuesForm):
    """A form whose fields answer to the documented names: `order_type` reads `order-type`."""

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(field_name).replace("_", "-")


class PageForm(DocumentedNamesForm):
    """`limit` and `offset`, as documented; a limit over the maximum means the maximum."""

    limit = forms.IntegerField(min_value=1, required=False, label=_("Orders a page"))
    offset = forms.IntegerField(min_value=0, required=False, label=_("Offset"))

    def page_request(self, default_limit: int) -> PageRequest:
        limit = self.cleaned_data.get("limit") or default_limit
        offset = self.cleaned_data.get("offset") or 0
        return PageRequest(offset=offset, limit=min(limit, MAX_PAGE_SIZE))


class UpstreamFilterSet(django_filters.FilterSet):
    """Base of all upstreams' filters. Each filter's `field_name` is a field of `query_class`."""

    query_class: ClassVar[type[OrderQuery]]
    # Parameters of the portal's own that belong to this form but aren't filters.
    own_parameters: ClassVar[frozenset[str]] = frozenset()
    # Fields that stand together in the bar above a list, as (name, words, fields); the rest comes last.
    groups: ClassVar[Sequence[tuple[str, Text, Sequence[str]]]] = ()
    # What people ask of a history most, as (name, words, its parameters): tabs above the list.
    shipped_views: ClassVar[Sequence[tuple[str, Text, Parameters]]] = ()
    # Views that another upstream has and this one can't be asked for, as (words, why).
    views_without: ClassVar[Sequence[tuple[Text, Text]]] = ()
    # The parameters of a period's first and last day, and whether one has an end that is still to come.
    period_dates: ClassVar[tuple[str, str] | None] = None
    periods_end: ClassVar[bool] = False

    class Meta:
        form = DocumentedNamesForm

    def __init__(
        self, data: QueryDict, *, request: HttpRequest | None = None, shows_prices: bool = True
    ) -> None:
        # All that the base's own does, but for a copy of the filters: it gives each one a queryset's model
        # and its FilterSet, which ours, declaring and never filtering, have no use for.
        self.is_bound, self.data, self.request = True, tidied(data), request
        self.given, self.shows_prices = data, shows_prices
        self.queryset = self.form_prefix = None
        self.filters = self.base_filters

    def get_form_class(self) -> type[forms.Form]:
        """Made once: the fields are the same for every request, and each form copies them anyway."""
        kind = type(self)
        if kind not in _FORM_CLASSES:
            _FORM_CLASSES[kind] = super().get_form_class()
        return _FORM_CLASSES[kind]

    @property
    def qs(self) -> None:
        raise TypeError("an upstream's filters build a query: use .query")

    @property
    def query(self) -> OrderQuery:
        """The frozen query; call it after `is_valid()`."""
        return self.query_class(**self.query_fields(self.form.cleaned_data))

    def query_fields(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {
            self.filters[name].field_name: tuple(value) if isinstance(value, list) else value
            for name, value in cleaned.items()
            if name in self.filters
            and value not in EMPTY_VALUES
            and (self.shows_prices or self.filters[name].field_name != WITH_PRICES)
        }

    @classmethod
    def days_of_period(cls, name: str, today: date | None = None) -> Days:
        return days_of(name, today=today, ends=cls.periods_end)

    @classmethod
    def fixed(cls, given: QueryDict, today: date) -> QueryDict:
        """The same for what must not move, a file in the making: with the days that a period has `today`, and
        whatever else means something else tomorrow.
        """
        if cls.period_dates is None or not given.get(PERIOD):
            return given
        fixed = given.copy()
        days = cls.days_of_period(fixed.pop(PERIOD)[-1], today)
        found = {
            name: day.isoformat() for name, day in zip(cls.period_dates, days, strict=True) if day is not None
        }
        if found and "whole-days" in cls.own_parameters:
            found["whole-days"] = "1"
        fixed.update(found)
        return fixed

    @classmethod
    def parameter_names(cls) -> dict[str, str]:
        """Every parameter the address may carry, by the field of the form that reads it."""
        return {name: name.replace("_", "-") for name in cls.base_filters}

    def unknown_parameters(self, also_known: frozenset[str]) -> list[str]:
        known = {*self.parameter_names().values(), *self.own_parameters, *also_known}
        return sorted(name for name in self.given if name not in known)

    def errors_by_parameter(self) -> dict[str, list[str]]:
        names = {own.replace("-", "_"): own for own in self.own_parameters} | self.parameter_names()
        return {names.get(name, name): list(errors) for name, errors in self.form.errors.items()}

    def chips(self) -> list[tuple[str, str, str]]:
        """The filters in force as (parameter, raw value, words), one for each removable chip."""
        found = []
        for name, parameter in self.parameter_names().items():
            filter_ = self.filters[name]
            values = different_values(self.data, parameter, reader_of(filter_.field))
            if not values or filter_.field.widget.is_hidden or parameter in self.withheld:
                continue  # an order of rows takes none away
            if len(values) > 1 and not takes_several(filter_.field):
                continue  # neither is in force
            if isinstance(filter_.field, SwitchField):
                on = [each for each in values if each.lower() == filter_.field.on]
                found += [(parameter, each, str(filter_.label)) for each in on[:1]]
                continue
            choices = {str(key): str(label) for key, label in filter_.extra.get("choices", ())}
            found += [(parameter, each, f"{filter_.label}: {choices.get(each, each)}") for each in values]
        return found

    @property
    def is_filtered(self) -> bool:
        """Whether anything takes orders away; prices only show more of the same ones."""
        return any(parameter not in self.price_parameters() for parameter, _, _ in self.chips())

    @classmethod
    def price_parameters(cls) -> frozenset[str]:
        names = cls.parameter_names()
        return frozenset(
            names[name] for name, each in cls.base_filters.items() if each.field_name == WITH_PRICES
        )

    @property
    def withheld(self) -> frozenset[str]:
        """Parameters that were given and are not asked for, because this person may not have the answer."""
        if self.shows_prices:
            return frozenset()
        return frozenset(
            name for name in self.price_parameters() if self.data.get(name, "").lower() == "true"
        )
