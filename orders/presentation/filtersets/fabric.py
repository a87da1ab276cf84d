"""Filters for fabric, whose API has none: the service applies them to the complete list."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from orders.domain.selection import ATTENTION_FIRST, SORT_KEYS
from orders.presentation.filtersets.base import DocumentedNamesForm, UpstreamFilterSet
from orders.presentation.filtersets.fields import (
    DayFilter,
    SeveralIdentifiersFilter,
    TickBoxes,
    choices_of,
)
from orders.presentation.filtersets.parameters import several
from orders.presentation.filtersets.periods import OF_PLANNED, PERIOD, PeriodFilter
from orders.presentation.texts.retry_texts import FAMILIES
from orders.presentation.texts.state_words import retry_state_choices
from orders.upstreams import catalogue

FABRIC = catalogue.describe("fabric")


class FabricForm(DocumentedNamesForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("scheduled_from"), cleaned.get("scheduled_to")
        if start and end and start > end:
            self.add_error("scheduled_to", _("The end lies before the start."))
        if cleaned.get(PERIOD) and (start or end):
            self.add_error(PERIOD, _("Choose a period or dates, not both."))
        return cleaned


class FabricOrderFilterSet(UpstreamFilterSet):
    """Several values of one filter mean any of them. Dates mean whole days in UTC."""

    query_class = FABRIC.query
    groups = (
        ("status", _("Status"), ("status",)),
        ("attention", _("Attention"), ("attention",)),
        ("reason", _("Reason"), ("retry_type", "error_code")),
        ("scheduled", _("Scheduled"), ("period", "scheduled_from", "scheduled_to")),
        ("text", _("Text"), ("text",)),
    )
    shipped_views = (
        (
            "attention",
            _("Needs attention"),
            several("attention", "overdue", "retries-exhausted", "failed-no-retry", "will-retry"),
        ),
        ("open", _("Open"), several("status", "SCHEDULED", "SUBMITTED", "RETRY")),
        ("failed", _("Failed"), several("status", "FAILED", "CANCELED")),
        ("placed", _("Placed"), several("status", "SUCCESS")),
        ("this-year", _("This year"), several(PERIOD, "this-year")),
    )
    views_without = (
        (
            _("Returns and switches"),
            _("fabric doesn't say of an order which kind it is, so these can't be told from others."),
        ),
    )
    period_dates = ("scheduled-from", "scheduled-to")
    periods_end = True  # what is planned has a future

    status = django_filters.MultipleChoiceFilter(
        field_name="statuses",
        label=_("Status"),
        choices=choices_of(FABRIC.statuses),
        widget=TickBoxes(in_view=7),
    )
    attention = django_filters.MultipleChoiceFilter(
        field_name="attention",
        label=_("Attention"),
        choices=retry_state_choices(),
        widget=TickBoxes(in_view=7, shows_codes=False),
    )
    retry_type = django_filters.MultipleChoiceFilter(
        field_name="retry_types",
        label=_("Retry type"),
        choices=list(FAMILIES.items()),
        widget=TickBoxes(in_view=3, shows_codes=False),
    )
    error_code = SeveralIdentifiersFilter(field_name="error_codes", label=_("Error codes"), most=100)
    period = PeriodFilter(OF_PLANNED, label=_("Period"))
    scheduled_from = DayFilter(field_name="scheduled_from", label=_("Scheduled from"))
    scheduled_to = DayFilter(field_name="scheduled_to", label=_("Scheduled to"))
    text = django_filters.CharFilter(
        field_name="text",
        label=_("Text in IDs, SKUs and titles"),
        validators=[MaxLengthValidator(100)],
    )
    sort = django_filters.ChoiceFilter(
        field_name="ordering",
        label=_("Sorted by"),
        choices=[(name, name) for name in (ATTENTION_FIRST, *SORT_KEYS, *(f"-{key}" for key in SORT_KEYS))],
        widget=forms.HiddenInput,
    )

    class Meta(UpstreamFilterSet.Meta):
        form = FabricForm

    def query_fields(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        fields = super().query_fields(cleaned)
        if name := fields.pop(PERIOD, ""):
            days = zip(("scheduled_from", "scheduled_to"), self.days_of_period(name), strict=True)
            fields |= {field: day for field, day in days if day is not None}
        if "scheduled_from" in fields:
            fields["scheduled_from"] = datetime.combine(fields["scheduled_from"], time.min, UTC)
        if "scheduled_to" in fields:
            fields["scheduled_to"] = datetime.combine(fields["scheduled_to"], time.max, UTC)
        return fields
