"""Adobe's documented query parameters, under their documented names.

https://developer.adobe.com/vipmp/docs/order-management/get-order
"""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxLengthValidator

from orders import services
from orders.domain.queries import AdobeOrderQuery
from orders.filtersets.base import DocumentedNamesForm, UpstreamFilterSet
from orders.filtersets.fields import (
    CodesFilter,
    DateOrInstantFilter,
    SeveralTextsFilter,
    TickBoxes,
    choices_of,
)

ADOBE = services.describe("adobe")


class AdobeForm(DocumentedNamesForm):
    """Adds the portal's own switch: a bare date means that whole day, end day included."""

    field_order = ["status", "order_type", "start_date", "end_date", "whole_days"]

    whole_days = forms.BooleanField(required=False, label="Whole days, end day included (UTC)")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        # Text comparison is safe: both are ISO 8601 in UTC, and a date is a prefix of its instants.
        if start and end and start[:10] > end[:10]:
            self.add_error("end_date", "The end lies before the start.")
        return cleaned


class AdobeOrderFilterSet(UpstreamFilterSet):
    """Order history filters. `order-type`, `status` and `offer-id` may repeat: any of the values."""

    query_class = AdobeOrderQuery
    own_parameters = frozenset({"whole-days"})

    status = CodesFilter(
        field_name="statuses",
        label="Status",
        choices=choices_of(ADOBE.statuses),
        widget=TickBoxes(in_view=4),
    )
    order_type = django_filters.MultipleChoiceFilter(
        field_name="order_types",
        label="Order type",
        choices=choices_of(ADOBE.order_types),
        widget=TickBoxes(in_view=4),
    )
    start_date = DateOrInstantFilter(field_name="created_from", label="Created from")
    end_date = DateOrInstantFilter(field_name="created_to", label="Created to")
    offer_id = SeveralTextsFilter(field_name="offer_ids", label="Offer IDs")
    reference_order_id = django_filters.CharFilter(
        field_name="reference_order_id",
        label="Refers to order",
        validators=[MaxLengthValidator(64)],
    )
    reseller_id = django_filters.CharFilter(
        field_name="reseller_id", label="Reseller ID", validators=[MaxLengthValidator(64)]
    )

    class Meta(UpstreamFilterSet.Meta):
        form = AdobeForm

    def query_fields(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        fields = super().query_fields(cleaned)
        if cleaned.get("whole_days"):
            for name, clock in (("created_from", "T00:00:00Z"), ("created_to", "T23:59:59Z")):
                if len(fields.get(name, "")) == len("2026-01-31"):
                    fields[name] += clock
        return fields
