"""Filters of the ledger: a real table of ours, so that django-filter narrows a real queryset."""

from datetime import UTC, datetime, time
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders import services
from orders.ledger.models import Action, LedgerEntry
from orders.presentation.filtersets.fields import DayFilter, IdentifierFilter, TickBoxes

OUTCOMES = (
    ("ok", _("Went through")),
    ("not-found", _("Not found")),
    ("refused", _("Refused")),
    ("upstream", _("The upstream failed")),
)


LOOKS_AT_SEVERAL = (
    *(Action.LOOK_UP, Action.VIEW_ATTENTION, Action.VIEW_PORTFOLIO),
    *(Action.EXPORT_START, Action.EXPORT_END, Action.EXPORT_DOWNLOAD, Action.REFUSED),
)


class LedgerFilterSet(django_filters.FilterSet):
    """Dates mean whole days in UTC."""

    person = django_filters.CharFilter(field_name="username", lookup_expr="iexact", label=_("Person"))
    source = django_filters.ChoiceFilter(
        choices=[(each.name, each.short_label) for each in services.sources()],
        method="of_source",
        label=_("System"),
        empty_label=_("Any"),
    )
    customer = IdentifierFilter(method="of_customer", label=_("Customer ID"))
    order = IdentifierFilter(field_name="order_id", label=_("Order ID"))
    outcome = django_filters.ChoiceFilter(
        choices=OUTCOMES, method="by_outcome", label=_("Outcome"), empty_label=_("Any")
    )
    since = DayFilter(method="from_day", label=_("From"))
    until = DayFilter(method="to_day", label=_("To"))
    action = django_filters.MultipleChoiceFilter(
        choices=Action.choices,
        label=_("What"),
        widget=TickBoxes(in_view=len(Action), shows_codes=False),
    )

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def of_source(self, entries: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        among = Q(source="", action__in=LOOKS_AT_SEVERAL, details__contains=f'"{value} ')
        return entries.filter(Q(source=value) | among)

    def of_customer(self, entries: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Looks at this customer, and at several among whom they were: those name them in their details."""
        source = self.form.cleaned_data.get("source")
        named = f'"{source} {value}"' if source else f' {value}"'
        among = Q(customer_id="", action__in=LOOKS_AT_SEVERAL, details__contains=named)
        return entries.filter(Q(customer_id=value) | among)

    def by_outcome(self, entries: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value in {"refused", "upstream"}:
            return entries.filter(outcome__startswith=f"{value}-")
        return entries.filter(outcome=value)

    def from_day(self, entries: QuerySet[Any], name: str, value: datetime) -> QuerySet[Any]:
        return entries.filter(at__gte=datetime.combine(value, time.min, UTC))

    def to_day(self, entries: QuerySet[Any], name: str, value: datetime) -> QuerySet[Any]:
        return entries.filter(at__lte=datetime.combine(value, time.max, UTC))

    @property
    def given(self) -> dict[str, Any]:
        """The filters in force, as the ledger keeps them; call it after `is_valid()`."""
        cleaned = self.form.cleaned_data
        return {name: value for name, value in cleaned.items() if value not in (None, "", [])}
