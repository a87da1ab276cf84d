"""Filters for fabric, whose API has none: the service applies them to the complete list."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxLengthValidator

from orders import services
from orders.domain.attention import STATES
from orders.domain.queries import FabricOrderQuery
from orders.domain.selection import SORT_KEYS
from orders.filtersets.base import DocumentedNamesForm, UpstreamFilterSet
from orders.filtersets.fields import DayFilter, SeveralTextsFilter, TickBoxes, choices_of

FABRIC = services.describe("fabric")
RETRY_FAMILIES = (("payment", "Payment"), ("inventory", "Inventory"), ("other", "Other"))


class FabricForm(DocumentedNamesForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("scheduled_from"), cleaned.get("scheduled_to")
        if start and end and start > end:
            self.add_error("scheduled_to", "The end lies before the start.")
        return cleaned


class FabricOrderFilterSet(UpstreamFilterSet):
    """Several values of one filter mean any of them. Dates mean whole days in UTC."""

    query_class = FabricOrderQuery

    status = django_filters.MultipleChoiceFilter(
        field_name="statuses",
        label="Status",
        choices=choices_of(FABRIC.statuses),
        widget=TickBoxes(in_view=7),
    )
    attention = django_filters.MultipleChoiceFilter(
        field_name="attention",
        label="Attention",
        choices=choices_of(STATES),
        widget=TickBoxes(in_view=6, shows_codes=False),
    )
    retry_type = django_filters.MultipleChoiceFilter(
        field_name="retry_types",
        label="Retry type",
        choices=RETRY_FAMILIES,
        widget=TickBoxes(in_view=3, shows_codes=False),
    )
    error_code = SeveralTextsFilter(field_name="error_codes", label="Error codes")
    scheduled_from = DayFilter(field_name="scheduled_from", label="Scheduled from")
    scheduled_to = DayFilter(field_name="scheduled_to", label="Scheduled to")
    text = django_filters.CharFilter(
        field_name="text",
        label="Text in IDs, SKUs and titles",
        validators=[MaxLengthValidator(100)],
    )
    sort = django_filters.ChoiceFilter(
        field_name="ordering",
        label="Sorted by",
        choices=[(sign + name, sign + name) for name in SORT_KEYS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )

    class Meta(UpstreamFilterSet.Meta):
        form = FabricForm

    def query_fields(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        fields = super().query_fields(cleaned)
        if "scheduled_from" in fields:
            fields["scheduled_from"] = datetime.combine(fields["scheduled_from"], time.min, UTC)
        if "scheduled_to" in fields:
            fields["scheduled_to"] = datetime.combine(fields["scheduled_to"], time.max, UTC)
        return fields
