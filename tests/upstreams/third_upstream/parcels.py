"""Parcel House's filters."""

import django_filters
from django.utils.translation import gettext_lazy as _

from orders.presentation.filtersets.base import UpstreamFilterSet
from orders.presentation.filtersets.fields import TickBoxes, choices_of
from orders.presentation.filtersets.parameters import several
from orders.upstreams import catalogue

PARCELS = catalogue.describe("parcels")


class ParcelsOrderFilterSet(UpstreamFilterSet):
    query_class = PARCELS.query
    shipped_views = (("lost", _("Lost"), several("state", "LOST")),)

    state = django_filters.MultipleChoiceFilter(
        field_name="statuses", label=_("State"), choices=choices_of(PARCELS.statuses), widget=TickBoxes()
    )
