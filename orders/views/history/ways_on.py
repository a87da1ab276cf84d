"""Where else a customer may be, where a list has nothing to show: words and addresses."""

from django.urls import reverse
from django.utils.translation import gettext

from orders import services
from orders.domain.descriptions import Description
from orders.domain.identifiers import is_identifier
from orders.people.customer_names import reseller_of
from orders.people.permissions import rights_in
from orders.views.shared.requests import PortalRequest


def elsewhere(source: str, customer_id: str) -> list[tuple[str, str]]:
    """A customer without orders may be meant of another upstream."""
    return [
        (
            gettext("Look for the same ID at %(upstream)s") % {"upstream": other.label},
            reverse("history", args=[other.name, customer_id]),
        )
        for other in services.sources()
        if other.name != source
    ]


def to_resellers_list(
    request: PortalRequest, description: Description, customer_id: str
) -> list[tuple[str, str]]:
    """Where the customer's account has a reseller, whose list this person may ask for."""
    if not description.lists_resellers:
        return []
    found = reseller_of(rights_in(request), description.name, customer_id)
    if not is_identifier(found):
        return []
    words = gettext("Find the customer by company name among those of reseller %(id)s") % {"id": found}
    return [(words, reverse("reseller", args=[description.name, found]))]
