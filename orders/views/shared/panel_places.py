"""What can be asked beside a customer's orders, and where."""

from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext

from orders.domain.descriptions import Description


class PanelPlace(NamedTuple):
    """`name` is that of its `data-panel`, and of its address in the table of addresses; `element` is its ID
    on the page.
    """

    name: str
    title: str
    address: str
    element: str


def panel_title(name: str) -> str:
    return {"customer": gettext("Customer"), "subscriptions": gettext("Products owned")}[name]


def panel_places(description: Description, customer_id: str, *, of: str = "") -> Sequence[PanelPlace]:
    """`of` tells one customer's places from another's where several stand on one page."""
    return [
        PanelPlace(
            name,
            panel_title(name),
            reverse(name, args=[description.name, customer_id]),
            f"panel-{name}-{of}" if of else f"panel-{name}",
        )
        for name in description.panels
    ]
