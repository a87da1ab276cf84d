"""The form on an order's page that asks why personal data is to be shown."""

from typing import Any

from django import forms

from orders.domain.results import OrderDetails


class RevealForm(forms.Form):
    reason = forms.CharField(
        min_length=3,
        max_length=200,
        strip=True,
        label="Why do you need it?",
        error_messages={
            "required": "Say why: a ticket number, or a few words.",
            "min_length": "Say why in at least 3 characters: a ticket number, or a few words.",
            "max_length": "Say why in at most 200 characters.",
        },
    )


def reveal_context(details: OrderDetails, form: RevealForm | None, reason: str) -> dict[str, Any]:
    """What the page says of masking: whether something is hidden, and who may see it how."""
    return {
        "reveal_form": form or RevealForm(),
        "may_reveal": details.rights.may_reveal and not details.is_revealed and has_people(details),
        "is_masked": not details.is_revealed and has_people(details),
        "reveal_reason": reason,
    }


def has_people(details: OrderDetails) -> bool:
    """Whether the order carries anything about a person; Adobe's do not."""
    order = details.order
    return any((order.customer, order.ship_to, order.bill_to, order.payment))
