"""Adobe's documented query parameters, under their documented names.

https://developer.adobe.com/vipmp/docs/order-management/get-order
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.presentation.filtersets.base import DocumentedNamesForm, UpstreamFilterSet
from orders.presentation.filtersets.fields import (
    CodesFilter,
    DateOrInstantFilter,
    IdentifierFilter,
    ProductFilter,
    SeveralIdentifiersFilter,
    SwitchFilter,
    TickBoxes,
    choices_of,
    is_date,
)
from orders.presentation.filtersets.parameters import several
from orders.presentation.filtersets.periods import OF_CREATED, PERIOD, THIS_TERM, PeriodFilter, days_of
from orders.presentation.numbers import grouped
from orders.upstreams import catalogue

ADOBE = catalogue.describe("adobe")


# What an order can be: the four that Adobe documents for the filter first. 1009 to 1014 are of
# subscriptions and accounts, and previews are never kept, so neither is offered; both may be asked for.
STATUSES = ("1000", "1002", "1004", "1026", "1008", "1020", "1022", "1024")
ORDER_TYPES = ("NEW", "RENEWAL", "RETURN", "TRANSFER", "SWITCH", "REVERT_SWITCH")
# As many as Adobe's gateway and ours take in one address.
MOST_OFFERS = 300


class AdobeForm(DocumentedNamesForm):
    """Adds the portal's own switch: a bare date means that whole day, end day included."""

    field_order = ["status", "order_type", "period", "start_date", "end_date", "whole_days"]

    whole_days = forms.BooleanField(required=False, label=_("Whole days, end day included (UTC)"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = sent_dates(cleaned)
        if start and end and moment_of(start) > moment_of(end):
            self.add_error("end_date", _("The end lies before the start."))
        if cleaned.get(PERIOD) and (cleaned.get("start_date") or cleaned.get("end_date")):
            self.add_error(PERIOD, _("Choose a period or dates, not both."))
        if len(asked := offers_asked_for(cleaned)) > MOST_OFFERS:
            said = gettext("With the offer IDs beside it these are %(count)s; at most %(most)s fit.")
            self.add_error("product", said % {"count": grouped(len(asked)), "most": grouped(MOST_OFFERS)})
        return cleaned


def offers_asked_for(cleaned: Mapping[str, Any]) -> tuple[str, ...]:
    """A product is asked for by the offers that it has, beside those that are named."""
    return tuple(dict.fromkeys([*(cleaned.get("offer_id") or ()), *(cleaned.get("product") or ())]))


def sent_dates(cleaned: Mapping[str, Any]) -> tuple[str, str]:
    """Start and end as they are sent: bare dates as they stand, or as the whole days they mean."""
    start, end = cleaned.get("start_date") or "", cleaned.get("end_date") or ""
    if cleaned.get(PERIOD):
        start, end = (day.isoformat() if day else "" for day in days_of(cleaned[PERIOD]))
    if cleaned.get("whole_days") or cleaned.get(PERIOD):
        start = f"{start}T00:00:00Z" if is_date(start) else start
        end = f"{end}T23:59:59Z" if is_date(end) else end
    return start, end


def moment_of(text: str) -> datetime:
    """When it is: to Adobe a bare date is midnight UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class AdobeOrderFilterSet(UpstreamFilterSet):
    """Order history filters. `order-type`, `status` and `offer-id` may repeat: any of the values."""

    query_class = ADOBE.query
    own_parameters = frozenset({"whole-days"})
    groups = (
        ("status", _("Status"), ("status",)),
        ("type", _("Type"), ("order_type",)),
        ("created", _("Created"), ("period", "start_date", "end_date", "whole_days")),
        ("offer", _("Product"), ("product", "offer_id")),
    )
    shipped_views = (
        ("failed", _("Failed"), several("status", "1004", "1020", "1022", "1024", "1026")),
        ("open", _("Open"), several("status", "1002")),
        (
            "returns",
            _("Returns and switches"),
            several("order-type", "RETURN", "SWITCH", "REVERT_SWITCH"),
        ),
        ("this-year", _("This year"), several(PERIOD, "this-year")),
    )
    views_without = (
        (
            _("Needs attention"),
            _(
                "Adobe can't be asked for refused promotions, or for how long an order has been open. "
                "“Attention” has them, for all customers of your accounts, from what was read."
            ),
        ),
    )
    period_dates = ("start-date", "end-date")

    status = CodesFilter(
        field_name="statuses",
        label=_("Status"),
        choices=choices_of(ADOBE.statuses, STATUSES),
        widget=TickBoxes(in_view=4),
        shape=r"[0-9]{3,6}",
    )
    order_type = CodesFilter(
        field_name="order_types",
        label=_("Order type"),
        choices=choices_of(ADOBE.order_types, ORDER_TYPES),
        widget=TickBoxes(in_view=4),
        shape=r"[A-Z][A-Z0-9_]{1,39}",
    )
    period = PeriodFilter((*OF_CREATED, "this-year", THIS_TERM), label=_("Period"))
    start_date = DateOrInstantFilter(field_name="created_from", label=_("Created from"))
    end_date = DateOrInstantFilter(field_name="created_to", label=_("Created to"))
    offer_id = SeveralIdentifiersFilter(
        field_name="offer_ids", label=_("Offer IDs, at most 300"), most=MOST_OFFERS
    )
    product = ProductFilter(field_name="offer_ids", label=_("Product, by name"), most=MOST_OFFERS)
    reference_order_id = IdentifierFilter(field_name="reference_order_id", label=_("Refers to order"))
    reseller_id = IdentifierFilter(field_name="reseller_id", label=_("Reseller ID"))
    lines = SwitchFilter(field_name="lines_mixed", label=_("Lines disagree with their order"), on="mixed")
    fetch_price = SwitchFilter(field_name="with_prices", label=_("With prices"), on="true", off="false")

    class Meta(UpstreamFilterSet.Meta):
        form = AdobeForm

    def query_fields(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        fields = super().query_fields(cleaned)
        fields.pop(PERIOD, None)
        dates = dict(zip(("created_from", "created_to"), sent_dates(cleaned), strict=True))
        fields |= {name: text for name, text in dates.items() if text}
        if offers := offers_asked_for(cleaned):
            fields["offer_ids"] = offers
        return fields

    @classmethod
    def fixed(cls, given: QueryDict, today: date) -> QueryDict:
        """A price list that is read in meanwhile gives a product other offers."""
        fixed, filters = super().fixed(given, today), cls(given)
        if not given.get("product") or not filters.is_valid():
            return fixed
        named = fixed.copy()
        named.pop("product")
        # One value of all is shorter in an address than a parameter for each.
        named["offer-id"] = ",".join(offers_asked_for(filters.form.cleaned_data))
        return named
